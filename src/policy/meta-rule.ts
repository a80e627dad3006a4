import type { JsonObject } from "../base/json-value.ts";
import { type ParsedPath, parsePath } from "./path.ts";
import type { MetaFacts } from "./types.ts";

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

/**
 * Members of a tool rule that close it: a `deny_if` for whatever names another tool than `names`, or approval where no
 * condition can judge what it is told to run, or nothing may be run.
 */
export const closingRule = (
  runs: MetaFacts["runs"],
  carriers: readonly Carrier[],
  names: readonly string[],
): JsonObject => {
  const judging =
    runs === "tools" &&
    names.length > 0 &&
    carriers.length > 0 &&
    carriers.every(({ readable }) => readable) &&
    !overlap(carriers);
  return judging
    ? {
        deny_if: [
          ...carriers.map((carrier) => onlyThese(carrier, names, carriers.length > 1)),
          ...notNothing(carriers),
        ],
      }
    : { action: "require_approval", reason: WHY_ASK[runs] };
};
