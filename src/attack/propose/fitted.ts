import { having, withMember, without } from "../../base/json-change.ts";
import { jsonEqual } from "../../base/json-equal.ts";
import { fromPlain, toPlain } from "../../base/json-plain.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { couldHold, schemaAt } from "./fitted-schema.ts";
import { fittedSchema, membersOf } from "./shut-schema.ts";
import { isRecord } from "../plain.ts";
import { relativeLeaf, takesRelative } from "./relative.ts";
import { swapped } from "../bind/constants.ts";
import type { Placed } from "../bind/arguments.ts";
import type { Role } from "../bind/roles.ts";

/** A tool of a scenario and the user's in its place. */
export interface Fitting extends Pick<Role, "arguments" | "swaps"> {
  /** Of the user's tool. */
  readonly schema: unknown;
  /** Of the scenario's. */
  readonly before: unknown;
  /** What the user's rule requires already. */
  readonly required: Json | undefined;
  /** Where a condition refuses, a folder stays one. */
  readonly isNarrow?: boolean;
  /** Names of the scenario's tools, and those of the user's that a tool which runs others may run. */
  readonly named: ReadonlySet<unknown>;
  readonly runs: readonly string[];
}

/**
 * A recommended rule for the user's tool: with the names of its arguments, and without what reads an argument that the
 * tool has not, or a value that this one never is. Such a condition would refuse every call.
 */
export const fittedRule = (rule: JsonObject, fitting: Fitting): JsonObject => {
  let fitted: JsonObject = rule;
  for (const [name, value] of Object.entries(rule)) {
    const fit = FITTED[name];
    const part = fit === undefined ? value : fit(value, fitting);
    fitted = part === undefined ? without(fitted, name) : having(fitted, { [name]: part });
  }
  return fitted;
};

type Fit = (value: Json, fitting: Fitting) => Json | undefined;

const listOf = (value: Json | undefined): readonly Json[] =>
  value !== undefined && isJsonArray(value) ? value : [];

const each =
  (fit: Fit): Fit =>
  (list, fitting) => {
    const kept = listOf(list).flatMap((item) => fit(item, fitting) ?? []);
    return kept.length === 0 ? undefined : kept;
  };

/** Every condition must hold, so that one fewer refuses less. */
const fittedRequire: Fit = (predicate, fitting) => {
  const conditions = conditionsOf(predicate)
    .flatMap((condition) => fittedCondition(condition, fitting) ?? [])
    .filter((condition) => !isSaid(condition, fitting.required));
  return conditions.length > 0 && isJsonObject(predicate)
    ? worded(having(predicate, { conditions }), predicate, fitting)
    : undefined;
};

/** What the agent is told names the example's folders and hosts: where others stand, it says nothing of them. */
const worded = (fitted: JsonObject, before: JsonObject, { runs }: Fitting): JsonObject => {
  const [now, then] = [fitted, before].map((predicate) => leavesIn(conditionsOf(predicate)));
  const values = (then ?? []).map((leaf) => member(leaf, "value") ?? null);
  const isSame = (now ?? []).every((leaf) => {
    const value = member(leaf, "value") ?? null;
    return (
      member(leaf, "op") === "schema" ||
      jsonEqual(value, [...runs]) ||
      values.some((one) => jsonEqual(one, value))
    );
  });
  return isSame && now?.length === then?.length
    ? fitted
    : withMember(fitted, "on_deny", "The policy admits no call with these arguments.");
};

/** Operators whose values are lists of what is allowed: of two such lists nothing might be left. */
const LISTING: ReadonlySet<unknown> = new Set([
  "in",
  "eq",
  "within",
  "host_in",
  "cidr_in",
  "glob",
  "ends_with",
]);

/** Whether the user's rule allows only what is on a list of its own. */
const isSaid = (condition: Json, required: Json | undefined): boolean => {
  if (!isJsonObject(condition) || !LISTING.has(member(condition, "op"))) {
    return false;
  }
  return leavesIn(required ?? null).some((leaf) =>
    ["path", "op"].every((name) => member(leaf, name) === member(condition, name)),
  );
};

/** Conditions narrow it, so that one fewer refuses more. */
const fittedNarrow: Fit = (narrow, fitting) => {
  const before = conditionsOf(narrow);
  const strict = { ...fitting, isNarrow: true };
  const conditions = before.flatMap((condition) => fittedCondition(condition, strict) ?? []);
  if (!isJsonObject(narrow) || conditions.length < before.length) {
    return undefined;
  }
  return before.length === 0 ? narrow : worded(having(narrow, { conditions }), narrow, fitting);
};

const fittedLimit: Fit = (limit, fitting) => {
  const from = isJsonObject(limit) ? member(limit, "increment_from") : undefined;
  if (!isJsonObject(limit) || typeof from !== "string") {
    return limit;
  }
  const path = pathFor(from, fitting);
  const fits = path !== undefined && !path.includes("*") && couldHold(fitting.schema, path, "gt", 0);
  return fits ? having(limit, { increment_from: path }) : undefined;
};

const FITTED: Readonly<Record<string, Fit>> = {
  require: each(fittedRequire),
  deny_if: each(fittedNarrow),
  limits: each(fittedLimit),
  approval: fittedNarrow,
};

