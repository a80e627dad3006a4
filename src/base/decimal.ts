import { JsonNumber } from "./json-value.ts";
import { unitAt } from "./text.ts";

/**
 * A number as its decimal digits: 0.DIGITS × 10^point. `digits` has no zero at either end and is "" for zero,
 * so equal decimals are equal records. No step here writes out what an exponent stands for, so `1e308` costs no
 * more than its five characters.
 */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly point: number;
}

const ZERO: Decimal = { negative: false, digits: "", point: 0 };
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const UPPER_E = 69;
const LOWER_E = 101;
const FRACTION_DIGITS = 9;
const UNITS_PER_ONE = 10n ** BigInt(FRACTION_DIGITS);
/** No double reaches 10^309; sums of doubles that matter stay below 10^400. Longer texts are not worth a BigInt. */
const WHOLE_DIGITS_MAX = 400;
const PLAIN_DIGITS_MAX = 40;

const afterDigits = (text: string, from: number): number => {
  let at = from;
  for (let unit = unitAt(text, at); unit >= DIGIT_0 && unit <= DIGIT_9; unit = unitAt(text, at)) {
    at += 1;
  }
  return at;
};

const afterExponent = (text: string, from: number): number => {
  const mark = unitAt(text, from);
  if (mark !== LOWER_E && mark !== UPPER_E) {
    return from;
  }
  const sign = unitAt(text, from + 1);
  const digitsFrom = sign === PLUS || sign === MINUS ? from + 2 : from + 1;
  const end = afterDigits(text, digitsFrom);
  return end === digitsFrom ? -1 : end;
};

/** Where the number that starts at `from` ends (RFC 8259 section 6), or -1 if none starts there. */
export const numberEnd = (text: string, from: number): number => {
  const whole = unitAt(text, from) === MINUS ? from + 1 : from;
  const end = unitAt(text, whole) === DIGIT_0 ? whole + 1 : afterDigits(text, whole);
  if (end === whole) {
    return -1;
  }
  if (unitAt(text, end) !== POINT) {
    return afterExponent(text, end);
  }
  const fractionEnd = afterDigits(text, end + 1);
  return fractionEnd === end + 1 ? -1 : afterExponent(text, fractionEnd);
};

/** The decimal of a JSON number's text, which the caller has checked. */
const decimalOfText = (text: string): Decimal => {
  const negative = unitAt(text, 0) === MINUS;
  const from = negative ? 1 : 0;
  const wholeEnd = afterDigits(text, from);
  const hasFraction = unitAt(text, wholeEnd) === POINT;
  const mantissaEnd = hasFraction ? afterDigits(text, wholeEnd + 1) : wholeEnd;
  const mantissa = hasFraction
    ? text.slice(from, wholeEnd) + text.slice(wholeEnd + 1, mantissaEnd)
    : text.slice(from, wholeEnd);
  let start = 0;
  while (unitAt(mantissa, start) === DIGIT_0) {
    start += 1;
  }
  if (start === mantissa.length) {
    return ZERO;
  }
  let end = mantissa.length;
  while (unitAt(mantissa, end - 1) === DIGIT_0) {
    end -= 1;
  }
  const exponent = mantissaEnd === text.length ? 0 : Number(text.slice(mantissaEnd + 1));
  return { negative, digits: mantissa.slice(start, end), point: wholeEnd - from - start + exponent };
};

/** What a number was written as: its own text, or the shortest text of its double. */
const numberText = (n: number | JsonNumber): string => (typeof n === "number" ? String(n) : n.text);

export const decimalOf = (n: number | JsonNumber): Decimal => decimalOfText(numberText(n));

const compareMagnitudes = (a: Decimal, b: Decimal): -1 | 0 | 1 => {
  if (a.digits === "" || b.digits === "") {
    return a.digits === b.digits ? 0 : a.digits === "" ? -1 : 1;
  }
  if (a.point !== b.point) {
    return a.point < b.point ? -1 : 1;
  }
  // Both start with a digit other than 0 at the same place, so the order of the texts is that of the numbers.
  return a.digits === b.digits ? 0 : a.digits < b.digits ? -1 : 1;
};

export const compareDecimals = (a: Decimal, b: Decimal): -1 | 0 | 1 => {
  if (a.negative !== b.negative) {
    return a.negative ? -1 : 1;
  }
  return a.negative ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
};

