import { type Cursor, failure, unexpected } from "./json-cursor.ts";
import type { JsonNumber } from "./json-value.ts";
import { unitAt } from "./text.ts";
import { numberEnd, numberOfText } from "./decimal.ts";
import type { JsonError } from "./json-error.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;
const POINT = 46;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const UPPER_E = 69;
const LOWER_E = 101;
const LOWER_U = 117;
const FIRST_PRINTABLE = 32;
/** Any integer of so many digits is a double of its own. */
const SAFE_DIGITS = 15;

const ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }).map(
    ([letter, meaning]) => [letter.charCodeAt(0), meaning],
  ),
);

/** Reads a string whose opening quote is at the cursor. What it gives has no lone surrogates. */
export const readString = (cursor: Cursor): string => {
  const { text } = cursor;
  const start = cursor.at + 1;
  const { length } = text;
  let at = start;
  while (at < length) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const value = text.slice(start, at);
      if (!cursor.wellFormed && !value.isWellFormed()) {
        throw loneSurrogate(cursor);
      }
      cursor.at = at + 1;
      return value;
    }
    if (unit === BACKSLASH) {
      return readEscapedString(cursor, at);
    }
    if (unit < FIRST_PRINTABLE) {
      throw controlCharacter(cursor, at);
    }
    at += 1;
  }
  cursor.at = length;
  throw unexpected(cursor, "a quotation mark");
};

const readEscapedString = (cursor: Cursor, firstEscape: number): string => {
  const { text } = cursor;
  const start = cursor.at + 1;
  let value = "";
  let from = start;
  let at = firstEscape;
  for (let unit = BACKSLASH; unit !== QUOTE; unit = unitAt(text, at)) {
    if (unit === BACKSLASH) {
      value += text.slice(from, at) + escapedAt(cursor, at);
      at += unitAt(text, at + 1) === LOWER_U ? 6 : 2;
      from = at;
    } else if (unit < FIRST_PRINTABLE) {
      throw controlCharacter(cursor, at);
    } else {
      at += 1;
    }
  }
  value += text.slice(from, at);
  // A raw half beside an escaped one would make a pair here and none for a reader of the bytes.
  if (!value.isWellFormed() || (!cursor.wellFormed && !text.slice(start, at).isWellFormed())) {
    throw loneSurrogate(cursor);
  }
  cursor.at = at + 1;
  return value;
};

const loneSurrogate = (cursor: Cursor): JsonError =>
  failure(cursor, "lone_surrogate", "This string has a lone surrogate.", cursor.at);

const controlCharacter = (cursor: Cursor, at: number): JsonError => {
  cursor.at = at;
  return at < cursor.text.length
    ? failure(cursor, "syntax", "A control character in a string must be escaped.", at)
    : unexpected(cursor, "a quotation mark");
};

/** What the escape at `at` stands for: one UTF-16 unit. */
const escapedAt = (cursor: Cursor, at: number): string => {
  const letter = unitAt(cursor.text, at + 1);
  if (letter === LOWER_U) {
    return String.fromCharCode(hexAt(cursor, at));
  }
  const meaning = ESCAPES.get(letter);
  if (meaning === undefined) {
    throw badEscape(cursor, at);
  }
  return meaning;
};

const hexAt = (cursor: Cursor, at: number): number => {
  let value = 0;
  for (let place = at + 2; place < at + 6; place += 1) {
    const digit = hexDigit(unitAt(cursor.text, place));
    if (digit < 0) {
      throw badEscape(cursor, at);
    }
    value = value * 16 + digit;
  }
  return value;
};

const hexDigit = (unit: number): number => {
  if (unit >= DIGIT_0 && unit <= DIGIT_9) {
    return unit - DIGIT_0;
  }
  const letter = unit | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
};

const badEscape = (cursor: Cursor, at: number): JsonError => {
  cursor.at = at;
  return failure(cursor, "syntax", "This is no escape that JSON has.", at);
};

/** Reads a number that begins at the cursor. */
export const readNumber = (cursor: Cursor): number | JsonNumber => {
  const { text } = cursor;
  const negative = unitAt(text, cursor.at) === MINUS;
  const start = negative ? cursor.at + 1 : cursor.at;
  let at = start;
  let value = 0;
  let unit = unitAt(text, at);
  while (unit >= DIGIT_0 && unit <= DIGIT_9) {
    value = value * 10 + (unit - DIGIT_0);
    at += 1;
    unit = unitAt(text, at);
  }
  // The road of nearly all numbers: short, no fraction, no exponent, no leading zero and not -0.
  if (at - start <= SAFE_DIGITS && value > 0 && unitAt(text, start) !== DIGIT_0 && !goesOn(unit)) {
    cursor.at = at;
    return negative ? -value : value;
  }
  return readAnyNumber(cursor);
};

const goesOn = (unit: number): boolean => unit === POINT || unit === LOWER_E || unit === UPPER_E;

const readAnyNumber = (cursor: Cursor): number | JsonNumber => {
  const end = numberEnd(cursor.text, cursor.at);
  if (end === -1) {
    throw failure(cursor, "syntax", "This is no number that JSON has.", cursor.at);
  }
  const value = numberOfText(cursor.text.slice(cursor.at, end));
  if (value === undefined) {
    throw failure(cursor, "number_range", "This number is outside the range of a double.", cursor.at);
  }
  cursor.at = end;
  return value;
};
