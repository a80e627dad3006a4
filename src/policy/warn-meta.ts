import { isJsonArray, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { PathUse } from "./condition.ts";
import { closesCalls } from "./meta-closing.ts";
import { type Carrier, closingRule, topArgument } from "./meta-rule.ts";
import type { Step } from "./path.ts";
import { readPath } from "./path-read.ts";
import { isPattern } from "./patterns.ts";
import type { Problem } from "./problem.ts";
import type { PolicyDocument } from "./read-document.ts";
import type { Resolution } from "./resolve.ts";
import type { ReadPredicate, ReadRule } from "./rule.ts";
import { placesAt, typesAt, valuesAt } from "./schema-places.ts";
import type { MetaFacts, MetaFinder } from "./types.ts";
import type { ListedTool } from "./warn-reads.ts";
import { warningAt } from "./warn-rules.ts";
import { fixedAll } from "./warn-truth.ts";

/** Warnings of tools that can do what other tools do, left open while those are denied (docs/policy.md). */

/** A tool and what the policy says of its name. */
export interface Judged {
  readonly tool: ListedTool;
  readonly resolution: Resolution;
}

export const isDenied = ({ hidden, plan }: Resolution): boolean =>
  hidden !== undefined || plan === undefined || plan.denied !== undefined;

const isAsked = ({ plan }: Resolution): boolean => (plan?.asks.length ?? 0) > 0;

/** Steps of which one yields all that the other does. */
const stepCovers = (read: Step, carrier: Step): boolean => {
  if (read.kind === "name" && carrier.kind === "name") {
    return read.name === carrier.name;
  }
  if (read.kind === "index" && carrier.kind === "index") {
    return read.index === carrier.index;
  }
  const within = { members: "name", elements: "index", name: undefined, index: undefined } as const;
  const all = read.kind === "members" || read.kind === "elements";
  return all && (carrier.kind === read.kind || carrier.kind === within[read.kind]);
};

/** Whether a condition on one path judges all that an argument carries. `undefined`: where it is, is not known. */
const pathCovers = (read: readonly Step[], carrier: readonly Step[] | undefined): boolean => {
  const shared = Math.min(read.length, carrier?.length ?? 0);
  const both = carrier?.slice(0, shared).every((step, at) => {
    const other = read[at];
    return other !== undefined && stepCovers(other, step);
  });
  // Of a list's elements one that is read leaves the others unread.
  return (both ?? read.length === 0) && read.slice(shared).every(({ kind }) => kind !== "index");
};

/** These look at a value and leave open what it says. */
const BLIND: ReadonlySet<string> = new Set(["type", "max_length", "min_length"]);

/** `exists` closes only where it forbids the argument. */
const judges = ({ op, value, lean }: PathUse): boolean =>
  op === "exists" ? value === (lean === "deny") : !BLIND.has(op);

const decides = ({ conditions }: ReadPredicate, lean: "require" | "deny", names: boolean): boolean =>
  isJsonArray(conditions) &&
  fixedAll(conditions) !== (lean === "require") &&
  closesCalls(conditions, lean, names);

/** Every path that the conditions of a rule judge. */
const judgedPaths = (rule: ReadRule, names: boolean): readonly PathUse[] =>
  [
    ...rule.require
      .filter((one) => decides(one, "require", names))
      .flatMap(({ predicate }) => predicate.reads),
    ...rule.denyIf.filter((one) => decides(one, "deny", names)).flatMap(({ predicate }) => predicate.reads),
    ...(rule.approval?.reads ?? []),
  ].filter(judges);

const stepsOf = (path: string): readonly Step[] | undefined => {
  const read = readPath(path);
  return "invalid" in read || read.root !== "args" ? undefined : read.steps;
};

/** Whether its rule lets no call through, though it does not say "deny". */
const isShut = (rule: ReadRule | undefined): boolean =>
  rule !== undefined &&
  (rule.written.some(({ spec }) => spec.max === 0n) ||
    rule.denyIf.some(({ conditions }) => isJsonArray(conditions) && fixedAll(conditions) === true) ||
    rule.require.some(({ conditions }) => isJsonArray(conditions) && fixedAll(conditions) === false));

/** Whether the rule for all tools withholds some by what they are. */
const sortsOut = (rule: ReadRule | undefined): boolean =>
  rule !== undefined &&
  [...rule.denyIf, ...rule.require].some(({ predicate }) =>
    predicate.reads.some(({ path }) => path.root === "tool"),
  );

/** Whether a person is asked of every call. */
const asksAlways = ({ approval }: ReadRule): boolean => approval !== undefined && approval.when === undefined;

const isClosed = (rules: readonly ReadRule[], meta: MetaFacts): boolean => {
  if (rules.some(asksAlways)) {
    return true;
  }
  const reads = rules
    .flatMap((rule) => judgedPaths(rule, meta.runs === "tools"))
    .filter(({ path }) => path.root === "args");
  const carriers = meta.arguments.length === 0 ? [undefined] : meta.arguments.map(stepsOf);
  return carriers.every((carrier) => reads.some(({ path }) => pathCovers(path.steps, carrier)));
};

const namesOnly = ({ schema }: ListedTool, steps: readonly Step[]): boolean => {
  const places = placesAt(schema, steps);
  const types = typesAt(places);
  const values = types === undefined ? valuesAt(places) : undefined;
  return types === undefined
    ? values !== undefined && values.every((value) => typeof value === "string")
    : types.has("string") && [...types].every((type) => type === "string" || type === "null");
};

/** A list of names is read name by name. */
const carrierOf = (tool: ListedTool, path: string, decide: boolean): Carrier => {
  const steps = stepsOf(path);
  const top = stepsOf(topArgument(path) ?? "");
  const optional = top === undefined || placesAt(tool.schema, top).optional;
  const each = stepsOf(`${path}[*]`);
  if (steps !== undefined && each !== undefined && isList(tool, steps) && namesOnly(tool, each)) {
    return { path: `${path}[*]`, optional, readable: decide };
  }
  return { path, optional, readable: decide && steps !== undefined && namesOnly(tool, steps) };
};

const isList = ({ schema }: ListedTool, steps: readonly Step[]): boolean => {
  const types = typesAt(placesAt(schema, steps));
  return types?.size === 1 && types.has("array");
};

/** Admitted whatever the call says: its rule, where it has one, holds nothing. */
const isPlain = (rule: ReadRule | undefined): boolean =>
  rule === undefined ||
  rule.require.length + rule.denyIf.length + rule.written.length + (rule.approval === undefined ? 0 : 1) ===
    0;

const SAYS: Readonly<Record<MetaFacts["runs"], string>> = {
  tools: "runs the tools that it is told",
  code: "runs code that it is given",
  commands: "runs commands that it is given",
  sql: "runs SQL that can write",
};

const messageFor = (tool: ListedTool, meta: MetaFacts, other: Judged): string => {
  const where = meta.arguments.length === 0 ? "" : ` (${meta.arguments.join(", ")})`;
  const state = isDenied(other.resolution) ? "is denied" : "is withheld or needs approval";
  return `${tool.name} ${SAYS[meta.runs]}${where} and is left open, while ${other.tool.name} ${state}: it may do what others must not.`;
};

/** Into the rule that applies, or a rule of its own where that one is for other tools too. */
const adviceFor = (name: string, rule: ReadRule | undefined, proposal: JsonObject): string => {
  const members = writeJson(proposal);
  const [where, text] =
    rule === undefined || isPattern(rule.key)
      ? (['Write under "tools"', `${JSON.stringify(name)}: ${members}`] as const)
      : (["Write in its rule", members.slice(1, -1)] as const);
  return text.length > LIMITS.proposal_characters_max
    ? " The rule to write is long: see --json."
    : ` ${where}: ${text}`;
};

/** `require_approval` is short for an approval and does not stand beside one. */
const proposalFor = (
  tool: ListedTool,
  meta: MetaFacts,
  rule: ReadRule | undefined,
  names: readonly string[],
) => {
  const carriers = meta.arguments.map((path) => carrierOf(tool, path, meta.namesDecide !== false));
  const proposal = closingRule(meta.runs, carriers, names);
  const narrows = rule?.approval !== undefined && !isPattern(rule.key);
  return narrows && Object.hasOwn(proposal, "action") ? { approval: {} } : proposal;
};

/** `metaOf` tells which tools run others. */
export const warnOfMeta = (
  document: PolicyDocument,
  judged: readonly Judged[],
  metaOf: MetaFinder,
): readonly Problem[] => {
  const byPointer = new Map(Array.from(document.tools.values()).map((rule) => [rule.pointer, rule]));
  const ruleOf = ({ plan }: Resolution): ReadRule | undefined => byPointer.get(plan?.rule ?? "");
  const metas = new Map(judged.map(({ tool }) => [tool, metaOf(tool.definition)]));
  const reached = judged.filter(({ resolution }) => !isDenied(resolution));
  const plain = reached.filter(
    ({ tool, resolution }) => metas.get(tool) === undefined && isPlain(ruleOf(resolution)),
  );
  const observes = document.mode === "observe";
  const withheld = observes
    ? judged.filter(({ resolution }) => resolution.hidden !== undefined)
    : [
        ...judged.filter(({ resolution }) => isDenied(resolution)),
        ...reached.filter(({ resolution }) => isAsked(resolution) || isShut(ruleOf(resolution))),
        ...(sortsOut(document.allTools) ? reached : []),
      ];
  return reached.flatMap(({ tool, resolution }) => {
    const meta = metas.get(tool);
    const own = ruleOf(resolution);
    const rules = [own, document.allTools].filter((rule) => rule !== undefined);
    const other = withheld.find((each) => each.tool !== tool);
    if (meta === undefined || other === undefined || (!observes && isClosed(rules, meta))) {
      return [];
    }
    const proposal = proposalFor(
      tool,
      meta,
      own,
      plain.map((each) => each.tool.name),
    );
    const message = messageFor(tool, meta, other) + adviceFor(tool.name, own, proposal);
    const warning =
      own === undefined ? warningAt("/default", "value", message) : warningAt(own.pointer, "key", message);
    return [{ ...warning, proposal }];
  });
};