/**
 * A decimal in the form ECMAScript gives to numbers (ECMA-262 Number::toString), with as many digits as it has.
 * Equal decimals have equal texts, and a decimal that is a double's shortest form has that double's text.
 */
export const decimalText = (decimal: Decimal): string => {
  const { digits, point } = decimal;
  if (digits === "") {
    return "0";
  }
  const sign = decimal.negative ? "-" : "";
  if (point > 21 || point <= -6) {
    const mantissa = digits.length === 1 ? digits : `${digits.slice(0, 1)}.${digits.slice(1)}`;
    return `${sign}${mantissa}e${point > 0 ? "+" : "-"}${Math.abs(point - 1)}`;
  }
  return sign + plainDigits(digits, point);
};

const plainDigits = (digits: string, point: number): string => {
  if (point <= 0) {
    return `0.${"0".repeat(-point)}${digits}`;
  }
  return digits.length <= point
    ? digits + "0".repeat(point - digits.length)
    : `${digits.slice(0, point)}.${digits.slice(point)}`;
};

/**
 * A number as text for docs/policy.md, `.**`: no exponent, no trailing zeros, `-0` as `0`; as written if
 * that takes more than 40 digits.
 */
export const plainText = (n: number | JsonNumber): string => {
  const decimal = decimalOf(n);
  const { digits, point } = decimal;
  if (digits === "") {
    return "0";
  }
  const count = point <= 0 ? 1 - point + digits.length : Math.max(point, digits.length);
  return count > PLAIN_DIGITS_MAX
    ? numberText(n)
    : (decimal.negative ? "-" : "") + plainDigits(digits, point);
};

/** Whether a number is an integer as JSON Schema has it: `5.0` and `1e2` are. */
export const isInteger = (n: number | JsonNumber): boolean => {
  if (typeof n === "number") {
    return Number.isInteger(n);
  }
  const { digits, point } = decimalOf(n);
  return digits.length <= point;
};

const unitsOfDecimal = (decimal: Decimal): bigint | undefined => {
  const { digits, point } = decimal;
  const zeros = point + FRACTION_DIGITS - digits.length;
  if (digits === "") {
    return 0n;
  }
  if (zeros < 0 || point > WHOLE_DIGITS_MAX) {
    return undefined;
  }
  const units = BigInt(digits + "0".repeat(zeros));
  return decimal.negative ? -units : units;
};

/**
 * An amount in integers of 10^-9 (docs/limits.md). `undefined` if it has more than nine digits after the
 * point, trailing zeros aside, or is no finite number.
 */
export const toUnits = (n: number | JsonNumber): bigint | undefined => {
  if (typeof n !== "number") {
    return unitsOfDecimal(decimalOf(n));
  }
  if (Number.isSafeInteger(n)) {
    return BigInt(n) * UNITS_PER_ONE;
  }
  return Number.isFinite(n) ? unitsOfDecimal(decimalOf(n)) : undefined;
};

/** The same from a JSON number's text; `undefined` also for what is no such text. */
export const unitsFromText = (text: string): bigint | undefined =>
  numberEnd(text, 0) === text.length ? unitsOfDecimal(decimalOfText(text)) : undefined;

/** Units as a decimal without exponent or trailing zeros: 12500000000n is "12.5". */
export const unitsToText = (units: bigint): string => {
  const magnitude = units < 0n ? -units : units;
  const fraction = (magnitude % UNITS_PER_ONE).toString().padStart(FRACTION_DIGITS, "0").replace(/0+$/, "");
  const whole = `${units < 0n ? "-" : ""}${magnitude / UNITS_PER_ONE}`;
  return fraction === "" ? whole : `${whole}.${fraction}`;
};

/**
 * The number that a JSON number's text stands for: a JS number where that prints as the same text, otherwise a
 * `JsonNumber`. `undefined` if no double comes near it: too large, or not zero but nearest to zero.
 */
export const numberOfText = (text: string): number | JsonNumber | undefined => {
  const value = Number(text);
  if (String(value) === text) {
    return value;
  }
  if (!Number.isFinite(value)) {
    return undefined;
  }
  const decimal = decimalOfText(text);
  if (value === 0 && decimal.digits !== "") {
    return undefined;
  }
  return new JsonNumber(text, value, compareDecimals(decimal, decimalOf(value)) === 0);
};
