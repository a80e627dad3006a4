import { compareDecimals, decimalOf } from "./decimal.ts";
import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonArray,
  JsonNumber,
  type JsonObject,
} from "./json-value.ts";

const doubleOf = (n: number | JsonNumber): number => (typeof n === "number" ? n : n.value);
const isExact = (n: number | JsonNumber): boolean => typeof n === "number" || n.exact;

/**
 * The order of two numbers as decimals, however they are written: 1.0 is 1, 9007199254740993 is more than
 * 9007199254740992. Rounding to doubles keeps the order, so digits matter only where the doubles are equal.
 */
export const compareNumbers = (a: number | JsonNumber, b: number | JsonNumber): -1 | 0 | 1 => {
  const left = doubleOf(a);
  const right = doubleOf(b);
  if (left !== right) {
    return left < right ? -1 : 1;
  }
  return isExact(a) && isExact(b) ? 0 : compareDecimals(decimalOf(a), decimalOf(b));
};

const isNumber = (value: Json): value is number | JsonNumber =>
  typeof value === "number" || value instanceof JsonNumber;

const equalArrays = (a: JsonArray, b: JsonArray): boolean => {
  if (a.length !== b.length) {
    return false;
  }
  for (const [index, value] of a.entries()) {
    const other = b[index];
    if (other === undefined || !jsonEqual(value, other)) {
      return false;
    }
  }
  return true;
};

const equalObjects = (a: JsonObject, b: JsonObject): boolean => {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) {
    return false;
  }
  for (const name of names) {
    const left = a[name];
    const right = Object.hasOwn(b, name) ? b[name] : undefined;
    if (left === undefined || right === undefined || !jsonEqual(left, right)) {
      return false;
    }
  }
  return true;
};

/** Deep equality (docs/policy.md, `eq`): the order of members does not count, numbers compare as decimals. */
export const jsonEqual = (a: Json, b: Json): boolean => {
  if (a === b) {
    return true;
  }
  if (isNumber(a)) {
    return isNumber(b) && compareNumbers(a, b) === 0;
  }
  if (isJsonArray(a)) {
    return isJsonArray(b) && equalArrays(a, b);
  }
  return isJsonObject(a) && isJsonObject(b) && equalObjects(a, b);
};
