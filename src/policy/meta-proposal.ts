import { foldText } from "../base/fold.ts";
import {
  bareObject,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { type Carrier, closingRule, type Names, namesFit, topArgument } from "./meta-rule.ts";
import { stepsOf } from "./meta-routes.ts";
import type { Step } from "./path.ts";
import { placesAt, typesAt, valuesAt } from "./schema-places.ts";
import type { MetaFacts } from "./types.ts";
import type { ListedTool } from "./warn-reads.ts";

/** The rule that the checker proposes for a tool that runs others and is left open. */

export interface Proposed {
  /** The tool's whole rule. */
  readonly rule: JsonObject;
  /** Why it is not a list of what may be run, where one was to be expected. */
  readonly why: string | undefined;
}

export interface Need {
  readonly tool: ListedTool;
  readonly meta: MetaFacts;
  readonly names: Names;
  /** Characters of all names together. */
  readonly namesLength: number;
  /** What applies to it now: its own rule, or that of a pattern. */
  readonly now: JsonObject;
  /** Names of arguments that the tools which may be run have, folded. */
  readonly openProperties: () => ReadonlySet<string>;
  /** Bytes that the document may still grow by, by all proposals together. */
  readonly room: { left: number };
  readonly observes: boolean;
  /** Whether a rule leaves nothing open. */
  readonly closes: (rule: JsonObject) => boolean;
}

const namesOnly = ({ schema }: ListedTool, steps: readonly Step[]): boolean => {
  const places = placesAt(schema, steps);
  const types = typesAt(places);
  const values = types === undefined ? valuesAt(places) : undefined;
  return types === undefined
    ? values !== undefined && values.every((value) => typeof value === "string")
    : types.has("string") && [...types].every((type) => type === "string" || type === "null");
};

const isList = ({ schema }: ListedTool, steps: readonly Step[]): boolean => {
  const types = typesAt(placesAt(schema, steps));
  return types?.size === 1 && types.has("array");
};

/** A list of names is read name by name. */
const carrierOf = (tool: ListedTool, path: string, decide: boolean): Carrier => {
  const steps = stepsOf(path);
  const top = stepsOf(topArgument(path) ?? "");
  const optional = top === undefined || placesAt(tool.schema, top).optional;
  const each = stepsOf(`${path}[*]`);
  if (steps !== undefined && each !== undefined && isList(tool, steps) && namesOnly(tool, each)) {
    return { path: `${path}[*]`, optional, readable: decide };
  }
  return { path, optional, readable: decide && steps !== undefined && namesOnly(tool, steps) };
};

/** Every name of a property that a schema has, however deep, folded. */
export const propertiesIn = (value: Json, into: Set<string>): void => {
  if (isJsonArray(value)) {
    for (const one of value) {
      propertiesIn(one, into);
    }
  }
  if (!isJsonObject(value)) {
    return;
  }
  const properties = member(value, "properties");
  for (const name of isJsonObject(properties) ? Object.keys(properties) : []) {
    into.add(foldText(name));
  }
  for (const one of Object.values(value)) {
    propertiesIn(one, into);
  }
};

/** Whether a name that must stand nowhere in the arguments is one that an honest call has there. */
const isAmbiguous = ({ tool, names, openProperties }: Need): boolean => {
  const own = new Set<string>();
  propertiesIn(tool.schema, own);
  const others = openProperties();
  return names.closed.map(foldText).some((name) => own.has(name) || others.has(name));
};

const without = (rule: JsonObject, ...names: readonly string[]): JsonObject =>
  objectOf(Object.entries(rule).filter(([name]) => !names.includes(name)));

const objectOf = (entries: readonly (readonly [string, Json])[]): JsonObject => {
  const made = bareObject();
  for (const [name, value] of entries) {
    made[name] = value;
  }
  return made;
};

const listIn = (rule: JsonObject, name: string): readonly Json[] => {
  const list = member(rule, name);
  return isJsonArray(list) ? list : [];
};

/** What applies already, with what closes it. `require_approval` is short for an approval and does not stand beside one. */
const joined = (now: JsonObject, closing: JsonObject): JsonObject => {
  const approval = member(now, "approval");
  if (Object.hasOwn(closing, "deny_if")) {
    return { ...now, deny_if: [...listIn(now, "deny_if"), ...listIn(closing, "deny_if")] };
  }
  return isJsonObject(approval)
    ? { ...now, approval: without(approval, "conditions") }
    : { ...closing, ...without(now, "action") };
};

const denial = (reason: string): JsonObject => ({ action: "deny", reason });

const bytesOf = (value: Json): number => new TextEncoder().encode(writeJson(value)).length;

/** What text for people is longer. */
const INDENTED = 1.25;

const TOO_LONG =
  "The list of the names that it must not run is too long for a condition: deny the tool, or hide it.";
const TOO_LARGE =
  "The lists of names would make the policy larger than a policy may be: deny the tool, or hide it.";
const OBSERVED =
  "Where a policy only observes, conditions and approval hold nothing back: deny the tool, or hide it.";
const UNCLOSED = "No condition closes it: deny the tool, or hide it.";
const MORE = "It runs other tools, more than a list can name.";
const PAST = "It may do what other tools must not.";

export const proposalFor = (need: Need): Proposed => {
  const { tool, meta, names, now, room, observes, closes } = need;
  if (observes) {
    return { rule: denial(PAST), why: OBSERVED };
  }
  if (meta.runs === "tools" && need.namesLength > room.left) {
    return { rule: denial(MORE), why: TOO_LARGE };
  }
  if (meta.runs === "tools" && !namesFit(names.closed)) {
    return { rule: denial(MORE), why: TOO_LONG };
  }
  const decide = meta.namesDecide !== false && !isAmbiguous(need);
  const carriers = meta.arguments.map((path) => carrierOf(tool, path, decide));
  const rule = joined(now, closingRule(meta.runs, carriers, meta.holders ?? [], names));
  const bytes = Math.ceil(bytesOf(rule) * INDENTED);
  if (bytes > room.left) {
    return { rule: denial(MORE), why: TOO_LARGE };
  }
  room.left -= bytes;
  return closes(rule) ? { rule, why: undefined } : { rule: denial(PAST), why: UNCLOSED };
};
