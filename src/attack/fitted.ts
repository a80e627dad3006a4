import { having, without } from "../base/json-change.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import { couldHold, schemaAt } from "./fitted-schema.ts";
import { isRecord, type Plain } from "./plain.ts";
import type { Role } from "./roles.ts";

/** A tool of a scenario and the user's in its place. */
export interface Fitting {
  readonly role: Role;
  /** Of the scenario's tool. */
  readonly scenarioSchema: unknown;
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
  const conditions = conditionsOf(predicate).flatMap((condition) => fittedCondition(condition, fitting) ?? []);
  return conditions.length > 0 && isJsonObject(predicate) ? having(predicate, { conditions }) : undefined;
};

/** Conditions narrow it, so that one fewer refuses more. */
const fittedNarrow: Fit = (narrow, fitting) => {
  const before = conditionsOf(narrow);
  const conditions = before.flatMap((condition) => fittedCondition(condition, fitting) ?? []);
  if (!isJsonObject(narrow) || conditions.length < before.length) {
    return undefined;
  }
  return before.length === 0 ? narrow : having(narrow, { conditions });
};

const fittedLimit: Fit = (limit, fitting) => {
  const from = isJsonObject(limit) ? member(limit, "increment_from") : undefined;
  if (!isJsonObject(limit) || typeof from !== "string") {
    return limit;
  }
  const path = pathFor(from, fitting);
  const fits = path !== undefined && !path.includes("*") && couldHold(inputOf(fitting), path, "gt", 0);
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

/** The paths that a condition reads. */
export const pathsIn = (condition: Json): readonly string[] => {
  if (isJsonArray(condition)) {
    return condition.flatMap(pathsIn);
  }
  if (!isJsonObject(condition)) {
    return [];
  }
  const path = member(condition, "path");
  return typeof path === "string"
    ? [path]
    : [...NESTED, "not"].flatMap((name) => pathsIn(member(condition, name) ?? null));
};

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
    const kept = fittedCondition(not, fitting);
    return kept === undefined ? undefined : having(condition, { not: kept });
  }
  return fittedLeaf(condition, fitting);
};

const fittedLeaf = (leaf: JsonObject, fitting: Fitting): Json | undefined => {
  const [path, op, value = null] = ["path", "op", "value"].map((name) => member(leaf, name));
  if (typeof path !== "string" || typeof op !== "string" || value === undefined) {
    return undefined;
  }
  if (!isOfArguments(path)) {
    return leaf;
  }
  if (path === "args" && op === "schema") {
    const schema = fittedSchema(value, fitting);
    return schema === undefined ? undefined : having(leaf, { value: schema });
  }
  const to = pathFor(path, fitting);
  return to !== undefined && couldHold(inputOf(fitting), to, op, value)
    ? having(leaf, { path: to })
    : undefined;
};

export const isOfArguments = (path: string): boolean => /^args(?:$|[.[])/u.test(path);

const PATH = /^args\.([A-Za-z_][\w-]*)(.*)$/u;

/** The path to what stands there in the user's tool, or none. */
const pathFor = (path: string, fitting: Fitting): string | undefined => {
  const [, name, rest = ""] = PATH.exec(path) ?? [];
  if (name === undefined) {
    return path;
  }
  const to = fitting.role.arguments.get(name);
  const now = to?.name ?? name;
  if (to === undefined && !Object.hasOwn(membersOf(inputOf(fitting)), now)) {
    return undefined;
  }
  const [wasList, isList] = [takesList(fitting.scenarioSchema, name), to?.list ?? false];
  if (wasList && to !== undefined && !isList) {
    return rest === "[*]" ? `args.${now}` : undefined;
  }
  const found = `args.${now}${isList && !wasList && rest === "" ? "[*]" : rest}`;
  return schemaAt(inputOf(fitting), found, to !== undefined) === "lacking" ? undefined : found;
};

const inputOf = ({ role }: Fitting): unknown => role.tool.definition["inputSchema"];

const membersOf = (schema: unknown): Plain =>
  isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {};

const takesList = (schema: unknown, name: string): boolean => {
  const property = membersOf(schema)[name];
  return isRecord(property) && property["type"] === "array";
};

const SCHEMA_MEMBERS: ReadonlySet<string> = new Set(["properties", "additionalProperties", "type"]);

/**
 * A schema of all arguments, by the names of the user's. What it shuts out beyond those that it names is what the tool
 * did not have when somebody looked: all that it has now stays.
 */
const fittedSchema = (schema: Json, fitting: Fitting): Json | undefined => {
  const named = isJsonObject(schema) ? member(schema, "properties") : undefined;
  if (!isJsonObject(schema) || named === undefined || !isJsonObject(named) || !isPlainSchema(schema)) {
    return undefined;
  }
  const known = Object.keys(membersOf(inputOf(fitting)));
  const fitted = Object.entries(named).flatMap(([name, inner]) => {
    const now = fitting.role.arguments.get(name)?.name ?? name;
    return known.includes(now) ? [[now, inner] as const] : [];
  });
  const closed = member(schema, "additionalProperties") === false;
  if (!closed && fitted.length === 0) {
    return undefined;
  }
  const rest = closed ? known.map((name) => [name, {}] as const) : [];
  return having(schema, { properties: Object.fromEntries([...rest, ...fitted]) });
};

const isPlainSchema = (schema: JsonObject): boolean =>
  Object.keys(schema).every((name) => SCHEMA_MEMBERS.has(name));
