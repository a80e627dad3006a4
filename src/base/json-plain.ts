import { bareObject, isJsonArray, type Json, JsonNumber } from "./json-value.ts";
import { LIMITS } from "./limits.ts";

/**
 * The same value in ordinary JS objects, for libraries that want those; a `JsonNumber` becomes its double. Ordinary
 * objects inherit `constructor` and the like: ask them for own members only.
 */
export const toPlain = (value: Json): unknown => {
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (value instanceof JsonNumber) {
    return value.value;
  }
  // Loops, not map(): at 1,000 levels a callback's frames would double the stack this takes.
  if (isJsonArray(value)) {
    const array: unknown[] = [];
    for (const inner of value) {
      array.push(toPlain(inner));
    }
    return array;
  }
  const object: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = value[name];
    define(object, name, inner === undefined ? undefined : toPlain(inner));
  }
  return object;
};

/** Assigning a member called `__proto__` would make it the prototype. */
const define = (object: Record<string, unknown>, name: string, value: unknown): void => {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
};

/**
 * JSON from a JS value, with the reader's promises: no lone surrogates, no more than 1,000 levels.
 *
 * @throws TypeError for what JSON has not: undefined, functions, symbols, bigints, NaN, infinities, cycles, and
 *   objects that are not records (a Date, a Map)
 */
export const fromPlain = (value: unknown): Json => fromLevel(value, 0);

const fromLevel = (value: unknown, levels: number): Json => {
  if (value === null || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "string") {
    return wellFormed(value);
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    return value;
  }
  if (typeof value === "object") {
    return fromObject(value, levels + 1);
  }
  throw new TypeError(`JSON has no such value: ${typeof value}`);
};

const fromObject = (value: object, levels: number): Json => {
  if (value instanceof JsonNumber) {
    return value;
  }
  if (levels > LIMITS.json_levels_max) {
    throw new TypeError("The value has a cycle or too many levels for JSON");
  }
  if (Array.isArray(value)) {
    const array: Json[] = [];
    for (const inner of value) {
      array.push(fromLevel(inner, levels));
    }
    return array;
  }
  if (!isRecord(value)) {
    throw new TypeError("JSON has no such object");
  }
  const object = bareObject();
  for (const [name, inner] of Object.entries(value)) {
    object[wellFormed(name)] = fromLevel(inner, levels);
  }
  return object;
};

const wellFormed = (text: string): string => {
  if (!text.isWellFormed()) {
    throw new TypeError("JSON text has no lone surrogates");
  }
  return text;
};

/** An object literal, one without prototype, or a bare object: its chain ends after at most one prototype. */
const isRecord = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (typeof prototype === "object" && Object.getPrototypeOf(prototype) === null);
};
