import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { endGroup, membersOf } from "./group.ts";
import { DRAIN_MS, GONE_MS } from "./limits.ts";
import type { Ring } from "./ring.ts";
import type { ServerSpec } from "./spec.ts";

const SUPERVISOR = fileURLToPath(new URL(`supervisor${extname(import.meta.url)}`, import.meta.url));

const started = z.object({ kind: z.literal("started"), pid: z.int() });
const failed = z.object({ kind: z.literal("failed"), code: z.string() });
const ended = z.object({
  kind: z.literal("ended"),
  gone: z.boolean(),
  code: z.int().nullable(),
  signal: z.string().nullable(),
});
const report = z.discriminatedUnion("kind", [started, failed, ended]);
type Report = z.infer<typeof report>;

/** How the processes of a server ended. */
export interface Ended {
  /** Of the first process; both are `null` where its end was not seen. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Those that could not be ended. */
  readonly left: readonly number[];
}

/** A server's processes, from their start until the last of them is gone. */
export interface Run {
  /** Of the first process, which leads the group. */
  readonly pid: number;
  readonly startedAt: Date;
  /** Aborted when they are gone. */
  readonly over: AbortSignal;
  readonly ended: Promise<Ended>;
  /** Ends all of them. */
  readonly end: () => Promise<Ended>;
}

/** Why there is no process: the system's code. */
export interface NotRun {
  readonly code: string;
}

type Supervisor = ChildProcessByStdio<Writable, Readable, Readable>;

const supervisorOf = (): Supervisor =>
  spawn(process.execPath, [SUPERVISOR], {
    // Out of reach of what ends the orchestrator, and in nobody's folder.
    detached: true,
    cwd: "/",
    env: {},
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });

const environment = (spec: ServerSpec): Record<string, string> => ({
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  ),
  ...spec.env,
});

const follow = (stream: Readable, take: (chunk: Buffer | undefined) => void): Promise<void> => {
  stream.on("data", (chunk: unknown) => {
    take(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
  });
  const done = new Promise<void>((resolve) => void stream.on("close", resolve));
  return done.then(() => take(undefined));
};

/** Reads the supervisor's reports to their end, and hands each on. */
const reports = async (supervisor: Supervisor, got: (said: Report) => void): Promise<void> => {
  const [, , , from] = supervisor.stdio;
  if (from === null || from === undefined || !("on" in from) || !("read" in from)) {
    return;
  }
  for await (const line of createInterface({ input: from })) {
    got(report.parse(JSON.parse(line)));
  }
};

interface Heard {
  pid?: number;
  failed?: string;
  ended?: z.infer<typeof ended>;
}

/** What is left when the supervisor is gone, ended here where the supervisor itself was killed. */
const settle = async (heard: Heard): Promise<Ended> => {
  const { pid, ended } = heard;
  if (pid !== undefined && ended?.gone !== true) {
    await endGroup(pid, 0);
  }
  const left = pid === undefined ? [] : membersOf(pid);
  return { code: ended?.code ?? null, signal: ended?.signal ?? null, left };
};

/** A supervisor that does not come to an end is ended itself; what it held is ended in `settle`. */
const endSupervisor = async (
  supervisor: Supervisor,
  spec: ServerSpec,
  gone: Promise<unknown>,
): Promise<void> => {
  supervisor.stdin.end();
  const late = new AbortController();
  const limitMs = spec.stopTimeoutMs + 2 * GONE_MS;
  await Promise.race([gone, pause(limitMs, undefined, { signal: late.signal }).catch(() => {})]);
  late.abort();
  supervisor.kill("SIGKILL");
};

/** Starts a server's first process, under a supervisor. */
export const launch = async (spec: ServerSpec, log: Ring): Promise<Run | NotRun> => {
  const supervisor = supervisorOf();
  const heard: Heard = {};
  const begun = Promise.withResolvers<void>();
  supervisor.on("error", () => {});
  const gone = once(supervisor, "exit").catch(() => {});
  const told = reports(supervisor, (said) => {
    if (said.kind === "started") {
      heard.pid = said.pid;
    } else if (said.kind === "failed") {
      heard.failed = said.code;
    } else {
      heard.ended = said;
    }
    begun.resolve();
  });
  const output = Promise.all([
    follow(supervisor.stdout, log.writer()),
    follow(supervisor.stderr, log.writer()),
  ]);
  supervisor.stdin.on("error", () => {});
  const { command, args, cwd, stopTimeoutMs } = spec;
  const order = { command, args, cwd, env: environment(spec), stopTimeoutMs };
  supervisor.stdin.write(`${JSON.stringify(order)}\n`);
  const over = new AbortController();
  const ended = gone.then(async () => {
    await told.catch(() => {});
    const how = await settle(heard);
    // Who left the session may hold the output open for ever.
    await Promise.race([output, pause(DRAIN_MS)]);
    supervisor.stdout.destroy();
    supervisor.stderr.destroy();
    over.abort();
    return how;
  });
  await Promise.race([begun.promise, ended]);
  const { pid } = heard;
  if (pid === undefined) {
    supervisor.stdin.end();
    await ended;
    return { code: heard.failed ?? "UNKNOWN" };
  }
  const end = async (): Promise<Ended> => {
    await endSupervisor(supervisor, spec, gone);
    return ended;
  };
  return { pid, startedAt: new Date(), over: over.signal, ended, end };
};
