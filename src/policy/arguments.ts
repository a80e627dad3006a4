import { isJsonArray, type Json, type JsonArray, JsonNumber, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { ArgumentsMode } from "./rule.ts";
import type { Call, ToolFacts } from "./types.ts";

/** Gate 7: the arguments fit the tool (docs/policy.md, `arguments`), and are not too deep. */

const FINE = 0;
/** Somewhere stands a number that no double holds. */
const INEXACT = 1;
const TOO_DEEP = 2;
type Finding = typeof FINE | typeof INEXACT | typeof TOO_DEEP;

const findingIn = (value: Json, level: number): Finding => {
  if (typeof value !== "object" || value === null) {
    return FINE;
  }
  if (value instanceof JsonNumber) {
    return value.exact ? FINE : INEXACT;
  }
  if (level > LIMITS.argument_levels_max) {
    return TOO_DEEP;
  }
  return isJsonArray(value) ? findingInArray(value, level + 1) : findingInObject(value, level + 1);
};

const findingInArray = (value: JsonArray, inner: number): Finding => {
  let worst: Finding = FINE;
  for (const item of value) {
    const finding = findingIn(item, inner);
    if (finding === TOO_DEEP) {
      return TOO_DEEP;
    }
    worst = finding === FINE ? worst : finding;
  }
  return worst;
};

const findingInObject = (value: JsonObject, inner: number): Finding => {
  let worst: Finding = FINE;
  // The reader's objects inherit nothing, so `for in` sees own members only, without an array of keys.
  for (const name in value) {
    const finding = findingIn(value[name] ?? null, inner);
    if (finding === TOO_DEEP) {
      return TOO_DEEP;
    }
    worst = finding === FINE ? worst : finding;
  }
  return worst;
};

const namesAll = (args: JsonObject, named: ReadonlySet<string>): boolean => {
  for (const name in args) {
    if (!named.has(name)) {
      return false;
    }
  }
  return true;
};

const schemaFault = (mode: "strict" | "schema", call: Call, facts: ToolFacts): string | undefined => {
  const { schema } = facts;
  if ("invalid" in schema) {
    return `its input schema cannot be used (${schema.invalid})`;
  }
  if (mode === "strict" && schema.named !== undefined && !namesAll(call.args, schema.named)) {
    return "there is an argument that its input schema does not name";
  }
  return fits(schema.check, call.args) ? undefined : "the arguments do not fit its input schema";
};

/** The compiled schema is other people's code: one that breaks has not said yes. */
const fits = (check: (value: Json) => boolean | "unknown", args: JsonObject): boolean => {
  try {
    return check(args) === true;
  } catch {
    return false;
  }
};

/** Why the arguments do not pass, as the end of a sentence; `undefined` where they do. */
export const argumentsFault = (mode: ArgumentsMode, call: Call): string | undefined => {
  const finding = findingIn(call.args, 1);
  if (finding === TOO_DEEP) {
    return `its arguments are more than ${LIMITS.argument_levels_max} levels deep`;
  }
  if (mode === "any" || typeof call.offered === "string") {
    return undefined;
  }
  if (finding === INEXACT) {
    return "there is a number in its arguments that a double cannot hold";
  }
  return schemaFault(mode, call, call.offered);
};