export const conditionsOf = (value: Json | undefined): readonly Json[] =>
  value !== undefined && isJsonObject(value) ? listOf(member(value, "conditions")) : [];

const NESTED = ["all", "any"] as const;

/** The conditions in a condition, a predicate or a list of them that have no others in them. */
const leavesIn = (value: Json): readonly JsonObject[] => {
  if (isJsonArray(value)) {
    return value.flatMap(leavesIn);
  }
  if (!isJsonObject(value)) {
    return [];
  }
  return Object.hasOwn(value, "path")
    ? [value]
    : [...NESTED, "not", "conditions"].flatMap((name) => leavesIn(member(value, name) ?? null));
};

/** The paths that a predicate reads. */
export const pathsIn = (predicate: Json): readonly string[] =>
  leavesIn(predicate).flatMap((leaf) => {
    const path = member(leaf, "path");
    return typeof path === "string" ? [path] : [];
  });

const fittedCondition: Fit = (condition, fitting) => {
  if (!isJsonObject(condition)) {
    return undefined;
  }
  for (const name of NESTED) {
    if (Object.hasOwn(condition, name)) {
      const inner = listOf(member(condition, name));
      const kept = inner.flatMap((one) => fittedCondition(one, fitting) ?? []);
      return kept.length === inner.length ? having(condition, { [name]: kept }) : undefined;
    }
  }
  const not = member(condition, "not");
  if (not !== undefined) {
    const kept = fittedCondition(not, { ...fitting, isNarrow: true });
    return kept === undefined ? undefined : having(condition, { not: kept });
  }
  return fittedLeaf(condition, fitting);
};

const fittedLeaf = (leaf: JsonObject, fitting: Fitting): Json | undefined => {
  const [path, op] = ["path", "op"].map((name) => member(leaf, name));
  if (typeof path !== "string" || typeof op !== "string") {
    return undefined;
  }
  if (path === "args" && op === "schema") {
    const schema = fittedSchema(member(leaf, "value") ?? null, fitting);
    return schema === undefined ? undefined : having(leaf, { value: schema });
  }
  return isOfArguments(path) ? argumentLeaf(leaf, { path, op }, fitting) : leaf;
};

const argumentLeaf = (
  leaf: JsonObject,
  { path, op }: { readonly path: string; readonly op: string },
  fitting: Fitting,
): Json | undefined => {
  const to = pathFor(path, fitting);
  const said = valueFor(leaf, path, fitting);
  if (to === undefined || !couldHold(fitting.schema, to, op, said)) {
    return undefined;
  }
  return op === "within" && isRelative(to, fitting)
    ? relativeLeaf(to)
    : withMember(withMember(leaf, "path", to), "value", said);
};

const isRelative = (path: string, { schema, required, isNarrow = false }: Fitting): boolean => {
  const [, name] = PATH.exec(path) ?? [];
  return name !== undefined && !isNarrow && takesRelative(schema, name, leavesIn(required ?? null));
};

const valueFor = (leaf: JsonObject, path: string, fitting: Fitting): Json => {
  const value = member(leaf, "value") ?? null;
  return member(leaf, "op") === "in" && namesTools(value, fitting)
    ? [...fitting.runs]
    : inWordsOf(fitting, path, value);
};

/** A list of tools that may be run is one of the user's. */
const namesTools = (value: Json, { named, runs }: Fitting): boolean =>
  runs.length > 0 && listOf(value).length > 0 && listOf(value).every((name) => named.has(name));

/** An example's folder where the user's rule has one of its own. */
const inWordsOf = ({ swaps }: Fitting, path: string, value: Json): Json => {
  const [, name] = PATH.exec(path) ?? [];
  const done = name === undefined ? value : fromPlain(swapped(toPlain(value), name, swaps));
  return jsonEqual(done, fromPlain(toPlain(value))) ? value : unique(done);
};

const unique = (value: Json): Json =>
  isJsonArray(value)
    ? value.filter((one, at) => value.findIndex((other) => jsonEqual(one, other)) === at)
    : value;

export const isOfArguments = (path: string): boolean => /^args(?:$|[.[])/u.test(path);

const PATH = /^args\.([A-Za-z_][\w-]*)(.*)$/u;

/** The path to what stands there in the user's tool, or none. */
const pathFor = (path: string, fitting: Fitting): string | undefined => {
  const [, name, rest = ""] = PATH.exec(path) ?? [];
  if (name === undefined) {
    return path;
  }
  const to = fitting.arguments.get(name);
  const found = to === undefined ? path : renamedPath(to, rest, takesList(fitting.before, name));
  return found === undefined || schemaAt(fitting.schema, found, to !== undefined) === "lacking"
    ? undefined
    : found;
};

/** One of a list is what was the only one, and the other way about; of a list's length the only one has none. */
const renamedPath = (
  { name, list, member: entry }: Placed,
  rest: string,
  wasList: boolean,
): string | undefined => {
  if (wasList && !list) {
    return rest === "[*]" ? `args.${name}` : undefined;
  }
  if (entry !== undefined && rest === `[*].${entry.from}`) {
    return `args.${name}[*].${entry.to}`;
  }
  return `args.${name}${list && !wasList && rest === "" ? "[*]" : rest}`;
};

const takesList = (schema: unknown, name: string): boolean => {
  const property = membersOf(schema)[name];
  return isRecord(property) && property["type"] === "array";
};
