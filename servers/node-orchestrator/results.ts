import type { CallToolResult } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Managed, Started, Stopped } from "./managed.ts";
import { ID } from "./spec.ts";

/* What tools answer: as data, by these shapes, and in words. */

const id = z.string().regex(ID);
const pid = z.int().describe("Of its first process");
const problem = z.string().describe("What is wrong, and what to do");

export const serverIdShape = z.strictObject({
  server_id: id.describe("The id of a server, as list_servers gives it"),
});

export const statusShape = z.object({
  server_id: id,
  name: z.string(),
  state: z
    .enum(["stopped", "starting", "running", "stopping", "failed", "running_elsewhere"])
    .describe("running_elsewhere: something that was not started here listens on its port"),
  pid: pid.optional(),
  port: z.int().optional(),
  url: z.string().optional(),
  started_at: z.iso.datetime().optional(),
  uptime_seconds: z.int().optional(),
  healthy: z.boolean().optional().describe("Its port accepts, and its health path answers 2xx"),
  problem: problem.optional(),
  log: z.string().describe("The resource with its last lines"),
});
type StatusOut = z.infer<typeof statusShape>;

export const listShape = z.object({
  servers: z.array(statusShape),
  configuration: z.object({
    source: z.enum(["orchestrator.json", "package.json"]),
    problem: problem.optional(),
  }),
});

export const startedShape = z.object({
  server_id: id,
  outcome: z.enum(["started", "already_running", "running_elsewhere", "failed", "cancelled"]),
  pid: pid.optional(),
  port: z.int().optional(),
  url: z.string().optional(),
  problem: problem.optional(),
});
type StartedOut = z.infer<typeof startedShape>;

export const stoppedShape = z.object({
  server_id: id,
  outcome: z.enum(["stopped", "not_running", "running_elsewhere", "failed"]),
  pid: pid.optional(),
  problem: problem.optional(),
});
type StoppedOut = z.infer<typeof stoppedShape>;

export const allStartedShape = z.object({ servers: z.array(startedShape) });
export const allStoppedShape = z.object({ servers: z.array(stoppedShape) });

export const logUri = (serverId: string): string => `log://${serverId}`;

const at = (port: number | undefined): { readonly port?: number; readonly url?: string } =>
  port === undefined ? {} : { port, url: `http://localhost:${String(port)}` };

export const statusOut = async (server: Managed): Promise<StatusOut> => {
  const { startedAt, port, ...status } = await server.status();
  const { id, name } = server.spec;
  return {
    server_id: id,
    name,
    ...status,
    ...at(port),
    ...(startedAt === undefined
      ? {}
      : {
          started_at: startedAt.toISOString(),
          uptime_seconds: Math.floor((Date.now() - startedAt.getTime()) / 1_000),
        }),
    log: logUri(id),
  };
};

export const startedOut = (id: string, started: Started): StartedOut =>
  "problem" in started
    ? { server_id: id, outcome: started.kind, problem: started.problem }
    : { server_id: id, outcome: started.kind, pid: started.pid, ...at(started.port) };

export const stoppedOut = (id: string, stopped: Stopped): StoppedOut => ({
  server_id: id,
  outcome: stopped.kind,
  ...("pid" in stopped && stopped.pid !== undefined ? { pid: stopped.pid } : {}),
  ...("problem" in stopped ? { problem: stopped.problem } : {}),
});

const where = ({
  pid,
  url,
}: {
  readonly pid?: number | undefined;
  readonly url?: string | undefined;
}): string =>
  [pid === undefined ? "" : `, process ${String(pid)}`, url === undefined ? "" : `, ${url}`].join("");

const HEALTH = { true: "", false: ", but it does not answer", undefined: "" } as const;

export const statusText = (status: StatusOut): string => {
  const { server_id, state, healthy, uptime_seconds, problem } = status;
  const since = uptime_seconds === undefined ? "" : `, for ${String(uptime_seconds)} s`;
  const what = state.replaceAll("_", " ");
  const why = problem === undefined ? "" : `. ${problem}`;
  return `${server_id}: ${what}${where(status)}${since}${HEALTH[`${healthy}`]}${why}`;
};

export const startedText = (started: StartedOut): string =>
  started.problem ?? `${started.server_id}: ${started.outcome.replaceAll("_", " ")}${where(started)}`;

const STOPPED = {
  stopped: "stopped; its processes are gone and its port is free",
  not_running: "was not running",
  running_elsewhere: "running elsewhere",
  failed: "could not be stopped",
} satisfies Record<Stopped["kind"], string>;

export const stoppedText = (stopped: StoppedOut): string =>
  stopped.problem ?? `${stopped.server_id}: ${STOPPED[stopped.outcome]}`;

/** A result in words and as data. */
export const result = (
  structuredContent: Record<string, unknown>,
  text: string,
  isError = false,
): CallToolResult => ({
  content: [{ type: "text", text }],
  structuredContent,
  ...(isError ? { isError } : {}),
});

export const failure = (text: string): CallToolResult => ({
  content: [{ type: "text", text }],
  isError: true,
});
