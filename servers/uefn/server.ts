import { McpServer, type StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { PACKAGE_VERSION } from "../mcp/version.ts";
import { RESULT_SCHEMA } from "./answers.ts";
import { callTool, type World } from "./call.ts";
import { PAGE_SCHEMA, QUERY_SCHEMA } from "./docs/docs.ts";
import { lazySchema } from "./lazy-schema.ts";
import { STEPS_SCHEMA } from "./steps.ts";
import { TOOL_FACTS, type ToolName } from "./tool-facts.generated.ts";
import { WORDS } from "./words/all-words.ts";

const OUTPUTS: Readonly<Partial<Record<ToolName, StandardSchemaWithJSON>>> = {
  audio_set: STEPS_SCHEMA,
  light_bulk_adjust: STEPS_SCHEMA,
  "query-docs": QUERY_SCHEMA,
  "fetch-doc-source": PAGE_SCHEMA,
};

const isToolName = (name: string): name is ToolName => Object.hasOwn(TOOL_FACTS, name);

/** Made once; servers are made for each connection, and for each request of the newest era. */
const TOOLS = Object.keys(TOOL_FACTS)
  .filter(isToolName)
  .map((name) => ({
    name,
    config: {
      ...WORDS[name],
      inputSchema: lazySchema(TOOL_FACTS[name].inputSchema),
      outputSchema: OUTPUTS[name] ?? RESULT_SCHEMA,
    },
  }));

const INSTRUCTIONS =
  "Works in the UEFN editor that is open on this machine, in the level and project that are open there. What a tool changes can mostly be taken back with undo until the level is saved; deleted assets and written files cannot. Where an answer says that it is not known whether something ran, look before calling again.";

export const makeServer = (world: World): McpServer => {
  const server = new McpServer(
    { name: "uefn", title: "UEFN editor", version: PACKAGE_VERSION },
    { instructions: INSTRUCTIONS, capabilities: { tools: { listChanged: false } } },
  );
  for (const { name, config } of TOOLS) {
    server.registerTool(name, config, (args, { mcpReq }) => callTool(name, args, world, mcpReq.signal));
  }
  return server;
};
