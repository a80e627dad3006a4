import { bareObject, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { type ParsedPath, parsePath } from "./path.ts";
import type { Holder, MetaFacts } from "./types.ts";

/** The rule that keeps a tool which runs others from doing what they must not (docs/policy.md). */

/** An argument that tells such a tool what to run. */
export interface Carrier {
  /** As policies write it. */
  readonly path: string;
  /** Whether a call may leave out the argument it begins with. */
  readonly optional: boolean;
  /** Whether it is always a name that a condition can compare: a string. */
  readonly readable: boolean;
}

/** What the rule of such a tool may let through, and must not. */
export interface Names {
  /** Of tools that are admitted whatever the call says, and run no others. */
  readonly open: readonly string[];
  /** Of all the others of the server. */
  readonly closed: readonly string[];
}

/** What people are told where only a person can judge what a call will run. */
const WHY_ASK: Readonly<Record<MetaFacts["runs"], string>> = {
  tools: "It runs other tools: a person must agree.",
  code: "It runs code: a person must agree.",
  commands: "It runs commands: a person must agree.",
  sql: "It runs SQL that can write: a person must agree.",
};

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The argument that a path begins with; `undefined` where it is no path of one argument. */
export const topArgument = (path: string): string | undefined => {
  const parsed: Pick<ParsedPath, "steps"> | { readonly invalid: string } = parsePath(path);
  const first = "invalid" in parsed ? undefined : parsed.steps[0];
  if (first?.kind !== "name") {
    return undefined;
  }
  return PLAIN_NAME.test(first.name) ? `args.${first.name}` : `args[${JSON.stringify(first.name)}]`;
};

const ON_OTHER = "It may run only tools that this policy leaves open.";
const ON_NAMED = "It names a tool, somewhere in its arguments, that this policy does not leave open.";
const ON_NONE = "Say which tool it is to run.";

/**
 * A name is judged by the list of those that may be run, never by one of those that may not: another spelling, text
 * that holds a name, or a tool that runs tools itself is none of the list.
 */
const onlyThese = ({ path, optional }: Carrier, names: readonly string[], guarded: boolean): JsonObject => {
  const top = topArgument(path);
  const there = guarded && optional && top !== undefined ? [{ path: top, op: "exists", value: true }] : [];
  return {
    conditions: [...there, { path, op: "not_in", value: [...names], on_missing: "true" }],
    on_deny: ON_OTHER,
  };
};

/** Where a call may name its tool in one of several arguments, one that names none is refused. */
const notNothing = (carriers: readonly Carrier[]): readonly JsonObject[] => {
  const tops = new Set(carriers.map(({ path }) => topArgument(path)));
  const conditions = [...tops].flatMap((path) =>
    path === undefined ? [] : [{ path, op: "exists", value: false }],
  );
  return carriers.length > 1 && carriers.every(({ optional }) => optional)
    ? [{ conditions, on_deny: ON_NONE }]
    : [];
};

/** Whether one carrier stands inside another: then a value can be a name or hold one, and no condition fits both. */
const overlap = (carriers: readonly Carrier[]): boolean =>
  carriers.some(({ path }, at) =>
    carriers.some(
      (other, otherAt) => at !== otherAt && (other.path === path || /^[.[]/.test(rest(other.path, path))),
    ),
  );

const rest = (path: string, start: string): string =>
  path.startsWith(start) ? path.slice(start.length) : "";

/** A name as JSON text has it, for a pattern of RE2. */
const inPattern = (name: string): string =>
  JSON.stringify(name)
    .slice(1, -1)
    .replaceAll(/[\\.+*?()|[\]{}^$]/g, "\\$&");

/** In quotes, which may be escaped themselves: free text that has the same word names no tool. */
const quotedAny = (names: readonly string[]): string => `"(?:${names.join("|")})\\\\*"`;

/** Whether a pattern can hold every name. */
export const namesFit = (names: readonly string[]): boolean =>
  names.every((name) => quotedAny([inPattern(name)]).length <= LIMITS.pattern_characters_max);

const ON_MORE = "It has an argument that its input schema does not name.";

/**
 * Beside the names stands nothing that the schema does not speak of: it could say anything. At the top `strict` sees to
 * that, but for schemas that say themselves what else there may be.
 */
const nothingMore = (holders: readonly Holder[]): readonly JsonObject[] => {
  const conditions = holders.map(({ path, names }) => {
    const properties = bareObject();
    for (const name of names) {
      properties[name] = bareObject();
    }
    const value = { properties, additionalProperties: false };
    return { not: { path, op: "schema", value, ...(path === "args" ? {} : { on_missing: "true" }) } };
  });
  const joined = conditions.length > 1 ? [{ any: conditions }] : conditions;
  return conditions.length === 0 ? [] : [{ conditions: joined, on_deny: ON_MORE }];
};

/** As many names in a pattern as it can hold. */
const patternsFor = (names: readonly string[]): readonly string[] => {
  const patterns: string[] = [];
  let some: string[] = [];
  for (const name of names.map(inPattern)) {
    if (some.length > 0 && quotedAny([...some, name]).length > LIMITS.pattern_characters_max) {
      patterns.push(quotedAny(some));
      some = [];
    }
    some.push(name);
  }
  return [...patterns, ...(some.length === 0 ? [] : [quotedAny(some)])];
};

/**
 * Names of what is withheld stand nowhere in the arguments: not beside the name, not in a batch inside a batch, and not
 * in text that is JSON again.
 */
const notNamed = (closed: readonly string[]): readonly JsonObject[] => {
  const inTexts = patternsFor(closed).map((value) => ({ path: "args.**", op: "regex", value, flags: "i" }));
  const names = { path: "args.**", op: "in", value: [...closed], fold: true };
  return closed.length === 0 ? [] : [{ conditions: [{ any: [names, ...inTexts] }], on_deny: ON_NAMED }];
};

/**
 * Members of a tool rule that close it: a `deny_if` for whatever names another tool than those that are open, or approval
 * where no condition can judge what it is told to run, or nothing may be run.
 */
export const closingRule = (
  runs: MetaFacts["runs"],
  carriers: readonly Carrier[],
  holders: readonly Holder[],
  { open, closed }: Names,
): JsonObject => {
  const judging =
    runs === "tools" &&
    open.length > 0 &&
    carriers.length > 0 &&
    carriers.every(({ readable }) => readable) &&
    !overlap(carriers);
  return judging
    ? {
        deny_if: [
          ...carriers.map((carrier) => onlyThese(carrier, open, carriers.length > 1)),
          ...notNothing(carriers),
          ...nothingMore(holders),
          ...notNamed(closed),
        ],
      }
    : { action: "require_approval", reason: WHY_ASK[runs] };
};
