import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Checkout, freePorts, withPorts } from "./checkout.ts";

// A transcript is its own script. In its blocks of "console", a line after "$ " is a command and goes on in lines after
// "> "; what follows is what it printed. One that ends in "&" goes on running, and shows the line that says it is ready.

const COMMAND_MS = 60_000;
const END_MS = 30_000;
const POLL_MS = 20;
const BLOCK = /^```console\n(?<body>.*?)^```$/gmsu;
/** The end of a command's output: no command prints it. */
const END = /<end of a command: (\d+)>\n$/u;

/** What is different each time, and the name that stands for it. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  // In a table, as wide as it was.
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/gmu, "TIME".padEnd(24)],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, "TIME"],
  [/\bprocess \d+/gu, "process PID"],
  [/(?<="retry_after_ms":)\d+/gu, "N"],
  [/\bfor \d+ s\b/gu, "for N s"],
  [/\b[0-9a-f]{64}\b/gu, "HASH"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gu, "ID"],
  [/\bsound: \d+ lines\b/gu, "sound: N lines"],
];

class Session implements AsyncDisposable {
  readonly #checkout: Checkout;
  readonly #shell: ChildProcess;
  #output = "";
  #jobs = 0;

  constructor(ports: ReadonlyMap<number, number>) {
    this.#checkout = new Checkout(ports);
    const { directory: cwd, env } = this.#checkout;
    this.#shell = spawn("bash", ["-o", "pipefail", "-s"], {
      cwd,
      env,
      detached: true,
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#shell.stdout?.on("data", (chunk: Buffer) => (this.#output += chunk.toString("utf8")));
  }

  async run(command: string): Promise<string> {
    const background = /^(?<program>.*\S)\s*&$/su.exec(command)?.groups?.["program"];
    return background === undefined ? this.#wait(command) : this.#begin(background);
  }

  async #wait(command: string): Promise<string> {
    this.#output = "";
    this.#shell.stdin?.write(`{ ${command}\n} </dev/null 2>&1; printf '<end of a command: %s>\\n' "$?"\n`);
    await this.#until(command, () => END.test(this.#output));
    const code = END.exec(this.#output)?.[1];
    return `${this.#output.replace(END, "")}${code === "0" ? "" : `[exit code ${String(code)}]\n`}`;
  }

  /** Starts a program that goes on, and waits for its first line. */
  async #begin(program: string): Promise<string> {
    this.#jobs += 1;
    const file = join(this.#checkout.directory, `job-${String(this.#jobs)}.log`);
    this.#shell.stdin?.write(`${program} </dev/null >'${file}' 2>/dev/null &\n`);
    const printed = (): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
    await this.#until(program, () => printed().includes("\n"));
    return printed().replace(/\n.*/su, "\n");
  }

  async #until(command: string, condition: () => boolean): Promise<void> {
    for (let waited = 0; !condition(); waited += POLL_MS) {
      if (waited > COMMAND_MS || this.#shell.exitCode !== null) {
        throw new Error(`${command} came to no end: ${this.#output}`);
      }
      await pause(POLL_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#shell, "close");
    this.#shell.stdin?.end("kill $(jobs -p); wait; exit\n");
    // A command that came to no end keeps the shell from reading this.
    const timer = setTimeout(() => process.kill(-(this.#shell.pid ?? 0), "SIGKILL"), END_MS);
    await closed;
    clearTimeout(timer);
    this.#checkout[Symbol.dispose]();
  }
}

/** The commands of a block, with the lines that they are written in. */
const commandsOf = (body: string): readonly { readonly written: string; readonly command: string }[] =>
  [...body.matchAll(/^\$ .*\n(?:> .*\n)*/gmu)].map(([written]) => ({
    written,
    command: written.replaceAll(/^[$>] /gmu, "").trimEnd(),
  }));

/** Plays all commands of a transcript and gives it back with what they print now. */
export const playTranscript = async (transcript: string): Promise<string> => {
  const ports = await freePorts();
  const back = new Map([...ports].map(([documented, real]) => [real, documented]));
  await using session = new Session(ports);
  const tidy = (output: string): string =>
    VARIES.reduce((text, [pattern, name]) => text.replaceAll(pattern, name), withPorts(output, back));
  let played = "";
  let end = 0;
  for (const block of transcript.matchAll(BLOCK)) {
    played += `${transcript.slice(end, block.index)}\`\`\`console\n`;
    for (const { written, command } of commandsOf(block.groups?.["body"] ?? "")) {
      played += `${written}${tidy(await session.run(withPorts(command, ports)))}`;
    }
    played += "```";
    end = block.index + block[0].length;
  }
  return played + transcript.slice(end);
};
