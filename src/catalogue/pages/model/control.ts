import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../../base/json-value.ts";
import { pointerToken } from "../../../base/json-pointer.ts";
import { compileGlob } from "../../../policy/pattern-match.ts";
import { compileFirstMatch, isPattern, literalCount } from "../../../policy/patterns.ts";

/** What of a policy controls a tool. */
export interface Control {
  readonly by: "hide" | "rule" | "default";
  /** Whether a call can pass at all. */
  readonly open: boolean;
  /** Whether a person has to agree, to all calls or to some. */
  readonly asks: boolean;
  /** Where it stands in the policy, RFC 6901. */
  readonly pointer: string;
  /** The tool's own rule, where it has one. */
  readonly rule: JsonObject | undefined;
  /** The part of the policy that says so, in its place, with what holds for every tool. */
  readonly excerpt: JsonObject;
}

const objectAt = (policy: JsonObject, name: string): JsonObject | undefined => {
  const value = member(policy, name);
  return isJsonObject(value) ? value : undefined;
};

const textsAt = (policy: JsonObject, name: string): readonly string[] => {
  const value = member(policy, name);
  return isJsonArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
};

const asksIn = (rule: Json | undefined): boolean =>
  isJsonObject(rule) &&
  (member(rule, "action") === "require_approval" || member(rule, "approval") !== undefined);

/** Finds what controls a tool, as the gate does (docs/policy.md, "Patterns"): read once for all tools of a server. */
export const controlFinder = (policy: JsonObject): ((name: string) => Control) => {
  const hide = textsAt(policy, "hide");
  const hiddenBy = compileFirstMatch(hide);
  const tools = objectAt(policy, "tools");
  const rules = new Map<string, Json>(Object.entries(tools ?? {}));
  const patterns = [...rules.keys()]
    .filter(isPattern)
    .map((key) => ({ key, holds: compileGlob(key), count: literalCount(key) }))
    .sort((a, b) => b.count - a.count);
  const all = objectAt(policy, "all_tools");
  const otherwise = member(policy, "default") ?? "deny";
  return (name) => {
    const hidden = hiddenBy(name);
    if (hidden !== -1) {
      const excerpt = { hide: [hide[hidden] ?? ""] };
      const pointer = `/hide/${String(hidden)}`;
      return { by: "hide", open: false, asks: false, pointer, rule: undefined, excerpt };
    }
    const exact = !isPattern(name) && rules.has(name);
    const key = exact ? name : patterns.find(({ holds }) => holds(name))?.key;
    return key === undefined ? byDefault(otherwise, all) : byRule(key, rules.get(key) ?? {}, all);
  };
};

const byDefault = (otherwise: Json, all: JsonObject | undefined): Control => ({
  by: "default",
  open: otherwise === "allow" && !denies(all),
  asks: asksIn(all),
  pointer: "/default",
  rule: undefined,
  excerpt: { default: otherwise, ...(all === undefined ? {} : { all_tools: all }) },
});

const byRule = (key: string, rule: Json, all: JsonObject | undefined): Control => ({
  by: "rule",
  open: !denies(rule) && !denies(all),
  asks: asksIn(rule) || asksIn(all),
  pointer: `/tools/${pointerToken(key)}`,
  rule: isJsonObject(rule) ? rule : undefined,
  excerpt: {
    ...(all === undefined ? {} : { all_tools: all }),
    tools: Object.fromEntries([[key, rule]]),
  },
});

const denies = (rule: Json | undefined): boolean => isJsonObject(rule) && member(rule, "action") === "deny";
