import {
  type Cursor,
  cursorOf,
  failure,
  placeNode,
  type PlaceNode,
  skipSpace,
  unexpected,
} from "./json-cursor.ts";
import { bareObject, type Json, type JsonArray, type JsonObject } from "./json-value.ts";
import { JsonError, type Place, placeOf } from "./json-error.ts";
import { readNumber, readString } from "./json-scalar.ts";
import { unitAt } from "./text.ts";
import { LIMITS } from "./limits.ts";
import { pointerSteps } from "./json-pointer.ts";

export { JsonError } from "./json-error.ts";

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const LOWER_F = 102;
const LOWER_N = 110;
const LOWER_T = 116;
const BYTE_ORDER_MARK = "\uFEFF";
const NAME_UNITS_SHOWN = 60;

/** A document and where its parts stand. */
export interface JsonDocument {
  readonly value: Json;
  /**
   * Where the key or the value at an RFC 6901 pointer begins; `undefined` if the document has nothing there.
   * Elements and the whole document have no key: their value's place is told instead.
   */
  readonly locate: (pointer: string, which: "key" | "value") => Place | undefined;
}

/**
 * Reads one JSON text (RFC 8259), strictly: what two parsers could read differently is refused. That is duplicate
 * keys, lone surrogates, a BOM, numbers no double comes near and bytes after the value.
 * Members named like small integers move to the front, as in any JS object.
 *
 * Strings of the value may share the memory of `text`: what outlives the call should keep `detached(part)`.
 *
 * @throws JsonError, and nothing else
 */
export const readJson = (text: string): Json => readText(cursorOf(text, undefined));

/** The same from bytes, which must be UTF-8 without a BOM. */
export const readJsonBytes = (bytes: Uint8Array): Json => {
  let text: string;
  try {
    text = UTF_8.decode(bytes);
  } catch {
    throw new JsonError("syntax", "The bytes are not UTF-8.", "", 0);
  }
  return readJson(text);
};

/** `ignoreBOM` leaves the mark in the text, where the reader refuses it; without it the decoder drops it. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads like `readJson` and remembers where everything stands. For documents that people write. */
export const readJsonDocument = (text: string): JsonDocument => {
  const cursor = cursorOf(text, undefined);
  skipSpace(cursor);
  const root: PlaceNode = placeNode(undefined, "", cursor.at, cursor.at);
  const value = readText(cursorOf(text, root));
  return {
    value,
    locate: (pointer, which) => {
      const node = nodeAt(root, pointer);
      return node && placeOf(text, which === "key" ? node.keyAt : node.valueAt);
    },
  };
};

const nodeAt = (root: PlaceNode, pointer: string): PlaceNode | undefined => {
  const steps = pointerSteps(pointer);
  let node = steps && root;
  for (const step of steps ?? []) {
    node = node?.children.get(step);
  }
  return node;
};

const readText = (cursor: Cursor): Json => {
  if (cursor.text.startsWith(BYTE_ORDER_MARK)) {
    throw failure(cursor, "syntax", "The text begins with a byte order mark.", 0);
  }
  const value = readValue(cursor);
  if (skipSpace(cursor) !== -1) {
    throw failure(cursor, "syntax", "Nothing may follow the value.", cursor.at);
  }
  return value;
};

const readValue = (cursor: Cursor): Json => {
  switch (skipSpace(cursor)) {
    case QUOTE:
      return readString(cursor);
    case OPEN_OBJECT:
      return readObject(cursor);
    case OPEN_ARRAY:
      return readArray(cursor);
    case LOWER_T:
      return readWord(cursor, "true", true);
    case LOWER_F:
      return readWord(cursor, "false", false);
    case LOWER_N:
      return readWord(cursor, "null", null);
    default:
      return readNumberOrFail(cursor);
  }
};

