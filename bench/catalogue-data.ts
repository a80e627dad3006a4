import type { JsonObject } from "../src/base/json-value.ts";

/** Definitions as servers have them: the same verbs and things everywhere, a few arguments, some prose. */

const VERBS = ["get", "list", "search", "create", "update", "delete", "run", "send", "export", "refund"];
const THINGS = [
  "issue",
  "pull_request",
  "file",
  "customer",
  "invoice",
  "message",
  "page",
  "database",
  "container",
  "deployment",
  "workflow",
  "calendar_event",
];
const ARGUMENTS: readonly (readonly [name: string, schema: JsonObject])[] = [
  ["id", { type: "string", description: "Which one of them is meant, as the list of all of them has it." }],
  ["path", { type: "string", description: "Where it stands, from the root of what may be reached." }],
  ["url", { type: "string", format: "uri" }],
  ["amount", { type: "number", minimum: 0, description: "How much, in the account's currency." }],
  ["limit", { type: "integer", minimum: 1, maximum: 100, default: 20 }],
  ["query", { type: "string", description: "What is looked for: words, or a filter in the usual form." }],
  ["recipients", { type: "array", items: { type: "string" }, description: "Who gets it, one address each." }],
  ["labels", { type: "array", items: { type: "object", properties: { name: { type: "string" } } } }],
  ["dry_run", { type: "boolean", default: false }],
];
const PROSE =
  "Does what its name says to one or more of the things that the account holds, and tells what came of it in a form that " +
  "can be read by people and programs alike. Ask for a list first where it is not known which one is meant.";

export const TOOLS_OF_A_SERVER = 50;

const at = <Item>(list: readonly Item[], index: number): Item => list[index % list.length] as Item;

/** The tools of one server of many; those of two servers differ in part. */
export const definitionsOf = (server: number): readonly JsonObject[] =>
  Array.from({ length: TOOLS_OF_A_SERVER }, (_, tool): JsonObject => {
    const seed = server * 7 + tool;
    const facts = Array.from({ length: 2 + (seed % 6) }, (_, index) => at(ARGUMENTS, seed + index * 4));
    const properties = Object.fromEntries(facts);
    return {
      name: `${at(VERBS, tool)}_${at(THINGS, server + Math.floor(tool / VERBS.length))}_${String(server % 97)}`,
      description: `${PROSE.slice(0, 60 + ((seed * 13) % 170))} ${String(server)}.${String(tool)}`,
      inputSchema: { type: "object", properties, required: [facts[0]?.[0] ?? "id"] },
      annotations: { readOnlyHint: tool % 3 === 0 },
    };
  });
