import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../base/json-read.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { compareCodePoints } from "../base/text.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import { RISKS, TOOL_CLASSES } from "../catalogue/verdict.ts";
import type { Catalogue, FileProblem, Where } from "../cli/ports.ts";
import { dataDirectory } from "./configuration.ts";
import type { From } from "./ports.ts";

/** The entries that stand in a data directory: `catalogue/*.json`, `{ "servers": […] }` each. */
export const openCatalogue = ({ terminal }: From, where: Where): Catalogue => {
  const folder = join(dataDirectory(terminal.cwd, where), "catalogue");
  const servers: ServerEntry[] = [];
  const problems: FileProblem[] = [];
  for (const file of filesIn(folder)) {
    const read = entriesIn(file);
    if (read === undefined) {
      problems.push({ file, message: "it holds no entries of the catalogue" });
    } else {
      servers.push(...read);
    }
  }
  return { servers: servers.toSorted((a, b) => compareCodePoints(a.name, b.name)), problems };
};

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .toSorted()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
};

const entriesIn = (file: string): readonly ServerEntry[] | undefined => {
  try {
    const value = readJson(readFileSync(file, "utf8"));
    const servers = isJsonObject(value) ? member(value, "servers") : undefined;
    return isJsonArray(servers) && servers.every(isServer) ? servers : undefined;
  } catch {
    return undefined;
  }
};

type Guard = (value: Json | undefined) => boolean;

const isText: Guard = (value) => typeof value === "string";
const isNumber: Guard = (value) => typeof value === "number";
const isFlag: Guard = (value) => typeof value === "boolean";
const oneOf =
  (names: readonly string[]): Guard =>
  (value) =>
    typeof value === "string" && names.includes(value);
const listOf =
  (guard: Guard): Guard =>
  (value) =>
    isJsonArray(value) && value.every(guard);
const shape =
  (members: Readonly<Record<string, Guard>>): Guard =>
  (value) =>
    isJsonObject(value) && Object.entries(members).every(([name, guard]) => guard(member(value, name)));
const optional =
  (guard: Guard): Guard =>
  (value) =>
    value === undefined || guard(value);

const TOOL = shape({
  name: isText,
  class: oneOf(TOOL_CLASSES),
  risk: oneOf(RISKS),
  confidence: isNumber,
  evidence: listOf(shape({ from: isText, found: isText, says: isText })),
  powers: listOf(isText),
  arguments: listOf(shape({ path: isText, types: listOf(isText), required: isFlag, kinds: listOf(isText) })),
  meta: optional(shape({ runs: isText, arguments: listOf(isText), batch: isFlag })),
  tokens: isNumber,
  digest: isText,
  annotations: (value) => isJsonObject(value) && Object.values(value).every(isFlag),
});

const SERVER = shape({
  name: isText,
  origin: (value) =>
    shape({ from: oneOf(["package"]), package: isText, version: isText })(value) ||
    shape({ from: oneOf(["scan"]), at: isNumber })(value),
  product: optional(shape({ name: isText, version: isText })),
  revision: isText,
  tools: listOf(TOOL),
});

const isServer = (value: Json): value is JsonObject & ServerEntry => SERVER(value);