const readWord = <Word extends boolean | null>(cursor: Cursor, word: string, value: Word): Word => {
  if (!cursor.text.startsWith(word, cursor.at)) {
    throw unexpected(cursor, "a value");
  }
  cursor.at += word.length;
  return value;
};

const readNumberOrFail = (cursor: Cursor): Json => {
  const unit = unitAt(cursor.text, cursor.at);
  if (unit !== MINUS && (unit < DIGIT_0 || unit > DIGIT_9)) {
    throw unexpected(cursor, "a value");
  }
  return readNumber(cursor);
};

/** Steps into an array or object. At 1,000 levels the two functions a level takes are far from the stack's end. */
const enter = (cursor: Cursor): void => {
  cursor.levels += 1;
  if (cursor.levels > LIMITS.json_levels_max) {
    throw failure(cursor, "too_deep", `More than ${LIMITS.json_levels_max} levels are not read.`, cursor.at);
  }
  cursor.at += 1;
};

const readObject = (cursor: Cursor): JsonObject => {
  enter(cursor);
  const object = bareObject();
  let keys = 0;
  let unit = skipSpace(cursor);
  if (unit !== CLOSE_OBJECT) {
    do {
      keys += 1;
      readMember(cursor, object, keys);
      unit = skipSpace(cursor);
    } while (unit === COMMA && pastComma(cursor));
    if (unit !== CLOSE_OBJECT) {
      throw unexpected(cursor, "a comma or the end of the object");
    }
  }
  cursor.at += 1;
  cursor.levels -= 1;
  return object;
};

const readMember = (cursor: Cursor, object: Record<string, Json>, keys: number): void => {
  const keyAt = cursor.at;
  if (unitAt(cursor.text, keyAt) !== QUOTE) {
    throw unexpected(cursor, "a key in quotation marks");
  }
  if (keys > LIMITS.object_keys_max) {
    const message = `More than ${LIMITS.object_keys_max} keys in one object are not read.`;
    throw failure(cursor, "too_many_keys", message, keyAt);
  }
  const name = readString(cursor);
  // Nothing is inherited and no JSON value is undefined, so this says whether the key was there.
  if (object[name] !== undefined) {
    throw failure(cursor, "duplicate_key", `The key ${shown(name)} is here twice.`, keyAt, name);
  }
  if (skipSpace(cursor) !== COLON) {
    throw unexpected(cursor, "a colon");
  }
  cursor.at += 1;
  object[name] = cursor.node === undefined ? readValue(cursor) : readPlaced(cursor, cursor.node, name, keyAt);
};

const shown = (name: string): string =>
  JSON.stringify(
    name.length <= NAME_UNITS_SHOWN ? name : `${name.slice(0, NAME_UNITS_SHOWN).toWellFormed()}…`,
  );

const readArray = (cursor: Cursor): JsonArray => {
  enter(cursor);
  const array: Json[] = [];
  let unit = skipSpace(cursor);
  if (unit !== CLOSE_ARRAY) {
    do {
      const { node } = cursor;
      array.push(
        node === undefined ? readValue(cursor) : readPlaced(cursor, node, String(array.length), undefined),
      );
      unit = skipSpace(cursor);
    } while (unit === COMMA && pastComma(cursor));
    if (unit !== CLOSE_ARRAY) {
      throw unexpected(cursor, "a comma or the end of the array");
    }
  }
  cursor.at += 1;
  cursor.levels -= 1;
  return array;
};

/** Goes past a comma. */
const pastComma = (cursor: Cursor): true => {
  cursor.at += 1;
  skipSpace(cursor);
  return true;
};

const readPlaced = (cursor: Cursor, parent: PlaceNode, name: string, keyAt: number | undefined): Json => {
  skipSpace(cursor);
  const node = placeNode(parent, name, keyAt ?? cursor.at, cursor.at);
  parent.children.set(name, node);
  cursor.node = node;
  const value = readValue(cursor);
  cursor.node = parent;
  return value;
};
