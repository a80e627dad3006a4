import {
  bareObject,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { compileConditions, type ConditionContext, type Condition, type Lean } from "./condition.ts";
import { decideByPlan } from "./decide.ts";
import type { ParsedPath } from "./path.ts";
import { readPath } from "./path-read.ts";
import { planOf } from "./plan.ts";
import type { ReadPredicate, ReadRule } from "./rule.ts";
import type { ToolFacts } from "./types.ts";

/** Tries calls on rules, whatever else a call may say: who calls, when, and with which other arguments. */

/** Whether rules admit a call with these arguments. */
export type Trial = (args: JsonObject) => boolean;

/**
 * What one condition comes to: what it says as it is written, what lets the call through or refuses it, or the same in
 * every call. `lean`: what the rule does with it, which lets calls through (`require`) or refuses them.
 */
export type Reading = (
  path: ParsedPath,
  leaf: JsonObject,
  lean: Lean,
) => "written" | "lets" | "refuses" | boolean;

/** A tool's own rule and the rule for all tools may be read differently. */
export interface Readings {
  readonly own: Reading;
  readonly all: Reading;
}

const ALWAYS = { all: [] };
const NEVER = { any: [] };
const OPPOSITE: Readonly<Record<Lean, Lean>> = { require: "deny", deny: "require" };

const fixed = (says: Exclude<ReturnType<Reading>, "written">, lean: Lean): Json => {
  const holds = typeof says === "boolean" ? says : (says === "lets") === (lean === "require");
  return holds ? ALWAYS : NEVER;
};

const leaning = (condition: Json, lean: Lean, reading: Reading): Json => {
  if (!isJsonObject(condition)) {
    return condition;
  }
  const lists = ["all", "any"] as const;
  for (const join of lists) {
    const list = member(condition, join);
    if (isJsonArray(list)) {
      return { [join]: list.map((one) => leaning(one, lean, reading)) };
    }
  }
  const inner = member(condition, "not");
  if (inner !== undefined) {
    return { not: leaning(inner, OPPOSITE[lean], reading) };
  }
  const path = member(condition, "path");
  const read = typeof path === "string" ? readPath(path) : undefined;
  const says = read === undefined || "invalid" in read ? "lets" : reading(read, condition, lean);
  return says === "written" ? condition : fixed(says, lean);
};

const compiled = (
  conditions: Json | undefined,
  lean: Lean,
  reading: Reading,
  context: ConditionContext,
): Condition | undefined =>
  isJsonArray(conditions)
    ? compileConditions(
        conditions.map((one) => leaning(one, lean, reading)),
        "",
        lean,
        context,
        [],
      )?.holds
    : undefined;

/** A rule with its conditions as they are read, and without limits: a limit lets a call through now and then. */
const triedRule = (rule: ReadRule, reading: Reading, context: ConditionContext): ReadRule => {
  const each = (list: readonly ReadPredicate[], lean: Lean): readonly ReadPredicate[] =>
    list.map((one) => {
      const holds = compiled(one.conditions, lean, reading, context) ?? one.predicate.holds;
      return { ...one, predicate: { ...one.predicate, holds } };
    });
  const { approval } = rule;
  return {
    ...rule,
    require: each(rule.require, "require"),
    denyIf: each(rule.denyIf, "deny"),
    approval: approval && {
      ...approval,
      when: compiled(approval.conditions, "deny", reading, context) ?? approval.when,
    },
    limits: [],
    rateLimit: undefined,
    written: [],
  };
};

export interface Tried {
  readonly tool: Omit<ToolFacts, "schema">;
  readonly own: ReadRule | undefined;
  readonly all: ReadRule | undefined;
}

/** No schema refuses a call that is tried: what else it would need is not known. */
const ANY_ARGUMENTS = { check: () => true, named: undefined } as const;
/** A caller of whom nothing is known. */
const NOBODY = {
  grant: undefined,
  identity: undefined,
  server: undefined,
  client: undefined,
  session: undefined,
  timezone: "UTC",
} as const;

export const trialOf = ({ tool, own, all }: Tried, readings: Readings, context: ConditionContext): Trial => {
  const tried = (rule: ReadRule | undefined, reading: Reading): ReadRule | undefined =>
    rule && triedRule(rule, reading, context);
  const plan = planOf(tried(own, readings.own), tried(all, readings.all), false, new Map());
  const offered: ToolFacts = { ...tool, schema: ANY_ARGUMENTS };
  return (args) =>
    decideByPlan(plan, { tool: tool.name, args, offered, subject: NOBODY, at: 0, frozen: false }).passes;
};

export const NO_ARGUMENTS: JsonObject = bareObject();
