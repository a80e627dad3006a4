import type { Found } from "./secret.ts";

/**
 * Parts of a text that look like chance: keys, tokens, hashes. Told by pairs of neighbouring characters. Words of
 * languages, names in code and paths are made of common pairs of letters; what is random mostly is not.
 */
export const randomParts = (text: string): readonly Found[] => {
  if (!RUN.test(text)) {
    return [];
  }
  const found: Found[] = [];
  // Ids of this form are what records are looked up by, and next to never secrets.
  const plain = text.replaceAll(UUID, (id) => " ".repeat(id.length));
  for (const run of plain.matchAll(RUNS)) {
    found.push(...randomIn(run[0], run.index));
  }
  return found;
};

const CHARACTERS_MIN = 16;
const RUN = /[A-Za-z0-9+/_=.~-]{16}/;
const RUNS = /[A-Za-z0-9+/_=.~-]{16,}/g;
const PIECES = /[A-Za-z0-9]+/g;
const UUID = /(?<![A-Za-z0-9])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![A-Za-z0-9])/gi;

/** So many odd pairs, and this share of all, are no accident. */
const ODD_MIN = 6;
const ODD_SHARE = 0.42;
/** Digits alone are numbers and times, unless they are very many. */
const DIGITS_MIN = 24;

interface Part {
  readonly start: number;
  end: number;
  odd: number;
  pairs: number;
}

/** Neighbouring pieces between `/`, `-`, `.` and the like count together, up to the next one that is a word. */
const randomIn = (run: string, at: number): readonly Found[] => {
  const found: Found[] = [];
  let part: Part | undefined;
  const close = (): void => {
    if (part !== undefined && isRandom(part)) {
      found.push({ start: at + part.start, end: at + part.end, kind: "random" });
    }
    part = undefined;
  };
  for (const { 0: piece, index } of run.matchAll(PIECES)) {
    const { odd, pairs } = oddPairs(piece);
    if (isWord(piece, odd, pairs)) {
      close();
      continue;
    }
    if (part === undefined && odd === 0) {
      continue;
    }
    part ??= { start: index, end: index, odd: 0, pairs: 0 };
    part.end = index + piece.length;
    part.odd += odd;
    part.pairs += pairs;
  }
  close();
  return found;
};

const isRandom = ({ start, end, odd, pairs }: Part): boolean =>
  end - start >= CHARACTERS_MIN && odd >= ODD_MIN && odd >= pairs * ODD_SHARE;

const isWord = (piece: string, odd: number, pairs: number): boolean =>
  piece.length > 3 && !isLongNumber(piece) && (pairs === 0 || odd < pairs * ODD_SHARE);

const isLongNumber = (piece: string): boolean => piece.length >= DIGITS_MIN && !/[^0-9]/.test(piece);

/** Two digits say nothing, unless there are very many. */
const oddPairs = (piece: string): { readonly odd: number; readonly pairs: number } => {
  if (isLongNumber(piece)) {
    return { odd: piece.length, pairs: piece.length };
  }
  let odd = 0;
  let pairs = 0;
  for (let at = 1; at < piece.length; at += 1) {
    const [first, second] = [piece[at - 1] ?? "", piece[at] ?? ""];
    if (!isDigit(first) || !isDigit(second)) {
      pairs += 1;
      odd += isCommon(first, second) ? 0 : 1;
    }
  }
  return { odd, pairs };
};

const isDigit = (character: string): boolean => character >= "0" && character <= "9";
const isLower = (character: string): boolean => character >= "a";

const isCommon = (first: string, second: string): boolean =>
  !(isLower(first) && !isLower(second)) &&
  (FOLLOWERS[first.toLowerCase()]?.includes(second.toLowerCase()) ?? false);

/** Which letters often follow which in words of European languages. */
const FOLLOWERS: Readonly<Record<string, string>> = {
  a: "bcdfgiklmnprstuvwy",
  b: "aeilorsuy",
  c: "aehiklorstu",
  d: "adegiorsuvy",
  e: "abcdefgilmnopqrstuvwxy",
  f: "aefilorut",
  g: "aeghilnoru",
  h: "aeiortu",
  i: "abcdefgklmnoprstvxz",
  j: "aeou",
  k: "aeilnosy",
  l: "abdefiklmoptuvy",
  m: "abeimopu",
  n: "acdefgiknostuvy",
  o: "abcdfgiklmnoprstuvw",
  p: "aehiloprstu",
  q: "u",
  r: "abcdefgiklmnoprstuvy",
  s: "aceghiklmnopqrstuwy",
  t: "acehilorstuwy",
  u: "abcdegilmnprst",
  v: "aeio",
  w: "aehinor",
  x: "aceipt",
  y: "aelmopst",
  z: "aeioz",
};
