import { dirname, isAbsolute, join } from "node:path";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { nearest } from "../base/nearest.ts";
import { writeJson } from "../base/json-write.ts";
import { CommandFailure } from "./command.ts";
import { CallMalformed, readCall, type WrittenCall } from "./eval-call.ts";
import { readJsonFile, readText } from "./files.ts";
import type { Terminal } from "./terminal.ts";

export interface Expected {
  readonly decision: string;
  readonly code: string | undefined;
  readonly rule: string | undefined;
}

export interface TestCase {
  /** From 1. */
  readonly number: number;
  readonly call: WrittenCall;
  readonly expect: Expected;
}

export interface TestFile {
  readonly file: string;
  /** File that the policy is in: its own, or the test file for an inline one. */
  readonly policyFile: string;
  readonly policyText: string;
  /** The policy stands in the test file. */
  readonly inline: boolean;
  readonly cases: readonly TestCase[];
}

/** Reads `{ "policy", "cases": [{ "call", "expect" }] }` (docs/policy.md). Throws `CommandFailure`. */
export const readTestFile = (terminal: Terminal, file: string): TestFile => {
  const fail = (where: string, message: string): never => {
    throw new CommandFailure(`${file}: ${where}${where === "" ? "" : ": "}${message}`);
  };
  const root = objectIn(readJsonFile(terminal, file), "", ["policy", "cases"], fail);
  const cases = member(root, "cases");
  if (!isJsonArray(cases)) {
    return fail("/cases", "must be a list");
  }
  return {
    file,
    ...policyOf(terminal, file, member(root, "policy"), fail),
    cases: cases.map((value, index) => readCase(value, index, fail)),
  };
};

type Fail = (where: string, message: string) => never;

const objectIn = (
  value: Json | undefined,
  where: string,
  fields: readonly string[],
  fail: Fail,
): JsonObject => {
  if (!isJsonObject(value)) {
    return fail(where, "must be an object");
  }
  const unknown = Object.keys(value).find((name) => !fields.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, fields);
    const meant = near === undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
    fail(`${where}/${unknown}`, `unknown field ${JSON.stringify(unknown)}.${meant}`);
  }
  return value;
};

const policyOf = (
  terminal: Terminal,
  file: string,
  policy: Json | undefined,
  fail: Fail,
): Pick<TestFile, "policyFile" | "policyText" | "inline"> => {
  if (typeof policy === "string") {
    const policyFile = isAbsolute(policy) ? policy : join(dirname(file), policy);
    return { policyFile, policyText: readText(terminal, policyFile), inline: false };
  }
  return isJsonObject(policy)
    ? { policyFile: file, policyText: writeJson(policy), inline: true }
    : fail("/policy", "must be a path or a policy document");
};

const readCase = (value: Json, index: number, fail: Fail): TestCase => {
  const where = `/cases/${String(index)}`;
  const object = objectIn(value, where, ["call", "expect"], fail);
  const expected = objectIn(member(object, "expect"), `${where}/expect`, ["decision", "code", "rule"], fail);
  const decision = member(expected, "decision");
  if (typeof decision !== "string" || !["allow", "deny", "hold"].includes(decision)) {
    return fail(`${where}/expect/decision`, 'must be "allow", "deny" or "hold"');
  }
  const text = (name: string): string | undefined => {
    const found = member(expected, name);
    return found === undefined || typeof found === "string"
      ? found
      : fail(`${where}/expect/${name}`, "must be a string");
  };
  try {
    const call = readCall(member(object, "call") ?? null);
    return { number: index + 1, call, expect: { decision, code: text("code"), rule: text("rule") } };
  } catch (error) {
    return error instanceof CallMalformed ? fail(`${where}/call`, error.message) : fail(where, String(error));
  }
};
