import { LIMITS } from "../../base/limits.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../base/json-value.ts";

/** One argument of a schema, nested ones included. */
export interface Argument {
  /** As policies write it: `args.items[*].url`. */
  readonly path: string;
  readonly name: string;
  /** Names of the arguments beside it. */
  readonly beside: readonly string[];
  readonly types: readonly string[];
  /** Whether it may be a list of objects. */
  readonly ofObjects: boolean;
  readonly required: boolean;
  readonly description: string;
  readonly format: string;
  /** The strings that are all it may be; empty where others may be as well. */
  readonly values: readonly string[];
}

export interface Walk {
  readonly arguments: readonly Argument[];
  /** Whether the schema is larger than what is read of one. */
  readonly partly: boolean;
}

/** All arguments that a schema names, in the order of their paths. Bounded in depth, number and steps; never throws. */
export const walkArguments = (schema: Json | undefined): Walk => {
  if (!isJsonObject(schema)) {
    return { arguments: [], partly: false };
  }
  const walker: Walker = { root: schema, found: new Map(), seen: new Map(), steps: 0 };
  visit(walker, schema, { path: "args", level: 0, required: true });
  return {
    arguments: [...walker.found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    partly: walker.steps > LIMITS.classified_schema_steps_max,
  };
};

interface Walker {
  readonly root: JsonObject;
  readonly found: Map<string, Argument>;
  /** Schemas that were gone through, by the place where they stand: a `$ref` is followed once a place. */
  readonly seen: Map<string, Set<JsonObject>>;
  steps: number;
}

interface Place {
  readonly path: string;
  /** How many names and elements deep. */
  readonly level: number;
  readonly required: boolean;
}

/** Goes through what a schema says of the value at a place. */
const visit = (walker: Walker, given: Json | undefined, place: Place): void => {
  for (const { schema, sure } of alternatives(walker, given)) {
    const here = { ...place, required: place.required && sure };
    if (!isNew(walker, schema, here)) {
      continue;
    }
    visitProperties(walker, schema, here);
    visitElements(walker, schema, here);
  }
};

const isNew = ({ seen }: Walker, schema: JsonObject, { path, required }: Place): boolean => {
  const key = `${required ? "!" : ""}${path}`;
  const known = seen.get(key) ?? new Set();
  const before = known.size;
  seen.set(key, known.add(schema));
  return known.size > before;
};

const visitProperties = (walker: Walker, schema: JsonObject, { path, level, required }: Place): void => {
  const properties = member(schema, "properties");
  if (!isJsonObject(properties) || level >= LIMITS.classified_argument_levels_max) {
    return;
  }
  const names = Object.keys(properties).sort();
  const needed = member(schema, "required");
  const always = new Set(isJsonArray(needed) ? needed : []);
  for (const name of names) {
    if (!step(walker)) {
      return;
    }
    const place = { path: path + segment(name), level: level + 1, required: required && always.has(name) };
    note(walker, name, names, properties[name], place);
    visit(walker, properties[name], place);
  }
};

const visitElements = (walker: Walker, schema: JsonObject, place: Place): void => {
  if (place.level >= LIMITS.classified_argument_levels_max) {
    return;
  }
  const items = member(schema, "items");
  const prefix = member(schema, "prefixItems");
  for (const item of [items, ...(isJsonArray(prefix) ? prefix : [])]) {
    if (isJsonObject(item)) {
      visit(walker, item, { ...place, path: `${place.path}[*]` });
    }
  }
  const more = member(schema, "additionalProperties");
  if (isJsonObject(more)) {
    visit(walker, more, { path: `${place.path}.*`, level: place.level + 1, required: false });
  }
};

const step = (walker: Walker): boolean => {
  walker.steps += 1;
  return walker.steps <= LIMITS.classified_schema_steps_max;
};

interface Alternative {
  readonly schema: JsonObject;
  /** Whether it holds whenever the value is there. */
  readonly sure: boolean;
}

/** A schema with its local `$ref` followed, and the schemas that it is put together from. */
const alternatives = (walker: Walker, given: Json | undefined): readonly Alternative[] => {
  const found: Alternative[] = [];
  const waiting: Alternative[] = isJsonObject(given) ? [{ schema: given, sure: true }] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (!step(walker) || found.length >= LIMITS.classified_alternatives_max) {
      break;
    }
    found.push(next);
    waiting.push(...partsOf(walker.root, next));
  }
  return found;
};

