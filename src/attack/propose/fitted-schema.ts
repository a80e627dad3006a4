import { isDeepStrictEqual } from "node:util";
import { toPlain } from "../../base/json-plain.ts";
import type { Json } from "../../base/json-value.ts";
import { isRecord, type Plain } from "../plain.ts";

/** Whether a condition could ever be true of what a schema describes: as far as the schema says, in doubt yes. */

const STEP = /\.\*\*|\.\*|\[\*\]|\[\d+\]|\.[A-Za-z_][\w-]*|\["(?:[^"\\]|\\.)*"\]/gu;

/** What a schema says of what is at a path of `args`; nothing where it says nothing of it. */
type At = Plain | "lacking" | undefined;

/** `isBound`: the argument at the top was found in the schema by whoever understands all of it. */
export const schemaAt = (schema: unknown, path: string, isBound = false): At => {
  let at: At = isRecord(schema) ? schema : {};
  for (const [depth, step] of (path.match(STEP) ?? []).entries()) {
    at = isRecord(at) ? stepped(at, step, depth === 0 && !isBound) : at;
  }
  return at;
};

const stepped = (schema: Plain, step: string, isTop: boolean): At => {
  if (step.startsWith(".*")) {
    return undefined;
  }
  if (/^\[[*\d]/u.test(step)) {
    return isRecord(schema["items"]) ? schema["items"] : undefined;
  }
  return memberAt(schema, step.startsWith(".") ? step.slice(1) : quotedIn(step), isTop);
};

const memberAt = (schema: Plain, name: string, isTop: boolean): At => {
  const { properties } = schema;
  const known = isRecord(properties) ? properties : undefined;
  if (known !== undefined && Object.hasOwn(known, name)) {
    return isRecord(known[name]) ? known[name] : undefined;
  }
  return isTop || (known !== undefined && !isMixed(schema)) ? "lacking" : undefined;
};

/** The name in `["…"]`. */
const quotedIn = (step: string): string => step.slice(2, -2).replaceAll(/\\(.)/gu, "$1");

const isMixed = (schema: Plain): boolean =>
  ["$ref", "allOf", "anyOf", "oneOf"].some((keyword) => Object.hasOwn(schema, keyword));

const TEXT = ["string"] as const;
const NUMBER = ["number", "integer"] as const;
const COUNTED = ["string", "array"] as const;

/** What a value must be for an operator to say anything else than that it cannot tell. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  lt: NUMBER,
  lte: NUMBER,
  gt: NUMBER,
  gte: NUMBER,
  regex: TEXT,
  starts_with: TEXT,
  ends_with: TEXT,
  glob: TEXT,
  within: TEXT,
  host_in: TEXT,
  cidr_in: TEXT,
  contains: COUNTED,
  max_length: COUNTED,
  min_length: COUNTED,
};

/** Whether what is at the path could satisfy an operator. */
export const couldHold = (schema: unknown, path: string, op: string, value: Json): boolean => {
  const at = schemaAt(schema, path, true);
  if (!isRecord(at)) {
    return at !== "lacking";
  }
  const types = typesOf(at);
  const takes = TAKES[op];
  if (takes !== undefined) {
    return types === undefined || types.some((type) => takes.some((each) => each === type));
  }
  const plain = toPlain(value);
  const one = op === "eq" ? [plain] : op === "in" && Array.isArray(plain) ? plain : undefined;
  return one === undefined || one.some((each) => couldBe(at, types, each));
};

const typesOf = ({ type }: Plain): readonly unknown[] | undefined =>
  type === undefined ? undefined : Array.isArray(type) ? type : [type];

const couldBe = (at: Plain, types: readonly unknown[] | undefined, value: unknown): boolean => {
  const listed = at["enum"];
  return (
    (types === undefined || types.some((type) => isOfType(value, type))) &&
    (!Array.isArray(listed) || listed.some((each) => isDeepStrictEqual(each, value)))
  );
};

const isOfType = (value: unknown, type: unknown): boolean => {
  if (value === null || Array.isArray(value)) {
    return type === (value === null ? "null" : "array");
  }
  return typeof value === "number" ? type === "number" || type === "integer" : typeof value === type;
};
