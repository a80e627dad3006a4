import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { ConditionContext } from "./condition.ts";
import { mildly, severely } from "./meta-reading.ts";
import { NO_ARGUMENTS, trialOf } from "./meta-trial.ts";
import type { Resolution } from "./resolve.ts";
import type { ReadPredicate, ReadRule } from "./rule.ts";
import { takingOf } from "./taking.ts";
import type { ClassFinder, ToolFacts } from "./types.ts";
import type { ListedTool } from "./warn-reads.ts";
import { fixedAll } from "./warn-truth.ts";

/** Which tools a policy withholds: hidden, denied, held for approval, or let through by no call. */

/** A tool and what the policy says of its name. */
export interface Judged {
  readonly tool: ListedTool;
  readonly resolution: Resolution;
}

export const isDenied = ({ hidden, plan }: Resolution): boolean =>
  hidden !== undefined || plan === undefined || plan.denied !== undefined;

/** Whether a rule lets no call through, though it does not say "deny". */
export const isShut = (rule: ReadRule | undefined): boolean =>
  rule !== undefined &&
  (rule.written.some(({ spec }) => spec.max === 0n) ||
    rule.denyIf.some(({ conditions }) => isJsonArray(conditions) && fixedAll(conditions) === true) ||
    rule.require.some(({ conditions }) => isJsonArray(conditions) && fixedAll(conditions) === false));

/** Whether the rule for all tools may withhold some by what they are, which cannot be told here. */
export const sortsOut = (rule: ReadRule | undefined, isClassKnown: boolean): boolean =>
  rule !== undefined &&
  !isClassKnown &&
  [...rule.denyIf, ...rule.require].some(({ predicate }) =>
    predicate.reads.some(({ path: { root, steps } }) => {
      const [first] = steps;
      return root === "tool" && first?.kind === "name" && first.name === "class";
    }),
  );

export const factsOf = (tool: ListedTool, classOf: ClassFinder | undefined): Omit<ToolFacts, "schema"> => {
  const annotations = member(tool.definition, "annotations");
  return {
    name: tool.name,
    class: classOf?.(tool.definition),
    annotations: isJsonObject(annotations) ? annotations : undefined,
  };
};

const holds = (rule: ReadRule | undefined): boolean =>
  rule !== undefined && (rule.require.length + rule.denyIf.length > 0 || rule.approval !== undefined);

/** What the verdicts on tools rest on. */
export interface Ground {
  readonly all: ReadRule | undefined;
  readonly classOf: ClassFinder | undefined;
  readonly context: ConditionContext;
  /** Whether calls are handed on in texts. */
  readonly inTexts: boolean;
}

/** Of a tool that is not denied: whether it is withheld all the same, by its own rule or that for all tools. */
export const isWithheld = (
  { all, classOf, context }: Ground,
  tool: ListedTool,
  own: ReadRule | undefined,
): boolean => {
  if (isShut(own) || isShut(all)) {
    return true;
  }
  if (!holds(own) && !holds(all)) {
    return false;
  }
  const reading = mildly(takingOf(tool.schema, own, all), classOf !== undefined);
  return !trialOf(
    { tool: factsOf(tool, classOf), own, all },
    { own: reading, all: reading },
    context,
  )(NO_ARGUMENTS);
};

/**
 * Of a tool that is not withheld: whether only some may call it, or only with some arguments, or a person must agree to
 * some calls. Another tool that makes the call for it is asked none of that.
 */
export const isConditional = (
  { all, classOf, context, inTexts }: Ground,
  tool: ListedTool,
  own: ReadRule | undefined,
): boolean => {
  if (!holds(own) && !holds(all)) {
    return false;
  }
  const readings = severely(takingOf(tool.schema, own, all), classOf !== undefined, inTexts);
  return !trialOf({ tool: factsOf(tool, classOf), own, all }, readings, context)(NO_ARGUMENTS);
};

const textOf = (kind: "require" | "deny_if", { conditions }: ReadPredicate): string =>
  kind + writeJson(conditions);

/** Predicates that ask who calls and when, and nothing of the tool and its arguments. */
const asksWho = ({ predicate }: ReadPredicate): boolean =>
  predicate.reads.every(({ path }) => path.root !== "args" && path.root !== "tool");

export const whoPredicates = (rule: ReadRule | undefined): ReadonlySet<string> =>
  new Set([
    ...(rule?.require ?? []).filter(asksWho).map((one) => textOf("require", one)),
    ...(rule?.denyIf ?? []).filter(asksWho).map((one) => textOf("deny_if", one)),
  ]);

/** A rule without predicates that another has as well; the same rule where there are none. */
export const withoutThese = (rule: ReadRule, others: ReadonlySet<string>): ReadRule => {
  const require = rule.require.filter((one) => !others.has(textOf("require", one)));
  const denyIf = rule.denyIf.filter((one) => !others.has(textOf("deny_if", one)));
  return require.length + denyIf.length < rule.require.length + rule.denyIf.length
    ? { ...rule, require, denyIf }
    : rule;
};
