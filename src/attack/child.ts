import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LIMITS } from "../base/limits.ts";

/** Standard error that is kept of a process, to say why it failed. */
const KEPT_CHARACTERS = 2_000;

interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const running = new Set<ChildProcess>();

/** Ends all of them without asking, with what they started. */
export const killAll = (): void => {
  for (const child of running) {
    try {
      process.kill(-(child.pid ?? Number.NaN), "SIGKILL");
    } catch {
      child.kill("SIGKILL");
    }
  }
};

/** A process of a scenario, with the lines that it prints. It is ended with its scenario. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: Interface;
  readonly lines: AsyncIterator<string>;
  stderr = "";

  constructor(args: readonly string[], { env = {}, cwd }: ChildOptions) {
    this.#process = spawn(process.execPath, args, {
      cwd,
      env: { HOME: cwd, TMPDIR: cwd, ...env },
      stdio: ["pipe", "pipe", "pipe"],
      // Whoever interrupts the command interrupts no scenario.
      detached: true,
    });
    const child = this.#process;
    running.add(child);
    child.on("exit", () => running.delete(child)).on("error", () => running.delete(child));
    child.stdin.on("error", () => {});
    this.#process.stderr.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("utf8")).slice(-KEPT_CHARACTERS);
    });
    this.#lines = createInterface({ input: this.#process.stdout });
    this.lines = this.#lines[Symbol.asyncIterator]();
  }

  /** Waits for a line that matches; its first group. */
  async printed(pattern: RegExp): Promise<string> {
    let within = "";
    const late = setTimeout(() => {
      within = ` within ${String(LIMITS.attack_start_ms / 1_000)} s`;
      this.#process.kill("SIGKILL");
    }, LIMITS.attack_start_ms);
    try {
      for (;;) {
        const { done, value } = await this.lines.next();
        if (done === true) {
          throw new Error(`A process of the scenario did not start${within}. ${this.stderr}`.trimEnd());
        }
        const found = pattern.exec(value)?.[1];
        if (found !== undefined) {
          return found;
        }
      }
    } finally {
      clearTimeout(late);
    }
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Waits for its end; its exit code, `null` where it died of a signal. */
  async ended(): Promise<number | null> {
    while ((await this.lines.next()).done !== true) {
      // Its output is of no interest.
    }
    if (this.isRunning) {
      await once(this.#process, "exit");
    }
    return this.#process.exitCode;
  }

  say(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Ends it, kindly first: what it has compiled is kept then for the next of its kind. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) {
      const gone = once(this.#process, "exit");
      this.#process.stdin.end();
      const late = setTimeout(() => this.#process.kill("SIGKILL"), LIMITS.attack_end_ms);
      await gone;
      clearTimeout(late);
    }
    this.#lines.close();
  }
}
