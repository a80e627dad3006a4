import { fstatSync, fsyncSync } from "node:fs";

/** Where a command reads and writes, and what it may know of the process it runs in. */
export interface Terminal {
  /** Standard output. Waits where the reader is slower than the command. */
  readonly out: (text: string) => void | Promise<void>;
  /** Nobody reads standard output any more. */
  readonly outHasEnded?: () => boolean;
  /** Waits until all of the output has left the process; where it goes to a file, until it is on stable storage. */
  readonly outIsKept?: () => Promise<void>;
  /** Standard error. */
  readonly err: (text: string) => void;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly inIsTerminal: boolean;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
}

/** The process's own streams. A reader that has gone away (`| head`) ends the output quietly. */
export const processTerminal = (): Terminal => {
  let gone = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code !== "EPIPE") {
      process.exitCode = 1;
    }
  });
  process.stderr.on("error", () => {});
  return {
    out: (text) => {
      if (gone || process.stdout.write(process.stdout.isTTY ? harmless(text) : text)) {
        return undefined;
      }
      return new Promise((resolve) => {
        const done = (): void => {
          process.stdout.off("drain", done);
          process.stdout.off("close", done);
          process.stdout.off("error", done);
          resolve();
        };
        process.stdout.on("drain", done).on("close", done).on("error", done);
      });
    },
    outHasEnded: () => gone,
    outIsKept: async () => {
      // Called when all before it has left the process, or cannot.
      await new Promise<void>((resolve) => {
        process.stdout.write("", () => resolve());
      });
      // That the reader has gone is told one turn later.
      await new Promise(setImmediate);
      if (!gone && fstatSync(process.stdout.fd).isFile()) {
        fsyncSync(process.stdout.fd);
      }
    },
    err: (text) => void process.stderr.write(text),
    stdin: process.stdin,
    cwd: process.cwd(),
    env: process.env,
    inIsTerminal: process.stdin.isTTY,
    outIsTerminal: process.stdout.isTTY,
    errIsTerminal: process.stderr.isTTY,
    columns: process.stdout.columns ?? 100,
  };
};

/** What may tell a terminal to do something. */
const COMMANDS = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const COLOUR = /^\[\d{1,2}m/;

/** A record holds words of agents and servers as they are. On a terminal they are shown, as JSON would, and not obeyed. */
export const harmless = (text: string): string =>
  text.replaceAll(COMMANDS, (command, place: number) =>
    command === "\n" ||
    command === "\t" ||
    (command === ESCAPE && COLOUR.test(text.slice(place + 1, place + 5)))
      ? command
      : `\\u${command.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const ESCAPE = "\u001B";

const COLOURS = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;
export type Colour = keyof typeof COLOURS;
export type Paint = (colour: Colour, text: string) => string;

/** Colours for a stream: on a terminal, unless NO_COLOR is set (no-color.org). */
export const painter = (terminal: Terminal, stream: "out" | "err"): Paint => {
  const isTerminal = stream === "out" ? terminal.outIsTerminal : terminal.errIsTerminal;
  const refused = (terminal.env["NO_COLOR"] ?? "") !== "" || terminal.env["TERM"] === "dumb";
  return isTerminal && !refused
    ? (colour, text) => `\u001B[${String(COLOURS[colour])}m${text}\u001B[0m`
    : (_, text) => text;
};
