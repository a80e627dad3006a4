import { isJsonObject, type Json, type JsonObject } from "../../base/json-value.ts";

/**
 * A line that the gate itself wrote, by the platform's own parser: in a quarter of the strict one's time. What a line
 * says twice is `audit verify`'s to find.
 */
export const parseOwn = (text: string): JsonObject | undefined => {
  try {
    const value: Json = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const HASH = '"hash":"';
const ID = '","id":"';
const HASH_DIGITS = 64;
const ID_CHARACTERS = 36;

/**
 * `id` and `reserved` alone of a decision's line, or all of a line that is not as the gate writes one. A start may read
 * millions, and most of a line is about other things.
 *
 * Lines are canonical, so members are in order. Behind `hash` no member but a text could hold these marks, and in a text
 * their quotes are escaped; in front of it the arguments could.
 */
export const parseTaken = (text: string): JsonObject | undefined => {
  const hash = text.lastIndexOf(HASH);
  const id = hash + HASH.length + HASH_DIGITS;
  const reserved = text.indexOf('"reserved":[', id);
  const end = text.indexOf('],"retry_after_ms":', reserved);
  const idEnd = text.indexOf('"', id + ID.length);
  return hash === -1 ||
    reserved === -1 ||
    end === -1 ||
    !text.startsWith(ID, id) ||
    idEnd !== id + ID.length + ID_CHARACTERS
    ? parseOwn(text)
    : parseOwn(`{${text.slice(id + 2, idEnd + 1)},${text.slice(reserved, end + 1)}}`);
};
