import { member, type JsonObject } from "../base/json-value.ts";
import type { ToolClass, ToolProfile } from "./verdict.ts";

/** What the first word of a name says. */
const VERBS: Readonly<Record<string, ToolClass>> = {
  get: "read",
  list: "read",
  read: "read",
  search: "read",
  find: "read",
  query: "read",
  fetch: "read",
  create: "write",
  update: "write",
  set: "write",
  add: "write",
  write: "write",
  delete: "destructive",
  remove: "destructive",
  stop: "destructive",
  shutdown: "destructive",
  refund: "financial",
  pay: "financial",
};

/** Judges a tool by its definition (an entry of `tools/list`) alone. Pure; never throws. */
export const profileTool = (definition: JsonObject): ToolProfile => {
  const given = member(definition, "name");
  const name = typeof given === "string" ? given : "";
  const word = name.split(/[^a-z]+/i)[0]?.toLowerCase() ?? "";
  const known = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  return {
    name,
    class: known ?? "execute",
    risk: known === "read" ? "low" : "high",
    confidence: known === undefined ? 0.2 : 0.6,
    evidence: [
      known === undefined
        ? { from: "doubt", found: name.slice(0, 80), says: "Nothing says what it does." }
        : { from: "name", found: word, says: `The name says ${known}.` },
    ],
    powers: [],
    arguments: [],
    meta: undefined,
  };
};
