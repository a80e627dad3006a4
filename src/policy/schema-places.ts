import { pointerSteps } from "../base/json-pointer.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Step } from "./path.ts";

/** Where a path leads in a tool's `inputSchema`, as far as the schema says. For the checker's warnings only. */
export interface Places {
  /** The schemas of what may stand there. */
  readonly schemas: readonly JsonObject[];
  /** Whether a call may leave it out. */
  readonly optional: boolean;
  /** Whether the schema leaves open what may stand there. */
  readonly open: boolean;
}

const NOWHERE: Places = { schemas: [], optional: true, open: false };
const OPEN: Places = { schemas: [], optional: true, open: true };
const ANYTHING: JsonObject = {};
const BRANCHES = ["allOf", "anyOf", "oneOf"] as const;

const referred = (root: JsonObject, reference: string): Json | undefined => {
  const steps = reference.startsWith("#") ? pointerSteps(reference.slice(1)) : undefined;
  let value: Json | undefined = steps === undefined ? undefined : root;
  for (const step of steps ?? []) {
    value = isJsonObject(value) ? member(value, step) : isJsonArray(value) ? value[Number(step)] : undefined;
  }
  return value;
};

const madeOf = (root: JsonObject, schema: JsonObject): readonly Json[] => {
  const reference = member(schema, "$ref");
  const target = typeof reference === "string" ? referred(root, reference) : undefined;
  const branches = BRANCHES.flatMap((name) => {
    const list = member(schema, name);
    return isJsonArray(list) ? list : [];
  });
  return target === undefined ? branches : [target, ...branches];
};

/** Schemas and those they are made of, each once: their local references and branches. */
const partsOf = (root: JsonObject, schemas: readonly Json[]): readonly JsonObject[] => {
  const parts = new Set<JsonObject>();
  const left = schemas.toReversed();
  while (left.length > 0) {
    const next = left.pop();
    if (!isJsonObject(next) || parts.has(next)) {
      continue;
    }
    if (parts.size >= LIMITS.checked_schema_parts_max) {
      // What is not looked at may be anything.
      return [...parts, ANYTHING];
    }
    parts.add(next);
    for (const part of madeOf(root, next).toReversed()) {
      left.push(part);
    }
  }
  return [...parts];
};

const isRequired = (schema: JsonObject, name: string): boolean => {
  const required = member(schema, "required");
  return isJsonArray(required) && required.includes(name);
};

const opens = (value: Json | undefined): boolean => value === true || isJsonObject(value);

const propertyOf = (part: JsonObject, name: string): Json | undefined => {
  const properties = member(part, "properties");
  return isJsonObject(properties) ? member(properties, name) : undefined;
};

const namedIn = (parts: readonly JsonObject[], name: string, top: boolean): Places => {
  const schemas = parts
    .map((part) => propertyOf(part, name))
    .filter((schema) => schema !== undefined)
    .map((schema) => (isJsonObject(schema) ? schema : {}));
  if (schemas.length > 0) {
    return { schemas, optional: !parts.some((part) => isRequired(part, name)), open: false };
  }
  const open = parts.some(
    (part) => opens(member(part, "additionalProperties")) || Object.hasOwn(part, "patternProperties"),
  );
  // Below the top an object that names nothing leaves all open; at the top `arguments` is strict about it.
  const silent = parts.every((part) => !Object.hasOwn(part, "properties") && maybe(part, "object"));
  return open || (silent && !top) ? OPEN : NOWHERE;
};

const maybe = (schema: JsonObject, type: string): boolean => {
  const given = member(schema, "type");
  return given === undefined || given === type || (isJsonArray(given) && given.includes(type));
};

const childrenIn = (parts: readonly JsonObject[], kind: "members" | "elements"): Places => {
  const schemas = parts.flatMap((part) => {
    const properties = member(part, "properties");
    const listed = kind === "members" && isJsonObject(properties) ? Object.values(properties) : [];
    const rest = member(part, kind === "members" ? "additionalProperties" : "items");
    return [...listed, ...(rest === undefined ? [] : [rest])].filter((schema) => isJsonObject(schema));
  });
  const fits = parts.every((part) => maybe(part, kind === "members" ? "object" : "array"));
  return { schemas, optional: false, open: fits && schemas.length === 0 };
};

const stepInto = (parts: readonly JsonObject[], step: Step, top: boolean): Places => {
  if (parts.length === 0) {
    return OPEN;
  }
  if (step.kind === "name") {
    return namedIn(parts, step.name, top);
  }
  const places = childrenIn(parts, step.kind === "members" ? "members" : "elements");
  return step.kind === "index" ? { ...places, optional: true } : places;
};

/** What a schema says about the end of a path of `args`. */
export const placesAt = (root: JsonObject, steps: readonly Step[]): Places => {
  let places: Places = { schemas: [root], optional: false, open: false };
  for (const [index, step] of steps.entries()) {
    const parts = partsOf(root, places.schemas);
    const next = stepInto(parts, step, index === 0);
    if (next.schemas.length === 0) {
      return next;
    }
    places = { ...next, optional: places.optional || next.optional };
  }
  return { ...places, schemas: partsOf(root, places.schemas) };
};

/** Types that the schemas of a place allow; `undefined` where they do not say. `integer` is a number. */
export const typesAt = ({ schemas }: Places): ReadonlySet<string> | undefined => {
  const types = new Set<string>();
  for (const schema of schemas) {
    const given = member(schema, "type");
    const delegates = [...BRANCHES, "$ref"].some((name) => Object.hasOwn(schema, name));
    if (given === undefined && !delegates) {
      return undefined;
    }
    for (const type of isJsonArray(given) ? given : [given]) {
      if (typeof type === "string") {
        types.add(type === "integer" ? "number" : type);
      }
    }
  }
  return types.size === 0 ? undefined : types;
};

/** The values that the schemas of a place allow, where they list them. */
export const valuesAt = ({ schemas }: Places): readonly Json[] | undefined => {
  const [schema, ...others] = schemas;
  const listed = schema === undefined ? undefined : member(schema, "enum");
  const constant = schema === undefined ? undefined : member(schema, "const");
  if (others.length > 0) {
    return undefined;
  }
  return isJsonArray(listed) ? listed : constant === undefined ? undefined : [constant];
};
