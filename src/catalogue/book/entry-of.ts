import { isJsonObject, member, type JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { compareCodePoints } from "../../base/text.ts";
import type { Origin, ServerEntry, ToolEntry } from "../entry.ts";
import { profileTool } from "../profile.ts";
import { visibleText } from "../visible-text.ts";
import type { ArgumentFact, Evidence } from "../verdict.ts";
import { definitionTokens } from "./tokens.ts";

/** A tool as a server listed it. */
export interface ListedTool {
  readonly definition: JsonObject;
  /** Of the whole definition, as the server sent it. */
  readonly digest: string;
}

/** A server as it was found. */
export interface ListedServer {
  readonly name: string;
  readonly origin: Origin;
  readonly product: { readonly name: string; readonly version: string } | undefined;
  readonly revision: string;
  readonly tools: readonly ListedTool[];
}

/** What the catalogue keeps of a server: facts and our own sentences. Its tools are sorted by name. */
export const entryOf = ({ name, origin, product, revision, tools }: ListedServer): ServerEntry => ({
  name,
  origin,
  product: product && { name: plain(product.name), version: plain(product.version) },
  revision: plain(revision),
  tools: tools.map(toolEntryOf).toSorted((a, b) => compareCodePoints(a.name, b.name)),
});

const toolEntryOf = ({ definition, digest }: ListedTool): ToolEntry => {
  const profile = profileTool(definition);
  return {
    ...profile,
    evidence: profile.evidence.slice(0, LIMITS.catalogue_evidence_max).map(wordsOnly),
    arguments: bounded(profile.arguments),
    meta: profile.meta && {
      ...profile.meta,
      arguments: profile.meta.arguments.filter(isLine).slice(0, LIMITS.catalogue_arguments_max),
    },
    tokens: definitionTokens(definition),
    digest,
    annotations: hintsOf(definition),
  };
};

/** One line, so long at most. What cannot be seen is kept as its escape, so that a reader sees that something was there. */
const plain = (text: string, most: number = LIMITS.catalogue_text_characters_max): string => {
  const visible = visibleText(text.replaceAll(/\s+/gu, " ").trim().slice(0, most));
  return (visible.length > most ? visible.slice(0, most).replace(CUT_ESCAPE, "") : visible).toWellFormed();
};

/** An escape that was cut is none. */
const CUT_ESCAPE = /\\(?:u[\da-f]{0,3})?$/u;

/** What is kept of a server's texts are the words that a verdict rests on, never a sentence. */
const FOUND_WORDS_MAX = 5;

const wordsOnly = ({ from, found, says }: Evidence): Evidence => ({
  from,
  found: plain(
    plain(found).split(" ").slice(0, FOUND_WORDS_MAX).join(" "),
    LIMITS.catalogue_found_characters_max,
  ),
  says: plain(says),
});

/** Of a tool with very many arguments those are kept that carry something. */
const bounded = (facts: readonly ArgumentFact[]): readonly ArgumentFact[] => {
  const short = facts.filter(({ path }) => isLine(path)).map(withTypes);
  if (short.length <= LIMITS.catalogue_arguments_max) {
    return short;
  }
  const telling = short.filter(({ kinds }) => kinds.length > 0);
  const kept = new Set([...telling, ...short].slice(0, LIMITS.catalogue_arguments_max));
  return short.filter((fact) => kept.has(fact));
};

/** A path that is longer, or holds what cannot be seen, is no use to a policy. */
const isLine = (path: string): boolean => path === plain(path);

/** JSON Schema 2020-12 validation, section 6.1.1. */
export const TYPES = ["null", "boolean", "object", "array", "number", "string", "integer"] as const;
const KNOWN_TYPES: ReadonlySet<string> = new Set(TYPES);

const withTypes = (fact: ArgumentFact): ArgumentFact => ({
  ...fact,
  types: [...new Set(fact.types)].filter((type) => KNOWN_TYPES.has(type)),
});

/** MCP 2026-07-28 `ToolAnnotations`. */
export const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

const hintsOf = (definition: JsonObject): Readonly<Record<string, boolean>> => {
  const annotations = member(definition, "annotations");
  const hints: Record<string, boolean> = {};
  for (const hint of HINTS) {
    const value =
      annotations !== undefined && isJsonObject(annotations) ? member(annotations, hint) : undefined;
    if (typeof value === "boolean") {
      hints[hint] = value;
    }
  }
  return hints;
};
