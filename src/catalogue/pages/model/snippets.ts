import type { JsonObject } from "../../../base/json-value.ts";
import { LIMITS } from "../../../base/limits.ts";
import { isPattern } from "../../../policy/patterns.ts";
import { runsOf } from "../../recommend/treatment.ts";
import type { ServerEntry, ToolEntry } from "../../entry.ts";
import type { ArgumentFact, ArgumentKind, ToolClass } from "../../verdict.ts";
import type { Control } from "./control.ts";
import type { Prose } from "./prose.ts";

/** What there is to copy for one tool. Policies are valid as they stand; excerpts belong into one. */

export interface Snippet {
  readonly is: "policy" | "excerpt";
  readonly document: JsonObject;
  /** What it opens and closes as it stands, and where it goes. */
  readonly caption: readonly Prose[];
}

/** The usual starting points: calls for each grant. */
const RATES = {
  read: { max: 60, window: "minute" },
  write: { max: 30, window: "minute" },
  execute: { max: 10, window: "minute" },
  destructive: { max: 5, window: "hour" },
  financial: { max: 5, window: "hour" },
} as const satisfies Record<ToolClass, { readonly max: number; readonly window: string }>;

export type Rate = (typeof RATES)[ToolClass];

export const rateOf = (tool: ToolEntry): Rate => RATES[tool.class];

/** As a key of `tools` and in `hide`. */
interface Key {
  readonly text: string;
  /** Whether it matches this name alone. A policy has no way to write a name with `*` or `?` exactly. */
  readonly exact: boolean;
}

const keyOf = (name: string): Key => {
  const letters = Array.from(name.slice(0, LIMITS.pattern_characters_max * 2 + 2));
  return letters.length > LIMITS.pattern_characters_max
    ? { text: `${letters.slice(0, LIMITS.pattern_characters_max - 1).join("")}*`, exact: false }
    : { text: name, exact: !isPattern(name) };
};

/** A rule for this tool and no other, also where the key has to be a pattern. */
const ruleFor = ({ name }: ToolEntry, rule: JsonObject): JsonObject => {
  const key = keyOf(name);
  const only = {
    conditions: [{ path: "tool.name", op: "eq", value: name }],
    on_deny: "This is another tool.",
  };
  const before = "require" in rule && Array.isArray(rule["require"]) ? rule["require"] : [];
  return Object.fromEntries([[key.text, key.exact ? rule : { ...rule, require: [only, ...before] }]]);
};

const denying = (tools: JsonObject): JsonObject => ({ version: "1", default: "deny", tools });

/** Always, as the recommended policy writes it: short for `"approval": {}`. */
const ASKING = { action: "require_approval" } as const;

/** What closes a tool that can do what others do: as the recommended policy has it, else a person. */
const closingOf = (tool: ToolEntry, { rule, asks }: Control): JsonObject => {
  if (runsOf(tool) === undefined) {
    return {};
  }
  const isClosed = rule !== undefined && (asks || "deny_if" in rule || rule["action"] === "deny");
  return isClosed ? rule : { ...rule, ...ASKING };
};

/** A rule for a tool that runs others never comes without what closes it, and into a policy that says what is open. */
const ruleSnippet = (
  tool: ToolEntry,
  control: Control,
  rule: JsonObject,
): Pick<Snippet, "is" | "document"> => {
  const tools = ruleFor(tool, { ...closingOf(tool, control), ...rule });
  return runsOf(tool) === undefined
    ? { is: "policy", document: denying(tools) }
    : { is: "excerpt", document: { tools } };
};

/** So many calls of this tool. */
export const rateSnippet = (tool: ToolEntry, control: Control): Pick<Snippet, "is" | "document"> =>
  ruleSnippet(tool, control, { rate_limit: { ...rateOf(tool) } });

/** This tool, until the amounts add up to so much. */
export const spendingSnippet = (
  tool: ToolEntry,
  control: Control,
  argument: ArgumentFact,
): Pick<Snippet, "is" | "document"> =>
  ruleSnippet(tool, control, {
    rate_limit: { ...rateOf(tool) },
    limits: [{ counter: "spent", window: "day", max: SPENDING_EXAMPLE, increment_from: argument.path }],
  });

