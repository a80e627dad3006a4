import { bareObject, isJsonArray, isJsonObject } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";

/**
 * What is taken out of texts that a model reads (docs/clients.md): controls but TAB, LF and CR, bidi and tag
 * characters, and what has no width. Joiners (U+200C, U+200D) and variation selectors are looked at one by one.
 */
const RUN = /[[\p{Cc}--[\t\n\r]]\p{Bidi_Control}\u{FFF9}-\u{FFFB}\p{Default_Ignorable_Code_Point}]+/gv;
const LEFT_OF_JOINER = /[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]$/u;
const RIGHT_OF_JOINER = /^[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;
const LEFT_OF_SELECTOR = /[^\s\p{Cc}\p{Cf}]$/u;
const JOINERS: ReadonlySet<string> = new Set(["\u200C", "\u200D"]);
const SELECTOR_JOINER = /^[\uFE00-\uFE0F][\u200C\u200D]$/;
const SELECTOR = /^[\uFE00-\uFE0F]$/;

/** Up to two code units on each side are enough to see one code point. */
const before = (text: string, at: number): string => String.fromCodePoint(...codePointBefore(text, at));

const codePointBefore = (text: string, at: number): number[] => {
  if (at === 0) {
    return [];
  }
  const low = text.charCodeAt(at - 1);
  const pair = low >= 0xdc00 && low <= 0xdfff && at > 1 ? text.codePointAt(at - 2) : undefined;
  return [pair !== undefined && pair > 0xffff ? pair : low];
};

const after = (text: string, at: number): string => {
  const point = text.codePointAt(at);
  return point === undefined ? "" : String.fromCodePoint(point);
};

/** A run is kept if it is one that writing needs: a joiner, a selector (as in `❤️`), or a selector and a joiner. */
const keepsRun = (run: string, left: string, right: string): boolean => {
  if (JOINERS.has(run)) {
    return LEFT_OF_JOINER.test(left) && RIGHT_OF_JOINER.test(right);
  }
  if (SELECTOR.test(run)) {
    return LEFT_OF_SELECTOR.test(left);
  }
  return SELECTOR_JOINER.test(run) && LEFT_OF_JOINER.test(left) && RIGHT_OF_JOINER.test(right);
};

/** Printable ASCII and line ends: most texts, for which the slow look is spared. */
const PLAIN = /^[\t\n\r -~]*$/;

/** The text without what a reader cannot see. The same string where there is nothing to remove. */
export const cleanText = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text.replace(RUN, (run, at: number) =>
        keepsRun(run, before(text, at), after(text, at + run.length)) ? run : "",
      );

const isClean = (text: string): boolean => cleanText(text) === text;

export type CleanedTool =
  | { readonly tool: JsonObject }
  /** One sentence for the operator. */
  | { readonly withheld: string };

const TEXTS: ReadonlySet<string> = new Set(["title", "description"]);
/** Keywords whose keys are names of the author's choice and whose values are schemas. */
const NAMED: ReadonlySet<string> = new Set([
  "properties",
  "$defs",
  "definitions",
  "dependentSchemas",
  "dependencies",
]);
/** Values of the call's own: what they are is part of the schema's meaning, and cannot be changed. */
const VALUES: ReadonlySet<string> = new Set(["enum", "const", "required", "dependentRequired", "pattern"]);
const DATA: ReadonlySet<string> = new Set(["default", "examples"]);

class Withheld extends Error {}

const refuseUnclean = (value: Json, keyword: string): void => {
  if (typeof value === "string") {
    if (!isClean(value)) {
      throw new Withheld(`${keyword} holds characters that cannot be seen.`);
    }
  } else if (isJsonArray(value)) {
    value.forEach((item) => refuseUnclean(item, keyword));
  } else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      refuseUnclean(name, keyword);
      refuseUnclean(item, keyword);
    }
  }
};

/** The same object with its members changed by `change`; itself where nothing changes. */
const mapMembers = (value: JsonObject, change: (name: string, item: Json) => Json): JsonObject => {
  const changed: Record<string, Json> = bareObject();
  let same = true;
  for (const [name, item] of Object.entries(value)) {
    const made = change(name, item);
    changed[name] = made;
    same &&= made === item;
  }
  return same ? value : changed;
};

const cleanNamed = (value: Json, keyword: string): Json =>
  isJsonObject(value)
    ? mapMembers(value, (name, item) => {
        refuseUnclean(name, keyword);
        return cleanSchema(item);
      })
    : value;

const cleanMember = (name: string, item: Json): Json => {
  if (TEXTS.has(name) && typeof item === "string") {
    return cleanText(item);
  }
  if (VALUES.has(name)) {
    refuseUnclean(item, name);
    return item;
  }
  if (DATA.has(name)) {
    return item;
  }
  if (NAMED.has(name)) {
    return cleanNamed(item, name);
  }
  return name === "patternProperties" ? cleanNamed(item, "pattern") : cleanSchema(item);
};

const cleanSchema = (value: Json): Json => {
  if (isJsonArray(value)) {
    const items = value.map(cleanSchema);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  return isJsonObject(value) ? mapMembers(value, cleanMember) : value;
};

const SCHEMAS: ReadonlySet<string> = new Set(["inputSchema", "outputSchema"]);

const cleanToolMember = (name: string, item: Json): Json => {
  if (TEXTS.has(name) && typeof item === "string") {
    return cleanText(item);
  }
  if (name === "annotations" && isJsonObject(item)) {
    return mapMembers(item, (key, value) =>
      TEXTS.has(key) && typeof value === "string" ? cleanText(value) : value,
    );
  }
  return SCHEMAS.has(name) ? cleanSchema(item) : item;
};

/**
 * A tool as an agent may see it: its texts without unseen characters. Withheld where they stand in what cannot be
 * changed (property names, `enum`, `const`, `pattern`). The same object where there is nothing to do.
 */
export const cleanTool = (tool: JsonObject): CleanedTool => {
  try {
    return { tool: mapMembers(tool, cleanToolMember) };
  } catch (error) {
    if (error instanceof Withheld) {
      return { withheld: error.message };
    }
    throw error;
  }
};
