import { isInteger } from "../../base/decimal.ts";
import { type Json, JsonNumber, isJsonArray, isJsonObject } from "../../base/json-value.ts";
import { nearest } from "../../base/nearest.ts";
import { MISFIT, type Test, truth, type Use } from "./operator.ts";

const isNumber = (value: Json): value is number | JsonNumber =>
  typeof value === "number" || value instanceof JsonNumber;

/** JSON Schema's types: `integer` is any number without a fraction, so `5.0` is one. */
const TYPES: ReadonlyMap<string, (value: Json) => boolean> = new Map<string, (value: Json) => boolean>([
  ["string", (value) => typeof value === "string"],
  ["number", isNumber],
  ["integer", (value) => isNumber(value) && isInteger(value)],
  ["boolean", (value) => typeof value === "boolean"],
  ["null", (value) => value === null],
  ["array", isJsonArray],
  ["object", isJsonObject],
]);

export const compileType = ({ value, wrong }: Use): Test | undefined => {
  const is = typeof value === "string" ? TYPES.get(value) : undefined;
  if (is === undefined) {
    const known = [...TYPES.keys()];
    wrong(
      `The value is one of ${known.join(", ")}.`,
      undefined,
      typeof value === "string" ? nearest(value, known) : undefined,
    );
    return undefined;
  }
  return (found) => truth(is(found));
};

/** Code points of a string or elements of an array; -1 for what has no length. */
const lengthOf = (value: Json): number => {
  if (typeof value === "string") {
    return codePoints(value);
  }
  return isJsonArray(value) ? value.length : -1;
};

const codePoints = (text: string): number => {
  let pairs = 0;
  for (let at = 0; at + 1 < text.length; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      pairs += 1;
      at += 1;
    }
  }
  return text.length - pairs;
};

const compileLength =
  (holds: (length: number, limit: number) => boolean) =>
  ({ value, wrong }: Use): Test | undefined => {
    if (!isNumber(value) || !isInteger(value)) {
      wrong("The value is a whole number.");
      return undefined;
    }
    // No string is as long as the first integer that a double cannot hold, so its double does.
    const limit = typeof value === "number" ? value : value.value;
    return (found) => {
      const length = lengthOf(found);
      return length === -1 ? MISFIT : truth(holds(length, limit));
    };
  };

export const compileMaxLength = compileLength((length, limit) => length <= limit);
export const compileMinLength = compileLength((length, limit) => length >= limit);

/** The walk asks whether the path yields anything at all, and turns the answer round for `false`. */
export const compileExists = ({ value, wrong }: Use): Test | undefined => {
  if (typeof value !== "boolean") {
    wrong("The value is true or false.");
    return undefined;
  }
  return () => 1;
};