export const SPENDING_EXAMPLE = 1_000;

/** The argument whose number a spending limit can add up. */
export const spendingArgument = ({ arguments: facts }: ToolEntry): ArgumentFact | undefined =>
  facts.find(
    ({ kinds, types, path, required }) =>
      kinds.includes("money") &&
      required &&
      types.some((type) => type === "number" || type === "integer") &&
      !isPattern(path),
  );

type Bounded = Extract<ArgumentKind, "path" | "url" | "host" | "recipient">;

/** Conditions that fit a kind of argument, with values to put one's own in place of. */
const BOUNDS: Readonly<Record<Bounded, { readonly op: string; readonly value: string | readonly string[] }>> =
  {
    path: { op: "within", value: ["/srv/project"] },
    url: { op: "host_in", value: ["example.com", "*.example.com"] },
    host: { op: "in", value: ["example.com"] },
    recipient: { op: "ends_with", value: "@example.com" },
  };
const BOUNDED: readonly Bounded[] = ["path", "url", "host", "recipient"];

const boundOf = ({ kinds, types }: ArgumentFact): Bounded | undefined =>
  types.length > 0 && types.every((type) => type === "string" || type === "null")
    ? BOUNDED.find((kind) => kinds.includes(kind))
    : undefined;

/** Arguments that can be held to a folder, a host or an address. */
export const boundedArguments = ({ arguments: facts }: ToolEntry): readonly ArgumentFact[] =>
  facts.filter((fact) => boundOf(fact) !== undefined).slice(0, BOUNDED_MAX);

const BOUNDED_MAX = 3;

/** This tool only where its arguments stay within bounds. */
export const boundedSnippet = (
  tool: ToolEntry,
  control: Control,
  facts: readonly ArgumentFact[],
): Pick<Snippet, "is" | "document"> => ruleSnippet(tool, control, { require: facts.map(requirement) });

const requirement = (fact: ArgumentFact): JsonObject => {
  const { op, value } = BOUNDS[boundOf(fact) ?? "path"];
  // What a call may leave out says nothing where it is left out.
  const missing = fact.required ? {} : { on_missing: "true" };
  return { conditions: [{ path: fact.path, op, value, ...missing }] };
};

/** What of a server matters to the policies of each of its tools. Read once a server. */
export interface Neighbours {
  /** Its meta-tools; no more than one beyond those that a policy hides, and the tool itself. */
  readonly meta: readonly ToolEntry[];
}

export const neighboursOf = ({ tools }: ServerEntry): Neighbours => ({
  meta: tools.filter(({ meta }) => meta !== undefined).slice(0, LIMITS.page_meta_tools_max + 2),
});

/** Other tools of the server that could do what this one does. */
export const otherMetaTools = ({ meta }: Neighbours, tool: ToolEntry): readonly ToolEntry[] =>
  meta.filter(({ name }) => name !== tool.name);

/** Whether there are more of them than a policy can name and be read. */
export const areTooMany = (meta: readonly ToolEntry[]): boolean => meta.length > LIMITS.page_meta_tools_max;

/** What hides the tool, and those that could do it all the same. */
export const blockExcerpt = (tool: ToolEntry, meta: readonly ToolEntry[]): JsonObject => {
  const hidden = areTooMany(meta) ? [tool] : [tool, ...meta];
  const hide = hidden.map(({ name }) => keyOf(name).text);
  return areTooMany(meta) ? { default: "deny", hide } : { hide };
};

/** The same as a whole policy: every tool but these. */
export const blockPolicy = (tool: ToolEntry, meta: readonly ToolEntry[]): JsonObject => ({
  version: "1",
  default: "allow",
  ...blockExcerpt(tool, meta),
});

/** Only this tool, and only when people agree. */
export const approvalSnippet = (tool: ToolEntry): JsonObject => denying(ruleFor(tool, ASKING));

/** Whether a snippet's key for this tool may match others too. */
export const isWide = ({ name }: ToolEntry): boolean => !keyOf(name).exact;
