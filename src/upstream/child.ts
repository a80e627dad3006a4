import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "../base/limits.ts";
import type { ServerSpec } from "./port.ts";

/** How often it is looked whether a process group is still there. */
const POLL_MS = 20;

/** All that a server gets of the gateway's environment (docs/configuration.md). */
const INHERITED = ["PATH", "HOME", "LANG", "TMPDIR"] as const;

type Stdio = Extract<ServerSpec["transport"], { kind: "stdio" }>;

export interface ChildHandlers {
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
  /** Called once, when the process is gone and its output is read, or when it could not be started. */
  readonly onGone: (reason: string) => void;
}

const environment = (own: Readonly<Record<string, string>>): Record<string, string> => {
  const env: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) {
      env[name] = value;
    }
  }
  return { ...env, ...own };
};

/** Whether the process group is there. */
const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
};

const groups = new Set<number>();
/** Nothing is left behind when the gateway ends without closing its servers. */
const killAll = (): void => groups.forEach((pid) => signalGroup(pid, "SIGKILL"));

const enlist = (pid: number): void => {
  if (groups.size === 0) {
    process.once("exit", killAll);
  }
  groups.add(pid);
};

const dismiss = (pid: number): void => {
  groups.delete(pid);
  if (groups.size === 0) {
    process.off("exit", killAll);
  }
};

const within = async (promise: Promise<unknown>, ms: number): Promise<boolean> => {
  const controller = new AbortController();
  const late = sleep(ms, false, { signal: controller.signal }).catch(() => false);
  const done = await Promise.race([promise.then(() => true), late]);
  controller.abort();
  return done;
};

/** A server's process, the leader of a group of its own. */
export class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #handlers: ChildHandlers;
  readonly #gone = Promise.withResolvers<void>();
  #isGone = false;
  #isPaused = false;
  #drain = (): void => {};
  #swept: Promise<void> = Promise.resolve();
  #drained: Promise<void> | undefined;

  /** Throws where the command cannot even be tried (a NUL in an argument). */
  constructor(stdio: Stdio, handlers: ChildHandlers) {
    this.#handlers = handlers;
    this.#process = spawn(stdio.command, [...stdio.args], {
      cwd: stdio.cwd,
      env: environment(stdio.env),
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const { pid, stdin, stdout, stderr } = this.#process;
    if (pid !== undefined) {
      enlist(pid);
    }
    stdout.on("data", (chunk: Buffer) => {
      if (this.#isPaused) {
        stdout.pause(); // Node reads on by itself when the process ends.
      }
      handlers.onStdout(chunk);
    });
    stderr.on("data", handlers.onStderr);
    for (const stream of [stdin, stdout, stderr]) {
      // A broken pipe is told by the exit that goes with it.
      stream.on("error", () => {});
    }
    this.#process.once("error", (error) =>
      this.#finish(`The command could not be started: ${error.message}`),
    );
    this.#process.once("exit", (code, signal) => {
      const reason = `The server ended (${signal === null ? `code ${code}` : signal}).`;
      this.#sweep();
      this.#leave(reason);
    });
  }

  /** The process is gone; what it wrote is still read, though not for ever: a grandchild may hold the pipe open. */
  #leave(reason: string): void {
    let timer: NodeJS.Timeout | undefined;
    this.#drain = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (!this.#isPaused) {
          this.#finish(reason);
        }
      }, LIMITS.child_drain_ms);
    };
    this.#process.once("close", () => {
      clearTimeout(timer);
      this.#finish(reason);
    });
    this.#drain();
  }

  #finish(reason: string): void {
    if (!this.#isGone) {
      this.#isGone = true;
      this.#gone.resolve();
      this.#handlers.onGone(reason);
    }
  }

  /** What the server started may outlive it. */
  #sweep(): void {
    const { pid } = this.#process;
    if (pid === undefined) {
      return;
    }
    if (!signalGroup(pid, "SIGTERM")) {
      dismiss(pid);
      return;
    }
    this.#swept = (async () => {
      const until = performance.now() + LIMITS.child_sweep_ms;
      while (signalGroup(pid, 0) && performance.now() < until) {
        await sleep(POLL_MS);
      }
      signalGroup(pid, "SIGKILL");
      dismiss(pid);
    })();
  }

  /** Whether there is, or was, a process. */
  get started(): boolean {
    return this.#process.pid !== undefined;
  }

  /** Reads no more of what the process writes. Once the pipe is full, its writing waits. */
  pause(): void {
    this.#isPaused = true;
    this.#process.stdout.pause();
  }

  resume(): void {
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#process.stdout.resume();
      this.#drain();
    }
  }

  /** Whether the pipe is full, so that a writer should wait for `room`. */
  get isFull(): boolean {
    return this.#drained !== undefined;
  }

  /** Resolves when the pipe takes more, or nothing any more. */
  async room(): Promise<void> {
    await this.#drained;
  }

  /** `false` where the process takes nothing any more. */
  write(text: string): boolean {
    const { stdin } = this.#process;
    if (this.#isGone || !stdin.writable) {
      return false;
    }
    if (!stdin.write(text)) {
      this.#drained = new Promise((resolve) => {
        const done = (): void => {
          stdin.off("drain", done).off("close", done);
          this.#drained = undefined;
          resolve();
        };
        stdin.on("drain", done).on("close", done);
      });
    }
    return true;
  }

  /** Closes the input, then SIGTERM, then SIGKILL, each to the whole group (2026-07-28 stdio "Shutdown"). */
  async stop(): Promise<void> {
    const { pid, stdin } = this.#process;
    stdin.end();
    if (!(await within(this.#gone.promise, LIMITS.child_end_ms)) && pid !== undefined) {
      signalGroup(pid, "SIGTERM");
      if (!(await within(this.#gone.promise, LIMITS.child_term_ms))) {
        signalGroup(pid, "SIGKILL");
      }
    }
    await this.#gone.promise;
    await this.#swept;
    this.#process.stdout.destroy();
    this.#process.stderr.destroy();
  }
}
