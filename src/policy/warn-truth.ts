import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { type ParsedPath, parsePath } from "./path.ts";
import { TOOL_CLASSES } from "./tool-classes.ts";

/** Conditions that say the same whatever the call holds, as far as that can be seen without one (docs/policy.md). */

/** `undefined`: it depends. Missing values and values of other types aside. */
export type Fixed = boolean | undefined;

const numberOf = (value: Json | undefined): number | undefined =>
  value instanceof JsonNumber ? value.value : typeof value === "number" ? value : undefined;

const isEmptyList = (value: Json): boolean => isJsonArray(value) && value.length === 0;

/** Operators whose value alone decides. */
const BY_VALUE: Readonly<Record<string, (value: Json) => Fixed>> = {
  in: (value) => (isEmptyList(value) ? false : undefined),
  not_in: (value) => (isEmptyList(value) ? true : undefined),
  within: (value) => (isEmptyList(value) ? false : undefined),
  host_in: (value) => (isEmptyList(value) ? false : undefined),
  cidr_in: (value) => (isEmptyList(value) ? false : undefined),
  contains: (value) => (value === "" ? true : undefined),
  starts_with: (value) => (value === "" ? true : undefined),
  ends_with: (value) => (value === "" ? true : undefined),
  regex: (value) => (value === "" ? true : undefined),
  glob: (value) => (typeof value === "string" && /^\*+$/.test(value) ? true : undefined),
  max_length: (value) => ((numberOf(value) ?? 0) < 0 ? false : undefined),
  min_length: (value) => ((numberOf(value) ?? 1) <= 0 ? true : undefined),
};

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
};

/** What the same answer for every one of a few possible values comes to. */
const agreed = (answers: readonly boolean[]): Fixed =>
  answers.every((answer) => answer === answers[0]) ? answers[0] : undefined;

/** `now.hour`, `now.weekday` and `tool.class` have few values: all are tried. */
const POSSIBLE: Readonly<Record<string, readonly (string | number)[]>> = {
  "now.hour": Array.from({ length: 24 }, (_, hour) => hour),
  "now.weekday": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
  "tool.class": TOOL_CLASSES,
};

const byPossible = (path: string, op: string, value: Json): Fixed => {
  const possible = POSSIBLE[path];
  if (possible === undefined) {
    return undefined;
  }
  if ((op === "in" || op === "not_in") && isJsonArray(value)) {
    return agreed(
      possible.map((one) => value.some((item) => (numberOf(item) ?? item) === one) === (op === "in")),
    );
  }
  const limit = numberOf(value);
  const compare = COMPARE[op];
  if (limit !== undefined && compare !== undefined) {
    return agreed(possible.map((one) => typeof one === "number" && compare(one, limit)));
  }
  return op === "eq" || op === "neq"
    ? agreed(possible.map((one) => (value === one) === (op === "eq")))
    : undefined;
};

const fixedLeaf = (leaf: JsonObject): Fixed => {
  const path = member(leaf, "path");
  const op = member(leaf, "op");
  const value = member(leaf, "value");
  if (typeof path !== "string" || typeof op !== "string" || value === undefined || isWild(path)) {
    return undefined;
  }
  // Folded, "MON" is a day: what it comes to is not looked at.
  return BY_VALUE[op]?.(value) ?? (member(leaf, "fold") === true ? undefined : byPossible(path, op, value));
};

/** Of no values all and any say different things. */
const isWild = (path: string): boolean => {
  const parsed: Pick<ParsedPath, "wild"> | { readonly invalid: string } = parsePath(path);
  return "invalid" in parsed || parsed.wild;
};

const fixedCondition = (condition: Json): Fixed => {
  if (!isJsonObject(condition)) {
    return undefined;
  }
  const all = member(condition, "all");
  const any = member(condition, "any");
  const inner = member(condition, "not");
  if (isJsonArray(all)) {
    return fixedAll(all);
  }
  if (isJsonArray(any)) {
    const parts = any.map(fixedCondition);
    return parts.includes(true) ? true : parts.every((part) => part === false) ? false : undefined;
  }
  return inner === undefined ? fixedLeaf(condition) : opposite(fixedCondition(inner));
};

const opposite = (fixed: Fixed): Fixed => (fixed === undefined ? undefined : !fixed);

/** Whether a list of conditions joined by AND always says the same. */
export const fixedAll = (conditions: readonly Json[]): Fixed => {
  const parts = conditions.map(fixedCondition);
  if (parts.includes(false) || contradict(conditions)) {
    return false;
  }
  return parts.every((part) => part === true) ? true : undefined;
};

interface Range {
  low: number;
  lowOpen: boolean;
  high: number;
  highOpen: boolean;
  equal: string | undefined;
}

/** Whether conditions on one path leave no value: above 10 and below 5, equal to this and to that. */
const contradict = (conditions: readonly Json[]): boolean => {
  const ranges = new Map<string, Range>();
  return conditions.some((condition) => {
    const path = isJsonObject(condition) ? member(condition, "path") : undefined;
    if (!isJsonObject(condition) || typeof path !== "string" || isWild(path)) {
      return false;
    }
    const range = ranges.get(path) ?? {
      low: Number.NEGATIVE_INFINITY,
      lowOpen: false,
      high: Number.POSITIVE_INFINITY,
      highOpen: false,
      equal: undefined,
    };
    ranges.set(path, range);
    return narrow(range, member(condition, "op"), member(condition, "value") ?? null);
  });
};

/** Narrows a range by one more condition; true if nothing is left. */
const narrow = (range: Range, op: Json | undefined, value: Json): boolean => {
  const limit = numberOf(value);
  if (limit === undefined) {
    return op === "eq" && equals(range, writeJson(value));
  }
  const bound = typeof op === "string" ? BOUNDS[op] : undefined;
  if (bound?.low === true) {
    raise(range, limit, bound.open);
  }
  if (bound?.high === true) {
    lower(range, limit, bound.open);
  }
  return isEmpty(range);
};

const isEmpty = ({ low, high, lowOpen, highOpen }: Range): boolean =>
  low > high || (low === high && (lowOpen || highOpen));

interface Bound {
  readonly low: boolean;
  readonly high: boolean;
  readonly open: boolean;
}

/** Which ends of a range an operator narrows. */
const BOUNDS: Readonly<Record<string, Bound>> = {
  eq: { low: true, high: true, open: false },
  gt: { low: true, high: false, open: true },
  gte: { low: true, high: false, open: false },
  lt: { low: false, high: true, open: true },
  lte: { low: false, high: true, open: false },
};

/** Notes what the value must equal; true if it had to equal something else already. */
const equals = (range: Range, text: string): boolean => {
  const differs = range.equal !== undefined && range.equal !== text;
  range.equal = text;
  return differs;
};

const raise = (range: Range, limit: number, open: boolean): void => {
  if (limit > range.low || (limit === range.low && open)) {
    range.low = limit;
    range.lowOpen = open;
  }
};

const lower = (range: Range, limit: number, open: boolean): void => {
  if (limit < range.high || (limit === range.high && open)) {
    range.high = limit;
    range.highOpen = open;
  }
};
