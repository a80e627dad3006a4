import { isJsonObject, type Json, member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { type Fields, has, mistyped, openFields, readList, readText, readWord } from "./fields.ts";
import { checkCounters } from "./limits.ts";
import { canBothMatch, type Runs, runsOf } from "./pattern-overlap.ts";
import { isPattern, literalCount } from "./patterns.ts";
import { below } from "./pointer.ts";
import { type Problem, problemAt } from "./problem.ts";
import { ALL_TOOLS_KEY, type ReadRule, readRule, type RuleContext } from "./rule.ts";

/** A document as read (docs/policy.md). Lists of patterns that are not written are `undefined`. */
export interface PolicyDocument {
  readonly mode: "enforce" | "observe";
  readonly admitsByDefault: boolean;
  readonly hide: readonly string[];
  readonly resources: readonly string[] | undefined;
  readonly prompts: readonly string[] | undefined;
  readonly methods: readonly string[] | undefined;
  readonly allTools: ReadRule | undefined;
  /** By key, as written. */
  readonly tools: ReadonlyMap<string, ReadRule>;
}

export const POLICY_VERSION = "1";

const DOCUMENT = {
  noun: "A policy",
  fields: [
    "version",
    "description",
    "mode",
    "default",
    "hide",
    "resources",
    "prompts",
    "methods",
    "all_tools",
    "tools",
  ],
  required: ["version", "default"],
} as const;

const tooLong = (pattern: string): boolean =>
  pattern.length > LIMITS.pattern_characters_max &&
  Array.from(pattern).length > LIMITS.pattern_characters_max;

const LENGTH_MESSAGE = `A pattern has at most ${LIMITS.pattern_characters_max} characters.`;

const readPatterns = (fields: Fields, name: string): readonly string[] | undefined =>
  readList(fields, name, (value, pointer) => {
    if (typeof value !== "string") {
      fields.problems.push(problemAt(pointer, "value", mistyped("A pattern", "a string", value)));
      return undefined;
    }
    if (tooLong(value)) {
      fields.problems.push(problemAt(pointer, "value", LENGTH_MESSAGE));
    }
    return value;
  });

/** Two patterns that say equally much and can both match some one name leave open which of them applies. */
const checkTies = (keys: readonly string[], pointer: string, problems: Problem[]): void => {
  const byCount = new Map<number, { readonly key: string; readonly runs: Runs }[]>();
  for (const key of keys.filter((key) => isPattern(key) && !tooLong(key))) {
    const count = literalCount(key);
    const runs = runsOf(key);
    const rivals = byCount.get(count) ?? [];
    const rival = rivals.find((other) => canBothMatch(other.runs, runs));
    if (rival !== undefined) {
      const message = `"${key}" and "${rival.key}" can match one name and have equally many literal characters (${count}), so neither is the one that applies.`;
      problems.push(problemAt(below(pointer, key), "key", message));
    }
    rivals.push({ key, runs });
    byCount.set(count, rivals);
  }
};

/** Puts the keys of the object at a pointer into the order they are written in. */
export type KeyOrder = (pointer: string, keys: readonly string[]) => readonly string[];

interface DocumentContext extends RuleContext {
  readonly inOrder: KeyOrder | undefined;
}

const readTools = (fields: Fields, context: DocumentContext): ReadonlyMap<string, ReadRule> => {
  const { problems } = fields;
  const tools = new Map<string, ReadRule>();
  const value = member(fields.object, "tools");
  const pointer = below(fields.pointer, "tools");
  if (value === undefined) {
    return tools;
  }
  if (!isJsonObject(value)) {
    problems.push(problemAt(pointer, "value", mistyped('"tools"', "an object", value)));
    return tools;
  }
  const keys = context.inOrder?.(pointer, Object.keys(value)) ?? Object.keys(value);
  for (const key of keys) {
    if (tooLong(key)) {
      problems.push(problemAt(below(pointer, key), "key", LENGTH_MESSAGE));
    }
    const rule = readRule(member(value, key) ?? null, below(pointer, key), key, context, problems);
    if (rule !== undefined) {
      tools.set(key, rule);
    }
  }
  checkTies(keys, pointer, problems);
  return tools;
};

const checkAllCounters = (
  fields: Fields,
  allTools: ReadRule | undefined,
  tools: ReadonlyMap<string, ReadRule>,
): void => {
  const ofAll = allTools?.written ?? [];
  const ofTools = Array.from(tools.values()).flatMap((rule) => rule.written);
  const names = Object.keys(fields.object);
  const toolsFirst = names.indexOf("tools") < names.indexOf("all_tools");
  checkCounters(toolsFirst ? [...ofTools, ...ofAll] : [...ofAll, ...ofTools], fields.problems);
};

/** Reads a whole document. Everything that is wrong with it goes into `problems`; without any, the result is whole. */
export const readDocument = (
  value: Json,
  context: DocumentContext,
  problems: Problem[],
): PolicyDocument | undefined => {
  const fields = openFields(value, "", DOCUMENT, problems);
  if (fields === undefined) {
    return undefined;
  }
  readWord(fields, "version", [POLICY_VERSION]);
  readText(fields, "description");
  const all = member(fields.object, "all_tools");
  const allTools = has(fields, "all_tools")
    ? readRule(all ?? null, "/all_tools", ALL_TOOLS_KEY, context, problems)
    : undefined;
  const tools = readTools(fields, context);
  checkAllCounters(fields, allTools, tools);
  return {
    mode: readWord(fields, "mode", ["enforce", "observe"]) ?? "enforce",
    admitsByDefault: readWord(fields, "default", ["allow", "deny"]) === "allow",
    hide: readPatterns(fields, "hide") ?? [],
    resources: readPatterns(fields, "resources"),
    prompts: readPatterns(fields, "prompts"),
    methods: readPatterns(fields, "methods"),
    allTools,
    tools,
  };
};
