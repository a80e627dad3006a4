import { readJson } from "../../base/json-read.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { isJsonObject } from "../../base/json-value.ts";
import { compilePolicy, type PolicySet } from "../compile.ts";
import type { Call, Offered, Subject, ToolFacts } from "../types.ts";
import { compileStandIn } from "./schema-stand-in.ts";

/** Calls and policies as tests write them. */

export const OPTIONS = { name: "p", compileSchema: compileStandIn } as const;

export const policyOf = (document: unknown): PolicySet => compilePolicy(JSON.stringify(document), OPTIONS);

/** The policy of a document that must be valid. */
export const validPolicy = (document: unknown): PolicySet => {
  const set = policyOf(document);
  if (set.invalid.length > 0) {
    throw new Error(JSON.stringify(set.invalid));
  }
  return set;
};

/** Arguments from JSON text, so that numbers keep their text as they do on the wire. */
const argsOf = (text: string): JsonObject => {
  const value = readJson(text);
  if (!isJsonObject(value)) {
    throw new Error("Arguments are an object.");
  }
  return value;
};

export const SUBJECT: Subject = {
  grant: "g",
  identity: { name: "ann", groups: ["support"] },
  server: "billing",
  client: { name: "agent", version: "1" },
  session: { id: "s1", tools: new Set() },
  timezone: "UTC",
};

export const offered = (inputSchema: JsonObject, named?: readonly string[]): ToolFacts => {
  const check = compileStandIn(inputSchema);
  return {
    name: "t",
    class: undefined,
    annotations: undefined,
    schema: "invalid" in check ? check : { check, named: named === undefined ? undefined : new Set(named) },
  };
};

export interface CallOptions {
  readonly args?: string;
  readonly offered?: Offered;
  readonly subject?: Partial<Subject>;
  readonly at?: number;
  readonly frozen?: boolean;
}

export const callOf = (tool: string, options: CallOptions = {}): Call => ({
  tool,
  args: argsOf(options.args ?? "{}"),
  offered: options.offered ?? "unchecked",
  subject: { ...SUBJECT, ...options.subject },
  at: options.at ?? 0,
  frozen: options.frozen ?? false,
});
