import type { Json, JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { ConditionContext } from "./condition.ts";
import { callsBy, keyOf, listedAt, type Route } from "./meta-calls.ts";
import { asTold } from "./meta-reading.ts";
import { routesOf } from "./meta-routes.ts";
import { sizesIn, STRANGE_TEXTS, textsBeside, textsIn, textsWith } from "./meta-texts.ts";
import { type Trial, trialOf } from "./meta-trial.ts";
import type { ReadRule } from "./rule.ts";
import { type Taking, takingOf } from "./taking.ts";
import type { ClassFinder, MetaFacts } from "./types.ts";
import type { ListedTool } from "./warn-reads.ts";
import { factsOf, isShut } from "./withheld.ts";

/** Whether a tool that runs others is open: whether its rules admit a call that has it run what must not be run. */

export interface Search {
  readonly tool: ListedTool;
  readonly meta: MetaFacts;
  readonly own: ReadRule | undefined;
  readonly all: ReadRule | undefined;
  /** Names of tools that it must not run. */
  readonly targets: readonly string[];
  /** Names of tools that it may. */
  readonly fillers: readonly string[];
  readonly context: ConditionContext;
  readonly classOf: ClassFinder | undefined;
  /** Calls that may still be tried, of all tools together. */
  readonly calls: { left: number };
}

export type Found =
  | { readonly kind: "admitted"; readonly args: JsonObject; readonly name: string | undefined }
  /** Doubt: there were too many calls to try. */
  | { readonly kind: "untried"; readonly name?: undefined };

interface Trying {
  readonly search: Search;
  readonly taking: Taking;
  readonly routes: readonly Route[];
  readonly trial: Trial;
  readonly sizes: readonly number[];
}

const conditionsOf = (rules: readonly ReadRule[]): readonly Json[] =>
  rules.flatMap((rule) => [
    ...[...rule.require, ...rule.denyIf].map(({ conditions }) => conditions),
    ...(rule.approval?.conditions === undefined ? [] : [rule.approval.conditions]),
  ]);

/** The first call that is admitted; `undefined` where none is. */
const firstAdmitted = (
  { search, taking, routes, trial, sizes }: Trying,
  textsFor: (route: Route) => readonly string[],
): Found | undefined => {
  const { meta, calls } = search;
  const nests = meta.runs === "tools" && meta.namesDecide === false;
  for (const route of routes) {
    const texts = textsFor(route);
    if (texts.length === 0) {
      continue;
    }
    // To find that no call can be made costs something too.
    calls.left -= 1;
    const others = routes.filter((other) => other !== route);
    for (const args of callsBy(taking.schema, route, others, { texts, sizes, nests })) {
      if (calls.left <= 0) {
        return { kind: "untried" };
      }
      calls.left -= 1;
      if (trial(args)) {
        return { kind: "admitted", args, name: undefined };
      }
    }
  }
  return undefined;
};

/** With a text for each route that is let through there, whatever stands elsewhere. */
const filled = (
  trying: Trying,
  trialFor: (routes: readonly Route[]) => Trial,
  known: readonly string[],
): Trying => {
  const candidates = [...new Set([...known, ...trying.search.fillers])].slice(0, LIMITS.tried_texts_max);
  const routes = trying.routes.map((route): Route => {
    const alone = { ...trying, routes: [route], trial: trialFor([route]) };
    const filler = candidates.find((text) => firstAdmitted(alone, () => [text])?.kind === "admitted");
    return { ...route, filler };
  });
  return { ...trying, routes };
};

/** Each of its names in these texts of it: `at` is which one it is. */
const byTexts = (
  trying: Trying,
  textsOfName: (name: string, route: Route, at: number) => readonly string[],
): Found | undefined => {
  for (const [at, name] of trying.search.targets.entries()) {
    const found = firstAdmitted(trying, (route) => textsOfName(name, route, at));
    if (found !== undefined) {
      return found.kind === "admitted" ? { ...found, name } : found;
    }
  }
  return undefined;
};

/** Every name as it is before any other text, so that the call that is shown is the plainest. */
const byNames = (trying: Trying): Found | undefined =>
  byTexts(trying, (name, { beside }) => (beside ? [] : [name])) ??
  byTexts(trying, (name, { steps, beside }, at) => {
    const key = keyOf(steps);
    const texts = beside ? [name, ...textsBeside(name, key)] : textsWith(name, key);
    // Of more names the others are tried in the plainest text alone.
    return texts.slice(0, at < LIMITS.tried_names_max ? undefined : 1);
  }) ??
  // What stands beside the name can say another in more ways than anybody lists.
  firstAdmitted(trying, ({ beside }) => (beside ? STRANGE_TEXTS : []));

const asksAlways = ({ approval }: ReadRule): boolean => approval !== undefined && approval.when === undefined;

/** `observes`: its rules hold nothing back. `undefined`: it is closed. */
export const openBy = (search: Search, observes = false): Found | undefined => {
  const { tool, meta, own, all, targets, context, classOf } = search;
  const rules = [own, all].filter((rule) => rule !== undefined);
  if (!observes && rules.some((rule) => isShut(rule) || asksAlways(rule))) {
    return undefined;
  }
  const taking = takingOf(tool.schema, own, all);
  const facts = { tool: factsOf(tool, classOf), own, all };
  const trialFor = (on: readonly Route[]): Trial => {
    const reading = asTold(taking, classOf !== undefined, on, meta.runs);
    return observes ? () => true : trialOf(facts, { own: reading, all: reading }, context);
  };
  const names = new Set<Json>(targets);
  // What may only say a few things, none of which is such a tool, says nothing more.
  const routes = routesOf(taking, meta).filter(
    ({ steps, beside }) => !beside || listedAt(taking.schema, steps)?.some((one) => names.has(one)) !== false,
  );
  if (!observes && routes.length > LIMITS.tried_routes_max) {
    return { kind: "untried" };
  }
  const conditions = conditionsOf(rules);
  const sizes = [...new Set([2, ...sizesIn(conditions)])].filter(
    (size) => size > 1 && size <= LIMITS.tried_elements_max,
  );
  const trying = filled(
    { search, taking, routes, trial: trialFor(routes), sizes },
    trialFor,
    textsIn(conditions),
  );
  return meta.runs === "tools" ? byNames(trying) : firstAdmitted(trying, () => STRANGE_TEXTS);
};
