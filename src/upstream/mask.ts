import { bareObject, isJsonArray, isJsonObject } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";

/** What stands where a secret stood. */
export const MASK = "[masked]";

export interface Masker {
  readonly maskText: (text: string) => string;
  /** The same value back where nothing is found; else a copy in which only the strings concerned are changed. */
  readonly maskJson: (value: Json) => Json;
}

const NOTHING: Masker = { maskText: (text) => text, maskJson: (value) => value };

/** RFC 3986 section 2.1: any byte may be written as `%XX`, in either case. Unreserved ones usually are not. */
const percentPattern = (secret: string): string => {
  let pattern = "";
  for (const byte of Buffer.from(secret, "utf8")) {
    const hex = byte.toString(16).padStart(2, "0");
    const either = hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
    const plain = byte < 0x80 ? escapePattern(String.fromCodePoint(byte)) : undefined;
    const space = byte === 0x20 ? "|\\+" : "";
    pattern += plain === undefined ? `%${either}` : `(?:${plain}|%${either}${space})`;
  }
  return pattern;
};

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/**
 * A secret inside longer Base64 starts at one of three alignments. The characters at its ends also hold bits of the
 * neighbours; those in between are always the same and are what is looked for (RFC 4648 section 4).
 */
const base64Cores = (secret: string): string[] => {
  const bytes = Buffer.from(secret, "utf8");
  return [0, 1, 2].map((shift) => {
    const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
    const whole = padded.toString("base64").replace(/=+$/, "");
    const from = shift === 0 ? 0 : shift + 1;
    const to = padded.length % 3 === 0 ? whole.length : whole.length - 1;
    return whole.slice(from, to);
  });
};

/** Also in the alphabet for URLs (RFC 4648 section 5), and percent-encoded. */
const base64Pattern = (core: string): string =>
  escapePattern(core)
    .replaceAll(String.raw`\+`, String.raw`(?:[+\-]|%2[Bb])`)
    .replaceAll(String.raw`\/`, "(?:[/_]|%2[Ff])");

/** Characters around a found piece of Base64 that also carry bits of the secret. */
const BASE64_EDGE = "[A-Za-z0-9+/_-]?";

const patternOf = (secrets: readonly string[]): RegExp => {
  const longestFirst = secrets.toSorted((a, b) => b.length - a.length);
  const parts = longestFirst.flatMap((secret) => {
    const cores = base64Cores(secret).map(base64Pattern).join("|");
    return [escapePattern(secret), percentPattern(secret), `${BASE64_EDGE}(?:${cores})${BASE64_EDGE}={0,2}`];
  });
  return new RegExp(parts.join("|"), "gu");
};

/** Whether a text may hold a secret, by searches that cost next to nothing; nearly every text holds none. */
const suspicion = (secrets: readonly string[]): ((text: string) => boolean) => {
  const needles = secrets.flatMap((secret) => {
    const cores = base64Cores(secret);
    const forUrls = cores.map((core) => core.replaceAll("+", "-").replaceAll("/", "_"));
    return [secret, secret.replaceAll(" ", "+"), ...cores, ...forUrls];
  });
  const distinct = [...new Set(needles), "%"];
  const shortest = Math.min(...secrets.map((secret) => secret.length));
  return (text) => text.length >= shortest && distinct.some((needle) => text.includes(needle));
};

const maskObject = (
  value: JsonObject,
  mask: (value: Json) => Json,
  maskName: (name: string) => string,
): JsonObject => {
  let changed: Record<string, Json> | undefined;
  const names = Object.keys(value);
  for (const [index, name] of names.entries()) {
    const item = value[name] ?? null;
    const made = mask(item);
    const called = maskName(name);
    if (changed === undefined && (made !== item || called !== name)) {
      changed = bareObject();
      for (const earlier of names.slice(0, index)) {
        changed[earlier] = value[earlier] ?? null;
      }
    }
    if (changed !== undefined) {
      changed[called] = made;
    }
  }
  return changed ?? value;
};

const maskArray = (value: readonly Json[], mask: (value: Json) => Json): readonly Json[] => {
  let changed: Json[] | undefined;
  for (const [index, item] of value.entries()) {
    const made = mask(item);
    if (changed === undefined && made !== item) {
      changed = value.slice(0, index);
    }
    changed?.push(made);
  }
  return changed ?? value;
};

/**
 * Masks secrets wherever an upstream echoes them: plain, percent-encoded or in Base64, in strings and in names.
 * Shorter values than `charactersMin` are not masked: they would be found in texts that hold no secret.
 */
export const createMasker = (
  secrets: readonly string[],
  charactersMin: number = LIMITS.masked_characters_min,
): Masker => {
  const long = [...new Set(secrets)].filter((secret) => secret.length >= charactersMin);
  if (long.length === 0) {
    return NOTHING;
  }
  const pattern = patternOf(long);
  const mayHold = suspicion(long);
  const maskText = (text: string): string => (mayHold(text) ? text.replaceAll(pattern, MASK) : text);
  const maskJson = (value: Json): Json => {
    if (typeof value === "string") {
      return maskText(value);
    }
    if (isJsonArray(value)) {
      return maskArray(value, maskJson);
    }
    return isJsonObject(value) ? maskObject(value, maskJson, maskText) : value;
  };
  return { maskText, maskJson };
};
