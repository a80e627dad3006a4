import { isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import type { Route } from "./meta-calls.ts";
import { isOnRoute } from "./meta-routes.ts";
import { isTriable } from "./meta-shapes.ts";
import { isWholeValue } from "./meta-texts.ts";
import type { Reading, Readings } from "./meta-trial.ts";
import type { ParsedPath } from "./path.ts";
import { placesAt } from "./schema-places.ts";
import type { Taking } from "./taking.ts";
import type { MetaFacts } from "./types.ts";

/** How conditions are read in a trial, of which only the tool is known and some arguments. */

const NAMES_ARGUMENTS = ["properties", "patternProperties", "$ref", "allOf", "anyOf", "oneOf", "if"] as const;

const takesNothing = ({ schema, takesMore }: Taking): boolean =>
  !takesMore && !NAMES_ARGUMENTS.some((keyword) => hasMembers(member(schema, keyword)));

const hasMembers = (value: Json | undefined): boolean =>
  value !== undefined && !(isJsonObject(value) && Object.keys(value).length === 0);

/** Whether no call has anything there. */
const isNowhere = (taking: Taking, { steps, deep }: ParsedPath): boolean => {
  const { schema, takesMore } = taking;
  if (deep && steps.length === 0) {
    return takesNothing(taking);
  }
  const places = takesMore || steps.length === 0 ? undefined : placesAt(schema, steps.slice(0, 1));
  return places !== undefined && places.schemas.length === 0 && !places.open;
};

const isAlways = ({ schema }: Taking, { steps, wild }: ParsedPath): boolean => {
  const places = wild ? undefined : placesAt(schema, steps);
  return places !== undefined && places.schemas.length > 0 && !places.optional;
};

const isClass = ([first]: ParsedPath["steps"]): boolean => first?.kind === "name" && first.name === "class";

/** What a condition on arguments says of every call of a tool. */
const ofArguments = (
  taking: Taking,
  path: ParsedPath,
  op: Json | undefined,
  value: Json | undefined,
): ReturnType<Reading> | undefined => {
  const isWhole = path.steps.length === 0 && !path.deep;
  if (isNowhere(taking, path) || (isWhole && (op === "exists" || op === "type"))) {
    return "written";
  }
  return op === "exists" && isAlways(taking, path) ? value === true : undefined;
};

/** What a condition says of every call of a tool; `undefined`: that depends on the call. */
const ofTheTool = (
  taking: Taking,
  isClassKnown: boolean,
  path: ParsedPath,
  leaf: JsonObject,
): ReturnType<Reading> | undefined => {
  if (path.root === "tool") {
    return isClassKnown || !isClass(path.steps) ? "written" : undefined;
  }
  return path.root === "args"
    ? ofArguments(taking, path, member(leaf, "op"), member(leaf, "value"))
    : undefined;
};

/** As if the caller, the hour and the arguments were such that most is let through. */
export const mildly =
  (taking: Taking, isClassKnown: boolean): Reading =>
  (path, leaf) =>
    ofTheTool(taking, isClassKnown, path, leaf) ?? "lets";

/**
 * As if they were such that most is refused. Who calls and when is the same where another tool makes the call, and so is
 * what the rule for all tools says of it, and of all arguments together: unless those are handed on `inTexts`, where
 * escapes hide what they are.
 */
export const severely = (taking: Taking, isClassKnown: boolean, inTexts: boolean): Readings => ({
  own: (path, leaf) => ofTheTool(taking, isClassKnown, path, leaf) ?? "refuses",
  all: (path, leaf) =>
    ofTheTool(taking, isClassKnown, path, leaf) ??
    (path.root === "tool" || (path.root === "args" && (inTexts || !(path.deep && path.steps.length === 0)))
      ? "refuses"
      : "lets"),
});

/**
 * What the tool is told to run is read as it is written. Of programs nothing is known but whole ones: what a pattern leaves
 * open can be a program too.
 */
export const asTold =
  (taking: Taking, isClassKnown: boolean, routes: readonly Route[], runs: MetaFacts["runs"]): Reading =>
  (path, leaf, lean) => {
    const says = ofTheTool(taking, isClassKnown, path, leaf);
    if (says !== undefined) {
      return says;
    }
    const counts = runs === "tools" ? isTriable(path, leaf, lean) : isWholeValue(leaf);
    return counts && isOnRoute(routes, path) ? "written" : "lets";
  };
