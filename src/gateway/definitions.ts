import { LIMITS } from "../base/limits.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { definitionDigest } from "../catalogue/digest.ts";
import { toolFacts } from "../catalogue/tool-facts.ts";
import type { SchemaCompiler, ToolFacts } from "../policy/types.ts";
import { UpstreamFailure, type Channel } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { cleanTool } from "../wire/clean-tool.ts";
import { paramHeadersOf } from "../wire/param-headers.ts";
import { foldClashes, nameIsSafe } from "../wire/tool-names.ts";

/** One tool of a server, as the gate judges and shows it. */
export interface Definition {
  readonly name: string;
  readonly digest: string;
  /** As the server sent it. */
  readonly tool: JsonObject;
  /** What clients see: the server's own definition without characters that hide text. */
  readonly shown: JsonObject;
  /** Compiled on the first call: a server may have hundreds of tools of which a client uses two. */
  readonly facts: () => ToolFacts;
}

/** What a server offers, as last read. */
export interface Definitions {
  readonly tools: ReadonlyMap<string, Definition>;
  /** Names that are kept from clients, with the reason, for the operator. */
  readonly withheld: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch after which they are read again. */
  readonly staleAt: number;
}

const METHOD_NOT_FOUND = -32601;

/** Reads every page of `tools/list`. A list that is broken anywhere is no list: `UpstreamFailure` of kind `nonsense`. */
export const readDefinitions = async (
  channel: Channel,
  compile: SchemaCompiler,
  nextRequest: (cursor: string | undefined) => RequestFrame,
  now: () => number,
): Promise<Definitions> => {
  const listed: JsonObject[] = [];
  let ttlMs: number | undefined;
  let cursor: string | undefined;
  for (let page = 0; page < LIMITS.list_pages_max; page += 1) {
    const result = await readPage(channel, nextRequest(cursor));
    listed.push(...toolsOf(result));
    ttlMs = lesser(ttlMs, member(result, "ttlMs"));
    cursor = nextCursor(result, cursor);
    if (cursor === undefined) {
      const keepMs = Math.max(ttlMs ?? LIMITS.definitions_ms, LIMITS.definitions_ms_min);
      return arrange(listed, compile, now() + keepMs, channel.spoken.era === "modern");
    }
    if (listed.length > LIMITS.listed_tools_max) {
      break;
    }
  }
  throw new UpstreamFailure("nonsense", "tools/list has more pages or tools than are read");
};

const NO_TOOLS: JsonObject = { tools: [] };

const readPage = async (channel: Channel, request: RequestFrame): Promise<JsonObject> => {
  const signal = AbortSignal.timeout(LIMITS.call_ms_max);
  const { result, error } = (await channel.request(request, { onInterim: () => {}, signal })).frame;
  if (error !== undefined && member(error, "code") === METHOD_NOT_FOUND) {
    return NO_TOOLS; // A server without tools.
  }
  if (result === undefined) {
    throw new UpstreamFailure("nonsense", "tools/list was answered with an error");
  }
  return result;
};

const nextCursor = (result: JsonObject, before: string | undefined): string | undefined => {
  const next = member(result, "nextCursor") ?? undefined;
  if (next !== undefined && (typeof next !== "string" || next === before)) {
    throw new UpstreamFailure("nonsense", "tools/list pages do not end");
  }
  return next;
};

const toolsOf = (result: JsonObject): readonly JsonObject[] => {
  const tools = member(result, "tools");
  if (!isJsonArray(tools) || !tools.every(isNamedTool)) {
    throw new UpstreamFailure("nonsense", "tools/list answered no list of tools");
  }
  return tools;
};

const isNamedTool = (tool: Json): tool is JsonObject =>
  isJsonObject(tool) && typeof member(tool, "name") === "string";

const lesser = (before: number | undefined, told: Json | undefined): number | undefined =>
  typeof told === "number" && told >= 0 ? Math.min(before ?? told, told) : before;

const arrange = (
  listed: readonly JsonObject[],
  compile: SchemaCompiler,
  staleAt: number,
  modern: boolean,
): Definitions => {
  const tools = new Map<string, Definition>();
  const withheld = new Map<string, string>();
  const names = listed.map(nameOf);
  const clashes = foldClashes(names);
  const seen = new Set<string>();
  for (const [index, tool] of listed.entries()) {
    const name = names[index] ?? "";
    const reason = reasonToWithhold(name, clashes, seen.has(name));
    seen.add(name);
    const cleaned = reason === undefined ? clean(tool, modern) : { withheld: reason };
    if ("withheld" in cleaned) {
      withheld.set(name, cleaned.withheld);
      tools.delete(name);
    } else {
      tools.set(name, define(name, tool, cleaned.tool, compile));
    }
  }
  return { tools, withheld, staleAt };
};

/** A definition whose `x-mcp-header` marks cannot be kept to is no definition (2026-07-28 "Schema Extension"). */
const clean = (tool: JsonObject, modern: boolean): ReturnType<typeof cleanTool> => {
  const mirrors = modern ? paramHeadersOf(member(tool, "inputSchema")) : undefined;
  return mirrors?.kind === "invalid" ? { withheld: mirrors.reason } : cleanTool(tool);
};

const nameOf = (tool: JsonObject): string => {
  const name = member(tool, "name");
  return typeof name === "string" ? name : "";
};

const reasonToWithhold = (name: string, clashes: ReadonlySet<string>, again: boolean): string | undefined => {
  if (!nameIsSafe(name)) {
    return "the name holds white space or characters that cannot be seen";
  }
  if (again) {
    return "two tools have this name";
  }
  return clashes.has(name) ? "another tool's name looks the same" : undefined;
};

const define = (name: string, tool: JsonObject, shown: JsonObject, compile: SchemaCompiler): Definition => {
  let facts: ToolFacts | undefined;
  return {
    name,
    tool,
    digest: definitionDigest(tool),
    shown,
    facts: () => (facts ??= toolFacts(tool, compile)),
  };
};
