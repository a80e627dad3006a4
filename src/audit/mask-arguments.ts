import {
  bareObject,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonArray,
  JsonNumber,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { randomParts } from "./random-text.ts";
import { isSecretName } from "./secret-names.ts";
import { shapedSecrets } from "./secret-shapes.ts";
import { apart, type Found, markerOf, replaceFound, type SecretFinder } from "./secret.ts";

export interface MaskTools {
  /** Replaces secrets that the gate itself holds. */
  readonly known: (text: string) => string;
  readonly find: SecretFinder;
  /** Names under which the tool itself expects secrets, whatever they are called. */
  readonly secretNames: ReadonlySet<string>;
}

export const TOO_LONG = markerOf("too long");
const TOO_DEEP = markerOf("too deep");
const BY_NAME = markerOf("name");

/**
 * Arguments with their secrets replaced by markers: in strings and names what rules, forms and chance tell; under names
 * such as `password`, and those that the tool calls secret, whatever is there. Rejects where the finder does.
 */
export const maskArguments = async (
  args: JsonObject,
  { known, find, secretNames }: MaskTools,
): Promise<JsonObject> => {
  const bounded = new Bounded(known, secretNames);
  const kept = bounded.object(args, 1);
  const texts = await maskTexts([...bounded.texts], find);
  return isJsonObject(kept) ? withTexts(kept, texts) : bareObject();
};

/** A name of an argument, at once: rules would have to be waited for. */
export const maskName = (text: string, known: (text: string) => string): string => {
  if (text.length > LIMITS.kept_name_characters_max) {
    return TOO_LONG;
  }
  const rest = known(text);
  return replaceFound(rest, [...shapedSecrets(rest), ...randomParts(rest)]);
};

/**
 * What was asked for: a tool, a URI, a method. A URI says what the record is about, and names in its path may look like
 * chance; what follows `?` or `#` may not.
 */
export const maskSubject = (text: string, known: (text: string) => string): string => {
  if (text.length > LIMITS.kept_name_characters_max) {
    return TOO_LONG;
  }
  const rest = known(text);
  const start = rest.includes(":") ? rest.search(/[?#]/) : 0;
  const random = start === -1 ? [] : randomParts(" ".repeat(start) + rest.slice(start));
  return replaceFound(rest, [...shapedSecrets(rest), ...random]);
};

/** All texts are looked at together: one search costs little more for many lines than for one. */
const maskTexts = async (
  texts: readonly string[],
  find: SecretFinder,
): Promise<ReadonlyMap<string, string>> => {
  const partsOf = textByText(apart(await find(texts.join("\n"))));
  const masked = new Map<string, string>();
  let start = 0;
  for (const text of texts) {
    const ruled = partsOf(start, start + text.length);
    masked.set(text, replaceFound(text, [...ruled, ...shapedSecrets(text), ...randomParts(text)]));
    start += text.length + 1;
  }
  return masked;
};

/** The parts of findings that lie in a text, in the text's own places. Asked for one text after the other. */
const textByText = (found: readonly Found[]): ((start: number, end: number) => readonly Found[]) => {
  let next = 0;
  return (start, end) => {
    while ((found[next]?.end ?? Infinity) <= start) {
      next += 1;
    }
    const parts: Found[] = [];
    for (let at = next, each = found[at]; each !== undefined && each.start < end; each = found[(at += 1)]) {
      const part = { ...each, start: Math.max(0, each.start - start), end: Math.min(end, each.end) - start };
      if (part.start < part.end) {
        parts.push(part);
      }
    }
    return parts;
  };
};

/** Members that say what a neighbour is, as in `{ "name": "Authorization", "value": "…" }`. */
const NAMING = ["name", "key", "header", "field", "variable", "label", "id", "type"] as const;
const NAMED: ReadonlySet<string> = new Set(["value", "values", "val", "content", "data", "text"]);

/** Copies arguments up to a bound, without what stands under secret names. Collects the texts that are left. */
class Bounded {
  readonly texts = new Set<string>();
  readonly #known: (text: string) => string;
  readonly #secretNames: ReadonlySet<string>;
  #left: number = LIMITS.kept_arguments_characters_max;

  constructor(known: (text: string) => string, secretNames: ReadonlySet<string>) {
    this.#known = known;
    this.#secretNames = secretNames;
  }

  object(value: JsonObject, level: number): Json {
    const kept = bareObject();
    const taken = new Map<string, number>();
    const namesSecret = NAMING.some((name) => isSecretWord(member(value, name)));
    for (const name of Object.keys(value)) {
      if (this.#left <= 0) {
        kept[TOO_LONG] = TOO_LONG;
        break;
      }
      const called = unused(this.#text(name), kept, taken);
      const hidden =
        isSecretName(name) || this.#secretNames.has(name) || (namesSecret && NAMED.has(name.toLowerCase()));
      kept[called] = hidden ? BY_NAME : this.#value(value[name] ?? null, level + 1);
    }
    return kept;
  }

  #array(value: JsonArray, level: number): Json {
    const kept: Json[] = [];
    let before: Json | undefined;
    for (const item of value) {
      if (this.#left <= 0) {
        kept.push(TOO_LONG);
        break;
      }
      // `["--password", "…"]`, `["Authorization", "…"]`
      kept.push(isSecretWord(before) ? BY_NAME : this.#value(item, level + 1));
      before = item;
    }
    return kept;
  }

  #value(value: Json, level: number): Json {
    this.#left -= 1;
    if (typeof value === "string") {
      return this.#text(value);
    }
    if (value instanceof JsonNumber) {
      this.#left -= value.text.length;
      return value;
    }
    if (typeof value !== "object" || value === null) {
      return value;
    }
    if (level > LIMITS.kept_arguments_levels_max) {
      return TOO_DEEP;
    }
    return isJsonArray(value) ? this.#array(value, level) : this.object(value, level);
  }

  #text(text: string): string {
    this.#left -= text.length;
    if (this.#left < 0) {
      return TOO_LONG;
    }
    const rest = this.#known(text);
    this.texts.add(rest);
    return rest;
  }
}

/** A short string that is a secret's name and nothing else. */
const isSecretWord = (value: Json | undefined): boolean =>
  typeof value === "string" &&
  /^[-$]{0,2}[\p{L}_][\p{L}\p{N}_.-]{1,63}:?$/u.test(value) &&
  isSecretName(value);

const withTexts = (value: JsonObject, texts: ReadonlyMap<string, string>): JsonObject => {
  const masked = bareObject();
  const taken = new Map<string, number>();
  for (const name of Object.keys(value)) {
    masked[unused(texts.get(name) ?? name, masked, taken)] = withTextsIn(value[name] ?? null, texts);
  }
  return masked;
};

const withTextsIn = (value: Json, texts: ReadonlyMap<string, string>): Json => {
  if (typeof value === "string") {
    return texts.get(value) ?? value;
  }
  if (isJsonArray(value)) {
    return value.map((item) => withTextsIn(item, texts));
  }
  return isJsonObject(value) ? withTexts(value, texts) : value;
};

/** Two names may be the same once they are masked; both members stay. */
const unused = (name: string, object: JsonObject, taken: Map<string, number>): string => {
  let free = name;
  while (Object.hasOwn(object, free)) {
    const next = (taken.get(name) ?? 1) + 1;
    taken.set(name, next);
    free = `${name} ${String(next)}`;
  }
  return free;
};
