import { z } from "zod";
import { JsonError, readJsonDocument, type JsonDocument } from "../base/json-read.ts";
import { isJsonArray, isJsonObject, type Json } from "../base/json-value.ts";
import { toPlain } from "../base/json-plain.ts";
import { nearest } from "../base/nearest.ts";
import { valueAt, type ConfigProblem, type Path, type Report } from "./problems.ts";
import { configShape, type ConfigShape } from "./shape.ts";

/** The document, or the one problem that keeps it from being read as strict JSON. */
export const readDocument = (
  text: string,
  file: string,
): JsonDocument | { readonly problem: ConfigProblem } => {
  try {
    return readJsonDocument(text);
  } catch (error) {
    if (!(error instanceof JsonError)) {
      throw error;
    }
    return {
      problem: {
        file,
        line: error.line,
        column: error.column,
        ...(error.pointer === undefined ? {} : { pointer: error.pointer }),
        message: error.message,
      },
    };
  }
};

/** A document in its shape. `sound`: false where something did not fit, was reported, and was left out. */
export interface ReadShape {
  readonly shape: ConfigShape;
  readonly sound: boolean;
}

const LEFT_OUT_MAX = 1_000;

/**
 * The document in its shape. What does not fit is reported and left out, so that the rest is looked at as well and
 * all errors are told at once; `undefined` where nothing is left to look at.
 */
export const readShape = (value: Json, report: Report): ReadShape | undefined => {
  const usable = !reportUnusableKeys(value, [], report);
  const plain = toPlain(value);
  let parsed = configShape.safeParse(plain);
  const sound = usable && parsed.success;
  for (const issue of parsed.error?.issues ?? []) {
    reportIssue(issue, value, report);
  }
  for (let count = 0; !parsed.success && count < LEFT_OUT_MAX; count += 1) {
    if (!parsed.error.issues.every((issue) => leaveOut(plain, issue))) {
      return undefined;
    }
    parsed = configShape.safeParse(plain);
  }
  return parsed.success ? { shape: parsed.data, sound } : undefined;
};

/** Takes what an issue is about out of the document; false where that is all of it. */
const leaveOut = (root: unknown, issue: z.core.$ZodIssue): boolean => {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
  const holder = holderOf(root, unknown.length > 0 ? issue.path : issue.path.slice(0, -1));
  const last = issue.path.at(-1);
  const keys: readonly PropertyKey[] = unknown.length > 0 ? unknown : last === undefined ? [] : [last];
  if (holder === undefined || keys.length === 0) {
    return false;
  }
  const present = keys.filter((key) => Object.hasOwn(holder, key));
  present.forEach((key) => Reflect.deleteProperty(holder, key));
  // What is missing cannot be left out, but what lacks it can.
  return present.length > 0 || leaveOut(root, { ...issue, code: "custom", path: issue.path.slice(0, -1) });
};

const holderOf = (root: unknown, path: readonly PropertyKey[]): object | undefined => {
  let value: unknown = root;
  for (const step of path) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  }
  return typeof value === "object" && value !== null ? value : undefined;
};

/** `__proto__` is no name that could be used, and a library between here and there may drop it in silence. */
const reportUnusableKeys = (value: Json, path: Path, report: Report): boolean => {
  if (path.length === 2 && path[0] === "policies") {
    return false; // An inline policy is read by the policy's own reader.
  }
  const members: readonly (readonly [string | number, Json])[] = isJsonArray(value)
    ? [...value.entries()]
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  let found = false;
  for (const [key, item] of members) {
    if (key === "__proto__") {
      report([...path, key], "__proto__ cannot be used as a name", { which: "key" });
      found = true;
    }
    found = reportUnusableKeys(item, [...path, key], report) || found;
  }
  return found;
};

const reportIssue = (issue: z.core.$ZodIssue, root: Json, report: Report): void => {
  const path = issue.path.map((step) => (typeof step === "symbol" ? String(step) : step));
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) {
      reportUnknownKey(path, key, report);
    }
    return;
  }
  if (valueAt(root, path) === undefined) {
    report(path.slice(0, -1), `${String(path.at(-1))} is missing`);
    return;
  }
  report(path, sentenceOf(issue), { nearest: nearestValue(issue, valueAt(root, path)) });
};

const nearestValue = (issue: z.core.$ZodIssue, value: Json | undefined): string | undefined =>
  issue.code === "invalid_value" && typeof value === "string"
    ? nearest(value, issue.values.map(String))
    : undefined;

/** Keys that clients' own files have and the gate does not: what to do instead. */
const SERVER_KEY_HELP: Readonly<Record<string, string>> = {
  autoApprove: "which tools pass is said by a policy, not here: remove it",
  alwaysAllow: "which tools pass is said by a policy, not here: remove it",
  trust: "which tools pass is said by a policy, not here: remove it",
  includeTools: "which tools are shown is said by a policy: remove it",
  excludeTools: "which tools are shown is said by a policy (`hide`): remove it",
  disabledTools: "which tools are shown is said by a policy (`hide`): remove it",
  enabled: "write `disabled` instead",
  timeout: "write `tollgate.callMs` instead, in milliseconds",
  serverUrl: "write `url` instead",
  httpUrl: "write `url` instead",
  transport: "write `type` instead",
  transportType: "write `type` instead",
  envFile: "write each variable under `env`, for example with ${env:NAME} or ${file:PATH}",
};

const reportUnknownKey = (path: Path, key: string, report: Report): void => {
  const known = knownKeys(configShape, path);
  const help = path.length === 2 && path[0] === "mcpServers" ? SERVER_KEY_HELP[key] : undefined;
  const near = help === undefined ? nearest(key, known) : undefined;
  const message =
    help === undefined ? `unknown key ${JSON.stringify(key)}` : `unknown key ${JSON.stringify(key)}: ${help}`;
  report([...path, key], message, {
    which: "key",
    nearest: key === "servers" && path.length === 0 ? "mcpServers" : near,
  });
};

/** The keys that the object at a path may have. */
const knownKeys = (shape: z.core.$ZodType, path: Path): readonly string[] => {
  if (shape instanceof z.ZodOptional) {
    return knownKeys(shape.unwrap(), path);
  }
  const [step, ...rest] = path;
  if (shape instanceof z.ZodObject) {
    const next: z.core.$ZodType | undefined = step === undefined ? undefined : shape.shape[String(step)];
    return next === undefined ? Object.keys(shape.shape) : knownKeys(next, rest);
  }
  return shape instanceof z.ZodRecord ? knownKeys(shape.valueType, rest) : [];
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

const sentenceOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "invalid_type") {
    return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === "invalid_value") {
    return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`;
  }
  if (issue.code === "too_small") {
    return issue.origin === "number" || issue.origin === "int"
      ? `must be at least ${String(issue.minimum)}`
      : "must not be empty";
  }
  return issue.code === "too_big" ? `must be at most ${String(issue.maximum)}` : issue.message;
};
