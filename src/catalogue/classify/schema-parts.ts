import { LIMITS } from "../../base/limits.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../base/json-value.ts";
import { firstOf, step, type Alternative, type Own, type Part, type Reader } from "./schema-reader.ts";
import { resolveReference } from "./schema-references.ts";

export const partOf = (reader: Reader, schema: JsonObject): Part => {
  const known = reader.parts.get(schema);
  if (known !== undefined) {
    return known;
  }
  const alternatives = alternativesOf(reader, schema);
  const schemas = alternatives.map((alternative) => alternative.schema);
  const values = valuesOf(reader, schemas);
  const part: Part = {
    alternatives,
    types: typesOf(schemas, values.length > 0),
    ofObjects: schemas.some((one) => holdsObjects(member(one, "items"))),
    description: textOf(schemas, "description"),
    format: textOf(schemas, "format"),
    values,
  };
  reader.parts.set(schema, part);
  return part;
};

export const ownOf = (reader: Reader, schema: JsonObject): Own => {
  const known = reader.owns.get(schema);
  if (known !== undefined) {
    return known;
  }
  const properties = member(schema, "properties");
  const names = isJsonObject(properties) ? namesOf(reader, properties) : [];
  const needed = member(schema, "required");
  const own: Own = {
    names,
    required: new Set(
      isJsonArray(needed) ? firstOf(reader, needed, LIMITS.classified_arguments_max) : undefined,
    ),
  };
  reader.owns.set(schema, own);
  return own;
};

/** Names of properties, sorted; of so many that they are not all read, those that were written first. */
const namesOf = (reader: Reader, properties: JsonObject): readonly string[] => {
  const names = Object.keys(properties);
  const few = firstOf(reader, names, LIMITS.classified_arguments_max);
  const short = few.filter(
    (name): name is string =>
      typeof name === "string" && name.length <= LIMITS.classified_argument_name_characters_max,
  );
  reader.partly ||= short.length < few.length;
  return short.sort();
};

/** A schema with its references followed, and the schemas that it is put together from. */
const alternativesOf = (reader: Reader, given: JsonObject): readonly Alternative[] => {
  const found = new Map<JsonObject, Alternative>();
  const waiting: Alternative[] = [{ schema: given, sure: true }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const before = found.get(next.schema);
    if (before !== undefined && (before.sure || !next.sure)) {
      continue;
    }
    if (found.size >= LIMITS.classified_alternatives_max || !step(reader)) {
      reader.partly = true;
      break;
    }
    found.set(next.schema, next);
    waiting.push(...madeOf(reader, next));
  }
  return [...found.values()];
};

/** Keywords with lists of schemas, with one schema, and with schemas by names, of which a value fulfils some. */
const LISTS = ["allOf", "anyOf", "oneOf"];
const SINGLE = ["if", "then", "else"];
const NAMED = ["dependentSchemas", "dependencies"];
const REFERENCES = ["$ref", "$dynamicRef", "$recursiveRef"];

const madeOf = (reader: Reader, { schema, sure }: Alternative): readonly Alternative[] => [
  ...REFERENCES.flatMap((keyword) => {
    const reference = member(schema, keyword);
    const target = reference === undefined ? undefined : resolveReference(reader, reference);
    return isJsonObject(target) ? [{ schema: target, sure }] : [];
  }),
  ...LISTS.flatMap((keyword) => {
    const list = member(schema, keyword);
    const schemas = isJsonArray(list) ? firstOf(reader, list, LIMITS.classified_alternatives_max) : [];
    return schemas.filter(isJsonObject).map((part) => ({ schema: part, sure: sure && keyword === "allOf" }));
  }),
  ...[
    ...SINGLE.map((keyword) => member(schema, keyword)),
    ...NAMED.flatMap((keyword) => schemasIn(reader, schema, keyword).map(([, part]) => part)),
  ]
    .filter((part) => isJsonObject(part))
    .map((part) => ({ schema: part, sure: false })),
];

/** The schemas that a keyword names: `{ "<name>": <schema> }`. */
export const schemasIn = (
  reader: Reader,
  schema: JsonObject,
  keyword: string,
): readonly (readonly [string, JsonObject])[] => {
  const named = member(schema, keyword);
  if (!isJsonObject(named)) {
    return [];
  }
  const known = reader.named.get(named);
  if (known !== undefined) {
    return known;
  }
  const names = firstOf(reader, Object.keys(named), LIMITS.classified_alternatives_max);
  const found = names.flatMap((name): (readonly [string, JsonObject])[] => {
    const given = typeof name === "string" ? named[name] : undefined;
    return typeof name === "string" && isJsonObject(given) ? [[name, given]] : [];
  });
  reader.named.set(named, found);
  return found;
};

/** Elements of which nothing is said may be objects. */
const holdsObjects = (items: Json | undefined): boolean => {
  if (!isJsonObject(items)) {
    return false;
  }
  const types = typesOf(
    [items],
    isJsonArray(member(items, "enum")) || typeof member(items, "const") === "string",
  );
  return types.length === 0 || types.includes("object");
};

const textOf = (schemas: readonly JsonObject[], keyword: string): string => {
  const text = schemas.map((schema) => member(schema, keyword)).find((value) => typeof value === "string");
  return typeof text === "string" ? text.slice(0, LIMITS.classified_name_characters_max) : "";
};

const TYPES: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "null",
  "array",
  "object",
]);

const typesOf = (schemas: readonly JsonObject[], valued: boolean): readonly string[] => {
  const named = schemas.flatMap((schema) => {
    const type = member(schema, "type");
    const given = isJsonArray(type) ? type.slice(0, TYPES.size) : [type];
    return given.filter((one): one is string => typeof one === "string" && TYPES.has(one));
  });
  return [...new Set(named.length > 0 || !valued ? named : ["string"])].sort();
};

const valuesOf = (reader: Reader, schemas: readonly JsonObject[]): readonly string[] => {
  const found = new Set<string>();
  for (const schema of schemas) {
    const values = member(schema, "enum");
    const list = isJsonArray(values)
      ? firstOf(reader, values, LIMITS.classified_values_max)
      : [member(schema, "const")];
    for (const value of list) {
      if (typeof value === "string") {
        found.add(value.slice(0, LIMITS.classified_name_characters_max));
      }
    }
  }
  return [...found].sort();
};
