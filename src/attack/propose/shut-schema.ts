import { having } from "../../base/json-change.ts";
import { isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import type { Placed } from "../bind/arguments.ts";
import { isRecord, type Plain } from "../plain.ts";
import type { Fitting } from "./fitted.ts";

export const membersOf = (schema: unknown): Plain =>
  isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {};

const SCHEMA_MEMBERS: ReadonlySet<string> = new Set(["properties", "additionalProperties", "type"]);

/**
 * A schema of all arguments, by the names of the user's. What it shuts out beyond those that it names is what the tool
 * did not have when somebody looked: all that it has now stays.
 */
export const fittedSchema = (schema: Json, fitting: Fitting): Json | undefined => {
  const named = isJsonObject(schema) ? member(schema, "properties") : undefined;
  if (!isJsonObject(schema) || named === undefined || !isJsonObject(named) || !isPlainSchema(schema)) {
    return undefined;
  }
  const known = membersOf(fitting.schema);
  const fitted = Object.entries(named).flatMap(([name, inner]) => {
    const { name: now = name, member: entry } = fitting.arguments.get(name) ?? {};
    return Object.hasOwn(known, now) ? [[now, widened(entriesOf(inner, entry), known[now])] as const] : [];
  });
  return fitted.length === 0 && member(schema, "additionalProperties") !== false
    ? undefined
    : widened(having(schema, { properties: Object.fromEntries(fitted) }), fitting.schema);
};

/** With the name that a member of the entries of a list has here. */
const entriesOf = (schema: Json, entry: Placed["member"]): Json => {
  const items = objectIn(schema, "items");
  const named = items === undefined ? undefined : objectIn(items, "properties");
  if (entry === undefined || items === undefined || named === undefined || !isJsonObject(schema)) {
    return schema;
  }
  const properties = Object.fromEntries(
    Object.entries(named).map(([name, inner]) => [name === entry.from ? entry.to : name, inner]),
  );
  return having(schema, { items: having(items, { properties }) });
};

const objectIn = (value: Json, name: string): JsonObject | undefined => {
  const inner = isJsonObject(value) ? member(value, name) : undefined;
  return inner !== undefined && isJsonObject(inner) ? inner : undefined;
};

/** Where it shuts out others, with all members that the tool's own schema has there. */
const widened = (schema: Json, own: unknown): Json => {
  if (!isJsonObject(schema) || !isRecord(own)) {
    return schema;
  }
  const items = member(schema, "items");
  const named = member(schema, "properties");
  const inner = items === undefined ? schema : having(schema, { items: widened(items, own["items"]) });
  if (member(schema, "additionalProperties") !== false || named === undefined || !isJsonObject(named)) {
    return inner;
  }
  const known = Object.keys(membersOf(own)).map((name) => [name, {}] as const);
  return having(inner, { properties: having(Object.fromEntries(known), named) });
};

const isPlainSchema = (schema: JsonObject): boolean =>
  Object.keys(schema).every((name) => SCHEMA_MEMBERS.has(name));
