/**
 * Proves in one pass over its bytes that a line is an object in RFC 8785 form: members sorted, none twice, no white
 * space, every string and number written in the one way there is. It builds no values, and that makes it several
 * times as fast as reading. It proves nothing of lines with rarer things in them (escapes in names, fractions beyond
 * doubles, deep nesting): those are for the strict reader, which has the last word.
 */

/** The members that give a line its place in the chain. */
export interface Marks {
  readonly id: string | undefined;
  readonly prev: string;
  readonly hash: string;
  /** Behind the closing quotation mark of `hash`. */
  readonly hashEnd: number;
}

/** Where their values are, quotation marks included; 0 where they are not. */
interface Places {
  idAt: number;
  idEnd: number;
  prevAt: number;
  prevEnd: number;
  hashAt: number;
  hashEnd: number;
}

/** Not proved. No byte stands there, so nothing goes on from it. */
const DOUBT = -1;

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const FIRST_BEYOND_ASCII = 128;
const FIRST_PRINTABLE = 32;

/** Far below what the strict reader takes, so that nothing is proved here that it would refuse. */
const LEVELS_MAX = 32;
const MEMBERS_MAX = 1_000;
/** Any integer of so many digits is a double of its own, and printed as it is. */
const SAFE_DIGITS = 15;
const HASH_DIGITS = 64;

const tableOf = (holds: (byte: number) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => (holds(byte) ? 1 : 0));

/** Bytes of a string that stand for themselves. Those beyond ASCII are UTF-8, which the caller knows to be sound. */
const PLAIN = tableOf((byte) => byte >= FIRST_PRINTABLE && byte !== QUOTE && byte !== BACKSLASH);
/** … and of a name: bytes beyond ASCII may sort otherwise than the UTF-16 units that RFC 8785 asks about. */
const PLAIN_NAME = tableOf((byte) => PLAIN[byte] === 1 && byte < FIRST_BEYOND_ASCII);
const HEX = tableOf((byte) => "0123456789abcdef".includes(String.fromCharCode(byte)));
/** The escapes that ECMAScript writes with one letter. All others are in doubt. */
const ESCAPED = tableOf((byte) => '"\\bfnrt'.includes(String.fromCharCode(byte)));

/**
 * @param bytes sound UTF-8, with a line feed at `end`
 * @returns undefined where nothing is proved
 */
export const scanLine = (bytes: Buffer, end: number): Marks | undefined => {
  if (bytes[0] !== OPEN_OBJECT) {
    return undefined;
  }
  const places = { idAt: 0, idEnd: 0, prevAt: 0, prevEnd: 0, hashAt: 0, hashEnd: 0 };
  if (scanObject(bytes, 1, 1, places) !== end) {
    return undefined;
  }
  const { prevAt, prevEnd, hashAt, hashEnd } = places;
  const id = textAt(bytes, places.idAt, places.idEnd);
  return isHash(bytes, prevAt, prevEnd) && isHash(bytes, hashAt, hashEnd) && id?.includes("\\") !== true
    ? {
        id,
        prev: bytes.toString("latin1", prevAt + 1, prevEnd - 1),
        hash: bytes.toString("latin1", hashAt + 1, hashEnd - 1),
        hashEnd,
      }
    : undefined;
};

/** A SHA-256 in hex. It is known to be a value: so a string is one from its first quotation mark to its last. */
const isHash = (bytes: Buffer, at: number, end: number): boolean => {
  if (at === 0 || end - at !== HASH_DIGITS + 2 || bytes[at] !== QUOTE) {
    return false;
  }
  let digit = at + 1;
  while (HEX[bytes[digit] ?? 0] === 1) {
    digit += 1;
  }
  return digit === end - 1;
};

const textAt = (bytes: Buffer, at: number, end: number): string | undefined =>
  at > 0 && bytes[at] === QUOTE ? bytes.toString("utf8", at + 1, end - 1) : undefined;

/** From the first byte of a value to behind it. The line feed at the line's end is part of no value, so it ends there. */
const scanValue = (bytes: Buffer, at: number, level: number): number => {
  switch (bytes[at] ?? 0) {
    case QUOTE:
      return scanString(bytes, at + 1);
    case OPEN_OBJECT:
      return scanObject(bytes, at + 1, level + 1, undefined);
    case OPEN_ARRAY:
      return scanArray(bytes, at + 1, level + 1);
    default:
      return scanScalar(bytes, at);
  }
};

/** From behind the opening quotation mark to behind the closing one. */
const scanString = (bytes: Buffer, from: number): number => {
  let at = from;
  for (;;) {
    while (PLAIN[bytes[at] ?? 0] === 1) {
      at += 1;
    }
    const byte = bytes[at];
    if (byte === QUOTE) {
      return at + 1;
    }
    if (byte !== BACKSLASH || ESCAPED[bytes[at + 1] ?? 0] !== 1) {
      return DOUBT;
    }
    at += 2;
  }
};

