import {
  bareObject,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type Json,
  type JsonObject,
} from "../base/json-value.ts";
import { compareNumbers } from "../base/json-equal.ts";
import { LIMITS } from "../base/limits.ts";

/** Why a schema cannot be used; one sentence. */
export class SchemaUnusable extends Error {
  override readonly name = "SchemaUnusable";
}

/** Marks a subschema that tries others, so that the tries can be counted. */
export const STEP_KEYWORD = "tollgate:step";

/**
 * A copy of a schema that the validator reads as the specification means it. Left out is what the validator would give
 * a meaning of its own (`nullable`, `$async`) and what has none for validation; numbers become doubles, bounds that no
 * double holds the next one that judges every double alike. Throws `SchemaUnusable`.
 */
export const prepareSchema = (schema: Json, dialect: string): boolean | JsonObject => {
  const prepared = prepare(schema, dialect, 1);
  if (typeof prepared !== "boolean" && !isJsonObject(prepared)) {
    throw new SchemaUnusable("a schema is an object or a boolean");
  }
  return prepared;
};

/** Keywords that hold data or prose, or that belong to this validator alone. */
const DROPPED = new Set([
  "$schema",
  "$comment",
  "$async",
  "default",
  "deprecated",
  "description",
  "discriminator",
  "example",
  "examples",
  "nullable",
  "readOnly",
  "title",
  "writeOnly",
]);

/** Keywords whose members are names of the schema's author, each with a schema. */
const NAMED = new Set([
  "$defs",
  "definitions",
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);

/** Keywords whose value is data that an instance is compared with. */
const DATA = new Set(["const", "enum"]);

/** Keywords that try subschemas on the instance or its parts. */
const TRIES = [
  "$ref",
  "$dynamicRef",
  "$recursiveRef",
  "additionalProperties",
  "allOf",
  "anyOf",
  "contains",
  "dependencies",
  "dependentSchemas",
  "if",
  "items",
  "not",
  "oneOf",
  "patternProperties",
  "prefixItems",
  "properties",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
];

const prepare = (value: Json, dialect: string, level: number): Json => {
  if (level > LIMITS.schema_levels_max) {
    throw new SchemaUnusable(`it has more than ${String(LIMITS.schema_levels_max)} levels`);
  }
  if (value instanceof JsonNumber) {
    return value.value;
  }
  if (isJsonArray(value)) {
    return value.map((item) => prepare(item, dialect, level + 1));
  }
  return isJsonObject(value) ? prepareObject(value, dialect, level) : value;
};

const prepareObject = (schema: JsonObject, dialect: string, level: number): JsonObject => {
  const prepared = bareObject();
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === "$schema" && level > 1 && value !== dialect) {
      throw new SchemaUnusable("a part of it is in another dialect");
    }
    if (!DROPPED.has(keyword)) {
      prepared[keyword] = prepareKeyword(keyword, value, dialect, level + 1);
    }
  }
  if (TRIES.some((keyword) => Object.hasOwn(prepared, keyword))) {
    prepared[STEP_KEYWORD] = true;
  }
  return prepared;
};

const prepareKeyword = (keyword: string, value: Json, dialect: string, level: number): Json => {
  if (DATA.has(keyword)) {
    return exactData(value);
  }
  if (value instanceof JsonNumber) {
    return value.exact ? value.value : nearestBound(keyword, value);
  }
  return NAMED.has(keyword) && isJsonObject(value)
    ? prepareNames(value, dialect, level)
    : prepare(value, dialect, level);
};

const prepareNames = (names: JsonObject, dialect: string, level: number): JsonObject => {
  const prepared = bareObject();
  for (const [name, schema] of Object.entries(names)) {
    if (name === "__proto__") {
      throw new SchemaUnusable("it names a property __proto__, which cannot be judged");
    }
    prepared[name] = prepare(schema, dialect, level + 1);
  }
  return prepared;
};

/** Instances with numbers that no double holds are never judged, so a bound between two doubles can move to one of them. */
const ROUNDING: Readonly<Record<string, "down" | "up">> = {
  maximum: "down",
  exclusiveMinimum: "down",
  minimum: "up",
  exclusiveMaximum: "up",
};

const nearestBound = (keyword: string, bound: JsonNumber): number => {
  const rounding = ROUNDING[keyword];
  if (rounding === undefined) {
    throw new SchemaUnusable(`${keyword} is a number that a double cannot hold`);
  }
  const side = compareNumbers(bound.value, bound);
  if (rounding === "down") {
    return side > 0 ? -nextAbove(-bound.value) : bound.value;
  }
  return side < 0 ? nextAbove(bound.value) : bound.value;
};

/** The next greater double (IEEE 754 nextUp). */
const nextAbove = (value: number): number => {
  if (value === 0) {
    return Number.MIN_VALUE;
  }
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
};

const exactData = (value: Json): Json => {
  const data = toDoubles(value);
  if (data === undefined) {
    throw new SchemaUnusable("it compares with a number that a double cannot hold");
  }
  return data;
};

/**
 * The same value with every number a double; `undefined` where a double cannot hold one (its shortest form is another
 * decimal). Objects keep no prototype, so that `constructor` is not found in them.
 */
export const toDoubles = (value: Json): Json | undefined => {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (value instanceof JsonNumber) {
    return value.exact ? value.value : undefined;
  }
  return isJsonArray(value)
    ? arrayToDoubles(value)
    : isJsonObject(value)
      ? objectToDoubles(value)
      : undefined;
};

const arrayToDoubles = (value: readonly Json[]): Json | undefined => {
  let copy: Json[] | undefined;
  for (const [index, item] of value.entries()) {
    const double = toDoubles(item);
    if (double === undefined) {
      return undefined;
    }
    if (double !== item) {
      copy ??= [...value];
      copy[index] = double;
    }
  }
  return copy ?? value;
};

const objectToDoubles = (value: JsonObject): Json | undefined => {
  let copy: Record<string, Json> | undefined;
  for (const name of Object.keys(value)) {
    const item = value[name] ?? null;
    const double = toDoubles(item);
    if (double === undefined) {
      return undefined;
    }
    if (double !== item) {
      copy ??= Object.assign(bareObject(), value);
      copy[name] = double;
    }
  }
  return copy ?? value;
};
