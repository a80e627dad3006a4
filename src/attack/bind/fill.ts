import { isRecord, type Plain } from "../plain.ts";

/** A value that a schema is likely to take, for arguments that an attack does not care about. */
const DEPTH_MAX = 6;

/** `given`, and what else a tool's schema requires. */
export const filledArguments = (schema: unknown, given: Plain): Plain => {
  if (!isRecord(schema)) {
    return given;
  }
  return { ...required(schema, 0, new Set(Object.keys(given))), ...given };
};

const required = (schema: Plain, depth: number, but: ReadonlySet<string> = new Set()): Plain => {
  const names = Array.isArray(schema["required"]) ? schema["required"] : [];
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  return Object.fromEntries(
    names
      .filter((name): name is string => typeof name === "string" && !but.has(name))
      .map((name) => [name, sample(Object.hasOwn(properties, name) ? properties[name] : {}, depth + 1)]),
  );
};

const GIVEN = ["const", "default"] as const;
const LISTED = ["enum", "examples"] as const;

const sample = (schema: unknown, depth: number): unknown => {
  if (!isRecord(schema) || depth > DEPTH_MAX) {
    return "x";
  }
  const said = GIVEN.find((keyword) => Object.hasOwn(schema, keyword));
  if (said !== undefined) {
    return schema[said];
  }
  for (const keyword of LISTED) {
    const list = schema[keyword];
    if (Array.isArray(list) && list.length > 0) {
      return list[0];
    }
  }
  const first = ["anyOf", "oneOf", "allOf"].map((keyword) => schema[keyword]).find(Array.isArray);
  return first === undefined ? ofType(schema, depth) : sample(first[0], depth + 1);
};

const countOf = (value: unknown, least: number): number => (typeof value === "number" ? value : least);

const ofType = (schema: Plain, depth: number): unknown => {
  const { type } = schema;
  const make = SAMPLES[String(Array.isArray(type) ? type[0] : (type ?? "string"))];
  return make === undefined ? null : make(schema, depth);
};

/** A text of each format that JSON Schema names. */
export const FORMATS: Readonly<Record<string, string>> = {
  uri: "https://example.com/",
  url: "https://example.com/",
  email: "ana@example.com",
  date: "2026-01-01",
  "date-time": "2026-01-01T00:00:00Z",
  uuid: "00000000-0000-4000-8000-000000000000",
};

const SAMPLES: Readonly<Record<string, (schema: Plain, depth: number) => unknown>> = {
  string: ({ format, minLength }) =>
    FORMATS[String(format)] ?? "x".repeat(Math.min(countOf(minLength, 1), 1_000)),
  number: ({ minimum, exclusiveMinimum }) => countOf(minimum, countOf(exclusiveMinimum, 0) + 1),
  integer: ({ minimum, exclusiveMinimum }) => countOf(minimum, countOf(exclusiveMinimum, 0) + 1),
  boolean: () => false,
  array: ({ items, minItems }, depth) =>
    Array.from({ length: Math.min(countOf(minItems, 0), 100) }, () => sample(items ?? {}, depth + 1)),
  object: (schema, depth) => required(schema, depth),
};
