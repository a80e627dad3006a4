/**
 * How a string travels in an HTTP header (2026-07-28 Streamable HTTP "Value Encoding"): as it is if it is plain
 * ASCII, else `=?base64?…?=` around the Base64 of its UTF-8.
 */
const PREFIX = "=?base64?";
const SUFFIX = "?=";
/** RFC 9110 section 5.5: visible ASCII, with space and tab inside only. */
const PLAIN = /^[!-~](?:[\t -~]*[!-~])?$/;
/** RFC 4648 section 4, with its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const isSentinel = (text: string): boolean =>
  text.length >= PREFIX.length + SUFFIX.length && text.startsWith(PREFIX) && text.endsWith(SUFFIX);

const toBase64 = (text: string): string => {
  const pieces: string[] = [];
  for (const byte of new TextEncoder().encode(text)) {
    pieces.push(String.fromCharCode(byte));
  }
  return btoa(pieces.join(""));
};

export const encodeHeaderValue = (text: string): string =>
  PLAIN.test(text) && !isSentinel(text) ? text : `${PREFIX}${toBase64(text)}${SUFFIX}`;

/**
 * The string that a header's value stands for. `undefined` where it stands for none: characters that a header must
 * not have, Base64 that is not in its one form, bytes that are no UTF-8.
 */
export const decodeHeaderValue = (value: string): string | undefined => {
  if (!isSentinel(value)) {
    return PLAIN.test(value) ? value : undefined;
  }
  const base64 = value.slice(PREFIX.length, value.length - SUFFIX.length);
  if (!BASE64.test(base64)) {
    return undefined;
  }
  const binary = atob(base64);
  // Unused bits that are not zero would give one string several forms.
  if (btoa(binary) !== base64) {
    return undefined;
  }
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
