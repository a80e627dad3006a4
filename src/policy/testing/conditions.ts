import { readJson } from "../../base/json-read.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import { compileCondition, type Lean } from "../condition.ts";
import type { Problem } from "../problem.ts";
import type { Call, SchemaCompiler, Subject } from "../types.ts";

/** JSON as the gate reads it, from an ordinary value or, where the spelling of numbers matters, from its text. */
export const json = (value: unknown) => readJson(typeof value === "string" ? value : JSON.stringify(value));

export const object = (text: string): JsonObject => {
  const value = readJson(text);
  if (!isJsonObject(value)) {
    throw new Error("not an object");
  }
  return value;
};

export const subject: Subject = {
  grant: "support",
  identity: { name: "ana", groups: ["staff", "finance"] },
  server: "billing",
  client: { name: "cli", version: "1.2" },
  session: { id: "s1", tools: new Set(["read_file"]) },
  timezone: "UTC",
};

/** A call at 2026-12-31T23:30:00Z (a Thursday). */
export const callOf = (args: JsonObject, changes: Partial<Call> = {}): Call => ({
  tool: "create_refund",
  args,
  offered: "unchecked",
  subject,
  at: Date.UTC(2026, 11, 31, 23, 30),
  frozen: false,
  ...changes,
});

/** Schemas of one keyword, `minimum`; anything else does not compile. */
export const compileSchema: SchemaCompiler = (schema) => {
  const minimum = isJsonObject(schema) ? schema["minimum"] : undefined;
  if (typeof minimum !== "number") {
    return { invalid: "minimum is all there is." };
  }
  return (value) => (typeof value === "object" ? "unknown" : typeof value !== "number" || value >= minimum);
};

export const problemsOf = (condition: unknown, lean: Lean = "require"): readonly Problem[] => {
  const problems: Problem[] = [];
  compileCondition(json(condition), "", lean, { compileSchema }, problems);
  return problems;
};

/** What a condition says of a call: 1, 0 or -1. */
export const judge = (condition: unknown, call: Call, lean: Lean = "require"): number => {
  const problems: Problem[] = [];
  const compiled = compileCondition(json(condition), "", lean, { compileSchema }, problems);
  if (compiled === undefined) {
    throw new Error(JSON.stringify(problems));
  }
  return compiled(call);
};

/** What `{ path: "args.v", op, value, … }` says of `{ "v": found }`, or of no value. */
export const judgeValue = (rest: object, found: unknown, lean: Lean = "require"): number =>
  judge({ path: "args.v", ...rest }, callOf(object(JSON.stringify({ v: found }))), lean);

/** The same of `args.**`, where what does not fit is passed over in `deny`. */
export const judgeDeep = (rest: object, found: unknown, lean: Lean = "deny"): number =>
  judge({ path: "args.l[0].**", ...rest }, callOf(object(JSON.stringify({ l: [found] }))), lean);
