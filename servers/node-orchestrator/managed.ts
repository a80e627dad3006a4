import { GONE_MS, LOG_TOLD_MS } from "./limits.ts";
import { answers, freeWithin, holderOf, isTaken } from "./ports.ts";
import { Ring } from "./ring.ts";
import type { Run } from "./run.ts";
import type { ServerSpec } from "./spec.ts";
import { elsewhere, inWords, startRun, type NotStarted, type Progress } from "./start.ts";

export type Started =
  | { readonly kind: "started" | "already_running"; readonly pid: number; readonly port: number | undefined }
  | NotStarted;

export type Stopped =
  | { readonly kind: "stopped"; readonly pid: number | undefined }
  | { readonly kind: "not_running" }
  | { readonly kind: "running_elsewhere" | "failed"; readonly problem: string };

export type State = "stopped" | "starting" | "running" | "stopping" | "failed" | "running_elsewhere";

export interface Status {
  readonly state: State;
  /** Where it listens, or will. */
  readonly port: number | undefined;
  readonly pid?: number;
  readonly startedAt?: Date;
  /** Whether its port accepts, and its health path answers 2xx: of what runs and has a port. */
  readonly healthy?: boolean;
  readonly problem?: string;
}

/** One start, and who waits for it. */
interface Starting {
  readonly outcome: Promise<Started>;
  readonly cancel: AbortController;
  readonly progress: Set<Progress>;
  waiting: number;
}

/** What runs now, and as what it was started: its configuration may have changed since. */
interface Current {
  readonly run: Run;
  readonly spec: ServerSpec;
}

/** Calls once at a time, and once more after the last. */
const atMostEvery = (timeMs: number, call: () => void): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      call();
    }, timeMs).unref();
  };
};

/** One server of the configuration. It has one process at most, whoever asks and however often. */
export class Managed {
  readonly log: Ring;
  readonly #settled: () => void;
  #spec: ServerSpec;
  #current: Current | undefined;
  #starting: Starting | undefined;
  #stopping: Promise<Stopped> | undefined;
  /** So many want to start it when what is ending has ended. */
  #toStart = 0;
  /** So often somebody asked to stop it: a start that waited meanwhile is off. */
  #stops = 0;
  /** What went wrong last. */
  #problem: string | undefined;

  /** `settled` is called when a start or a stop is over, and when it has ended by itself. */
  constructor(spec: ServerSpec, logGrew: (id: string) => void, settled: () => void = () => {}) {
    this.#spec = spec;
    this.#settled = settled;
    this.log = new Ring(atMostEvery(LOG_TOLD_MS, () => logGrew(spec.id)));
  }

  get spec(): ServerSpec {
    return this.#spec;
  }

  /** For the next start. */
  configure(spec: ServerSpec): void {
    this.#spec = spec;
  }

  /** Whether it has processes, or is about to. */
  get active(): boolean {
    return (
      this.#current !== undefined ||
      this.#starting !== undefined ||
      this.#stopping !== undefined ||
      this.#toStart > 0
    );
  }

  /** Starts it, or waits for the start that is going on. A start that nobody waits for any more is ended. */
  async start(signal: AbortSignal, progress: Progress): Promise<Started> {
    const stops = this.#stops;
    for (let ending = this.#ending; ending !== undefined; ending = this.#ending) {
      this.#toStart += 1;
      try {
        await ending;
      } finally {
        this.#toStart -= 1;
      }
    }
    if (this.#stops !== stops) {
      this.#settled();
      return { kind: "cancelled", problem: `"${this.#spec.id}" was stopped before it could start.` };
    }
    if (this.#current !== undefined) {
      const { run, spec } = this.#current;
      return { kind: "already_running", pid: run.pid, port: spec.port };
    }
    this.#starting ??= this.#begin();
    return this.#wait(this.#starting, signal, progress);
  }

