import { isInteger, toUnits } from "../base/decimal.ts";
import { type Json, JsonNumber, member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { nearest } from "../base/nearest.ts";
import { type Fields, fault, has, laterOf, misplaced, openFields, readText, readWord } from "./fields.ts";
import { compileArgsNumberPath, readPath } from "./path-read.ts";
import type { ParsedPath } from "./path.ts";
import type { Problem } from "./problem.ts";
import type { Call } from "./types.ts";

/** Limits of a document (docs/limits.md) and what the counters are told of them. Names and types are those of the counters' port. */

const SCOPES = ["grant", "identity", "session", "server", "global"] as const;
type Scope = (typeof SCOPES)[number];
type Align = "sliding" | "calendar";
type Window = { readonly seconds: number } | "month" | "lifetime";

/** One limit as the counters see it. Amounts are integers of 10^-9. */
export interface LimitSpec {
  readonly policy: string;
  readonly counter: string;
  readonly scope: Scope;
  readonly window: Window;
  readonly align: Align;
  readonly timezone: string;
  readonly max: bigint;
}

/** What one call would take from one limit. */
export interface Charge {
  readonly limit: LimitSpec;
  readonly whose: string;
  readonly amount: bigint;
}

/** A limit as read. `cost` is a fixed amount or a reader of the call's own. */
export interface ReadLimit {
  readonly pointer: string;
  readonly spec: LimitSpec;
  readonly cost: bigint | ((call: Call) => Json | undefined);
  readonly costPath: ParsedPath | undefined;
}

const ONE = 1_000_000_000n;
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["second", 1],
  ["minute", 60],
  ["hour", 3_600],
  ["day", 86_400],
  ["week", 604_800],
]);
export const WINDOW_NAMES: readonly string[] = [...SECONDS.keys(), "month", "lifetime"];
const WINDOW_MUST = `"window" must be ${WINDOW_NAMES.map((name) => `"${name}"`).join(", ")} or a whole number of seconds from 1 to ${LIMITS.window_seconds_max}.`;

const LIMIT = {
  noun: "A limit",
  fields: ["counter", "window", "max", "scope", "increment", "increment_from", "align", "timezone"],
  required: ["counter", "window", "max"],
} as const;
const RATE = { noun: "A rate limit", fields: ["max", "window"], required: ["max", "window"] } as const;

/** A decimal ≥ 0 with at most nine digits after the point, in units. */
const readAmount = (fields: Fields, name: string): bigint | undefined => {
  const value = member(fields.object, name);
  if (value === undefined) {
    return undefined;
  }
  const units = typeof value === "number" || value instanceof JsonNumber ? toUnits(value) : undefined;
  if (units !== undefined && units >= 0n) {
    return units;
  }
  const digits = LIMITS.amount_fraction_digits_max;
  fault(
    fields,
    name,
    `"${name}" must be a number of at least 0 with at most ${digits} digits after the point.`,
  );
  return undefined;
};

const wholeSeconds = (value: Json): number | undefined => {
  if (typeof value !== "number" && !(value instanceof JsonNumber)) {
    return undefined;
  }
  const seconds = typeof value === "number" ? value : value.value;
  return isInteger(value) && seconds >= 1 && seconds <= LIMITS.window_seconds_max ? seconds : undefined;
};

const readWindow = (fields: Fields): Window | undefined => {
  const value = member(fields.object, "window");
  if (value === undefined) {
    return undefined;
  }
  if (value === "month" || value === "lifetime") {
    return value;
  }
  const seconds = typeof value === "string" ? SECONDS.get(value) : wholeSeconds(value);
  if (seconds === undefined) {
    fault(
      fields,
      "window",
      WINDOW_MUST,
      typeof value === "string" ? nearest(value, WINDOW_NAMES) : undefined,
    );
    return undefined;
  }
  return { seconds };
};

const readAlign = (fields: Fields, window: Window | undefined): Align => {
  const align = readWord(fields, "align", ["sliding", "calendar"]);
  if (window === "month") {
    if (align === "sliding") {
      fault(fields, "align", 'A limit of a "month" is always "calendar".', "calendar");
    }
    return "calendar";
  }
  if (window === "lifetime") {
    if (has(fields, "align")) {
      misplaced(fields, "align", 'A limit for a "lifetime" has no alignment.');
    }
    return "sliding";
  }
  if (align === "calendar" && window !== undefined && typeof member(fields.object, "window") !== "string") {
    fault(fields, "align", '"calendar" needs a window with a name, such as "day".');
  }
  return align ?? "sliding";
};

const canonicalZone = (name: string): string | undefined => {
  try {
    // An offset (`+01:00`) is no IANA name.
    return /^[A-Za-z]/.test(name)
      ? new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone
      : undefined;
  } catch {
    return undefined;
  }
};

