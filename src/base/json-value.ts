/**
 * JSON as the gate holds it: what the strict reader makes and the writers take.
 *
 * Objects made by the reader have an empty, null-prototype chain, so a member called `__proto__` or
 * `constructor` is a member like any other and a missing one is `undefined`.
 */
export type Json = null | boolean | number | string | JsonNumber | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [name: string]: Json;
}

/**
 * A number whose text is not what `String(double)` prints for it (`1.0`, `1e2`, `9007199254740993`).
 * It keeps the text, so that what is forwarded is what was sent.
 */
export class JsonNumber {
  /** The number as written. */
  readonly text: string;
  /** The nearest double. */
  readonly value: number;
  /** Whether the double's shortest form is the same decimal as `text` (true for `1.0`, false for `9007199254740993`). */
  readonly exact: boolean;

  constructor(text: string, value: number, exact: boolean) {
    this.text = text;
    this.value = value;
    this.exact = exact;
  }
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

export const isJsonArray = (value: Json | undefined): value is JsonArray => Array.isArray(value);

/** Own member of an object, or `undefined`: never something inherited. */
export const member = (value: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;

class Bare {
  [name: string]: Json;
}
Reflect.deleteProperty(Bare.prototype, "constructor");
Object.setPrototypeOf(Bare.prototype, null);

/** A new, empty object without inherited members, in V8's fast mode (a plain `Object.create(null)` is a dictionary). */
export const bareObject = (): Record<string, Json> => new Bare();
