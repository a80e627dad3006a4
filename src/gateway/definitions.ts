import { LIMITS } from "../base/limits.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { definitionDigest } from "../catalogue/digest.ts";
import { toolFacts } from "../catalogue/tool-facts.ts";
import type { SchemaCompiler, ToolFacts } from "../policy/types.ts";
import { UpstreamFailure, type Channel } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { cleanTool, foldClashes, nameIsSafe } from "../wire/tool-names.ts";

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
    const answer = await channel.request(nextRequest(cursor), {
      onInterim: () => {},
      signal: AbortSignal.timeout(LIMITS.call_ms_max),
    });
    const { result, error } = answer.frame;
    if (error !== undefined && member(error, "code") === METHOD_NOT_FOUND) {
      break; // A server without tools.
    }
    listed.push(...toolsOf(result));
    ttlMs = lesser(ttlMs, member(result ?? {}, "ttlMs"));
    const next = member(result ?? {}, "nextCursor");
    if (next === undefined || next === null) {
      break;
    }
    if (typeof next !== "string" || next === cursor || page + 1 === LIMITS.list_pages_max) {
      throw new UpstreamFailure("nonsense", "tools/list pages do not end");
    }
    cursor = next;
  }
  return arrange(
    listed,
    compile,
    now() + Math.max(ttlMs ?? LIMITS.definitions_ms, LIMITS.definitions_ms_min),
  );
};

const toolsOf = (result: JsonObject | undefined): readonly JsonObject[] => {
  const tools = result === undefined ? undefined : member(result, "tools");
  if (!isJsonArray(tools) || !tools.every(isNamedTool) || tools.length > LIMITS.listed_tools_max) {
    throw new UpstreamFailure("nonsense", "tools/list answered no list of tools");
  }
  return tools;
};

const isNamedTool = (tool: Json): tool is JsonObject =>
  isJsonObject(tool) && typeof member(tool, "name") === "string";

const lesser = (before: number | undefined, told: Json | undefined): number | undefined =>
  typeof told === "number" && told >= 0 ? Math.min(before ?? told, told) : before;

const arrange = (listed: readonly JsonObject[], compile: SchemaCompiler, staleAt: number): Definitions => {
  const tools = new Map<string, Definition>();
  const withheld = new Map<string, string>();
  const names = listed.map((tool) => String(member(tool, "name")));
  const clashes = foldClashes(names);
  for (const [index, tool] of listed.entries()) {
    const name = names[index] ?? "";
    const reason = reasonToWithhold(name, clashes, names.indexOf(name) !== index);
    const cleaned = reason === undefined ? cleanTool(tool) : { withheld: reason };
    if ("withheld" in cleaned) {
      withheld.set(name, cleaned.withheld);
      tools.delete(name);
    } else {
      tools.set(name, define(name, tool, cleaned.tool, compile));
    }
  }
  return { tools, withheld, staleAt };
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
