import { having, without } from "../../base/json-change.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-value.ts";
import { listOf } from "./tighten.ts";

/** A user's policy, as far as a proposal must know it: what applies to a tool, and what is closed already. */
export interface Ground {
  readonly policy: JsonObject;
  /** The rule that applies to a tool, as it would stand under the tool's own name. */
  readonly ruleFor: (tool: string) => JsonObject;
  /** No call of the tool passes, whatever it is given. */
  readonly isClosed: (tool: string) => boolean;
  /** No key names the tool: the default admits it. */
  readonly isUnnamed: (tool: string) => boolean;
  /** A name for a counter that no other has; for the same wanted name the same. */
  readonly counter: (wanted: string) => string;
}

/** `keyOf`: the key that applies to a tool. `closed`: tools of which no call passes. */
export const groundOf = (
  policy: JsonObject,
  {
    keyOf,
    closed,
  }: { readonly keyOf: (tool: string) => string | undefined; readonly closed: ReadonlySet<string> },
): Ground => {
  const tools = objectIn(policy, "tools");
  const ruleFor = (tool: string): JsonObject => {
    const key = keyOf(tool);
    const rule = key === undefined ? {} : objectIn(tools, key);
    return key === undefined || key === tool ? rule : copied(rule, key);
  };
  return {
    policy,
    ruleFor,
    isUnnamed: (tool) => keyOf(tool) === undefined && !closed.has(tool),
    isClosed: (tool) => closed.has(tool),
    counter: freeNames(usedCounters(policy, tools)),
  };
};

export const objectIn = (value: JsonObject, name: string): JsonObject => {
  const inner = member(value, name);
  return inner !== undefined && isJsonObject(inner) ? inner : {};
};

/** A pattern's rule under a name of its own goes on counting where the pattern counts. */
const copied = (rule: JsonObject, key: string): JsonObject => {
  const rate = member(rule, "rate_limit");
  if (rate === undefined || !isJsonObject(rate)) {
    return rule;
  }
  const limits = [...listOf(member(rule, "limits")), { counter: `rate:${key}`, ...rate }];
  return having(without(rule, "rate_limit"), { limits });
};

const usedCounters = (policy: JsonObject, tools: JsonObject): ReadonlySet<string> => {
  const rules = [...Object.keys(tools).map((key) => objectIn(tools, key)), objectIn(policy, "all_tools")];
  const named = rules
    .flatMap((rule) => listOf(member(rule, "limits")))
    .flatMap((limit) => (isJsonObject(limit) ? (member(limit, "counter") ?? []) : []));
  return new Set(named.filter((name) => typeof name === "string"));
};

const freeNames = (used: ReadonlySet<string>): Ground["counter"] => {
  const given = new Map<string, string>();
  return (wanted) => {
    let [name, count] = [given.get(wanted) ?? wanted, 1];
    while (!given.has(wanted) && used.has(name)) {
      count += 1;
      name = `${wanted}_${String(count)}`;
    }
    given.set(wanted, name);
    return name;
  };
};