const partsOf = (root: JsonObject, { schema, sure }: Alternative): readonly Alternative[] => {
  const target = referred(root, member(schema, "$ref"));
  const parts: Alternative[] = target === undefined ? [] : [{ schema: target, sure }];
  for (const keyword of ["allOf", "anyOf", "oneOf"]) {
    const list = member(schema, keyword);
    for (const part of isJsonArray(list) ? list.slice(0, LIMITS.classified_alternatives_max) : []) {
      if (isJsonObject(part)) {
        parts.push({ schema: part, sure: sure && keyword === "allOf" });
      }
    }
  }
  return parts;
};

/** What a `$ref` into the same schema refers to. */
const referred = (root: JsonObject, reference: Json | undefined): JsonObject | undefined => {
  if (typeof reference !== "string" || !reference.startsWith("#") || reference.length > 1_000) {
    return undefined;
  }
  let at: Json | undefined = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isJsonObject(at) ? member(at, name) : isJsonArray(at) ? at[Number(name)] : undefined;
  }
  return isJsonObject(at) ? at : undefined;
};

const note = (
  walker: Walker,
  name: string,
  beside: readonly string[],
  given: Json | undefined,
  place: Place,
): void => {
  const schemas = alternatives(walker, given).map(({ schema }) => schema);
  const argument: Argument = {
    path: place.path,
    name,
    beside,
    types: typesOf(schemas),
    ofObjects: schemas.some((schema) => holdsObjects(member(schema, "items"))),
    required: place.required,
    description: textOf(schemas, "description"),
    format: textOf(schemas, "format"),
    values: valuesOf(schemas),
  };
  const before = walker.found.get(place.path);
  walker.found.set(place.path, before === undefined ? argument : both(before, argument));
};

/** Elements of which nothing is said may be objects. */
const holdsObjects = (items: Json | undefined): boolean => {
  const types = isJsonObject(items) ? typesOf([items]) : undefined;
  return types !== undefined && (types.length === 0 || types.includes("object"));
};

/** An argument that several alternatives name. */
const both = (a: Argument, b: Argument): Argument => ({
  ...a,
  beside: [...a.beside, ...b.beside],
  types: merged(a.types, b.types),
  ofObjects: a.ofObjects || b.ofObjects,
  required: a.required || b.required,
  description: [a.description, b.description].sort().at(-1) ?? "",
  format: [a.format, b.format].sort().at(-1) ?? "",
  // Where one alternative leaves it open, it is open.
  values:
    a.values.length === 0 || b.values.length === 0 ? [] : [...new Set([...a.values, ...b.values])].sort(),
});

const textOf = (schemas: readonly JsonObject[], keyword: string): string => {
  const text = schemas.map((schema) => member(schema, keyword)).find((value) => typeof value === "string");
  return typeof text === "string" ? text.slice(0, LIMITS.classified_name_characters_max) : "";
};

/** No type at all allows any, so it makes the whole list empty. */
const merged = (a: readonly string[], b: readonly string[]): readonly string[] =>
  a.length === 0 || b.length === 0 ? [] : [...new Set([...a, ...b])].sort();

const typesOf = (schemas: readonly JsonObject[]): readonly string[] =>
  [...new Set(schemas.flatMap(ownTypes))].sort();

const TYPES: ReadonlySet<unknown> = new Set([
  "string",
  "number",
  "integer",
  "boolean",
  "null",
  "array",
  "object",
]);

const ownTypes = (schema: JsonObject): readonly string[] => {
  const type = member(schema, "type");
  const given = isJsonArray(type) ? type.slice(0, 7) : [type];
  const named = given.filter((one): one is string => typeof one === "string" && TYPES.has(one));
  return named.length > 0 ? named : valuesOf([schema]).length > 0 ? ["string"] : [];
};

const valuesOf = (schemas: readonly JsonObject[]): readonly string[] =>
  [
    ...new Set(
      schemas.flatMap((schema) => {
        const values = member(schema, "enum");
        const list = isJsonArray(values)
          ? values.slice(0, LIMITS.classified_values_max)
          : [member(schema, "const")];
        return list.filter((value): value is string => typeof value === "string");
      }),
    ),
  ].sort();

const segment = (name: string): string =>
  /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
