import { bareObject, type Json, JsonNumber } from "./json-value.ts";
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
  if (Array.isArray(value)) {
    return value.map(toPlain);
  }
  // Not by assignment: that would make a member called __proto__ the prototype.
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toPlain(inner)]));
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
    return Array.from(value, (inner: unknown) => fromLevel(inner, levels));
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
