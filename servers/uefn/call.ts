import type { CallToolResult } from "@modelcontextprotocol/server";
import { answerOf, ignoredNote, problem } from "./answers.ts";
import { givenOf, kwargsOf, type Given } from "./arguments.ts";
import type { Docs } from "./docs/docs.ts";
import type { Command, Editor } from "./editor/editor.ts";
import type { JsonObject } from "./editor/json.ts";
import type { Outcome } from "./editor/outcome.ts";
import { audioSet, lightBulkAdjust, registryCommand } from "./several.ts";
import { TOOL_FACTS, type ToolName } from "./tool-facts.generated.ts";

export interface World {
  readonly editor: Editor;
  readonly docs: Docs;
  /** For one call as a whole. */
  readonly timeoutMs: number;
}

interface Call {
  readonly name: ToolName;
  readonly given: Given;
  readonly docs: Docs;
  readonly run: (command: Command) => Promise<Outcome>;
  readonly signal: AbortSignal;
}

type Answering = (call: Call) => Promise<CallToolResult>;

const REGISTRY = "run_tool:";

/** Where the structured answer has no room for notes, they are said beside it. */
const noted =
  (answering: Answering): Answering =>
  async (call) => {
    const result = await answering(call);
    const note = ignoredNote(call.given.ignored);
    return note === undefined
      ? result
      : { ...result, content: [...result.content, { type: "text", text: note }] };
  };

/** The tools that are more than their command. */
const SPECIAL: Readonly<Partial<Record<ToolName, Answering>>> = {
  run_tool: async ({ name, given: { params, ignored }, run }) => {
    const kwargs = kwargsOf(params["kwargs"]);
    return kwargs === undefined
      ? problem("run_tool did not run: kwargs is an object, or JSON text of an object.")
      : answerOf(name, await run(registryCommand(String(params["tool_name"]), kwargs)), {
          registry: true,
          ignored,
        });
  },
  audio_set: noted(({ given: { params }, run }) => audioSet(params, run)),
  light_bulk_adjust: noted(({ given: { params }, run }) => lightBulkAdjust(params, run)),
  "query-docs": noted(({ given: { params }, docs, signal }) => docs.query(params, signal)),
  "fetch-doc-source": noted(({ given: { params }, docs, signal }) => docs.page(params, signal)),
};

const plain: Answering = async ({ name, given: { params, ignored }, run }) => {
  const { backend } = TOOL_FACTS[name];
  const registry = backend.startsWith(REGISTRY);
  const command = registry
    ? registryCommand(backend.slice(REGISTRY.length), params)
    : { command: backend, params };
  return answerOf(name, await run(command), { registry, ignored });
};

/** Calls a tool with arguments that its schema allows. */
export const callTool = async (
  name: ToolName,
  args: JsonObject,
  { editor, docs, timeoutMs }: World,
  cancel: AbortSignal,
): Promise<CallToolResult> => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  const signal = AbortSignal.any([cancel, stop.signal]);
  try {
    return await (SPECIAL[name] ?? plain)({
      name,
      given: givenOf(TOOL_FACTS[name].inputSchema, args),
      docs,
      run: (command) => editor.run(command, signal),
      signal,
    });
  } finally {
    clearTimeout(timer);
  }
};
