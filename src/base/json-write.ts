import { decimalOf, decimalText } from "./decimal.ts";
import { isJsonArray, type Json, JsonNumber, type JsonObject } from "./json-value.ts";

/**
 * Compact JSON text. Members keep their order and numbers their text, so what is written is what was read. (NaN and
 * infinities, which the reader never gives, become null, as in JSON.stringify.)
 */
export const writeJson = (value: Json): string =>
  hasJsonNumber(value) ? writeKeepingText(value) : JSON.stringify(value);

/** Most messages have none, and then the native writer is three times as fast as any of ours. */
const hasJsonNumber = (value: Json): boolean => {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  if (value instanceof JsonNumber) {
    return true;
  }
  for (const inner of isJsonArray(value) ? value : Object.values(value)) {
    if (hasJsonNumber(inner)) {
      return true;
    }
  }
  return false;
};

const writeKeepingText = (value: Json): string => {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  if (value instanceof JsonNumber) {
    return value.text;
  }
  return isJsonArray(value)
    ? writeArray(value, writeKeepingText)
    : writeMembers(value, Object.keys(value), writeKeepingText);
};

const writeArray = (array: readonly Json[], write: (value: Json) => string): string => {
  let text = "";
  for (const value of array) {
    text += text === "" ? write(value) : `,${write(value)}`;
  }
  return `[${text}]`;
};

const writeMembers = (
  object: JsonObject,
  names: readonly string[],
  write: (value: Json) => string,
): string => {
  let text = "";
  for (const name of names) {
    const value = object[name];
    if (value !== undefined) {
      text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${write(value)}`;
    }
  }
  return `{${text}}`;
};

/**
 * Canonical JSON (RFC 8785): members sorted by UTF-16 units, numbers as ECMAScript prints doubles. A number that is
 * no double's shortest decimal keeps all its digits in the same form, so equal values have equal texts and others
 * have not.
 *
 * @throws TypeError for NaN and infinities, which have no canonical form (section 3.2.2.3)
 */
export const canonicalJson = (value: Json): string => {
  if (typeof value === "number") {
    return canonicalNumber(value);
  }
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value);
  }
  if (value instanceof JsonNumber) {
    return value.exact ? canonicalNumber(value.value) : decimalText(decimalOf(value));
  }
  return isJsonArray(value)
    ? writeArray(value, canonicalJson)
    : writeMembers(value, Object.keys(value).sort(), canonicalJson);
};

const canonicalNumber = (value: number): string => {
  if (!Number.isFinite(value)) {
    throw new TypeError("A number that is not finite has no canonical form");
  }
  return String(value);
};
