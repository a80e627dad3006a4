import { JsonError } from "../../base/json-read.ts";
import type { Json } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { detached } from "../../base/text.ts";
import type { Origin, ServerEntry, ToolEntry } from "../entry.ts";
import {
  ARGUMENT_KINDS,
  POWERS,
  RISKS,
  TOOL_CLASSES,
  type ArgumentFact,
  type Evidence,
  type MetaTool,
} from "../verdict.ts";
import { HINTS, TYPES } from "./entry-of.ts";
import { readParts, type Parted } from "./parts.ts";
import { Pool } from "./pool.ts";
import {
  flag,
  listOf,
  matching,
  numberUpTo,
  objectOf,
  oneOf,
  optional,
  textOf,
  Unreadable,
  type Read,
} from "./read-values.ts";
import { ENTRIES_VERSION } from "./write-entries.ts";

/** Why a file holds no entries. */
export interface EntriesProblem {
  readonly line?: number;
  readonly column?: number;
  /** RFC 6901. */
  readonly pointer?: string;
  readonly message: string;
}

export type EntriesRead =
  | { readonly ok: true; readonly servers: readonly ServerEntry[] }
  | { readonly ok: false; readonly problem: EntriesProblem };

/** Reads what `writeEntries` wrote, strictly: a file that is wrong anywhere holds nothing. Never throws. */
export const readEntries = (text: string, pool: Pool = new Pool()): EntriesRead => {
  try {
    return { ok: true, servers: serversOf(readParts(text), pool) };
  } catch (error) {
    if (error instanceof JsonError) {
      const { line, column, message } = error;
      return { ok: false, problem: { line, column, message } };
    }
    if (error instanceof Unreadable) {
      return { ok: false, problem: { pointer: error.pointer, message: error.message } };
    }
    throw error;
  }
};

const FILE = new Set(["catalogue", "servers"]);
const SERVER = new Set(["name", "origin", "product", "revision", "tools"]);
const TOOL = new Set([
  "name",
  "class",
  "risk",
  "confidence",
  "evidence",
  "powers",
  "arguments",
  "meta",
  "tokens",
  "digest",
  "annotations",
]);
const EVIDENCE = new Set(["from", "found", "says"]);
const ARGUMENT = new Set(["path", "types", "required", "kinds"]);
const META = new Set(["runs", "arguments", "batch"]);
const PRODUCT = new Set(["name", "version"]);
const ORIGINS = { package: new Set(["from", "package", "version"]), scan: new Set(["from", "at"]) };

const line = textOf(LIMITS.catalogue_text_characters_max);
const word = textOf(LIMITS.catalogue_found_characters_max);
/** A name is as long as its server wants: what bounds it is the list that it came in. */
const toolName = textOf(LIMITS.list_bytes_max);
const serverName = matching(/^[a-z0-9][a-z0-9-]{0,63}$/u, "a server's name");
const digest = matching(/^[0-9a-f]{64}$/u, "a SHA-256 in hex");
const types = optional(listOf(oneOf(TYPES), TYPES.length), []);
const kinds = optional(listOf(oneOf(ARGUMENT_KINDS), ARGUMENT_KINDS.length), []);
const powers = optional(listOf(oneOf(POWERS), POWERS.length), []);
const paths = listOf(line, LIMITS.catalogue_arguments_max);
const toolClass = oneOf(TOOL_CLASSES);
const risk = oneOf(RISKS);
const confidence = numberUpTo(1, "any");
const tokens = numberUpTo(LIMITS.list_bytes_max, "whole");
const SOURCES = [
  "name",
  "title",
  "description",
  "argument",
  "annotation",
  "doubt",
  "override",
] as const satisfies readonly Evidence["from"][];
const source = oneOf(SOURCES);
const runs = oneOf(["tools", "code", "commands", "sql"] as const satisfies readonly MetaTool["runs"][]);
/** ECMAScript section 21.4.1.1. */
const LAST_MS = 8_640_000_000_000_000;
const time = numberUpTo(LAST_MS, "whole");

const serversOf = ({ frame, count, parts }: Parted, pool: Pool): readonly ServerEntry[] => {
  const file = objectOf(frame, "", FILE);
  const version = file("catalogue", numberUpTo(Number.MAX_SAFE_INTEGER, "whole"));
  if (version !== ENTRIES_VERSION) {
    throw new Unreadable("/catalogue", `only version ${String(ENTRIES_VERSION)} is read`);
  }
  const placeholders = file("servers", listOf(partAt, LIMITS.catalogue_servers_max));
  if (placeholders.length !== count) {
    throw new Unreadable("/servers", "this must be a list of objects");
  }
  const servers: ServerEntry[] = [];
  for (const part of parts()) {
    servers.push(serverOf(part, `/servers/${String(servers.length)}`, pool));
  }
  refuseDoubles(servers, "/servers");
  return servers;
};

