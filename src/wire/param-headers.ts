import { compareNumbers } from "../base/json-equal.ts";
import { isInteger, numberOfText, plainText } from "../base/decimal.ts";
import { isJsonArray, isJsonObject, JsonNumber, member } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { HEADER } from "./headers.ts";
import type { HeaderLists } from "./headers.ts";
import { decodeHeaderValue, encodeHeaderValue } from "./sentinel.ts";

/** One `x-mcp-header` annotation of an input schema (2026-07-28 Streamable HTTP "Schema Extension"). */
export interface ParamHeader {
  /** As annotated: the header is `Mcp-Param-` and this. */
  readonly name: string;
  /** The chain of `properties` keys that leads to the annotated property. */
  readonly path: readonly string[];
}

export type ParamHeaders =
  | { readonly kind: "valid"; readonly headers: readonly ParamHeader[] }
  /** The tool's definition is invalid: a client must not show it. */
  | { readonly kind: "invalid"; readonly reason: string };

const KEY = "x-mcp-header";
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const TYPES: ReadonlySet<Json | undefined> = new Set(["string", "integer", "boolean"]);
/** Keywords whose value is a schema, or a list of schemas. */
const BRANCHES = [
  "items",
  "additionalItems",
  "prefixItems",
  "contains",
  "additionalProperties",
  "unevaluatedProperties",
  "unevaluatedItems",
  "propertyNames",
  "contentSchema",
  "oneOf",
  "anyOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
] as const;
/** Keywords whose value is an object of schemas. */
const BRANCH_MAPS = [
  "patternProperties",
  "dependentSchemas",
  "dependencies",
  "$defs",
  "definitions",
] as const;

const safeInteger = (n: number | JsonNumber): boolean =>
  isInteger(n) && Number.isSafeInteger(typeof n === "number" ? n : n.value);

interface Scan {
  readonly headers: ParamHeader[];
  readonly names: Set<string>;
}

const annotationFault = (
  schema: JsonObject,
  path: readonly string[] | undefined,
  scan: Scan,
): string | undefined => {
  const name = member(schema, KEY);
  if (path === undefined || path.length === 0) {
    return `${KEY} stands where no chain of properties leads.`;
  }
  if (typeof name !== "string" || !TOKEN.test(name)) {
    return `${KEY} is not a header name.`;
  }
  if (!TYPES.has(member(schema, "type"))) {
    return `${KEY} stands on a property that is no string, integer or boolean.`;
  }
  if (scan.names.has(name.toLowerCase())) {
    return `${KEY} has the same name twice.`;
  }
  scan.names.add(name.toLowerCase());
  scan.headers.push({ name, path });
  return undefined;
};

const firstFault = (
  values: Iterable<Json>,
  visit: (value: Json) => string | undefined,
): string | undefined => {
  for (const value of values) {
    const fault = visit(value);
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
};

const branchesOf = (schema: JsonObject): Json[] => {
  const branches: Json[] = [];
  for (const keyword of BRANCHES) {
    const value = member(schema, keyword);
    if (isJsonArray(value)) {
      branches.push(...value);
    } else if (value !== undefined) {
      branches.push(value);
    }
  }
  for (const keyword of BRANCH_MAPS) {
    const value = member(schema, keyword);
    if (isJsonObject(value)) {
      branches.push(...Object.values(value));
    }
  }
  return branches;
};

const visit = (value: Json, path: readonly string[] | undefined, scan: Scan): string | undefined => {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const fault = Object.hasOwn(value, KEY) ? annotationFault(value, path, scan) : undefined;
  if (fault !== undefined) {
    return fault;
  }
  const properties = member(value, "properties");
  if (isJsonObject(properties)) {
    for (const [key, child] of Object.entries(properties)) {
      const inner = visit(child, path === undefined ? undefined : [...path, key], scan);
      if (inner !== undefined) {
        return inner;
      }
    }
  }
  return firstFault(branchesOf(value), (branch) => visit(branch, undefined, scan));
};

const NONE: ParamHeaders = { kind: "valid", headers: [] };
const read = new WeakMap<JsonObject, ParamHeaders>();

/** The annotations of a tool's input schema. Remembered for each schema object. */
export const paramHeadersOf = (inputSchema: Json | undefined): ParamHeaders => {
  if (!isJsonObject(inputSchema)) {
    return NONE;
  }
  const known = read.get(inputSchema);
  if (known !== undefined) {
    return known;
  }
  const scan: Scan = { headers: [], names: new Set() };
  const reason = visit(inputSchema, [], scan);
  const made: ParamHeaders =
    reason === undefined ? { kind: "valid", headers: scan.headers } : { kind: "invalid", reason };
  read.set(inputSchema, made);
  return made;
};

const valueAt = (args: JsonObject | undefined, path: readonly string[]): Json | undefined => {
  let value: Json | undefined = args;
  for (const key of path) {
    value = isJsonObject(value) ? member(value, key) : undefined;
  }
  return value;
};

/** The text a value has in its header; `undefined` for what has none: null, lists, objects, fractions, too large integers. */
const textOf = (value: Json | undefined): string | undefined => {
  if (typeof value === "string") {
    return value;
  }
  if (typeof value === "boolean") {
    return String(value);
  }
  const isNumber = typeof value === "number" || value instanceof JsonNumber;
  return isNumber && safeInteger(value) ? plainText(value) : undefined;
};

/** The `Mcp-Param-*` headers of a call with these arguments. An invalid schema gives none. */
export const paramHeaders = (
  inputSchema: Json | undefined,
  args: JsonObject | undefined,
): Readonly<Record<string, string>> => {
  const found = paramHeadersOf(inputSchema);
  const made: Record<string, string> = {};
  for (const header of found.kind === "valid" ? found.headers : []) {
    const text = textOf(valueAt(args, header.path));
    if (text !== undefined) {
      made[`Mcp-Param-${header.name}`] = encodeHeaderValue(text);
    }
  }
  return made;
};

const sameNumber = (given: string, value: number | JsonNumber): boolean => {
  const number = numberOfText(given);
  return number !== undefined && compareNumbers(number, value) === 0;
};

const matches = (given: string, value: Json | undefined): boolean => {
  const decoded = decodeHeaderValue(given);
  if (decoded === undefined) {
    return false;
  }
  // "42.0" and "42" are one number: 2026-07-28 Streamable HTTP "Server Validation".
  return typeof value === "number" || value instanceof JsonNumber
    ? sameNumber(decoded, value)
    : decoded === textOf(value);
};

/**
 * Compares a client's `Mcp-Param-*` headers with the arguments. A reason where one that is annotated is missing,
 * doubled, or says something else; headers that the schema does not name are no matter.
 */
export const checkParamHeaders = (
  inputSchema: Json | undefined,
  args: JsonObject | undefined,
  headers: HeaderLists,
): string | undefined => {
  const found = paramHeadersOf(inputSchema);
  for (const header of found.kind === "valid" ? found.headers : []) {
    const key = `${HEADER.paramPrefix}${header.name.toLowerCase()}`;
    const given = Object.hasOwn(headers, key) ? (headers[key] ?? []) : [];
    const value = valueAt(args, header.path);
    const [first] = given;
    if (given.length > 1) {
      return `The header Mcp-Param-${header.name} stands more than once.`;
    }
    if (first === undefined && textOf(value) !== undefined) {
      return `The header Mcp-Param-${header.name} is missing.`;
    }
    if (first !== undefined && !matches(first, value)) {
      return `The header Mcp-Param-${header.name} does not match the body.`;
    }
  }
  return undefined;
};
