import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LIMITS } from "../base/limits.ts";

/** Standard error that is kept of a process, to say why it failed. */
const KEPT_CHARACTERS = 2_000;

interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** It ends by a signal, and not with its input. */
  readonly bySignal?: boolean;
}

/** A process of a scenario, with the lines that it prints. It is ended with its scenario. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: Interface;
  readonly #bySignal: boolean;
  readonly lines: AsyncIterator<string>;
  stderr = "";

  constructor(args: readonly string[], { env = {}, cwd, bySignal = false }: ChildOptions) {
    this.#bySignal = bySignal;
    this.#process = spawn(process.execPath, args, {
      cwd,
      env: { HOME: cwd, TMPDIR: cwd, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process.stdin.on("error", () => {});
    this.#process.stderr.on("data", (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString("utf8")).slice(-KEPT_CHARACTERS);
    });
    this.#lines = createInterface({ input: this.#process.stdout });
    this.lines = this.#lines[Symbol.asyncIterator]();
  }

  /** Waits for a line that matches; its first group. */
  async printed(pattern: RegExp): Promise<string> {
    const late = setTimeout(() => this.#process.kill("SIGKILL"), LIMITS.attack_start_ms);
    try {
      for (;;) {
        const { done, value } = await this.lines.next();
        if (done === true) {
          throw new Error(`a process of the scenario did not start: ${this.stderr}`);
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

  say(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Ends it, kindly first: what it has compiled is kept then for the next of its kind. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const gone = once(this.#process, "exit");
      this.#process.stdin.end();
      if (this.#bySignal) {
        this.#process.kill("SIGTERM");
      }
      const late = setTimeout(() => this.#process.kill("SIGKILL"), LIMITS.attack_end_ms);
      await gone;
      clearTimeout(late);
    }
    this.#lines.close();
  }
}
