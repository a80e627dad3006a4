import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";

/** Whether conditions close a tool that runs others: they decide over every call, by what it is told to run. */

type Lean = "require" | "deny";

/** These look at a value and leave open what it says. */
const BLIND: ReadonlySet<string> = new Set(["type", "max_length", "min_length", "schema"]);
/** A list of what may not be run leaves open what is not on it. */
const LISTS: Readonly<Record<Lean, ReadonlySet<string>>> = {
  require: new Set(["neq", "not_in"]),
  deny: new Set(["eq", "in"]),
};
const ALL_TEXTS: ReadonlySet<Json> = new Set(["", ".*", "^.*$", ".+", "^.+$", "[\\s\\S]*", "^", "$"]);

const saysNothing = (op: string, value: Json): boolean =>
  (op === "neq" && value === "") || (op === "regex" && ALL_TEXTS.has(value));

const closesValue = (op: string, value: Json, lean: Lean, names: boolean): boolean =>
  !BLIND.has(op) && !(names && LISTS[lean].has(op)) && !(lean === "require" && saysNothing(op, value));

const closesLeaf = (leaf: JsonObject, lean: Lean, names: boolean): boolean => {
  const path = member(leaf, "path");
  const op = member(leaf, "op");
  const value = member(leaf, "value");
  if (typeof path !== "string" || typeof op !== "string" || value === undefined || !path.startsWith("args")) {
    return false;
  }
  return op === "exists" ? value === (lean === "deny") : closesValue(op, value, lean, names);
};

const pathOf = (condition: Json): string =>
  isJsonObject(condition) ? writeJson(member(condition, "path") ?? null).slice(1, -1) : "";

/** "If it is there" beside a condition on the same argument takes nothing away from it. */
const isGuard = (condition: Json, others: readonly Json[]): boolean =>
  isJsonObject(condition) &&
  member(condition, "op") === "exists" &&
  member(condition, "value") === true &&
  others.some((other) => other !== condition && pathOf(other).startsWith(pathOf(condition)));

/** Joined by AND, a denial holds only where all of them do. */
const closesAll = (list: readonly Json[], lean: Lean, names: boolean): boolean => {
  if (lean === "require") {
    return list.some((one) => closes(one, lean, names));
  }
  const main = list.filter((one) => !isGuard(one, list));
  return main.length === 1 && main.every((one) => closes(one, lean, names));
};

const closes = (condition: Json, lean: Lean, names: boolean): boolean => {
  if (!isJsonObject(condition)) {
    return false;
  }
  const all = member(condition, "all");
  const any = member(condition, "any");
  const inner = member(condition, "not");
  if (isJsonArray(all)) {
    return closesAll(all, lean, names);
  }
  if (isJsonArray(any)) {
    const each = (one: Json): boolean => closes(one, lean, names);
    return lean === "require" ? any.every(each) : any.some(each);
  }
  return inner === undefined
    ? closesLeaf(condition, lean, names)
    : closes(inner, lean === "deny" ? "require" : "deny", names);
};

/** `names`: what it is told are names of tools, which a list of what may not be run does not close. */
export const closesCalls = (conditions: Json, lean: Lean, names: boolean): boolean =>
  isJsonArray(conditions) && closesAll(conditions, lean, names);
