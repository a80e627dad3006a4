/**
 * Percent escapes decoded until nothing changes (docs/policy.md, `within`), in one pass over the text.
 *
 * Escapes never overlap (`%` only begins one), so the order of decoding does not matter and a stack finds the end
 * result in linear time; decoding again and again would cost the square for `%252525…`. Each unit remembers in which
 * round it was decoded: bytes of one UTF-8 sequence belong to one round, or they were never a sequence.
 */

const PERCENT = 37;
const ASCII_END = 0x80;
/** Added to a byte that is not ASCII, to tell it from a character. */
const RAW = 0x10000;

const hexValue = (unit: number): number => {
  if (unit >= 48 && unit <= 57) {
    return unit - 48;
  }
  const lower = unit | 32;
  return lower >= 97 && lower <= 102 && unit < ASCII_END ? lower - 87 : -1;
};

/** The byte of the escape that the stack ends with, or -1. */
const lastEscape = (units: readonly number[]): number => {
  const top = units.length;
  if (top < 3 || units[top - 3] !== PERCENT) {
    return -1;
  }
  const high = hexValue(units[top - 2] ?? 0);
  const low = hexValue(units[top - 1] ?? 0);
  return high === -1 || low === -1 ? -1 : high * 16 + low;
};

/** Replaces the escape at the end of the stack, and the one it completes, and so on. */
const reduce = (units: number[], rounds: number[]): void => {
  for (let byte = lastEscape(units); byte !== -1; byte = lastEscape(units)) {
    const from = units.length - 3;
    const round = Math.max(...rounds.slice(from)) + 1;
    units.length = from;
    rounds.length = from;
    units.push(byte < ASCII_END ? byte : byte + RAW);
    rounds.push(round);
  }
};

/** How many bytes a UTF-8 sequence has by its first one; 0 for a byte that begins none. */
const sequenceLength = (lead: number): number => {
  if (lead >= 0xc2 && lead <= 0xdf) {
    return 2;
  }
  if (lead >= 0xe0 && lead <= 0xef) {
    return 3;
  }
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
};

const sequenceText = (
  units: readonly number[],
  rounds: readonly number[],
  at: number,
): string | undefined => {
  const length = sequenceLength((units[at] ?? 0) - RAW);
  let escapes = "";
  for (let place = at; place < at + length; place += 1) {
    const byte = (units[place] ?? 0) - RAW;
    if (byte < ASCII_END || rounds[place] !== rounds[at]) {
      return undefined;
    }
    escapes += `%${byte.toString(16)}`;
  }
  try {
    return length === 0 ? undefined : decodeURIComponent(escapes);
  } catch {
    return undefined;
  }
};

/** The decoded text, or `undefined` where escapes are no UTF-8. A `%` without two hexadecimal digits stays. */
export const decodeEscapes = (text: string): string | undefined => {
  if (!text.includes("%")) {
    return text;
  }
  const units: number[] = [];
  const rounds: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    units.push(text.charCodeAt(at));
    rounds.push(0);
    reduce(units, rounds);
  }
  const parts: string[] = [];
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] ?? 0;
    const part = unit < RAW ? String.fromCharCode(unit) : sequenceText(units, rounds, at);
    if (part === undefined) {
      return undefined;
    }
    parts.push(part);
    at += unit < RAW ? 0 : sequenceLength(unit - RAW) - 1;
  }
  return parts.join("");
};
