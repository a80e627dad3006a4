import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import type { ConditionContext } from "./condition.ts";
import { type Counts, NO_ARGUMENTS, trialOf } from "./meta-trial.ts";
import type { Resolution } from "./resolve.ts";
import type { ReadRule } from "./rule.ts";
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

const ANY_OF_A_TOOL: Counts = ({ root }) => root === "tool";
/** Where nothing tells classes. */
const ALL_BUT_CLASS: Counts = ({ root, steps }) =>
  root === "tool" && !(steps[0]?.kind === "name" && steps[0].name === "class");

/** Whether the rule for all tools may withhold some by what they are, which cannot be told here. */
export const sortsOut = (rule: ReadRule | undefined, isClassKnown: boolean): boolean =>
  rule !== undefined &&
  !isClassKnown &&
  [...rule.denyIf, ...rule.require].some(({ predicate }) =>
    predicate.reads.some(({ path }) => path.root === "tool" && !ALL_BUT_CLASS(path)),
  );

export const factsOf = (tool: ListedTool, classOf: ClassFinder | undefined): Omit<ToolFacts, "schema"> => {
  const annotations = member(tool.definition, "annotations");
  return {
    name: tool.name,
    class: classOf?.(tool.definition),
    annotations: isJsonObject(annotations) ? annotations : undefined,
  };
};

const hasConditions = (rule: ReadRule | undefined): boolean =>
  rule !== undefined && rule.require.length + rule.denyIf.length > 0;

/** Of a tool that is not denied: whether it is withheld all the same, by its own rule or that for all tools. */
export const isWithheld =
  (all: ReadRule | undefined, classOf: ClassFinder | undefined, context: ConditionContext) =>
  ({ tool, resolution }: Judged, own: ReadRule | undefined): boolean => {
    if ((resolution.plan?.asks.length ?? 0) > 0 || isShut(own) || isShut(all)) {
      return true;
    }
    if (!hasConditions(own) && !hasConditions(all)) {
      return false;
    }
    const counts = classOf === undefined ? ALL_BUT_CLASS : ANY_OF_A_TOOL;
    return !trialOf({ tool: factsOf(tool, classOf), own, all }, counts, context)(NO_ARGUMENTS);
  };
