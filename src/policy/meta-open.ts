import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { ConditionContext } from "./condition.ts";
import { callsBy, keyOf, type Payload, type Route } from "./meta-calls.ts";
import { countsFor, routesOf } from "./meta-routes.ts";
import { programTexts, textsIn, textsWith } from "./meta-texts.ts";
import { type Trial, trialOf } from "./meta-trial.ts";
import type { ReadRule } from "./rule.ts";
import type { MetaFacts } from "./types.ts";
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
  /** Calls that may still be tried, of all tools together. */
  readonly calls: { left: number };
}

export type Found =
  | { readonly kind: "admitted"; readonly args: JsonObject; readonly name: string | undefined }
  /** Doubt: there were too many calls to try. */
  | { readonly kind: "untried"; readonly name?: undefined };

interface Trying {
  readonly search: Search;
  readonly routes: readonly Route[];
  readonly trial: Trial;
  readonly filler: string | undefined;
}

const textsOf = (rules: readonly ReadRule[]): readonly string[] =>
  rules.flatMap((rule) => [
    ...[...rule.require, ...rule.denyIf].flatMap(({ conditions }) => textsIn(conditions)),
    ...textsIn(rule.approval?.conditions ?? null),
  ]);

/** The first call that is admitted; `undefined` where none is. */
const firstAdmitted = (
  { search, routes, trial, filler }: Trying,
  textsFor: (route: Route) => readonly string[],
): Found | undefined => {
  const { tool, meta, calls } = search;
  const nests = meta.runs === "tools" && meta.namesDecide === false;
  for (const route of routes) {
    const payload: Payload = { texts: textsFor(route), filler };
    const others = routes.filter((other) => other !== route);
    for (const args of callsBy(tool.schema, route, others, payload, nests)) {
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

/** A name that is let through alone, to stand beside others. */
const fillerFor = (trying: Trying, known: readonly string[]): string | undefined =>
  [...known, ...trying.search.fillers]
    .slice(0, LIMITS.tried_texts_max)
    .find((name) => firstAdmitted({ ...trying, filler: name }, () => [name])?.kind === "admitted");

/** Each of its names in these texts of it: `at` is which one it is. */
const byTexts = (
  trying: Trying,
  textsOfName: (name: string, key: string, at: number) => readonly string[],
): Found | undefined => {
  for (const [at, name] of trying.search.targets.entries()) {
    const found = firstAdmitted(trying, ({ steps }) => textsOfName(name, keyOf(steps), at));
    if (found !== undefined) {
      return found.kind === "admitted" ? { ...found, name } : found;
    }
  }
  return undefined;
};

/** Every name as it is before any other text, so that the call that is shown is the plainest. */
const byNames = (trying: Trying): Found | undefined =>
  byTexts(trying, (name) => [name]) ??
  byTexts(trying, (name, key, at) =>
    // Of more names the others are tried in the plainest text alone.
    textsWith(name, key).slice(0, at < LIMITS.tried_names_max ? undefined : 1),
  );

/** `observes`: its rules hold nothing back. `undefined`: it is closed. */
export const openBy = (search: Search, observes = false): Found | undefined => {
  const { tool, meta, own, all, context } = search;
  const rules = [own, all].filter((rule) => rule !== undefined);
  const routes = routesOf(tool.schema, meta);
  const facts = { tool: factsOf(tool, undefined), own, all };
  const trial: Trial = observes ? () => true : trialOf(facts, countsFor(routes), context);
  if (!observes && rules.some(isShut)) {
    return undefined;
  }
  const known = [...new Set(textsOf(rules))];
  const trying: Trying = { search, routes, trial, filler: undefined };
  const { runs } = meta;
  if (runs !== "tools") {
    return firstAdmitted(trying, () => programTexts(runs, known));
  }
  return byNames({ ...trying, filler: fillerFor(trying, known) });
};
