/**
 * Names with `*` (any run of characters) and `?` (one code point), for tool patterns and operator `glob`.
 *
 * The pattern is cut at its stars. The first piece is anchored at the start, the last at the end, and each one
 * between is looked for as far left as it goes: with `*` on both sides the leftmost place leaves the most room, so
 * nothing is ever tried again. Cost: text × pattern at worst, and a native search for pieces without `?`.
 */

/** One part of a piece: text that stands for itself, or a number of code points. */
type Part = string | number;

interface Piece {
  readonly parts: readonly Part[];
  /** Code points the piece takes up. */
  readonly size: number;
}

const NOWHERE = -1;

/** Whether UTF-16 units `at` and `at + 1` are one code point. */
const isPair = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;

/** The place `count` code points further on, or nowhere if the text ends before it. */
const skip = (text: string, from: number, count: number): number => {
  let at = from;
  for (let left = count; left > 0; left -= 1) {
    if (at >= text.length) {
      return NOWHERE;
    }
    at += isPair(text, at) ? 2 : 1;
  }
  return at;
};

/** The place `count` code points before the end, or nowhere. */
const skipBack = (text: string, count: number): number => {
  let at = text.length;
  for (let left = count; left > 0; left -= 1) {
    if (at <= 0) {
      return NOWHERE;
    }
    at -= at >= 2 && isPair(text, at - 2) ? 2 : 1;
  }
  return at;
};

/** Where the parts end if they stand at `from`, or nowhere. */
const endAt = (parts: readonly Part[], text: string, from: number): number => {
  let at = from;
  for (const part of parts) {
    if (typeof part === "number") {
      at = skip(text, at, part);
    } else {
      at = text.startsWith(part, at) ? at + part.length : NOWHERE;
    }
    if (at === NOWHERE) {
      return NOWHERE;
    }
  }
  return at;
};

/** Where the leftmost place of a piece at or after `from` ends, or nowhere. */
const findEnd = (parts: readonly Part[], text: string, from: number): number => {
  const first = parts[0];
  if (typeof first !== "string") {
    const after = skip(text, from, first ?? 0);
    return after === NOWHERE || parts.length <= 1 ? after : findEnd(parts.slice(1), text, after);
  }
  for (let at = text.indexOf(first, from); at !== NOWHERE; at = text.indexOf(first, at + 1)) {
    const end = endAt(parts, text, at);
    if (end !== NOWHERE) {
      return end;
    }
  }
  return NOWHERE;
};

const pieceOf = (text: string, prepare: (literal: string) => string): Piece => {
  const parts = Array.from(text.matchAll(/\?+|[^?]+/g), ([found]) =>
    found.startsWith("?") ? found.length : prepare(found),
  ).filter((part) => part !== "");
  return {
    parts,
    size: parts.reduce<number>(
      (sum, part) => sum + (typeof part === "number" ? part : Array.from(part).length),
      0,
    ),
  };
};

const asIs = (literal: string): string => literal;

/**
 * Compiles a pattern into a test of whole names. `prepare` is applied to what stands for itself, so that folding
 * (docs/policy.md) cannot make a wildcard of a character that only looks like one.
 */
export const compileGlob = (
  pattern: string,
  prepare: (literal: string) => string = asIs,
): ((text: string) => boolean) => {
  const pieces = pattern.split(/\*+/).map((text) => pieceOf(text, prepare));
  const first = pieces[0] ?? { parts: [], size: 0 };
  const last = pieces.at(-1) ?? first;
  if (pieces.length === 1) {
    const whole = first.parts[0] ?? "";
    return first.parts.length <= 1 && typeof whole === "string"
      ? (text) => text === whole
      : (text) => endAt(first.parts, text, 0) === text.length;
  }
  const middle = pieces.slice(1, -1);
  return (text) => {
    let at = endAt(first.parts, text, 0);
    for (const piece of middle) {
      at = at === NOWHERE ? NOWHERE : findEnd(piece.parts, text, at);
    }
    const tail = skipBack(text, last.size);
    return at !== NOWHERE && tail >= at && endAt(last.parts, text, tail) === text.length;
  };
};
