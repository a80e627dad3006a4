import { profileTool } from "../../src/catalogue/profile.ts";
import { TOOL_CLASSES, type ToolClass } from "../../src/catalogue/verdict.ts";
import {
  bareObject,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
} from "../../src/base/json-value.ts";
import type { Label } from "./labels.ts";

/** A label and what the catalogue says of the same tool. */
export interface Judged {
  readonly label: Label;
  readonly says: ToolClass;
}

export type Definitions = ReadonlyMap<string, ReadonlyMap<string, JsonObject>>;

/** Judges every labelled tool. A label without a tool is an error: the set is what it says it is. */
export const judgeAll = (
  labels: readonly Label[],
  definitions: Definitions,
  seen: (definition: JsonObject) => JsonObject = (definition) => definition,
): readonly Judged[] =>
  labels.map((label) => {
    const definition = definitions.get(label.package)?.get(label.tool);
    if (definition === undefined) {
      throw new Error(`${label.package} has no tool ${label.tool}`);
    }
    return { label, says: profileTool(seen(definition)).class };
  });

export const agreement = (judged: readonly Judged[]): number =>
  judged.filter(({ label, says }) => label.class === says).length / judged.length;

/** What must never happen: what acts, destroys or pays is taken for something harmless. */
export const takenForRead = (judged: readonly Judged[]): readonly string[] =>
  judged
    .filter(({ label, says }) => says === "read" && label.class !== "read" && label.class !== "write")
    .map(({ label }) => `${label.package} ${label.tool}: ${label.class}`);

export const differing = (judged: readonly Judged[]): readonly string[] =>
  judged
    .filter(({ label, says }) => says !== label.class)
    .map(({ label, says }) => `${label.package} ${label.tool}: ${says}, labelled ${label.class}`);

/** Rows are labels, columns verdicts. */
export const matrixOf = (judged: readonly Judged[]): string => {
  const rows = TOOL_CLASSES.map((is) => {
    const own = judged.filter(({ label }) => label.class === is);
    const counts = TOOL_CLASSES.map((said) => String(own.filter(({ says }) => says === said).length));
    return `| **${is}** | ${counts.join(" | ")} |`;
  });
  const head = `| labelled ↓ judged → | ${TOOL_CLASSES.join(" | ")} |`;
  return [head, `|---|${"---|".repeat(TOOL_CLASSES.length)}`, ...rows].join("\n");
};

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The definition as a server would send it that describes nothing: texts for people are left out. */
export const withoutProse = (definition: JsonObject): JsonObject => {
  const kept = bareObject();
  for (const [name, value] of Object.entries(definition)) {
    if (name === "name") {
      kept[name] = value;
    } else if (name === "inputSchema") {
      kept[name] = bareSchema(value, false);
    }
  }
  return kept;
};

export const nameAlone = (definition: JsonObject): JsonObject =>
  Object.assign(bareObject(), { name: definition["name"] ?? "", inputSchema: { type: "object" } });

const PROSE = new Set(["title", "description", "examples", "default", "$comment", "markdownDescription"]);

/** Below `properties` names are the author's own: an argument may be called `title`. */
const bareSchema = (value: Json, names: boolean): Json => {
  if (isJsonArray(value)) {
    return value.map((item) => bareSchema(item, false));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const kept = bareObject();
  for (const [name, item] of Object.entries(value)) {
    if (names || !PROSE.has(name)) {
      kept[name] = bareSchema(
        item,
        !names && (name === "properties" || name === "$defs" || name === "definitions"),
      );
    }
  }
  return kept;
};
