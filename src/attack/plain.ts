import { toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import type { Plain } from "../catalogue/attacks/result.ts";

export type { Plain } from "../catalogue/attacks/result.ts";

export const isRecord = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON text as plain data; `undefined` where it is none. */
export const plainOf = (text: string): unknown => {
  try {
    return toPlain(readJson(text));
  } catch {
    return undefined;
  }
};

/** Every text in a value, in order. */
export const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
};

/** What an agent that believes what it reads does: `CALL tool {…} END`, `CALL server/tool {…} END`. */
export const ORDER = /CALL (?:([a-z0-9-]+)\/)?(\S+) (\{.*?\}) END/gsu;