const scanArray = (bytes: Buffer, from: number, level: number): number => {
  if (level > LEVELS_MAX) {
    return DOUBT;
  }
  if (bytes[from] === CLOSE_ARRAY) {
    return from + 1;
  }
  for (let at = from; ;) {
    const end = scanValue(bytes, at, level);
    if (bytes[end] !== COMMA) {
      return bytes[end] === CLOSE_ARRAY ? end + 1 : DOUBT;
    }
    at = end + 1;
  }
};

const scanObject = (bytes: Buffer, from: number, level: number, places: Places | undefined): number => {
  if (level > LEVELS_MAX) {
    return DOUBT;
  }
  return bytes[from] === CLOSE_OBJECT ? from + 1 : scanMembers(bytes, from, level, places);
};

const scanMembers = (bytes: Buffer, from: number, level: number, places: Places | undefined): number => {
  let at = from;
  let last = from;
  let lastEnd = from;
  for (let members = 1; members <= MEMBERS_MAX; members += 1) {
    const nameEnd = scanName(bytes, at);
    if (nameEnd === DOUBT || !comesAfter(bytes, last, lastEnd, at + 1)) {
      return DOUBT;
    }
    const end = scanValue(bytes, nameEnd + 2, level);
    if (places !== undefined) {
      mark(places, bytes, at, nameEnd, end);
    }
    if (bytes[end] !== COMMA) {
      return bytes[end] === CLOSE_OBJECT ? end + 1 : DOUBT;
    }
    last = at + 1;
    lastEnd = nameEnd;
    at = end + 1;
  }
  return DOUBT;
};

/** The closing quotation mark of a name that a colon follows. */
const scanName = (bytes: Buffer, at: number): number => {
  if (bytes[at] !== QUOTE) {
    return DOUBT;
  }
  let end = at + 1;
  while (PLAIN_NAME[bytes[end] ?? 0] === 1) {
    end += 1;
  }
  return bytes[end] === QUOTE && bytes[end + 1] === COLON ? end : DOUBT;
};

/** Whether the name at `at` is greater than the one before it: neither out of order nor the same. "" is in doubt. */
const comesAfter = (bytes: Buffer, last: number, lastEnd: number, at: number): boolean => {
  let left = last;
  let right = at;
  while (left < lastEnd && bytes[left] === bytes[right]) {
    left += 1;
    right += 1;
  }
  const next = bytes[right] ?? 0;
  return left === lastEnd ? next !== QUOTE : next !== QUOTE && next > (bytes[left] ?? 0);
};

const ID = [105, 100] as const;
const PREV = [112, 114, 101, 118] as const;
const HASH = [104, 97, 115, 104] as const;

/** Remembers the three members that matter. Names are sorted and none comes twice, so each is seen once. */
const mark = (places: Places, bytes: Buffer, at: number, nameEnd: number, end: number): void => {
  if (spells(bytes, at + 1, nameEnd, HASH)) {
    places.hashAt = nameEnd + 2;
    places.hashEnd = end;
  } else if (spells(bytes, at + 1, nameEnd, ID)) {
    places.idAt = nameEnd + 2;
    places.idEnd = end;
  } else if (spells(bytes, at + 1, nameEnd, PREV)) {
    places.prevAt = nameEnd + 2;
    places.prevEnd = end;
  }
};

const spells = (bytes: Buffer, at: number, end: number, letters: readonly number[]): boolean =>
  end - at === letters.length && letters.every((letter, index) => bytes[at + index] === letter);

const WORDS = ["true", "false", "null"].map((word) => Array.from(word, (letter) => letter.charCodeAt(0)));

/** A word, or a number. Of numbers only short integers are surely printed as they are written. */
const scanScalar = (bytes: Buffer, at: number): number => {
  const first = bytes[at] ?? 0;
  if (first === MINUS || isDigit(first)) {
    return scanInteger(bytes, first === MINUS ? at + 1 : at, first === MINUS);
  }
  const word = WORDS.find((letters) => letters[0] === first);
  return word?.every((letter, index) => bytes[at + index] === letter) === true ? at + word.length : DOUBT;
};

const scanInteger = (bytes: Buffer, start: number, negative: boolean): number => {
  let end = start;
  while (isDigit(bytes[end] ?? 0)) {
    end += 1;
  }
  const digits = end - start;
  if (bytes[start] === DIGIT_0 && (digits > 1 || negative)) {
    return DOUBT; // A leading nought, or minus nought.
  }
  return digits > 0 && digits <= SAFE_DIGITS && isPast(bytes[end] ?? 0) ? end : DOUBT;
};

const isDigit = (byte: number): boolean => byte >= DIGIT_0 && byte <= DIGIT_9;

/** What can follow a number that neither a fraction nor an exponent goes on from. */
const isPast = (byte: number): boolean => byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
