import { LIMITS } from "../base/limits.ts";
import { compileGlob } from "./pattern-match.ts";
import { compileFirstMatch, isPattern, literalCount } from "./patterns.ts";
import { type Plan, planOf, type Specs } from "./plan.ts";
import { below } from "./pointer.ts";
import type { PolicyDocument } from "./read-document.ts";

/** What a policy says of one tool name. */
export interface Resolution {
  /** Pointer of the entry of `hide` that matches. */
  readonly hidden: string | undefined;
  /** `undefined`: no key matches and the default denies. */
  readonly plan: Plan | undefined;
  /** Whether a key of `tools` matches. */
  readonly matched: boolean;
}

export type Resolve = (name: string) => Resolution;

/** Longer names are no tool's; remembering them would only be a way to fill the memory. */
const REMEMBERED_UNITS_MAX = 256;

interface Keyed {
  readonly holds: (name: string) => boolean;
  readonly plan: Plan;
}

/** The patterns among the keys, most literal characters first; of equally many, no two match one name. */
const patternPlans = (document: PolicyDocument, plans: ReadonlyMap<string, Plan>): readonly Keyed[] =>
  Array.from(document.tools.keys())
    .filter(isPattern)
    .map((key) => ({ key, count: literalCount(key) }))
    .sort((a, b) => b.count - a.count)
    .flatMap(({ key }) => {
      const plan = plans.get(key);
      return plan === undefined ? [] : [{ holds: compileGlob(key), plan }];
    });

/**
 * Compiles the look-up of a tool's name: `hide`, then the exact key, then the pattern that says most, then the
 * default (docs/policy.md, "Patterns"). Exact keys are one look-up; what else is asked for is remembered, within bounds.
 */
export const compileResolve = (document: PolicyDocument): Resolve => {
  const observes = document.mode === "observe";
  const specs: Specs = new Map();
  const plans = new Map<string, Plan>();
  for (const [key, rule] of document.tools) {
    plans.set(key, planOf(rule, document.allTools, observes, specs));
  }
  const patterns = patternPlans(document, plans);
  const otherwise = document.admitsByDefault
    ? planOf(undefined, document.allTools, observes, specs)
    : undefined;
  const hiddenBy = compileFirstMatch(document.hide);

  const resolve = (name: string, exact: Plan | undefined): Resolution => {
    const entry = hiddenBy(name);
    const matched = exact ?? patterns.find(({ holds }) => holds(name))?.plan;
    return {
      hidden: entry === -1 ? undefined : below("/hide", entry),
      plan: matched ?? otherwise,
      matched: matched !== undefined,
    };
  };

  const exact = new Map<string, Resolution>();
  for (const [key, plan] of plans) {
    if (!isPattern(key)) {
      exact.set(key, resolve(key, plan));
    }
  }
  return remembering(exact, (name) => resolve(name, undefined));
};

const remembering = (exact: ReadonlyMap<string, Resolution>, resolve: Resolve): Resolve => {
  const remembered = new Map<string, Resolution>();
  return (name) => {
    const known = exact.get(name) ?? remembered.get(name);
    if (known !== undefined) {
      return known;
    }
    const found = resolve(name);
    if (name.length <= REMEMBERED_UNITS_MAX) {
      if (remembered.size >= LIMITS.resolved_names_max) {
        remembered.clear();
      }
      remembered.set(name, found);
    }
    return found;
  };
};
