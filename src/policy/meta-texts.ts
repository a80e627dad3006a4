import { isJsonArray, isJsonObject, type Json, member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { MetaFacts } from "./types.ts";

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
const STRANGE = ["zq", "ZQ", "zq()", "é", "![]", `zq${PADDING}`];

/** How what is allowed is followed by something else. */
const JOINED: Readonly<Record<Exclude<MetaFacts["runs"], "tools">, (text: string) => readonly string[]>> = {
  code: (text) => [`${text}; zq()`, `${text}\nzq()`, `zq(); ${text}`, `${text}.zq()`],
  commands: (text) => [
    `${text}; zq`,
    `${text}\nzq`,
    `${text} && zq`,
    `${text} | zq`,
    `${text} $(zq)`,
    `zq; ${text}`,
  ],
  sql: (text) => [`${text}; DELETE FROM zq`, `DELETE FROM zq; ${text}`],
};

/** Program text that nobody has allowed, some of it made from texts that the policy has. */
export const programTexts = (
  runs: Exclude<MetaFacts["runs"], "tools">,
  known: readonly string[],
): readonly string[] => [...STRANGE, ...known.slice(0, LIMITS.tried_texts_max).flatMap(JOINED[runs])];

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
