import type { CallToolResult, McpServer, ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Fleet } from "./fleet.ts";
import type { Managed } from "./managed.ts";
import {
  allStartedShape,
  allStoppedShape,
  failure,
  listShape,
  result,
  serverIdShape,
  startedOut,
  startedShape,
  startedText,
  statusOut,
  statusShape,
  statusText,
  stoppedOut,
  stoppedShape,
  stoppedText,
} from "./results.ts";
import type { Progress } from "./start.ts";

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const STARTS = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const STOPS = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false };

const NOTHING = z.strictObject({});

/** Tells the caller how far it is, where it asked for that. Each message is further than the one before. */
const progressOf = ({ mcpReq }: ServerContext): Progress => {
  const progressToken = mcpReq._meta?.progressToken;
  let last = -1;
  return (done, total, message) => {
    if (progressToken === undefined || mcpReq.signal.aborted || done <= last) {
      return;
    }
    last = done;
    const params = { progressToken, progress: done, total, message };
    // Who is gone needs no progress.
    mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
  };
};

const unknown = (fleet: Fleet, id: string): CallToolResult => {
  const ids = fleet.all.map(({ spec }) => spec.id);
  const known = ids.length === 0 ? "There are no servers." : `There are: ${ids.join(", ")}.`;
  return failure([`There is no server "${id}".`, known, fleet.problem ?? ""].join(" ").trim());
};

type OnServer = (server: Managed, ctx: ServerContext) => Promise<CallToolResult>;

const on =
  (fleet: Fleet, act: OnServer) =>
  async ({ server_id: id }: z.infer<typeof serverIdShape>, ctx: ServerContext): Promise<CallToolResult> => {
    const server = fleet.get(id);
    return server === undefined ? unknown(fleet, id) : act(server, ctx);
  };

const start: OnServer = async (server, ctx) => {
  const progress = progressOf(ctx);
  const out = startedOut(server.spec.id, await server.start(ctx.mcpReq.signal, progress));
  return result(out, startedText(out), out.problem !== undefined);
};

const stop: OnServer = async (server) => {
  const out = stoppedOut(server.spec.id, await server.stop());
  return result(out, stoppedText(out), out.problem !== undefined);
};

const status: OnServer = async (server) => {
  const out = await statusOut(server);
  return result(out, statusText(out));
};

const inLines = (lines: readonly string[]): string =>
  lines.length === 0 ? "There are no servers." : lines.join("\n");

/** The tools for one server. */
const addOnes = (mcp: McpServer, fleet: Fleet): void => {
  mcp.registerTool(
    "start_server",
    {
      title: "Start a server",
      description:
        "Starts a development server and waits until it is ready: its port accepts and its health path answers, or, without a port, it keeps running. A server that runs already is not started again.",
      inputSchema: serverIdShape,
      outputSchema: startedShape,
      annotations: STARTS,
    },
    on(fleet, start),
  );
  mcp.registerTool(
    "stop_server",
    {
      title: "Stop a server",
      description:
        "Stops a development server that was started here, with all its processes. Answers when they are gone and its port is free.",
      inputSchema: serverIdShape,
      outputSchema: stoppedShape,
      annotations: STOPS,
    },
    on(fleet, stop),
  );
  mcp.registerTool(
    "get_server_status",
    {
      title: "Status of a server",
      description:
        "Reads the state of a server: whether it is up, since when, as which process, whether it answers, and what went wrong last. Its output is the resource log://{server_id}.",
      inputSchema: serverIdShape,
      outputSchema: statusShape,
      annotations: READS,
    },
    on(fleet, status),
  );
};

const list = async (fleet: Fleet): Promise<CallToolResult> => {
  const servers = await Promise.all(fleet.all.map(statusOut));
  const { source, problem } = fleet;
  const configuration = { source, ...(problem === undefined ? {} : { problem }) };
  const lines = [...(problem === undefined ? [] : [problem]), inLines(servers.map(statusText))];
  return result({ servers, configuration }, lines.join("\n"));
};

const startAll = async (fleet: Fleet, ctx: ServerContext): Promise<CallToolResult> => {
  const outcomes = await fleet.startAll(ctx.mcpReq.signal, progressOf(ctx));
  const servers = [...outcomes].map(([id, outcome]) => startedOut(id, outcome));
  const isError = servers.some(({ problem }) => problem !== undefined);
  return result({ servers }, inLines(servers.map(startedText)), isError);
};

const stopAll = async (fleet: Fleet): Promise<CallToolResult> => {
  const servers = [...(await fleet.stopAll())].map(([id, outcome]) => stoppedOut(id, outcome));
  // What runs elsewhere was never asked for here.
  const isError = servers.some(({ outcome }) => outcome === "failed");
  return result({ servers }, inLines(servers.map(stoppedText)), isError);
};

/** The tools for all servers. */
const addAlls = (mcp: McpServer, fleet: Fleet): void => {
  mcp.registerTool(
    "list_servers",
    {
      title: "List servers",
      description: "Lists the development servers of this project with their ids and states.",
      inputSchema: NOTHING,
      outputSchema: listShape,
      annotations: READS,
    },
    () => list(fleet),
  );
  mcp.registerTool(
    "start_all_servers",
    {
      title: "Start all servers",
      description:
        "Starts all development servers of this project, several at a time, and waits until each is ready or has failed.",
      inputSchema: NOTHING,
      outputSchema: allStartedShape,
      annotations: STARTS,
    },
    (_, ctx) => startAll(fleet, ctx),
  );
  mcp.registerTool(
    "stop_all_servers",
    {
      title: "Stop all servers",
      description:
        "Stops all development servers that were started here, with all their processes. Answers when they are gone and their ports are free.",
      inputSchema: NOTHING,
      outputSchema: allStoppedShape,
      annotations: STOPS,
    },
    () => stopAll(fleet),
  );
};

export const addTools = (mcp: McpServer, fleet: Fleet): void => {
  addOnes(mcp, fleet);
  addAlls(mcp, fleet);
};
