import { having, without } from "../../base/json-change.ts";
import { jsonEqual } from "../../base/json-equal.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { conditionsOf } from "./fitted.ts";

/** Rules made stricter: all that a rule refuses, it refuses afterwards, too. */

/** What a rule's neighbours in the policy mean for it. */
export interface Around {
  /** A name for a counter that no other has. */
  readonly counter: (wanted: string) => string;
  /** `arguments` of `all_tools`. */
  readonly arguments: Json | undefined;
}

/** A rule with what another refuses besides. `name`: of the tool. The same object where nothing is new. */
export const tightened = (rule: JsonObject, more: JsonObject, name: string, around: Around): JsonObject => {
  if (member(more, "action") === "deny") {
    return having({}, without(more, ...Object.keys(more).filter((part) => !SAYS_NO.has(part))));
  }
  let all = rule;
  for (const part of LISTS) {
    all = withList(all, part, newIn(all, part, listOf(member(more, part)), around));
  }
  all = withRate(all, member(more, "rate_limit"), name, around);
  all = withApproval(all, member(more, "action") === "require_approval" ? {} : member(more, "approval"));
  return withArguments(all, member(more, "arguments"), around);
};

/** Of a rule that denies every call the rest says nothing. */
const SAYS_NO: ReadonlySet<string> = new Set(["action", "reason"]);
const LISTS = ["require", "deny_if", "limits"] as const;

export const listOf = (value: Json | undefined): readonly Json[] =>
  value !== undefined && isJsonArray(value) ? value : [];

const newIn = (
  rule: JsonObject,
  part: (typeof LISTS)[number],
  more: readonly Json[],
  { counter }: Around,
): readonly Json[] => {
  const there = listOf(member(rule, part));
  const others = more.filter((one) => !there.some((each) => jsonEqual(each, one)));
  return part === "limits" ? others.map((limit) => withOwnCounter(limit, counter)) : others;
};

const withOwnCounter = (limit: Json, counter: Around["counter"]): Json => {
  const name = isJsonObject(limit) ? member(limit, "counter") : undefined;
  return isJsonObject(limit) && typeof name === "string" ? having(limit, { counter: counter(name) }) : limit;
};

const withList = (rule: JsonObject, part: string, more: readonly Json[]): JsonObject =>
  more.length === 0 ? rule : having(rule, { [part]: [...listOf(member(rule, part)), ...more] });

/** A rule has one `rate_limit`: a second is a limit. */
const withRate = (
  rule: JsonObject,
  rate: Json | undefined,
  name: string,
  { counter }: Around,
): JsonObject => {
  const own = member(rule, "rate_limit");
  if (rate === undefined || !isJsonObject(rate) || (own !== undefined && jsonEqual(own, rate))) {
    return rule;
  }
  return own === undefined
    ? having(rule, { rate_limit: rate })
    : withList(rule, "limits", [{ counter: counter(`${name}_rate`), ...rate }]);
};

/** Somebody is asked where either of the two would have asked. */
const withApproval = (rule: JsonObject, approval: Json | undefined): JsonObject => {
  const own = member(rule, "approval");
  if (approval === undefined || !isJsonObject(approval) || member(rule, "action") === "require_approval") {
    return rule;
  }
  if (own === undefined || !isJsonObject(own)) {
    return having(rule, { approval });
  }
  const [had, wanted] = [conditionsOf(own), conditionsOf(approval)];
  if (had.length === 0 || jsonEqual([...had], [...wanted])) {
    return rule;
  }
  return having(rule, {
    approval:
      wanted.length === 0
        ? without(own, "conditions")
        : having(own, { conditions: [{ any: [{ all: [...had] }, { all: [...wanted] }] }] }),
  });
};

/** From loose to strict. */
const ARGUMENTS: readonly unknown[] = ["any", "schema", "strict"];

const withArguments = (rule: JsonObject, mode: Json | undefined, around: Around): JsonObject => {
  const own = member(rule, "arguments") ?? around.arguments ?? "strict";
  return mode !== undefined && ARGUMENTS.indexOf(mode) > ARGUMENTS.indexOf(own)
    ? having(rule, { arguments: mode })
    : rule;
};
