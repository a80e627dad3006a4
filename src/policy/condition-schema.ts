import type { Operator } from "./operators/table.ts";
import { LIMITS } from "../base/limits.ts";

/** JSON Schema 2020-12 of predicates and conditions (docs/policy.md), as parts of the document's. */

type Schema = Readonly<Record<string, unknown>> | boolean;

const STEP =
  '(?:\\.[A-Za-z_][A-Za-z0-9_-]*|\\.\\*|\\[(?:0|[1-9][0-9]*)\\]|\\[\\*\\]|\\["(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9A-Fa-f]{4}))*"\\])';
const PATH = `^(?:args${STEP}*(?:\\.\\*\\*)?|(?:tool|server|grant|identity|client|session|now)${STEP}+)$`;
const FIXED_STEP = STEP.replace("|\\.\\*", "").replace("|\\[\\*\\]", "");

/** Where a schema fits, another one must too. */
// oxlint-disable-next-line unicorn/no-thenable -- `then` is JSON Schema's own word
export const implies = (condition: Schema, consequence: Schema) => ({ if: condition, then: consequence });

/** A path of `args` without wildcards, for `increment_from`. */
export const INCREMENT_PATH = `^args${FIXED_STEP}*$`;

const TEXT: Schema = { type: "string" };
const PATTERN: Schema = { type: "string", maxLength: LIMITS.pattern_characters_max };
const LIST: Schema = { type: "array" };
const TEXTS: Schema = { type: "array", items: { type: "string" } };
const LENGTH: Schema = { type: "integer" };
const ORDERED: Schema = { type: ["number", "string"] };

/** What an operator compares with. */
const VALUES = {
  eq: true,
  neq: true,
  in: LIST,
  not_in: LIST,
  lt: ORDERED,
  lte: ORDERED,
  gt: ORDERED,
  gte: ORDERED,
  exists: { type: "boolean" },
  regex: PATTERN,
  contains: true,
  starts_with: TEXT,
  ends_with: TEXT,
  glob: PATTERN,
  max_length: LENGTH,
  min_length: LENGTH,
  type: { enum: ["string", "number", "integer", "boolean", "null", "array", "object"] },
  within: { type: "array", items: { type: "string", pattern: "^/" } },
  host_in: TEXTS,
  cidr_in: TEXTS,
  schema: { type: ["object", "boolean"] },
} as const satisfies Record<Operator, Schema>;

const FOLDING = new Set(["eq", "neq", "in", "not_in", "contains", "starts_with", "ends_with", "glob"]);

/** What an operator asks of the fields beside it. */
const operatorRow = ([op, value]: readonly [string, Schema]): Schema => {
  const properties = {
    value,
    ...(FOLDING.has(op) ? {} : { fold: false }),
    ...(op === "regex" ? {} : { flags: false }),
    ...(op === "exists" ? { on_missing: false } : {}),
  };
  return implies({ properties: { op: { const: op } } }, { properties });
};

const DATED: Schema = { properties: { path: { pattern: '^now(?:\\.date|\\["date"\\])$' } } };
const DATE: Schema = { type: "string", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };

/** `lt` and its like compare numbers, and dates where the path is `now.date`. */
const ORDER_ROW: Schema = implies(
  { properties: { op: { enum: ["lt", "lte", "gt", "gte"] } } },
  {
    ...implies(DATED, { properties: { value: DATE } }),
    else: { properties: { value: { type: "number" } } },
  },
);

const join = (name: string, of: Schema): Schema => ({
  type: "object",
  properties: { [name]: of },
  required: [name],
  additionalProperties: false,
});

const CONDITION: Schema = { $ref: "#/$defs/condition" };
const CONDITIONS: Schema = { type: "array", items: CONDITION };

const LEAF: Schema = {
  type: "object",
  properties: {
    path: { type: "string", pattern: PATH, description: "What is looked at, such as args.amount." },
    op: { enum: Object.keys(VALUES), description: "How it is compared." },
    value: { description: "With what it is compared." },
    on_missing: { enum: ["false", "true"], description: "What counts where nothing is at the path." },
    fold: { type: "boolean", description: "Compare without regard to case and compatibility forms." },
    flags: {
      type: "string",
      pattern: "^(?:i|m|s|im|is|mi|ms|si|sm|ims|ism|mis|msi|sim|smi)?$",
      description: "Of a regex: some of i, m, s.",
    },
  },
  required: ["path", "op", "value"],
  additionalProperties: false,
  allOf: [...Object.entries(VALUES).map(operatorRow), ORDER_ROW],
};

export const CONDITION_DEFS: Readonly<Record<string, Schema>> = {
  condition: {
    anyOf: [
      join("all", CONDITIONS),
      join("any", CONDITIONS),
      join("not", CONDITION),
      { $ref: "#/$defs/comparison" },
    ],
  },
  comparison: LEAF,
  conditions: { ...CONDITIONS, description: "All must hold. None: always." },
  predicates: {
    type: "array",
    items: {
      type: "object",
      properties: {
        name: { type: "string", description: "Told with the decision." },
        conditions: { $ref: "#/$defs/conditions" },
        on_deny: { type: "string", description: "What the agent is told." },
      },
      required: ["conditions"],
      additionalProperties: false,
    },
  },
};
