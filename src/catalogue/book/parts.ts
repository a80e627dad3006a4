import { readJson } from "../../base/json-read.ts";
import { JsonError } from "../../base/json-error.ts";
import type { Json } from "../../base/json-value.ts";
import { unitAt } from "../../base/text.ts";

/** A document in which `null` stands for each object of a list of its root, and these objects one by one. */
export interface Parted {
  readonly frame: Json;
  readonly count: number;
  /** Each read when it is asked for. Throws `JsonError` with its place in the document. */
  readonly parts: () => Generator<Json, void>;
}

/**
 * Reads a JSON text in parts, so that no more than one of them is in memory as a value. What stands for itself in the
 * frame and in the parts is JSON exactly where the whole text is. Throws `JsonError`.
 */
export const readParts = (text: string): Parted => {
  const places = placesIn(text);
  let frame = "";
  let after = 0;
  for (const { start, end } of places) {
    frame += `${text.slice(after, start)}null`;
    after = end;
  }
  return {
    frame: frameOf(frame + text.slice(after), text),
    count: places.length,
    *parts() {
      for (const { start, end } of places) {
        yield partOf(text, start, end);
      }
    },
  };
};

interface Place {
  readonly start: number;
  /** Behind its brace. */
  readonly end: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN: ReadonlySet<number> = new Set([91, 123]);
const CLOSE: ReadonlySet<number> = new Set([93, 125]);
/** Of an object in a list in the root: how many brackets are open around it. */
const AROUND = 2;

/** Where the objects stand; in a text that is no JSON, somewhere, of which readers find out. */
const placesIn = (text: string): readonly Place[] => {
  const places: Place[] = [];
  let levels = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = unitAt(text, at);
    if (unit === QUOTE) {
      at = endOfString(text, at);
    } else if (OPEN.has(unit)) {
      start = levels === AROUND ? at : start;
      levels += 1;
    } else if (CLOSE.has(unit)) {
      levels -= 1;
      if (levels === AROUND) {
        places.push({ start, end: at + 1 });
      }
    }
  }
  return places;
};

/** Where the closing quotation mark stands, or the end. */
const endOfString = (text: string, from: number): number => {
  let at = text.indexOf('"', from + 1);
  while (at !== -1 && isEscaped(text, at)) {
    at = text.indexOf('"', at + 1);
  }
  return at === -1 ? text.length : at;
};

const isEscaped = (text: string, at: number): boolean => {
  let slashes = 0;
  while (unitAt(text, at - 1 - slashes) === BACKSLASH) {
    slashes += 1;
  }
  return slashes % 2 === 1;
};

const frameOf = (frame: string, text: string): Json => {
  try {
    return readJson(frame);
  } catch (error) {
    readJson(text); // Throws with the place in the whole.
    throw error;
  }
};

const partOf = (text: string, start: number, end: number): Json => {
  try {
    return readJson(text.slice(start, end));
  } catch (error) {
    throw error instanceof JsonError ? moved(error, text, start) : error;
  }
};

const moved = (error: JsonError, text: string, start: number): JsonError =>
  new JsonError(error.kind, error.message, text, start + error.offset);
