import { pointerToken } from "../../base/json-pointer.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../../base/json-value.ts";

/** What a value of a file must be and is not; the sentence completes the place. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
  /** RFC 6901. */
  readonly pointer: string;

  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** Reads a value at a place, or throws `Unreadable`. A member that is not there is `undefined`. */
export type Read<Value> = (value: Json | undefined, at: string) => Value;

/** Nothing of it may move a terminal or look like what it is not. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}]/u;

export const textOf =
  (most: number): Read<string> =>
  (value, at) => {
    if (typeof value !== "string" || value.length > most || UNSEEN.test(value)) {
      throw new Unreadable(at, `this must be a line of at most ${String(most)} characters`);
    }
    return value;
  };

export const matching =
  (pattern: RegExp, what: string): Read<string> =>
  (value, at) => {
    if (typeof value !== "string" || !pattern.test(value)) {
      throw new Unreadable(at, `this must be ${what}`);
    }
    return value;
  };

export const oneOf = <Word extends string>(words: readonly Word[]): Read<Word> => {
  const known = new Map<Json | undefined, Word>(words.map((word) => [word, word]));
  return (value, at) => {
    const word = known.get(value);
    if (word === undefined) {
      throw new Unreadable(at, `this must be one of ${words.join(", ")}`);
    }
    return word;
  };
};

export const flag: Read<boolean> = (value, at) => {
  if (typeof value !== "boolean") {
    throw new Unreadable(at, "this must be true or false");
  }
  return value;
};

export const numberUpTo =
  (most: number, kind: "whole" | "any"): Read<number> =>
  (value, at) => {
    const right = typeof value === "number" && value >= 0 && value <= most;
    if (!right || (kind === "whole" && !Number.isInteger(value))) {
      throw new Unreadable(
        at,
        `this must be a ${kind === "whole" ? "whole " : ""}number up to ${String(most)}`,
      );
    }
    return value;
  };

export const listOf =
  <Item>(item: Read<Item>, most: number): Read<readonly Item[]> =>
  (value, at) => {
    if (!isJsonArray(value) || value.length > most) {
      throw new Unreadable(at, `this must be a list of at most ${String(most)}`);
    }
    return value.map((inner, index) => item(inner, `${at}/${String(index)}`));
  };

/** What is left out is `fallback`. */
export const optional =
  <Value, Fallback>(read: Read<Value>, fallback: Fallback): Read<Value | Fallback> =>
  (value, at) =>
    value === undefined ? fallback : read(value, at);

/** An object with these members and no others: reads one by its name. */
export const objectOf = (
  value: Json | undefined,
  at: string,
  names: ReadonlySet<string>,
): (<Value>(name: string, read: Read<Value>) => Value) => {
  const object = objectAt(value, at);
  const foreign = Object.keys(object).find((name) => !names.has(name));
  if (foreign !== undefined) {
    throw new Unreadable(`${at}/${pointerToken(foreign)}`, "nothing of this name belongs here");
  }
  return (name, read) => read(member(object, name), `${at}/${name}`);
};

const objectAt = (value: Json | undefined, at: string): JsonObject => {
  if (!isJsonObject(value)) {
    throw new Unreadable(at, "this must be an object");
  }
  return value;
};