  /** A stop, or a cancelled start, that is not over yet. */
  get #ending(): Promise<unknown> | undefined {
    const starting = this.#starting;
    return this.#stopping ?? (starting?.cancel.signal.aborted === true ? starting.outcome : undefined);
  }

  async #wait(starting: Starting, signal: AbortSignal, progress: Progress): Promise<Started> {
    const left = (): void => {
      starting.progress.delete(progress);
      starting.waiting -= 1;
      if (starting.waiting === 0) {
        starting.cancel.abort();
      }
    };
    starting.progress.add(progress);
    starting.waiting += 1;
    signal.addEventListener("abort", left, { once: true });
    if (signal.aborted) {
      left();
    }
    try {
      return await starting.outcome;
    } finally {
      signal.removeEventListener("abort", left);
    }
  }

  #begin(): Starting {
    const cancel = new AbortController();
    const progress = new Set<Progress>();
    const outcome = this.#start(cancel.signal, (...said) => progress.forEach((tell) => tell(...said)));
    return { outcome, cancel, progress, waiting: 0 };
  }

  async #start(signal: AbortSignal, progress: Progress): Promise<Started> {
    const spec = this.#spec;
    this.#problem = undefined;
    try {
      const run = await startRun({ spec, log: this.log, signal, progress });
      if ("kind" in run) {
        this.#problem = run.kind === "failed" ? run.problem : undefined;
        return run;
      }
      this.#current = { run, spec };
      void run.ended.then((how) => this.#over(run, inWords(how)));
      return { kind: "started", pid: run.pid, port: spec.port };
    } finally {
      this.#starting = undefined;
      this.#settled();
    }
  }

  /** Its processes are gone: because they were ended, or by themselves. */
  #over(run: Run, how: string): void {
    this.log.note(`process ${String(run.pid)} ended ${how}`);
    if (this.#current?.run === run && this.#stopping === undefined) {
      this.#current = undefined;
      this.#problem = `It ended by itself ${how}.`;
      this.#settled();
    }
  }

  /** Ends all its processes. Answers when they are gone and the port is free, or says what is not. */
  async stop(): Promise<Stopped> {
    this.#stops += 1;
    const starting = this.#starting;
    if (starting !== undefined) {
      starting.cancel.abort();
      const outcome = await starting.outcome;
      if (outcome.kind === "cancelled") {
        return this.#freed(this.#spec, undefined);
      }
    }
    if (this.#stopping !== undefined) {
      return this.#stopping;
    }
    if (this.#current === undefined) {
      const { port } = this.#spec;
      return port !== undefined && (await isTaken(port)) ? elsewhere(this.#spec) : { kind: "not_running" };
    }
    this.#stopping = this.#stop(this.#current);
    return this.#stopping;
  }

  async #stop({ run, spec }: Current): Promise<Stopped> {
    try {
      const { left } = await run.end();
      this.#problem = undefined;
      return left.length === 0
        ? await this.#freed(spec, run.pid)
        : this.#notStopped(
            `Processes ${left.join(", ")} of "${spec.id}" could not be ended. End them by hand.`,
          );
    } finally {
      this.#current = undefined;
      this.#stopping = undefined;
      this.#settled();
    }
  }

  async #freed({ id, port }: ServerSpec, pid: number | undefined): Promise<Stopped> {
    if (port === undefined || (await freeWithin(port, GONE_MS))) {
      return { kind: "stopped", pid };
    }
    const holder = holderOf(port);
    const who = holder === undefined ? "another process" : `process ${String(holder)}`;
    return this.#notStopped(
      `The processes of "${id}" are gone, but ${who} listens on its port ${String(port)}. End it by hand.`,
    );
  }

  #notStopped(problem: string): Stopped {
    this.#problem = problem;
    return { kind: "failed", problem };
  }

  async status(): Promise<Status> {
    if (this.#current !== undefined) {
      return this.#running(this.#current);
    }
    const { port } = this.#spec;
    if (this.#starting !== undefined) {
      return { state: this.#starting.cancel.signal.aborted ? "stopping" : "starting", port };
    }
    if (port !== undefined && (await isTaken(port)) && !this.active) {
      const pid = holderOf(port);
      const { problem } = elsewhere(this.#spec);
      return { state: "running_elsewhere", port, ...(pid === undefined ? {} : { pid }), problem };
    }
    const problem = this.#problem;
    return problem === undefined ? { state: "stopped", port } : { state: "failed", port, problem };
  }

  async #running({ run: { pid, startedAt }, spec: { port, healthPath } }: Current): Promise<Status> {
    const state = this.#stopping === undefined ? "running" : "stopping";
    const healthy = port === undefined ? {} : { healthy: await answers(port, healthPath) };
    return { state, port, pid, startedAt, ...healthy };
  }
}
