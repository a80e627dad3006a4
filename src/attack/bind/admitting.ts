import { fromPlain } from "../../base/json-plain.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import type { HostileTool, Scenario } from "../scenario.ts";

/**
 * The text of a policy that also admits a scenario's own tools, and says of all others what it said. `offered`: the names
 * of all tools that are there, own and others.
 */
export const admitting = (policy: string, own: readonly string[], offered: readonly string[]): string => {
  const document = readJson(policy);
  if (own.length === 0 || !isJsonObject(document)) {
    return policy;
  }
  const others = offered.filter((name) => !own.includes(name));
  return writeJson({
    ...mapped(document, (value, key) => change(key, value, own, others)),
    tools: {
      ...objectIn(document, "tools"),
      ...Object.fromEntries(own.map((name) => [name, fromPlain({})])),
    },
  });
};

/** Names of all tools that a scenario's servers have. */
export const offeredIn = ({ servers }: Scenario): readonly string[] =>
  Object.values(servers)
    .flatMap(({ tools = [] }): readonly HostileTool[] => tools)
    .map(({ definition: { name } }) => name);

const mapped = (object: JsonObject, to: (value: Json, key: string) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, to(value, key)]));

const objectIn = (document: JsonObject, name: string): JsonObject => {
  const value = member(document, name);
  return value !== undefined && isJsonObject(value) ? value : {};
};

const change = (key: string, value: Json, own: readonly string[], others: readonly string[]): Json => {
  if (key === "hide" && isJsonArray(value)) {
    return unhidden(value, own, others);
  }
  return key === "all_tools" && isJsonObject(value) ? sparing(value, own) : value;
};

/** Stands where a pattern hid scenario's tools alone, so that the places of the others stay. */
const HIDES_NOTHING = "hides-nothing-of-what-is-played";

/** `*`: any run of characters; `?`: one (docs/policy.md). Each turn: where in the pattern one may be. */
const fits = (pattern: readonly string[], name: string): boolean => {
  const open = (places: readonly number[]): number[] =>
    places.flatMap((at) => (pattern[at] === "*" ? [at, ...open([at + 1])] : [at]));
  let places = open([0]);
  for (const character of name) {
    const next = places.flatMap((at) => {
      const part = pattern[at];
      return part === "*" ? open([at]) : part === "?" || part === character ? open([at + 1]) : [];
    });
    places = [...new Set(next)];
  }
  return places.includes(pattern.length);
};

/** A pattern that hides one of the own becomes the names of the others that it hides. */
const unhidden = (hide: readonly Json[], own: readonly string[], others: readonly string[]): Json => {
  const hides = (pattern: Json, name: string): boolean =>
    typeof pattern === "string" && fits(Array.from(pattern), name);
  const more: string[] = [];
  const kept = hide.map((pattern) => {
    if (!own.some((name) => hides(pattern, name))) {
      return pattern;
    }
    const [first = HIDES_NOTHING, ...rest] = others.filter((name) => hides(pattern, name));
    more.push(...rest);
    return first;
  });
  return [...kept, ...more];
};

/** What `all_tools` says of what passes stays for every tool; what it says of tools themselves is not about the own. */
const sparing = (rule: JsonObject, own: readonly string[]): JsonObject => {
  const isOwn = fromPlain({ path: "tool.name", op: "in", value: own });
  const isOther = fromPlain({ path: "tool.name", op: "not_in", value: own });
  const guards: Readonly<Record<string, (conditions: readonly Json[]) => readonly Json[]>> = {
    require: (conditions) => [{ any: [isOwn, { all: [...conditions] }] }],
    deny_if: (conditions) => [isOther, ...conditions],
    approval: (conditions) => [isOther, ...conditions],
  };
  return mapped(rule, (value, key) => {
    const guard = Object.hasOwn(guards, key) ? guards[key] : undefined;
    return guard === undefined ? value : guarded(value, guard);
  });
};

const guarded = (value: Json, guard: (conditions: readonly Json[]) => readonly Json[]): Json => {
  if (isJsonArray(value)) {
    return value.map((each) => guarded(each, guard));
  }
  const conditions = isJsonObject(value) ? (member(value, "conditions") ?? []) : [];
  return isJsonObject(value) &&
    isJsonArray(conditions) &&
    (conditions.length === 0 || isAboutTools(conditions))
    ? { ...value, conditions: [...guard(conditions)] }
    : value;
};

/** Roots of paths that say which tool is called, not what it is given. */
const ABOUT_TOOLS = /^(?:tool|server)\./u;

const isAboutTools = (value: Json): boolean => {
  if (isJsonArray(value)) {
    return value.some(isAboutTools);
  }
  if (!isJsonObject(value)) {
    return false;
  }
  const path = member(value, "path");
  return (typeof path === "string" && ABOUT_TOOLS.test(path)) || Object.values(value).some(isAboutTools);
};
