import type { Handlers, Session } from "../session.ts";
import { listTools, describeTool } from "../registry.ts";
import { CommandError, isFields, isText, type Fields, type Params } from "../values.ts";

// Commands about the listener itself, and those that run others.

/** `kwargs` is an object or a JSON text of one. */
const kwargsOf = ({ raw }: Params): Fields => {
  const kwargs: unknown = isText(raw["kwargs"]) ? JSON.parse(raw["kwargs"] || "{}") : (raw["kwargs"] ?? {});
  if (isFields(kwargs)) {
    return kwargs;
  }
  throw new CommandError("'kwargs' is an object or a JSON text of one");
};

/** Unknown tools, and tools that fail, answer nothing: the registry writes to the log and returns `None`. */
const runTool = async (params: Params, session: Session): Promise<unknown> => {
  const name = params.text("tool_name");
  try {
    return await session.execute(name, kwargsOf(params), "run_tool");
  } catch (error) {
    session.log(`run_tool ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
};

const runOne = async (one: unknown, session: Session): Promise<Fields> => {
  if (!isFields(one) || !isText(one["command"])) {
    return { success: false, error: "No command" };
  }
  const { command } = one;
  const raw = isFields(one["params"]) ? one["params"] : {};
  try {
    return { command, success: true, result: await session.execute(command, raw, "batch_exec") };
  } catch (error) {
    return { command, success: false, error: error instanceof Error ? error.message : String(error) };
  }
};

const batch = async (params: Params, session: Session): Promise<Fields> => {
  const results: Fields[] = [];
  for (const one of params.list("commands")) {
    results.push(await runOne(one, session));
  }
  return {
    results,
    total: results.length,
    succeeded: results.filter((one) => one["success"] === true).length,
  };
};

/** The newest at the end. */
const last = <T>(list: readonly T[], count: number): readonly T[] => (count === 0 ? [] : list.slice(-count));

export const MAIN_COMMANDS = {
  ping: (_params, session) => ({ status: "ok", simulated: true, ...session.status() }),
  mcp_status: (_params, session) => session.status(),
  get_log: (params, session) => {
    const lines = last(session.lines(), params.count("lines", 50));
    return { lines, count: lines.length };
  },
  // Inert: what is given is written to the journal and goes nowhere else.
  execute_python: () => ({ output: "", result: null, executed: false, note: "The simulator runs no code" }),
  run_tool: runTool,
  list_tools: (params) => listTools(params.text("category", "")),
  describe_tool: (params) => describeTool(params.text("tool_name")),
  batch_exec: batch,
  undo: (_params, session) => ({ undone: session.undo() }),
  redo: (_params, session) => ({ redone: session.redo() }),
  history: (params, session) => {
    const entries = last(session.history(), params.count("tail", 30));
    return { entries, count: entries.length };
  },
  shutdown: async (_params, session) => {
    await session.stop(false);
    return { status: "shutting_down" };
  },
} satisfies Handlers;
