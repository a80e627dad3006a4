import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
  type JsonObject,
  member,
} from "../../base/json-value.ts";
import type { SchemaCheck, SchemaCompiler } from "../types.ts";

/** As much of JSON Schema as the decider's tests need: `type`, `required`, `properties`, `additionalProperties: false`, texts in `enum` and `const`, and sizes. */

const KINDS: Readonly<Record<string, (value: Json) => boolean>> = {
  object: isJsonObject,
  array: isJsonArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number" || value instanceof JsonNumber,
  boolean: (value) => typeof value === "boolean",
};

const holds = (schema: JsonObject, value: Json): boolean => {
  const type = member(schema, "type");
  if (typeof type === "string" && KINDS[type]?.(value) !== true) {
    return false;
  }
  return (
    listHolds(schema, value) &&
    sizeHolds(schema, value) &&
    (!isJsonObject(value) || membersHold(schema, value))
  );
};

const listHolds = (schema: JsonObject, value: Json): boolean => {
  const constant = member(schema, "const");
  const listed = member(schema, "enum") ?? (constant === undefined ? undefined : [constant]);
  return !isJsonArray(listed) || listed.includes(value);
};

const numberIn = (schema: JsonObject, name: string, otherwise: number): number => {
  const value = member(schema, name);
  return value instanceof JsonNumber ? value.value : typeof value === "number" ? value : otherwise;
};

const sizeHolds = (schema: JsonObject, value: Json): boolean => {
  if (isJsonArray(value)) {
    return value.length >= numberIn(schema, "minItems", 0);
  }
  const size = isJsonObject(value) ? Object.keys(value).length : undefined;
  return (
    size === undefined ||
    (size >= numberIn(schema, "minProperties", 0) && size <= numberIn(schema, "maxProperties", Infinity))
  );
};

const membersHold = (schema: JsonObject, value: JsonObject): boolean => {
  const required = member(schema, "required");
  const properties = member(schema, "properties");
  const known = isJsonObject(properties) ? properties : {};
  const closed = member(schema, "additionalProperties") === false;
  return (
    (!isJsonArray(required) ||
      required.every((name) => typeof name === "string" && Object.hasOwn(value, name))) &&
    Object.entries(value).every(([name, item]) => {
      const inner = member(known, name);
      return isJsonObject(inner) ? holds(inner, item) : inner !== undefined || !closed;
    })
  );
};

export const compileStandIn: SchemaCompiler = (schema) => {
  if (!isJsonObject(schema) || member(schema, "$ref") !== undefined) {
    return { invalid: "it is no schema that can be compiled" };
  }
  const check: SchemaCheck = (value) => holds(schema, value);
  return check;
};
