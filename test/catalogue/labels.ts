import { readFileSync } from "node:fs";
import { TOOL_CLASSES, type ToolClass } from "../../src/catalogue/verdict.ts";
import { readJson } from "../../src/base/json-read.ts";
import { isJsonObject, member, type Json, type JsonObject } from "../../src/base/json-value.ts";

/** Tools of real servers with the class that people gave them after reading the definition (docs/catalogue.md). */
export interface Label {
  /** npm package, or `uefn`: an editor's tools, of which names and schemas are known and no descriptions. */
  readonly package: string;
  readonly tool: string;
  readonly class: ToolClass;
  readonly why: string;
  readonly set: LabelSet;
}

/**
 * `tune`: the rules were made on it. `held`: nobody who made the rules looked at it. Whole servers are kept aside, not
 * single tools, so that no sibling of a held tool was seen.
 */
export type LabelSet = (typeof SETS)[number];
export const SETS = ["tune", "held"] as const;

export const NAMES_ONLY = "uefn";

/** A server with very many tools has at most so many labelled. */
export const LABELLED_MOST = 60;

const fileOf = (name: string): Json => readJson(readFileSync(new URL(name, import.meta.url), "utf8"));

export const readLabels = (): readonly Label[] => {
  const file = fileOf("./labels.json");
  return SETS.flatMap((set) => labelsIn(set, isJsonObject(file) ? (member(file, set) ?? null) : null));
};

const labelsIn = (set: LabelSet, servers: Json): readonly Label[] =>
  membersOf(servers).flatMap(([packageName, tools]) =>
    membersOf(tools).map(([tool, told]) => {
      const is = isJsonObject(told) ? member(told, "class") : undefined;
      const why = isJsonObject(told) ? member(told, "why") : undefined;
      const known = TOOL_CLASSES.find((each) => each === is);
      if (known === undefined || typeof why !== "string") {
        throw new Error(`labels.json: ${packageName} ${tool}`);
      }
      return { package: packageName, tool, class: known, why, set };
    }),
  );

/** Names and schemas of the editor's tools. */
export const namesOnly = (): readonly JsonObject[] => {
  const tools = fileOf("./names-only.json");
  if (!Array.isArray(tools)) {
    throw new Error("names-only.json is no list");
  }
  return tools.filter(isJsonObject);
};

const membersOf = (value: Json): readonly (readonly [string, Json])[] =>
  isJsonObject(value) ? Object.entries(value) : [];
