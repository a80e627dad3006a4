import type { Json, JsonObject } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import type { Origin, ServerEntry, ToolEntry } from "../entry.ts";
import type { ArgumentFact, Evidence } from "../verdict.ts";

/** Of the form that `writeEntries` writes and `readEntries` takes. */
export const ENTRIES_VERSION = 1;

/** Entries as a file: JSON with one line for each tool, so that a change of one is seen. Equal entries are equal bytes. */
export const writeEntries = (servers: readonly ServerEntry[]): string => {
  const lines = servers.map(writeServer).join(",\n");
  return `{"catalogue":${String(ENTRIES_VERSION)},"servers":[${lines === "" ? "" : `\n${lines}\n`}]}\n`;
};

const writeServer = ({ name, origin, product, revision, tools }: ServerEntry): string => {
  const head = writeJson({
    name,
    origin: originJson(origin),
    ...(product === undefined ? {} : { product: { ...product } }),
    revision,
  });
  const lines = tools.map((tool) => writeJson(toolJson(tool))).join(",\n");
  return `${head.slice(0, -1)},"tools":[${lines === "" ? "" : `\n${lines}\n`}]}`;
};

const originJson = (origin: Origin): JsonObject =>
  origin.from === "package"
    ? { from: origin.from, package: origin.package, version: origin.version }
    : { from: origin.from, at: origin.at };

/** What is empty is left out. */
const toolJson = (tool: ToolEntry): JsonObject => ({
  name: tool.name,
  class: tool.class,
  risk: tool.risk,
  confidence: tool.confidence,
  evidence: tool.evidence.map(evidenceJson),
  ...some("powers", tool.powers),
  ...some("arguments", tool.arguments.map(argumentJson)),
  ...(tool.meta === undefined
    ? {}
    : { meta: { runs: tool.meta.runs, arguments: tool.meta.arguments, batch: tool.meta.batch } }),
  tokens: tool.tokens,
  digest: tool.digest,
  ...(Object.keys(tool.annotations).length === 0 ? {} : { annotations: { ...tool.annotations } }),
});

const some = (name: string, list: readonly Json[]): JsonObject => (list.length === 0 ? {} : { [name]: list });

const evidenceJson = ({ from, found, says }: Evidence): JsonObject => ({ from, found, says });

const argumentJson = ({ path, types, required, kinds }: ArgumentFact): JsonObject => ({
  path,
  ...some("types", types),
  ...(required ? { required } : {}),
  ...some("kinds", kinds),
});