const partAt: Read<null> = (value, at) => {
  if (value !== null) {
    throw new Unreadable(at, "this must be an object");
  }
  return value;
};

const refuseDoubles = (named: readonly { readonly name: string }[], at: string): void => {
  const seen = new Set<string>();
  for (const [index, { name }] of named.entries()) {
    if (seen.has(name)) {
      throw new Unreadable(`${at}/${String(index)}/name`, "this name is here twice");
    }
    seen.add(name);
  }
};

const serverOf = (value: Json | undefined, at: string, pool: Pool): ServerEntry => {
  const server = objectOf(value, at, SERVER);
  const tools = server(
    "tools",
    listOf((tool, place) => toolOf(tool, place, pool), LIMITS.listed_tools_max),
  );
  refuseDoubles(tools, `${at}/tools`);
  return {
    name: pool.text(server("name", serverName)),
    origin: server("origin", (origin, place) => originOf(origin, place, pool)),
    product: server(
      "product",
      optional((product, place) => productOf(product, place, pool), undefined),
    ),
    revision: pool.text(server("revision", line)),
    tools,
  };
};

const originOf = (value: Json | undefined, at: string, pool: Pool): Origin => {
  const from = objectOf(
    value,
    at,
    new Set([...ORIGINS.package, ...ORIGINS.scan]),
  )("from", oneOf(["package", "scan"] as const));
  const origin = objectOf(value, at, ORIGINS[from]);
  return from === "package"
    ? { from, package: pool.text(origin("package", line)), version: pool.text(origin("version", line)) }
    : { from, at: origin("at", time) };
};

const productOf = (value: Json | undefined, at: string, pool: Pool): { name: string; version: string } => {
  const product = objectOf(value, at, PRODUCT);
  return { name: pool.text(product("name", line)), version: pool.text(product("version", line)) };
};

const toolOf = (value: Json | undefined, at: string, pool: Pool): ToolEntry => {
  const tool = objectOf(value, at, TOOL);
  const evidence = listOf((item, place) => evidenceOf(item, place, pool), LIMITS.catalogue_evidence_max);
  const facts = listOf((item, place) => factOf(item, place, pool), LIMITS.catalogue_arguments_max);
  return {
    name: pool.text(tool("name", toolName)),
    class: tool("class", toolClass),
    risk: tool("risk", risk),
    confidence: tool("confidence", confidence),
    evidence: tool("evidence", evidence),
    powers: pool.powers(tool("powers", powers)),
    arguments: tool("arguments", optional(facts, [])),
    meta: tool(
      "meta",
      optional((meta, place) => metaOf(meta, place, pool), undefined),
    ),
    tokens: tool("tokens", tokens),
    digest: detached(tool("digest", digest)),
    annotations: tool("annotations", hintsOf),
  };
};

const evidenceOf = (value: Json | undefined, at: string, pool: Pool): Evidence => {
  const evidence = objectOf(value, at, EVIDENCE);
  return pool.evidence({
    from: evidence("from", source),
    found: evidence("found", word),
    says: evidence("says", line),
  });
};

const factOf = (value: Json | undefined, at: string, pool: Pool): ArgumentFact => {
  const fact = objectOf(value, at, ARGUMENT);
  return pool.fact({
    path: fact("path", line),
    types: fact("types", types),
    required: fact("required", optional(flag, false)),
    kinds: fact("kinds", kinds),
  });
};

const metaOf = (value: Json | undefined, at: string, pool: Pool): MetaTool => {
  const meta = objectOf(value, at, META);
  return {
    runs: meta("runs", runs),
    arguments: meta("arguments", paths).map((path) => pool.text(path)),
    batch: meta("batch", flag),
  };
};

const NO_HINTS = {};

const hintsOf = (value: Json | undefined, at: string): Readonly<Record<string, boolean>> => {
  if (value === undefined) {
    return NO_HINTS;
  }
  const given = objectOf(value, at, new Set<string>(HINTS));
  const hints: Record<string, boolean> = {};
  for (const hint of HINTS) {
    const said = given(hint, optional(flag, undefined));
    if (said !== undefined) {
      hints[hint] = said;
    }
  }
  return hints;
};
