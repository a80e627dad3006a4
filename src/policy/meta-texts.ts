import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { readPath } from "./path-read.ts";

/** Texts that an agent would hand a tool that runs others, to have something run: for the checker to try. */

const PADDING = " ".repeat(LIMITS.pattern_characters_max);

/** Texts that hold a name, as a server would read them. The plainest first. */
export const textsWith = (name: string, key: string): readonly string[] => {
  const object = writeJson({ [key]: name });
  return [
    object,
    `{ ${writeJson(key)}: ${writeJson(name)} }`,
    `[${object}]`,
    writeJson(name),
    object + PADDING,
  ];
};

/** Nothing that anybody would think of: what lists what may not be run lets them through. */
export const STRANGE_TEXTS: readonly string[] = ["zq", "ZQ", "zq()", "é", "![]", `zq${PADDING}`];

/** Texts beside the name of a tool, with which a server could be told of another. The plainest first. */
export const textsBeside = (name: string, key: string): readonly string[] => [
  writeJson([{ [key]: name }]),
  `${name}()`,
  `${name} `,
  name.replaceAll("_", "-"),
];

const GROUP = /\((?:\?:)?[^\\.+*?()[\]{}^$]*\)/g;
const WHOLE = /^\^[^\\.+*?()[\]{}|^$]*\$$/;

/** Whether a pattern is texts and alternatives of texts, between ^ and $. */
const isLiteral = (pattern: string): boolean => {
  let left = pattern.replaceAll(/\\[^A-Za-z0-9]/g, "a");
  for (let before = ""; before !== left;) {
    before = left;
    left = left.replaceAll(GROUP, "a");
  }
  return WHOLE.test(left);
};

const WHOLE_VALUE: Readonly<Record<string, (value: Json | undefined, flags: Json | undefined) => boolean>> = {
  eq: () => true,
  neq: () => true,
  in: () => true,
  not_in: () => true,
  exists: () => true,
  type: () => true,
  schema: (value) => value !== undefined && isOneOf(value),
  glob: (value) => typeof value === "string" && !/[*?]/.test(value),
  regex: (value, flags) =>
    typeof value === "string" && isLiteral(value) && !(typeof flags === "string" && flags.includes("m")),
};

const NOTES: ReadonlySet<string> = new Set(["type", "title", "description", "enum", "const"]);

/** Whether a schema lists all values that fit, and says nothing else. */
export const isOneOf = (schema: Json): boolean => {
  if (!isJsonObject(schema) || !Object.keys(schema).every((keyword) => NOTES.has(keyword))) {
    return false;
  }
  const constant = member(schema, "const");
  const listed = member(schema, "enum") ?? (constant === undefined ? undefined : [constant]);
  return isJsonArray(listed) && listed.every((one) => !isJsonArray(one) && !isJsonObject(one));
};

/** Whether a condition compares whole values: nothing can stand before or behind what it lists. */
export const isWholeValue = (leaf: JsonObject): boolean => {
  const op = member(leaf, "op");
  const test = typeof op === "string" ? WHOLE_VALUE[op] : undefined;
  return test?.(member(leaf, "value"), member(leaf, "flags")) === true;
};

/** Texts that a pattern of RE2 may match, as far as that is seen by its letters. */
const matched = (pattern: string): readonly string[] =>
  ["", "; zq"].map((anything) =>
    pattern
      .replaceAll(/^\(\?[ims]+\)|^\^|\$$|\\[bAz]/g, "")
      .replaceAll(/(?:\\[SwD.]|\.|\[[^\]]*\])[*+]\??/g, anything)
      .replaceAll(/\\s[*+?]?/g, " ")
      .replaceAll(/\\([^A-Za-z0-9])/g, "$1"),
  );

const byOperator: Readonly<Record<string, (text: string) => readonly string[]>> = {
  glob: (text) => ["", "; zq"].map((anything) => text.replaceAll("*", anything).replaceAll("?", "z")),
  regex: (text) => [...matched(text), ...text.split(/[^\w]+/).filter((word) => word !== "")],
};

const leafTexts = (op: Json | undefined, value: Json | undefined): readonly string[] => {
  const values = isJsonArray(value) ? value : value === undefined ? [] : [value];
  const texts = values.filter((one) => typeof one === "string");
  const make = typeof op === "string" ? byOperator[op] : undefined;
  return make === undefined ? texts : texts.flatMap(make);
};

/** Texts that conditions are about. */
export const textsIn = (condition: Json): readonly string[] => {
  if (isJsonArray(condition)) {
    return condition.flatMap(textsIn);
  }
  if (!isJsonObject(condition)) {
    return [];
  }
  const inner = ["all", "any", "not"].flatMap((join) => textsIn(member(condition, join) ?? null));
  return [...inner, ...leafTexts(member(condition, "op"), member(condition, "value"))];
};

/** Lengths of lists that conditions may tell apart: behind every element that they name, and by the lengths that they do. */
export const sizesIn = (condition: Json): readonly number[] => {
  if (isJsonArray(condition)) {
    return condition.flatMap(sizesIn);
  }
  if (!isJsonObject(condition)) {
    return [];
  }
  const inner = ["all", "any", "not"].flatMap((join) => sizesIn(member(condition, join) ?? null));
  const path = member(condition, "path");
  const read = typeof path === "string" ? readPath(path) : undefined;
  const steps = read === undefined || "invalid" in read ? [] : read.steps;
  const indexes = steps.flatMap((step) => (step.kind === "index" ? [step.index + 2] : []));
  const op = member(condition, "op");
  const length =
    op === "min_length" || op === "max_length" ? numberOf(member(condition, "value")) : undefined;
  return [...inner, ...indexes, ...(length === undefined ? [] : [length, length + 1])];
};

export const numberOf = (value: Json | undefined): number | undefined =>
  value instanceof JsonNumber ? value.value : typeof value === "number" ? value : undefined;
