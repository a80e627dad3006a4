import { type Json, type JsonObject, isJsonArray, isJsonObject } from "../base/json-value.ts";
import { compileLeaf } from "./condition-leaf.ts";
import {
  type ConditionContext,
  type ConditionScope,
  JOINS,
  type Lean,
  type PathUse,
  SHAPE,
} from "./condition-scope.ts";
import { below } from "./pointer.ts";
import { type Problem, problemAt } from "./problem.ts";
import { allOf, anyOf, type Condition, notOf } from "./three.ts";

export type { ConditionContext, Lean, PathUse } from "./condition-scope.ts";
export type { Condition } from "./three.ts";

/** Compiles one condition found at `pointer`; adds every problem found to `problems` and then returns undefined. */
export const compileCondition = (
  value: Json,
  pointer: string,
  lean: Lean,
  context: ConditionContext,
  problems: Problem[],
): Condition | undefined => compileConditionIn(value, pointer, { lean, context, problems, reads: [] });

/** Conditions joined by AND. */
export interface Conditions {
  readonly holds: Condition;
  /** Every path that is read, in document order. */
  readonly reads: readonly PathUse[];
}

/** Compiles a list of conditions; adds every problem found to `problems` and then returns undefined. */
export const compileConditions = (
  list: Json,
  pointer: string,
  lean: Lean,
  context: ConditionContext,
  problems: Problem[],
): Conditions | undefined => {
  const scope: ConditionScope = { lean, context, problems, reads: [] };
  const conditions = compileList(list, pointer, scope);
  return conditions && { holds: allOf(conditions), reads: scope.reads };
};

const compileConditionIn = (value: Json, pointer: string, scope: ConditionScope): Condition | undefined => {
  if (!isJsonObject(value)) {
    scope.problems.push(problemAt(pointer, "value", SHAPE));
    return undefined;
  }
  const before = scope.problems.length;
  const names = Object.keys(value);
  const join = names.find((name) => JOINS.some((known) => known === name));
  const condition =
    join === undefined ? compileLeaf(value, pointer, scope) : compileJoin(value, join, pointer, scope);
  return scope.problems.length === before ? condition : undefined;
};

const compileJoin = (
  value: JsonObject,
  join: string,
  pointer: string,
  scope: ConditionScope,
): Condition | undefined => {
  for (const name of Object.keys(value)) {
    if (name !== join) {
      scope.problems.push(
        problemAt(below(pointer, name), "key", `Beside ${join} a condition has no other field.`),
      );
    }
  }
  const inner = value[join] ?? null;
  const place = below(pointer, join);
  if (join === "not") {
    const lean = scope.lean === "require" ? "deny" : "require";
    const condition = compileConditionIn(inner, place, { ...scope, lean });
    return condition && notOf(condition);
  }
  const conditions = compileList(inner, place, scope);
  return conditions && (join === "all" ? allOf(conditions) : anyOf(conditions));
};

const compileList = (
  list: Json,
  pointer: string,
  scope: ConditionScope,
): readonly Condition[] | undefined => {
  if (!isJsonArray(list)) {
    scope.problems.push(problemAt(pointer, "value", "This is a list of conditions."));
    return undefined;
  }
  const conditions: Condition[] = [];
  for (const [index, entry] of list.entries()) {
    const condition = compileConditionIn(entry, below(pointer, index), scope);
    if (condition !== undefined) {
      conditions.push(condition);
    }
  }
  return conditions.length === list.length ? conditions : undefined;
};
