import { type JsonObject, member } from "../base/json-value.ts";
import type { ReadRule } from "./rule.ts";

/** What a tool takes under the rules for it. */
export interface Taking {
  /** Of its arguments; one that says nothing where nobody holds a call against it. */
  readonly schema: JsonObject;
  /** Whether a call may have arguments that the schema does not name. */
  readonly takesMore: boolean;
}

const ANYTHING: JsonObject = {};

/** Keywords with which a schema says itself what else it takes: then `strict` adds nothing (docs/policy.md). */
const SAYS_ITSELF = [
  "additionalProperties",
  "patternProperties",
  "$ref",
  "allOf",
  "anyOf",
  "oneOf",
  "if",
  "not",
] as const;

const isShutItself = (schema: JsonObject): boolean =>
  !Object.hasOwn(schema, "patternProperties") &&
  (member(schema, "additionalProperties") === false || member(schema, "unevaluatedProperties") === false);

export const takingOf = (
  schema: JsonObject,
  own: ReadRule | undefined,
  all: ReadRule | undefined,
): Taking => {
  const mode = own?.arguments ?? all?.arguments ?? "strict";
  if (mode === "any") {
    return { schema: ANYTHING, takesMore: true };
  }
  const isLeft = mode === "schema" || SAYS_ITSELF.some((keyword) => Object.hasOwn(schema, keyword));
  return { schema, takesMore: isLeft && !isShutItself(schema) };
};
