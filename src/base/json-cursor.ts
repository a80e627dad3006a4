import { unitAt } from "./text.ts";
import { JsonError, type JsonErrorKind } from "./json-error.ts";
import { pointerToken } from "./json-pointer.ts";

/** Where one key and its value begin, for error messages. Only `readJsonDocument` builds them. */
export interface PlaceNode {
  readonly parent: PlaceNode | undefined;
  /** The key or the index under which the parent has it. */
  readonly name: string;
  readonly keyAt: number;
  readonly valueAt: number;
  readonly children: Map<string, PlaceNode>;
}

export const placeNode = (
  parent: PlaceNode | undefined,
  name: string,
  keyAt: number,
  valueAt: number,
): PlaceNode => ({ parent, name, keyAt, valueAt, children: new Map() });

/** A reader's place in its text. One for each text, so that every function below sees one shape of object. */
export interface Cursor {
  readonly text: string;
  /** No raw lone surrogate anywhere: then slices need no check of their own. */
  readonly wellFormed: boolean;
  at: number;
  /** Arrays and objects that are open. */
  levels: number;
  /** The innermost open value, where places are remembered. */
  node: PlaceNode | undefined;
}

export const cursorOf = (text: string, node: PlaceNode | undefined): Cursor => ({
  text,
  wellFormed: text.isWellFormed(),
  at: 0,
  levels: 0,
  node,
});

const SPACE = 32;
const TAB = 9;
const LF = 10;
const CR = 13;

/** Goes to the next unit that is no white space (RFC 8259 section 2: four characters, no others) and tells it. */
export const skipSpace = (cursor: Cursor): number => {
  const { text } = cursor;
  let { at } = cursor;
  let unit = unitAt(text, at);
  while (unit <= SPACE && (unit === SPACE || unit === LF || unit === CR || unit === TAB)) {
    at += 1;
    unit = unitAt(text, at);
  }
  cursor.at = at;
  return unit;
};

const pointerTo = (node: PlaceNode): string => {
  let pointer = "";
  for (let here = node; here.parent !== undefined; here = here.parent) {
    pointer = `/${pointerToken(here.name)}${pointer}`;
  }
  return pointer;
};

/** The error for a place. `name` is the key it is about, if the value being read has no node yet. */
export const failure = (
  cursor: Cursor,
  kind: JsonErrorKind,
  message: string,
  offset: number,
  name?: string,
): JsonError => {
  const { node } = cursor;
  if (node === undefined) {
    return new JsonError(kind, message, cursor.text, offset);
  }
  const pointer = name === undefined ? pointerTo(node) : `${pointerTo(node)}/${pointerToken(name)}`;
  return new JsonError(kind, message, cursor.text, offset, pointer);
};

/** "The text ends" where it does, otherwise what was expected. */
export const unexpected = (cursor: Cursor, expected: string): JsonError =>
  cursor.at >= cursor.text.length
    ? failure(cursor, "syntax", "The text ends before the value does.", cursor.text.length)
    : failure(cursor, "syntax", `Expected ${expected} here.`, cursor.at);
