import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Lean } from "./condition-scope.ts";
import { isOneOf, numberOf } from "./meta-texts.ts";
import type { ParsedPath } from "./path.ts";

/** Whether a condition that refuses the calls which are tried refuses those that say more, too. */

/** Says nothing of a value. */
const SAYS_NOTHING: ReadonlySet<string> = new Set(["title", "description", "$comment"]);

const isScalar = (value: Json): boolean => !isJsonArray(value) && !isJsonObject(value);

const everySchema = (value: Json): boolean => isJsonObject(value) && Object.values(value).every(isGrowing);

/** Keywords by which a value that does not fit fits no more with something added to it. */
const GROWING: Readonly<Record<string, (value: Json) => boolean>> = {
  type: () => true,
  enum: (value) => isJsonArray(value) && value.every(isScalar),
  const: isScalar,
  properties: everySchema,
  additionalProperties: (value) => isGrowing(value),
  items: (value) => isGrowing(value),
};

const isGrowing = (schema: Json): boolean =>
  typeof schema === "boolean" ||
  (isJsonObject(schema) &&
    Object.entries(schema).every(
      ([keyword, value]) =>
        SAYS_NOTHING.has(keyword) || (Object.hasOwn(GROWING, keyword) && GROWING[keyword]?.(value) === true),
    ));

/** What else a schema asks for, an agent may add: an argument, members, elements. */
const isSchemaTriable = (value: Json, lean: Lean): boolean =>
  isOneOf(value) || (lean === "require" && isGrowing(value));

const isLengthTriable = (value: Json): boolean => (numberOf(value) ?? 0) < LIMITS.tried_elements_max;

const TRIABLE: Readonly<Record<string, (value: Json, lean: Lean) => boolean>> = {
  schema: isSchemaTriable,
  min_length: isLengthTriable,
  max_length: isLengthTriable,
};

/** Longer batches than these are not tried. */
const isNear = ({ steps }: ParsedPath): boolean =>
  steps.every((step) => step.kind !== "index" || step.index + 2 <= LIMITS.tried_elements_max);

export const isTriable = (path: ParsedPath, leaf: JsonObject, lean: Lean): boolean => {
  const op = member(leaf, "op");
  const test = typeof op === "string" && Object.hasOwn(TRIABLE, op) ? TRIABLE[op] : undefined;
  return isNear(path) && test?.(member(leaf, "value") ?? null, lean) !== false;
};
