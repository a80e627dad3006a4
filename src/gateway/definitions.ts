import { LIMITS } from "../base/limits.ts";
import { member, type JsonObject } from "../base/json-value.ts";
import { definitionDigest } from "../catalogue/digest.ts";
import { profiled } from "../catalogue/profiled.ts";
import { toolFacts } from "../catalogue/tool-facts.ts";
import type { ToolProfile } from "../catalogue/verdict.ts";
import type { SchemaCompiler, ToolFacts } from "../policy/types.ts";
import type { Channel } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { cleanTool } from "../wire/clean-tool.ts";
import { paramHeadersOf } from "../wire/param-headers.ts";
import { foldClashes, nameIsSafe } from "../wire/tool-names.ts";
import { readPages } from "./pages.ts";

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
  /** What the catalogue says of it, found when first asked for. */
  readonly profile: () => ToolProfile;
}

/** What a server offers, as last read. */
export interface Definitions {
  readonly tools: ReadonlyMap<string, Definition>;
  /** Names that are kept from clients, with the reason, for the operator. */
  readonly withheld: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch after which they are read again. */
  readonly staleAt: number;
}

/** Reads every page of `tools/list`. A list that is broken anywhere is no list: `UpstreamFailure` of kind `nonsense`. */
export const readDefinitions = async (
  channel: Channel,
  compile: SchemaCompiler,
  request: (cursor: string | undefined) => RequestFrame,
  now: () => number,
): Promise<Definitions> => {
  const { items, ttlMs } = await readPages(channel, {
    method: "tools/list",
    list: "tools",
    key: "name",
    request,
  });
  const keepMs = Math.max(ttlMs ?? LIMITS.definitions_ms, LIMITS.definitions_ms_min);
  return arrange(items, compile, now() + keepMs, channel.spoken.era === "modern");
};

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
  if (name === "") {
    return "it has no name";
  }
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
  const profile = profiled(tool);
  return {
    name,
    tool,
    digest: definitionDigest(tool),
    shown,
    facts: () => (facts ??= toolFacts(tool, compile, profile)),
    profile,
  };
};