const readZone = (fields: Fields, calendar: boolean): string => {
  const written = readText(fields, "timezone");
  if (!calendar && has(fields, "timezone")) {
    misplaced(fields, "timezone", 'A time zone means something only where "align" is "calendar".');
  }
  if (written === undefined) {
    return "UTC";
  }
  const zone = canonicalZone(written);
  if (zone === undefined) {
    const near = nearest(written, Intl.supportedValuesOf("timeZone"));
    fault(fields, "timezone", '"timezone" must be an IANA name such as "Europe/Zurich".', near);
  }
  return zone ?? "UTC";
};

const readCost = (fields: Fields): Pick<ReadLimit, "cost" | "costPath"> => {
  const fixed = readAmount(fields, "increment");
  const text = readText(fields, "increment_from");
  if (has(fields, "increment") && has(fields, "increment_from")) {
    const later = laterOf(fields, "increment", "increment_from");
    misplaced(fields, later, 'A limit has "increment" or "increment_from", not both.');
  }
  if (text === undefined) {
    return { cost: fixed ?? ONE, costPath: undefined };
  }
  const path = readPath(text);
  if ("invalid" in path) {
    fault(fields, "increment_from", path.invalid, path.nearest);
    return { cost: ONE, costPath: undefined };
  }
  if (path.root !== "args" || path.wild) {
    fault(
      fields,
      "increment_from",
      '"increment_from" must be a path of args without wildcards, such as args.amount.',
    );
  }
  return { cost: compileArgsNumberPath(path), costPath: path };
};

const readCounter = (fields: Fields): string | undefined => {
  const counter = readText(fields, "counter");
  if (counter === "") {
    fault(fields, "counter", "A counter's name must not be empty.");
  }
  return counter;
};

/** Whether an alignment that cannot be read might have been `calendar`: then a zone beside it is no second mistake. */
const mayBeCalendar = (fields: Fields, window: Window | undefined): boolean =>
  window === undefined ||
  (window !== "lifetime" && (member(fields.object, "align") ?? "sliding") !== "sliding");

export const readLimit = (
  value: Json,
  pointer: string,
  policy: string,
  problems: Problem[],
): ReadLimit | undefined => {
  const fields = openFields(value, pointer, LIMIT, problems);
  if (fields === undefined) {
    return undefined;
  }
  const counter = readCounter(fields);
  const window = readWindow(fields);
  const max = readAmount(fields, "max");
  const scope = readWord(fields, "scope", SCOPES) ?? "grant";
  const align = readAlign(fields, window);
  const timezone = readZone(fields, align === "calendar" || mayBeCalendar(fields, window));
  const cost = readCost(fields);
  if (counter === undefined || window === undefined || max === undefined) {
    return undefined;
  }
  return { pointer, spec: { policy, counter, scope, window, align, timezone, max }, ...cost };
};

/** `rate_limit`: one more limit, whose counter is named after the rule's key. */
export const readRateLimit = (
  value: Json,
  pointer: string,
  policy: string,
  key: string,
  problems: Problem[],
): ReadLimit | undefined => {
  const fields = openFields(value, pointer, RATE, problems);
  if (fields === undefined) {
    return undefined;
  }
  const window = readWindow(fields);
  const max = readAmount(fields, "max");
  if (window === undefined || max === undefined) {
    return undefined;
  }
  const align = window === "month" ? "calendar" : "sliding";
  const spec = {
    policy,
    counter: `rate:${key}`,
    scope: "grant",
    window,
    align,
    timezone: "UTC",
    max,
  } as const;
  return { pointer, spec, cost: ONE, costPath: undefined };
};

const windowText = (window: Window): string => (typeof window === "string" ? window : String(window.seconds));

const DIFFERENCES: readonly (readonly [string, (a: LimitSpec, b: LimitSpec) => boolean])[] = [
  ["window", (a, b) => windowText(a.window) !== windowText(b.window)],
  ["max", (a, b) => a.max !== b.max],
  ["scope", (a, b) => a.scope !== b.scope],
  ["align", (a, b) => a.align !== b.align],
  ["timezone", (a, b) => a.timezone !== b.timezone],
];

/** Equal names are one counter: limits of one name that differ in what a counter is are errors at the later one. */
export const checkCounters = (limits: readonly ReadLimit[], problems: Problem[]): void => {
  const first = new Map<string, ReadLimit>();
  for (const limit of limits) {
    const known = first.get(limit.spec.counter);
    if (known === undefined) {
      first.set(limit.spec.counter, limit);
      continue;
    }
    const differs = DIFFERENCES.filter(([, differ]) => differ(known.spec, limit.spec)).map(([name]) => name);
    if (differs.length > 0) {
      const message = `The counter "${limit.spec.counter}" is another one at ${known.pointer}: ${differs.join(", ")} must be equal, or the name another.`;
      problems.push({ pointer: limit.pointer, at: "value", message });
    }
  }
};
