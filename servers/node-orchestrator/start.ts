import { stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { LAST_LINES, PROGRESS_MS, READY_POLL_MS, SETTLE_MS } from "./limits.ts";
import { answers, holderOf, isTaken } from "./ports.ts";
import type { Ring } from "./ring.ts";
import { membersOf } from "./group.ts";
import { launch, type Ended, type Run } from "./run.ts";
import type { ServerSpec } from "./spec.ts";

/** Why a server did not start, in words for whoever asked. */
export interface NotStarted {
  readonly kind: "failed" | "running_elsewhere" | "cancelled";
  readonly problem: string;
}

export interface Elsewhere {
  readonly kind: "running_elsewhere";
  readonly problem: string;
}

/** So far, of how much, and what is going on: in milliseconds. */
export type Progress = (done: number, total: number, message: string) => void;

export interface Attempt {
  readonly spec: ServerSpec;
  readonly log: Ring;
  /** Ends the start, and what it started. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** An attempt whose process runs; `mark` is where its lines begin in the log. */
interface Begun extends Attempt {
  readonly mark: number;
}

const failed = (problem: string): NotStarted => ({ kind: "failed", problem });

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

/** Somebody else listens where this server would. */
export const elsewhere = ({ id, port }: ServerSpec): Elsewhere => {
  const pid = port === undefined ? undefined : holderOf(port);
  const who = pid === undefined ? "a process that the system does not tell" : `process ${String(pid)}`;
  return {
    kind: "running_elsewhere",
    problem: `Port ${String(port)} of "${id}" is in use already, by ${who}. It does not belong to "${id}" and is left alone: end it where it was started, or give "${id}" another port.`,
  };
};

/** By the system's code; a command's folder is not told. */
const NOT_RUN: Readonly<Record<string, string>> = {
  ENOENT: "was not found. Install it, or put its folder into PATH",
  EACCES: "may not be run. Check that it is a program and that you may run it",
  EAGAIN: "could not be started: the system has no room for more processes",
  EMFILE: "could not be started: too many files are open",
};

const notRun = ({ id, command }: ServerSpec, code: string): NotStarted => {
  const name = command.split("/").at(-1) ?? command;
  return failed(`The command "${name}" of "${id}" ${NOT_RUN[code] ?? `could not be started (${code})`}.`);
};

/** How a process ended, in words. */
export const inWords = ({ code, signal }: Pick<Ended, "code" | "signal">): string =>
  signal === null ? `with exit code ${code === null ? "unknown" : String(code)}` : `by ${signal}`;

const withLastLines = (problem: string, { log, mark }: Begun): string => {
  const lines = log.since(mark).slice(-LAST_LINES);
  return lines.length === 0 ? problem : [problem, "Its last lines:", ...lines].join("\n");
};

const readyNow = async ({ port, healthPath }: ServerSpec, elapsedMs: number): Promise<boolean> =>
  port === undefined ? elapsedMs >= SETTLE_MS : answers(port, healthPath);

/** Who listens on a server's port without belonging to it, as far as the system tells. */
const strangerOf = ({ pid }: Run, { port }: ServerSpec): number | undefined => {
  const holder = port === undefined ? undefined : holderOf(port);
  return holder === undefined || membersOf(pid).includes(holder) ? undefined : holder;
};

const waitedFor = ({ port, healthPath }: ServerSpec): string =>
  port === undefined
    ? "that it keeps running"
    : healthPath === undefined
      ? `port ${String(port)}`
      : `${healthPath} on port ${String(port)}`;

type Waited = "ready" | "over" | "late" | "cancelled" | "stranger";

/** Waits until a server does its work, or never will. */
const untilReady = async (run: Run, { spec, signal, progress }: Attempt): Promise<Waited> => {
  const began = performance.now();
  const either = AbortSignal.any([signal, run.over]);
  let told = -Infinity;
  for (;;) {
    const elapsed = Math.round(performance.now() - began);
    const ready = await readyNow(spec, elapsed);
    if (signal.aborted) {
      return "cancelled";
    }
    if (run.over.aborted) {
      return "over";
    }
    if (ready) {
      return strangerOf(run, spec) === undefined ? "ready" : "stranger";
    }
    if (elapsed >= spec.startTimeoutMs && spec.port !== undefined) {
      return "late";
    }
    if (elapsed - told >= PROGRESS_MS) {
      told = elapsed;
      progress(
        elapsed,
        spec.startTimeoutMs,
        `Process ${String(run.pid)} runs; waiting for ${waitedFor(spec)}`,
      );
    }
    await pause(READY_POLL_MS, undefined, { signal: either }).catch(() => {});
  }
};

const inWordsLeft = ({ left }: Ended): string =>
  left.length === 0
    ? "Its processes were ended."
    : `Processes ${left.join(", ")} could not be ended: end them by hand.`;

const NOT_READY = {
  cancelled: async (run: Run, { spec }: Attempt): Promise<NotStarted> => {
    const left = inWordsLeft(await run.end());
    return { kind: "cancelled", problem: `The start of "${spec.id}" was cancelled. ${left}` };
  },
  over: async (run: Run, begun: Begun): Promise<NotStarted> => {
    const how = inWords(await run.ended);
    return failed(withLastLines(`"${begun.spec.id}" ended ${how} before it was ready.`, begun));
  },
  stranger: async (run: Run, begun: Begun): Promise<NotStarted> => {
    const { spec } = begun;
    const holder = strangerOf(run, spec);
    const who = holder === undefined ? "another process" : `process ${String(holder)}`;
    const why = `"${spec.id}" did not get its port: ${who} listens on its port ${String(spec.port)}`;
    const todo = "End that process, or, where it is a part of this server, let it run in the foreground.";
    return failed(withLastLines(`${why}. ${inWordsLeft(await run.end())} ${todo}`, begun));
  },
  late: async (run: Run, begun: Begun): Promise<NotStarted> => {
    const { spec } = begun;
    const after = `was not ready within ${String(spec.startTimeoutMs)} ms (waited for ${waitedFor(spec)})`;
    return failed(withLastLines(`"${spec.id}" ${after}. ${inWordsLeft(await run.end())}`, begun));
  },
} satisfies Record<Exclude<Waited, "ready">, (run: Run, begun: Begun) => Promise<NotStarted>>;

/** Starts a server and waits until it is ready. Where that fails, nothing of it is left. */
export const startRun = async (attempt: Attempt): Promise<Run | NotStarted> => {
  const { spec, log, signal } = attempt;
  if (!(await isFolder(spec.cwd))) {
    return failed(`The folder of "${spec.id}" does not exist. Correct its "cwd".`);
  }
  if (spec.port !== undefined && (await isTaken(spec.port))) {
    return elsewhere(spec);
  }
  if (signal.aborted) {
    return { kind: "cancelled", problem: `The start of "${spec.id}" was cancelled.` };
  }
  const { mark } = log;
  const run = await launch(spec, log);
  if ("code" in run) {
    return notRun(spec, run.code);
  }
  log.note(`process ${String(run.pid)} started`);
  const waited = await untilReady(run, attempt);
  return waited === "ready" ? run : NOT_READY[waited](run, { ...attempt, mark });
};
