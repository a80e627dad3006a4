import { LIMITS } from "../../base/limits.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../base/json-value.ts";
import { ownOf, partOf, schemasIn } from "./schema-parts.ts";
import { firstOf, newReader, step, type Part, type Reader } from "./schema-reader.ts";

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
  /** Whether something of the schema was not read: it is too large, or refers to what is not there. */
  readonly partly: boolean;
  /** Whether only arguments below the deepest level were left out. */
  readonly deeper: boolean;
  /** How much was looked at. */
  readonly steps: number;
}

/** All arguments that a schema names, in the order of their paths. Bounded in depth, number and steps; never throws. */
export const walkArguments = (schema: Json | undefined): Walk => {
  if (!isJsonObject(schema)) {
    return { arguments: [], partly: false, deeper: false, steps: 0 };
  }
  const walker: Walker = {
    reader: newReader(schema),
    found: new Map(),
    seen: new Map(),
    read: new Set(),
    deeper: false,
  };
  visit(walker, schema, { path: "args", level: 0, nested: 0, required: true });
  return {
    arguments: [...walker.found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    partly: walker.reader.partly,
    deeper: walker.deeper,
    steps: walker.reader.steps,
  };
};

interface Walker {
  readonly reader: Reader;
  readonly found: Map<string, Argument>;
  /** Schemas that were gone through, by the place where they stand: a `$ref` is followed once a place. */
  readonly seen: Map<string, Set<JsonObject>>;
  /** Schemas that were gone through at any place. */
  readonly read: Set<JsonObject>;
  deeper: boolean;
}

interface Place {
  readonly path: string;
  /** How many names and elements deep. */
  readonly level: number;
  /** How many elements of elements deep, which count as no level. */
  readonly nested: number;
  readonly required: boolean;
}

/** Goes through what a schema says of the value at a place. */
const visit = (walker: Walker, given: JsonObject, place: Place): void => {
  for (const { schema, sure } of partOf(walker.reader, given).alternatives) {
    if (!step(walker.reader)) {
      return;
    }
    const here = { ...place, required: place.required && sure };
    if (isNew(walker, schema, here) && isHighEnough(walker, schema, here)) {
      walker.read.add(schema);
      visitProperties(walker, schema, here);
      visitElements(walker, schema, here);
    }
  }
};

const isNew = ({ seen }: Walker, schema: JsonObject, { path, required }: Place): boolean => {
  const key = `${required ? "!" : ""}${path}`;
  const known = seen.get(key) ?? new Set();
  const before = known.size;
  seen.set(key, known.add(schema));
  return known.size > before;
};

/** A schema that holds itself says nothing new below some levels. */
const isHighEnough = (walker: Walker, schema: JsonObject, { level, nested }: Place): boolean => {
  if (nested > LIMITS.classified_argument_levels_max) {
    walker.reader.partly = true;
    return false;
  }
  if (level < LIMITS.classified_repeated_levels_max) {
    return true;
  }
  const isRead = walker.read.has(schema);
  if (!isRead && level >= LIMITS.classified_argument_levels_max) {
    walker.deeper ||= HOLDS.some((keyword) => Object.hasOwn(schema, keyword));
    return false;
  }
  return !isRead;
};

const HOLDS = ["properties", "patternProperties", "items", "prefixItems", "contentSchema"];

const visitProperties = (walker: Walker, schema: JsonObject, { path, level, required }: Place): void => {
  const properties = member(schema, "properties");
  const { names, required: always } = ownOf(walker.reader, schema);
  for (const name of isJsonObject(properties) ? names : []) {
    if (!step(walker.reader)) {
      return;
    }
    const place = {
      path: path + segment(name),
      level: level + 1,
      nested: 0,
      required: required && always.has(name),
    };
    const given = isJsonObject(properties) ? properties[name] : undefined;
    note(walker, name, names, partOf(walker.reader, isJsonObject(given) ? given : ANYTHING), place);
    if (isJsonObject(given)) {
      visit(walker, given, place);
    }
  }
};

const ANYTHING: JsonObject = {};

const ELEMENTS = ["items", "prefixItems", "additionalItems", "contains", "unevaluatedItems"];
const MEMBERS = ["additionalProperties", "unevaluatedProperties"];

const visitElements = (walker: Walker, schema: JsonObject, place: Place): void => {
  const { reader } = walker;
  for (const keyword of ELEMENTS) {
    const given = member(schema, keyword);
    const items = isJsonArray(given) ? firstOf(reader, given, LIMITS.classified_alternatives_max) : [given];
    for (const item of items) {
      if (item !== undefined && isJsonObject(item)) {
        visit(walker, item, { ...place, path: `${place.path}[*]`, nested: place.nested + 1 });
      }
    }
  }
  // A text that holds JSON is read as what it holds.
  const content = member(schema, "contentSchema");
  if (isJsonObject(content)) {
    visit(walker, content, { ...place, nested: place.nested + 1, required: false });
  }
  const more = MEMBERS.map((keyword) => member(schema, keyword));
  const patterns = schemasIn(reader, schema, "patternProperties");
  for (const given of [...more, ...patterns.map(([, one]) => one)]) {
    if (given !== undefined && isJsonObject(given)) {
      visit(walker, given, { path: `${place.path}.*`, level: place.level + 1, nested: 0, required: false });
    }
  }
  notePatterns(walker, patterns, place);
};

/** `patternProperties` whose patterns are names, such as `^tool$`. */
const notePatterns = (
  walker: Walker,
  patterns: readonly (readonly [string, JsonObject])[],
  { path, level }: Place,
): void => {
  const named = patterns.flatMap(([pattern, schema]) => {
    const name = /^\^?\(?([A-Za-z_][\w-]{0,99})\)?\$?$/.exec(pattern)?.[1];
    return name === undefined ? [] : [{ name, schema }];
  });
  const names = named.map(({ name }) => name);
  for (const { name, schema } of named) {
    const place = { path: path + segment(name), level: level + 1, nested: 0, required: false };
    note(walker, name, names, partOf(walker.reader, schema), place);
  }
};

/** So many characters of a description cost a step, since each of them is looked at. */
const TEXT_A_STEP = 100;

const note = (walker: Walker, name: string, beside: readonly string[], part: Part, place: Place): void => {
  const { types, ofObjects, description, format, values } = part;
  const { path, required } = place;
  const before = walker.found.get(path);
  const isFull = before === undefined && walker.found.size >= LIMITS.classified_arguments_max;
  if (isFull || !step(walker.reader, 1 + Math.floor(description.length / TEXT_A_STEP))) {
    walker.reader.partly = true;
    return;
  }
  const argument: Argument = {
    path,
    name,
    beside,
    types,
    ofObjects,
    required,
    description,
    format,
    values,
  };
  if (before === undefined) {
    walker.found.set(path, argument);
  } else if (step(walker.reader, costOf(before, argument))) {
    walker.found.set(path, both(before, argument));
  }
};

const costOf = (a: Argument, b: Argument): number =>
  (a.beside === b.beside ? 0 : a.beside.length + b.beside.length) +
  (a.values === b.values ? 0 : a.values.length + b.values.length);

/** An argument that several alternatives name. */
const both = (a: Argument, b: Argument): Argument => ({
  ...a,
  beside: a.beside === b.beside ? a.beside : [...new Set([...a.beside, ...b.beside])],
  types: merged(a.types, b.types),
  ofObjects: a.ofObjects || b.ofObjects,
  required: a.required || b.required,
  description: [a.description, b.description].sort().at(-1) ?? "",
  format: [a.format, b.format].sort().at(-1) ?? "",
  // Where one alternative leaves it open, it is open.
  values:
    a.values === b.values
      ? a.values
      : a.values.length === 0 || b.values.length === 0
        ? []
        : [...new Set([...a.values, ...b.values])].sort(),
});

/** No type at all allows any, so it makes the whole list empty. */
const merged = (a: readonly string[], b: readonly string[]): readonly string[] =>
  a.length === 0 || b.length === 0 ? [] : [...new Set([...a, ...b])].sort();

const segment = (name: string): string =>
  /^[A-Za-z_][\w-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
