import { foldText } from "../../base/fold.ts";
import { compareNumbers, jsonEqual } from "../../base/json-equal.ts";
import { type Json, JsonNumber, isJsonArray } from "../../base/json-value.ts";
import { parseRfc3339 } from "../../base/rfc3339.ts";
import { MISFIT, type Test, truth, type Use } from "./operator.ts";

/** Whether a value equals one that is known beforehand. */
export const compileEqual = (expected: Json, fold: boolean): ((value: Json) => boolean) => {
  if (typeof expected === "string" && fold) {
    const folded = foldText(expected);
    return (value) => typeof value === "string" && (value === expected || foldText(value) === folded);
  }
  if (typeof expected === "object" && expected !== null) {
    return (value) => jsonEqual(value, expected);
  }
  if (typeof expected === "number") {
    // Two plain numbers are equal decimals exactly if they are the same double.
    return (value) => value === expected || (value instanceof JsonNumber && jsonEqual(value, expected));
  }
  return (value) => value === expected;
};

export const compileEq = ({ value, fold }: Use): Test => {
  const equal = compileEqual(value, fold);
  return (found) => truth(equal(found));
};

export const compileNeq = ({ value, fold }: Use): Test => {
  const equal = compileEqual(value, fold);
  return (found) => truth(!equal(found));
};

const compileOneOf = ({ value, fold, wrong }: Use): ((found: Json) => boolean) | undefined => {
  if (!isJsonArray(value)) {
    wrong("The value is a list.");
    return undefined;
  }
  const texts = new Set<string>();
  const others: ((found: Json) => boolean)[] = [];
  for (const entry of value) {
    if (typeof entry === "string") {
      texts.add(fold ? foldText(entry) : entry);
    } else {
      others.push(compileEqual(entry, false));
    }
  }
  return (found) =>
    typeof found === "string"
      ? texts.has(fold ? foldText(found) : found)
      : others.some((equal) => equal(found));
};

export const compileIn = (use: Use): Test | undefined => {
  const oneOf = compileOneOf(use);
  return oneOf && ((found) => truth(oneOf(found)));
};

export const compileNotIn = (use: Use): Test | undefined => {
  const oneOf = compileOneOf(use);
  return oneOf && ((found) => truth(!oneOf(found)));
};

/** The tests of `lt`, `lte`, `gt` and `gte` for two plain numbers, the common case, and for what a comparison says. */
const ORDERS = {
  lt: { plain: (limit: number) => (found: number) => found < limit, order: (sign: number) => sign < 0 },
  lte: { plain: (limit: number) => (found: number) => found <= limit, order: (sign: number) => sign <= 0 },
  gt: { plain: (limit: number) => (found: number) => found > limit, order: (sign: number) => sign > 0 },
  gte: { plain: (limit: number) => (found: number) => found >= limit, order: (sign: number) => sign >= 0 },
} as const;

export type Order = keyof typeof ORDERS;

const numberTest = (order: Order, limit: number | JsonNumber): Test => {
  const { plain, order: holds } = ORDERS[order];
  const slow: Test = (found) =>
    typeof found === "number" || found instanceof JsonNumber
      ? truth(holds(compareNumbers(found, limit)))
      : MISFIT;
  if (typeof limit !== "number") {
    return slow;
  }
  const fast = plain(limit);
  return (found) => (typeof found === "number" ? truth(fast(found)) : slow(found));
};

const dateTest = (order: Order, limit: string): Test => {
  const { order: holds } = ORDERS[order];
  // Dates of this form sort as text.
  return (found) =>
    typeof found === "string" ? truth(holds(found === limit ? 0 : found < limit ? -1 : 1)) : MISFIT;
};

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && parseRfc3339(`${text}T00:00:00Z`) !== undefined;

const isNowDate = ({ path }: Use): boolean => path?.text === "now.date" || path?.text === 'now["date"]';

export const compileOrder =
  (order: Order) =>
  (use: Use): Test | undefined => {
    const { value, path, wrong } = use;
    const dates = isNowDate(use);
    if (!dates && (typeof value === "number" || value instanceof JsonNumber)) {
      return numberTest(order, value);
    }
    if ((dates || path === undefined) && typeof value === "string" && isDate(value)) {
      return dateTest(order, value);
    }
    wrong(dates ? 'The value is a date such as "2026-12-31".' : "The value is a number.");
    return undefined;
  };
