import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { pointerToken } from "../base/json-pointer.ts";

/** Parts of a tool rule that can refuse on their own, and whether they are lists. */
const PARTS = [
  ["require", true],
  ["deny_if", true],
  ["limits", true],
  ["rate_limit", false],
  ["approval", false],
] as const;

/** Pointers of everything in a policy that can be named as the reason of a decision. */
export const rulePointers = (document: JsonObject): readonly string[] => {
  const pointers = [...listed(member(document, "hide"), "/hide"), "/default"];
  const tools = member(document, "tools");
  for (const [key, rule] of isJsonObject(tools) ? Object.entries(tools) : []) {
    const pointer = `/tools/${pointerToken(key)}`;
    pointers.push(pointer, ...partsOf(rule, pointer));
  }
  return [...pointers, ...partsOf(member(document, "all_tools") ?? null, "/all_tools")];
};

const partsOf = (rule: Json, pointer: string): readonly string[] => {
  if (!isJsonObject(rule)) {
    return [];
  }
  const action = member(rule, "action");
  const refuses = action === "deny" || action === "require_approval";
  return [
    ...(refuses ? [`${pointer}/action`] : []),
    ...PARTS.flatMap(([part, isList]) => {
      const value = member(rule, part);
      return value === undefined ? [] : isList ? listed(value, `${pointer}/${part}`) : [`${pointer}/${part}`];
    }),
  ];
};

const listed = (value: Json | undefined, pointer: string): readonly string[] =>
  isJsonArray(value) ? value.map((_, index) => `${pointer}/${String(index)}`) : [];

/** Which pointers a decision exercises: its own, and that of the tool rule it is in. */
export const exercisedBy = (rule: string | undefined): readonly string[] => {
  const within = rule === undefined ? null : /^\/tools\/[^/]*/.exec(rule);
  return rule === undefined ? [] : within === null ? [rule] : [rule, within[0]];
};
