import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { below } from "./pointer.ts";
import { type Problem, problemAt } from "./problem.ts";

/** An object of the document whose fields are being read; what is wrong goes into `problems`. */
export interface Fields {
  readonly object: JsonObject;
  readonly pointer: string;
  readonly problems: Problem[];
}

/** What an object may and must hold. `noun` begins sentences: "A limit". */
export interface Shape {
  readonly noun: string;
  readonly fields: readonly string[];
  readonly required: readonly string[];
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** What a value is, in the words of JSON. */
const kindOf = (value: Json): string => {
  if (value === null) {
    return "null";
  }
  if (isJsonArray(value)) {
    return "a list";
  }
  return value instanceof JsonNumber
    ? "a number"
    : typeof value === "object"
      ? "an object"
      : `a ${typeof value}`;
};

/** Says that a value is not what it must be. */
export const mistyped = (noun: string, must: string, value: Json): string =>
  `${noun} must be ${must}, not ${kindOf(value)}.`;

/** Opens an object: a field it may not have and a field it must have are problems (docs/policy.md: none is ignored). */
export const openFields = (
  value: Json,
  pointer: string,
  shape: Shape,
  problems: Problem[],
): Fields | undefined => {
  if (!isJsonObject(value)) {
    problems.push(problemAt(pointer, "value", mistyped(shape.noun, "an object", value)));
    return undefined;
  }
  for (const name of Object.keys(value)) {
    if (!shape.fields.includes(name)) {
      const message = `${shape.noun} has no field "${name}"; it may have ${quoted(shape.fields)}.`;
      problems.push(problemAt(below(pointer, name), "key", message, nearest(name, shape.fields)));
    }
  }
  for (const name of shape.required) {
    if (!Object.hasOwn(value, name)) {
      problems.push(problemAt(pointer, "value", `${shape.noun} needs "${name}".`));
    }
  }
  return { object: value, pointer, problems };
};

/** Whether a field is written at all. */
export const has = (fields: Fields, name: string): boolean => Object.hasOwn(fields.object, name);

export const fault = (fields: Fields, name: string, message: string, near?: string): void => {
  fields.problems.push(problemAt(below(fields.pointer, name), "value", message, near));
};

/** A field that means nothing, or clashes, where it stands: its name is at fault. */
export const misplaced = (fields: Fields, name: string, message: string): void => {
  fields.problems.push(problemAt(below(fields.pointer, name), "key", message));
};

/** The one of two fields that is written later. */
export const laterOf = (fields: Fields, one: string, other: string): string => {
  const names = Object.keys(fields.object);
  return names.indexOf(one) > names.indexOf(other) ? one : other;
};

export const readText = (fields: Fields, name: string): string | undefined => {
  const value = member(fields.object, name);
  if (value === undefined || typeof value === "string") {
    return value;
  }
  fault(fields, name, mistyped(`"${name}"`, "a string", value));
  return undefined;
};

export const readFlag = (fields: Fields, name: string): boolean | undefined => {
  const value = member(fields.object, name);
  if (value === undefined || typeof value === "boolean") {
    return value;
  }
  fault(fields, name, mistyped(`"${name}"`, "true or false", value));
  return undefined;
};

/** One of a few words. */
export const readWord = <Word extends string>(
  fields: Fields,
  name: string,
  words: readonly Word[],
): Word | undefined => {
  const value = member(fields.object, name);
  const found = words.find((word) => word === value);
  if (value !== undefined && found === undefined) {
    const near = words.length === 1 ? words[0] : nearest(typeof value === "string" ? value : "", words);
    fault(fields, name, `"${name}" must be ${words.map((word) => `"${word}"`).join(" or ")}.`, near);
  }
  return found;
};

/** A list, each element read by `read`; elements that cannot be read are left out. */
export const readList = <Item>(
  fields: Fields,
  name: string,
  read: (value: Json, pointer: string) => Item | undefined,
): readonly Item[] | undefined => {
  const value = member(fields.object, name);
  if (value === undefined) {
    return undefined;
  }
  if (!isJsonArray(value)) {
    fault(fields, name, mistyped(`"${name}"`, "a list", value));
    return undefined;
  }
  const pointer = below(fields.pointer, name);
  return value
    .map((item, index) => read(item, below(pointer, index)))
    .filter((item): item is Item & {} => item !== undefined);
};
