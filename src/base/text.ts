/** The UTF-16 unit at a place, -1 past the end (`charCodeAt` says NaN there, which is slow in a hot loop). */
export const unitAt = (text: string, at: number): number => (at < text.length ? text.charCodeAt(at) : -1);

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** How many code points a text has; a lone surrogate is one. */
export const codePointLength = (text: string): number => {
  let length = text.length;
  for (let at = 1; at < text.length; at += 1) {
    if (isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1))) {
      length -= 1;
    }
  }
  return length;
};

/** The order of two texts by code point. (`<` compares UTF-16 units, which puts U+1F600 before U+FF00.) */
export const compareCodePoints = (a: string, b: string): -1 | 0 | 1 => {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) {
      return orderOf(left) < orderOf(right) ? -1 : 1;
    }
  }
  return a.length === b.length ? 0 : a.length < b.length ? -1 : 1;
};

/** A surrogate stands for a code point beyond U+FFFF, so in well-formed text it comes after every other unit. */
const orderOf = (unit: number): number => (isHigh(unit) || isLow(unit) ? unit + 0x10000 : unit);

/**
 * A copy with memory of its own. A part cut out of a long text keeps the whole text alive in V8; what is kept
 * beyond one message (a session's client name, a listed tool's name) is kept as such a copy.
 */
export const detached = (text: string): string => String(JSON.parse(JSON.stringify(text)));
