import { jsonEqual } from "../base/json-equal.ts";
import { isJsonArray, type Json, JsonNumber, type JsonObject } from "../base/json-value.ts";
import type { PathUse } from "./condition.ts";
import type { ParsedPath } from "./path.ts";
import { below } from "./pointer.ts";
import type { Problem } from "./problem.ts";
import type { ReadRule } from "./rule.ts";
import { type Places, placesAt, typesAt, valuesAt } from "./schema-places.ts";
import { readsOf, warningAt } from "./warn-rules.ts";

/** Warnings about what conditions read, seen beside the tools' input schemas (docs/policy.md). */

/** A tool as its list entry says. */
export interface ListedTool {
  readonly name: string;
  readonly schema: JsonObject;
  /** The whole entry. */
  readonly definition: JsonObject;
}

const NAMES_SHOWN = 3;

const namesOf = (tools: readonly ListedTool[]): string => {
  const shown = tools.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const more = tools.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
};

const TEXT = ["string"];
const NUMBER = ["number"];
const FITTING: Readonly<Record<string, readonly string[]>> = {
  lt: NUMBER,
  lte: NUMBER,
  gt: NUMBER,
  gte: NUMBER,
  regex: TEXT,
  starts_with: TEXT,
  ends_with: TEXT,
  glob: TEXT,
  within: TEXT,
  host_in: TEXT,
  cidr_in: TEXT,
  max_length: ["string", "array"],
  min_length: ["string", "array"],
};

const typeOf = (value: Json): string => {
  if (value === null) {
    return "null";
  }
  if (value instanceof JsonNumber) {
    return "number";
  }
  return isJsonArray(value) ? "array" : typeof value;
};

/** Types of values that an operator can say true of, told by its value. */
const BY_VALUE: Readonly<Record<string, (value: Json) => readonly string[] | undefined>> = {
  eq: (value) => [typeOf(value)],
  in: (value) => (isJsonArray(value) ? value.map(typeOf) : undefined),
  type: (value) => (value === "integer" ? NUMBER : typeof value === "string" ? [value] : undefined),
  contains: (value) => (typeof value === "string" ? ["string", "array"] : ["array"]),
};

/** `undefined`: any. */
const fittingTypes = ({ op, value }: PathUse): readonly string[] | undefined =>
  BY_VALUE[op]?.(value) ?? FITTING[op];

const neverFits = (use: PathUse, places: Places): boolean => {
  const types = typesAt(places);
  const fitting = fittingTypes(use);
  return types !== undefined && fitting !== undefined && !fitting.some((type) => types.has(type));
};

/** Whether the schema lists the values and none of them is asked for. */
const neverEqual = ({ op, value }: PathUse, places: Places): boolean => {
  const values = valuesAt(places);
  const wanted = op === "in" && isJsonArray(value) ? value : op === "eq" ? [value] : undefined;
  return (
    values !== undefined &&
    wanted !== undefined &&
    !wanted.some((one) => values.some((listed) => jsonEqual(one, listed)))
  );
};

interface Seen {
  readonly tool: ListedTool;
  readonly places: Places;
}

const isThere = ({ places }: Seen): boolean => places.open || places.schemas.length > 0;

const seen = (path: ParsedPath, tools: readonly ListedTool[]): readonly Seen[] =>
  tools.map((tool) => ({ tool, places: placesAt(tool.schema, path.steps) }));

/** The path of a condition or of `increment_from`, where no tool that the rule is for has it. */
const nowhere = (pointer: string, path: ParsedPath, tools: readonly ListedTool[]): readonly Problem[] =>
  path.root !== "args" || tools.length === 0 || seen(path, tools).some(isThere)
    ? []
    : [warningAt(pointer, "value", `No input schema has ${path.text}: not that of ${namesOf(tools)}.`)];

const warnOfRead = (use: PathUse, tools: readonly ListedTool[]): readonly Problem[] => {
  const place = below(use.pointer, "path");
  const missing = nowhere(place, use.path, tools);
  if (missing.length > 0 || use.path.root !== "args" || tools.length === 0) {
    return missing;
  }
  const there = seen(use.path, tools).filter(isThere);
  if (use.path.deep) {
    return [];
  }
  if (there.every(({ places }) => neverFits(use, places))) {
    const message = `${use.op} never fits ${use.path.text}: the input schemas give it another type.`;
    return [warningAt(use.pointer, "value", message)];
  }
  return there.every(({ places }) => neverEqual(use, places))
    ? [
        warningAt(
          use.pointer,
          "value",
          `${use.path.text} never has this value: the input schemas list others.`,
        ),
      ]
    : [];
};

/** Paths that the same predicate asks `exists` of: a call without them is thought of. */
const guarded = (reads: readonly PathUse[]): ReadonlySet<string> =>
  new Set(reads.filter(({ op }) => op === "exists").map(({ path }) => path.text));

/** A `deny_if` that reads what a call may leave out: the condition is unknown then, and the call denied. */
const optionalReads = (rule: ReadRule, tools: readonly ListedTool[]): readonly Problem[] =>
  rule.denyIf.flatMap(({ predicate }) => {
    const known = guarded(predicate.reads);
    return predicate.reads
      .filter(({ path, op, onMissing }) => path.root === "args" && op !== "exists" && onMissing === undefined)
      .filter(({ path }) => !known.has(path.text))
      .flatMap((use) => warnOptional(use, seen(use.path, tools)));
  });

const warnOptional = ({ pointer, path }: PathUse, places: readonly Seen[]): readonly Problem[] => {
  const lacking = places.filter(({ places }) => places.optional).map(({ tool }) => tool);
  if (lacking.length === 0 || !places.some(isThere)) {
    return [];
  }
  const message = `Calls of ${namesOf(lacking)} may leave ${path.text} out, and are then denied: say "on_missing" to choose.`;
  return [warningAt(pointer, "value", message)];
};

/** Everything that one rule reads, beside the tools it is for. */
export const warnOfReads = (rule: ReadRule, tools: readonly ListedTool[]): readonly Problem[] => [
  ...readsOf(rule).flatMap((use) => warnOfRead(use, tools)),
  ...optionalReads(rule, tools),
  ...rule.limits.flatMap(({ pointer, costPath }) =>
    costPath === undefined ? [] : nowhere(below(pointer, "increment_from"), costPath, tools),
  ),
];
