import { type Json, type JsonObject, isJsonObject } from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { compileConditions, type ConditionContext, type Conditions, type Lean } from "./condition.ts";
import { below } from "./pointer.ts";
import { type Problem, problemAt } from "./problem.ts";

export interface Predicate extends Conditions {
  readonly name: string | undefined;
  readonly onDeny: string | undefined;
}

const FIELDS = ["name", "conditions", "on_deny"] as const;

/** Compiles `{ name?, conditions, on_deny? }`; adds every problem found to `problems` and then returns undefined. */
export const compilePredicate = (
  value: Json,
  pointer: string,
  lean: Lean,
  context: ConditionContext,
  problems: Problem[],
): Predicate | undefined => {
  if (!isJsonObject(value)) {
    problems.push(problemAt(pointer, "value", "A predicate is an object with conditions."));
    return undefined;
  }
  const before = problems.length;
  for (const name of Object.keys(value)) {
    if (!FIELDS.some((known) => known === name)) {
      const message = `A predicate has no field ${JSON.stringify(name)}.`;
      problems.push(problemAt(below(pointer, name), "key", message, nearest(name, FIELDS)));
    }
  }
  const name = readText(value, "name", pointer, problems);
  const onDeny = readText(value, "on_deny", pointer, problems);
  const list = value["conditions"];
  if (list === undefined) {
    problems.push(problemAt(pointer, "value", "The predicate lacks conditions."));
    return undefined;
  }
  const conditions = compileConditions(list, below(pointer, "conditions"), lean, context, problems);
  return conditions && problems.length === before ? { name, onDeny, ...conditions } : undefined;
};

const readText = (
  value: JsonObject,
  field: string,
  pointer: string,
  problems: Problem[],
): string | undefined => {
  const text = value[field];
  if (text === undefined || typeof text === "string") {
    return text;
  }
  problems.push(problemAt(below(pointer, field), "value", `${field} is a string.`));
  return undefined;
};
