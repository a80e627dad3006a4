// The processes of the quick start: each is started here, and none outlives it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Ended {
  /** `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All that it printed. */
  readonly output: string;
}

const LEASH = import.meta.resolve("./leash.ts");

const children = new Set<ChildProcess>();
const ends = new Set<Promise<unknown>>();
let ending = false;

/** Ends all of them, and waits until they are gone. */
export const endAll = async (): Promise<void> => {
  ending = true;
  children.forEach((child) => child.kill("SIGTERM"));
  await Promise.all(ends);
};

/** Rejects when one of those that serve has ended, and nobody told it to. */
export const { promise: lost, reject: lose } = Promise.withResolvers<never>();

interface How {
  readonly cwd: string;
  /** What it prints goes to the terminal too. */
  readonly loud?: boolean;
}

interface Child {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Called with all that it printed, each time that this grows. */
  readonly onOutput: (look: (output: string) => void) => void;
}

const start = (args: readonly string[], { cwd, loud = false }: How): Child => {
  if (ending) {
    throw new Error("Stopped.");
  }
  const child = spawn(process.execPath, ["--import", LEASH, ...args], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.add(child);
  let output = "";
  const looks = new Set<(output: string) => void>();
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
    if (loud) {
      process.stdout.write(chunk);
    }
    looks.forEach((look) => look(output));
  });
  const ended = once(child, "close").then(() => {
    children.delete(child);
    return { code: child.exitCode, signal: child.signalCode, output };
  });
  ends.add(ended);
  return { child, ended, onOutput: (look) => void looks.add(look) };
};

/** Runs a command of this checkout to its end. */
export const run = (args: readonly string[], cwd: string): Promise<Ended> => start(args, { cwd }).ended;

/**
 * Starts a server of this checkout, and waits until it prints that it is ready; gives the first group of that. When it
 * ends before it is told to, `lost` rejects.
 */
export const serve = (
  what: string,
  args: readonly string[],
  how: How & { readonly ready: RegExp },
): Promise<string> => {
  const { ended, onOutput } = start(args, how);
  let isReady = false;
  void ended.then(({ code, signal }) => {
    if (!ending) {
      const cause = signal ?? `exit code ${String(code)}`;
      lose(new Error(`${what} ${isReady ? "ended" : "did not start"} (${cause}).`));
    }
  });
  return new Promise((resolve) => {
    onOutput((output) => {
      const found = how.ready.exec(output);
      if (found !== null) {
        isReady = true;
        resolve(found[1] ?? found[0]);
      }
    });
  });
};
