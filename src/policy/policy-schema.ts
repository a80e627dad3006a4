import { LIMITS } from "../base/limits.ts";
import { CONDITION_DEFS, implies, INCREMENT_PATH } from "./condition-schema.ts";
import { WINDOW_NAMES } from "./limits.ts";

/** JSON Schema 2020-12 of a policy document (docs/policy.md): its shape, as the check has it. */

const PATTERN = { type: "string", maxLength: LIMITS.pattern_characters_max } as const;
const AMOUNT = { type: "number", minimum: 0 } as const;
const NAMED_WINDOWS = WINDOW_NAMES.filter((name) => name !== "month" && name !== "lifetime");
const DURATION = "^[1-9][0-9]{0,8}[smhd]$";

const patterns = (description: string) => ({ type: "array", items: PATTERN, description }) as const;
const object = (properties: object, required: readonly string[], more: object = {}) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
  ...more,
});

const WINDOW = {
  anyOf: [{ enum: WINDOW_NAMES }, { type: "integer", minimum: 1, maximum: LIMITS.window_seconds_max }],
  description: "How long what was admitted counts: a name or whole seconds.",
} as const;

const windowIs = (schema: object) => ({ properties: { window: schema }, required: ["window"] });

const PLAIN_WINDOW = windowIs({ anyOf: [{ enum: NAMED_WINDOWS }, { type: "number" }] });

/** Fields of a limit that mean nothing beside others. */
const LIMIT_RULES = [
  { not: { required: ["increment", "increment_from"] } },
  implies(windowIs({ const: "lifetime" }), { properties: { align: false, timezone: false } }),
  implies(windowIs({ const: "month" }), { properties: { align: { const: "calendar" } } }),
  implies(windowIs({ type: "number" }), { properties: { align: { const: "sliding" } } }),
  implies(
    { allOf: [PLAIN_WINDOW, { required: ["timezone"] }] },
    { properties: { align: { const: "calendar" } }, required: ["align"] },
  ),
] as const;

const LIMIT = object(
  {
    counter: { type: "string", minLength: 1, description: "Its name. Equal names are one counter." },
    window: WINDOW,
    max: { ...AMOUNT, description: "How much fits into one window." },
    scope: {
      enum: ["grant", "identity", "session", "server", "global"],
      description: "Whose counter, default grant.",
    },
    increment: { ...AMOUNT, description: "What one call costs, default 1." },
    increment_from: {
      type: "string",
      pattern: INCREMENT_PATH,
      description: "A path of args whose number is the cost.",
    },
    align: {
      enum: ["sliding", "calendar"],
      description: "In no span more than max (default), or anew with each day, hour …",
    },
    timezone: { type: "string", description: "IANA name of the calendar's zone, default UTC." },
  },
  ["counter", "window", "max"],
  { allOf: LIMIT_RULES },
);

const APPROVAL = object(
  {
    conditions: { $ref: "#/$defs/conditions" },
    approvers: {
      type: "array",
      items: { type: "string" },
      minItems: 1,
      description: "Groups, default everyone who may approve.",
    },
    timeout: { type: "string", pattern: DURATION, description: "When the request expires, default 10m." },
    remember: { type: "string", pattern: DURATION, description: "How long it serves equal calls." },
    quorum: { type: "integer", minimum: 1, description: "How many people it takes, default 1." },
    self: { type: "boolean", description: "Whether who asks may approve." },
  },
  [],
);

const RULE = object(
  {
    action: { enum: ["allow", "deny", "require_approval"], description: "Default allow." },
    reason: { type: "string", description: "What the agent is told where nothing else says it." },
    require: { $ref: "#/$defs/predicates", description: "Every one must be true." },
    deny_if: { $ref: "#/$defs/predicates", description: "None may be true." },
    limits: { type: "array", items: { $ref: "#/$defs/limit" } },
    rate_limit: object({ max: AMOUNT, window: WINDOW }, ["max", "window"], {
      description: "So many calls a window, for each grant.",
    }),
    approval: { $ref: "#/$defs/approval" },
    arguments: {
      enum: ["strict", "schema", "any"],
      description: "How the arguments must fit the tool's input schema, default strict.",
    },
  },
  [],
  { not: { properties: { action: { const: "require_approval" } }, required: ["action", "approval"] } },
);

export const POLICY_SCHEMA: Readonly<Record<string, unknown>> = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Tollgate policy, version 1",
  ...object(
    {
      version: { const: "1" },
      description: { type: "string", description: "For people." },
      mode: { enum: ["enforce", "observe"], description: "observe decides and records, and lets pass." },
      default: { enum: ["allow", "deny"], description: "Tools that no key under tools matches." },
      hide: patterns("Tools that are not listed, and denied when called."),
      resources: patterns("URIs of resources that may be read."),
      prompts: patterns("Names of prompts that may be got."),
      methods: patterns("Methods beyond the protocol's own that are forwarded."),
      all_tools: { $ref: "#/$defs/rule", description: "Applied to every call besides the tool's own rule." },
      tools: {
        type: "object",
        propertyNames: PATTERN,
        additionalProperties: { $ref: "#/$defs/rule" },
        description: "Pattern of a tool's name to its rule; {} admits it.",
      },
    },
    ["version", "default"],
  ),
  $defs: { rule: RULE, limit: LIMIT, approval: APPROVAL, ...CONDITION_DEFS },
};
