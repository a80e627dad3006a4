import { isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import { plainApproval, type ReadApproval, readApproval } from "./approval.ts";
import type { ConditionContext } from "./condition.ts";
import { type Fields, has, laterOf, misplaced, openFields, readList, readText, readWord } from "./fields.ts";
import { type ReadLimit, readLimit, readRateLimit } from "./limits.ts";
import { below } from "./pointer.ts";
import { compilePredicate, type Predicate } from "./predicate.ts";
import type { Problem } from "./problem.ts";

export type ArgumentsMode = "strict" | "schema" | "any";

/** A predicate and where it stands. */
export interface ReadPredicate {
  readonly pointer: string;
  readonly predicate: Predicate;
  /** As written, for the checker. */
  readonly conditions: Json;
}

/** A tool rule as read (docs/policy.md). */
export interface ReadRule {
  /** The key as written, or `*all*`. */
  readonly key: string;
  readonly pointer: string;
  readonly denies: boolean;
  readonly reason: string | undefined;
  readonly require: readonly ReadPredicate[];
  readonly denyIf: readonly ReadPredicate[];
  readonly limits: readonly ReadLimit[];
  readonly rateLimit: ReadLimit | undefined;
  readonly approval: ReadApproval | undefined;
  readonly arguments: ArgumentsMode | undefined;
  /** Every limit in the order it is written. */
  readonly written: readonly ReadLimit[];
  /** The whole rule as written, for the checker. */
  readonly source: JsonObject;
}

/** What reading a rule needs to know: the policy's name is part of its counters' names. */
export interface RuleContext {
  readonly policy: string;
  readonly conditions: ConditionContext;
}

/** The counter's name of `all_tools`' rate limit is `rate:*all*`. */
export const ALL_TOOLS_KEY = "*all*";

const RULE = {
  noun: "A tool rule",
  fields: ["action", "reason", "require", "deny_if", "limits", "rate_limit", "approval", "arguments"],
  required: [],
} as const;

const readPredicates = (
  fields: Fields,
  name: "require" | "deny_if",
  context: RuleContext,
): readonly ReadPredicate[] =>
  readList(fields, name, (value, pointer) => {
    const lean = name === "require" ? "require" : "deny";
    const predicate = compilePredicate(value, pointer, lean, context.conditions, fields.problems);
    const conditions = isJsonObject(value) ? (member(value, "conditions") ?? null) : null;
    return predicate === undefined ? undefined : { pointer, predicate, conditions };
  }) ?? [];

const readRuleApproval = (
  fields: Fields,
  action: string | undefined,
  context: RuleContext,
): ReadApproval | undefined => {
  const asks = action === "require_approval";
  if (asks && has(fields, "approval")) {
    const message = '"require_approval" is short for "approval": {}; write one of the two.';
    misplaced(fields, laterOf(fields, "action", "approval"), message);
  }
  const value = member(fields.object, "approval");
  if (value !== undefined) {
    return readApproval(value, below(fields.pointer, "approval"), context.conditions, fields.problems);
  }
  return asks ? plainApproval(below(fields.pointer, "action")) : undefined;
};

/** Reads one tool rule, or `all_tools`. `key` names the counter of its rate limit. */
export const readRule = (
  value: Json,
  pointer: string,
  key: string,
  context: RuleContext,
  problems: Problem[],
): ReadRule | undefined => {
  const fields = openFields(value, pointer, RULE, problems);
  if (fields === undefined) {
    return undefined;
  }
  const action = readWord(fields, "action", ["allow", "deny", "require_approval"]);
  const rate = member(fields.object, "rate_limit");
  const limits =
    readList(fields, "limits", (item, at) => readLimit(item, at, context.policy, problems)) ?? [];
  const rateLimit =
    rate === undefined
      ? undefined
      : readRateLimit(rate, below(pointer, "rate_limit"), context.policy, key, problems);
  const rates = rateLimit === undefined ? [] : [rateLimit];
  const rateLast = laterOf(fields, "limits", "rate_limit") === "rate_limit";
  return {
    key,
    pointer,
    denies: action === "deny",
    reason: readText(fields, "reason"),
    require: readPredicates(fields, "require", context),
    denyIf: readPredicates(fields, "deny_if", context),
    limits,
    rateLimit,
    approval: readRuleApproval(fields, action, context),
    arguments: readWord(fields, "arguments", ["strict", "schema", "any"]),
    written: rateLast ? [...limits, ...rates] : [...rates, ...limits],
    source: fields.object,
  };
};
