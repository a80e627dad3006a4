import type { Json } from "../../base/json-value.ts";
import { compileCidrIn } from "./cidr.ts";
import { compileEq, compileIn, compileNeq, compileNotIn, compileOrder } from "./compare.ts";
import { compileHostIn } from "./host.ts";
import type { OperatorRow } from "./operator.ts";
import { compileSchemaTest } from "./schema.ts";
import { compileExists, compileMaxLength, compileMinLength, compileType } from "./shape.ts";
import {
  compileContains,
  compileEndsWith,
  compileGlobTest,
  compileRegexTest,
  compileStartsWith,
} from "./text.ts";
import { compileWithin } from "./within.ts";

const OPERATORS = [
  "eq",
  "neq",
  "in",
  "not_in",
  "lt",
  "lte",
  "gt",
  "gte",
  "exists",
  "regex",
  "contains",
  "starts_with",
  "ends_with",
  "glob",
  "max_length",
  "min_length",
  "type",
  "within",
  "host_in",
  "cidr_in",
  "schema",
] as const;

export type Operator = (typeof OPERATORS)[number];

export const operatorNames: readonly string[] = OPERATORS;
export const isOperator = (text: string): text is Operator => OPERATORS.some((operator) => operator === text);

const never = (): boolean => false;
const always = (): boolean => true;
const plain = { fold: false, flags: false, text: never } as const;
const folding = { fold: true, flags: false, text: never } as const;
const textual = { fold: true, flags: false, text: always } as const;

/** Every operator (docs/policy.md, "Operators"). */
export const OPERATOR_TABLE = {
  eq: { ...folding, compile: compileEq },
  neq: { ...folding, compile: compileNeq },
  in: { ...folding, compile: compileIn },
  not_in: { ...folding, compile: compileNotIn },
  lt: { ...plain, compile: compileOrder("lt") },
  lte: { ...plain, compile: compileOrder("lte") },
  gt: { ...plain, compile: compileOrder("gt") },
  gte: { ...plain, compile: compileOrder("gte") },
  exists: { ...plain, compile: compileExists },
  regex: { ...plain, flags: true, text: always, compile: compileRegexTest },
  contains: { ...folding, text: (value: Json) => typeof value === "string", compile: compileContains },
  starts_with: { ...textual, compile: compileStartsWith },
  ends_with: { ...textual, compile: compileEndsWith },
  glob: { ...textual, compile: compileGlobTest },
  max_length: { ...plain, compile: compileMaxLength },
  min_length: { ...plain, compile: compileMinLength },
  type: { ...plain, compile: compileType },
  within: { ...plain, text: always, compile: compileWithin },
  host_in: { ...plain, text: always, compile: compileHostIn },
  cidr_in: { ...plain, text: always, compile: compileCidrIn },
  schema: { ...plain, compile: compileSchemaTest },
} as const satisfies Record<Operator, OperatorRow>;
