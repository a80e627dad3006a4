import { LIMITS } from "../../base/limits.ts";
import { type ParsedPath, parsePath, type Step } from "../../policy/path.ts";
import type { Holder } from "../../policy/types.ts";
import type { ArgumentFact, ToolProfile } from "../verdict.ts";

/** What stands beside the argument that names a tool, and could name another. */

export const stepsIn = (path: string): readonly Step[] => {
  const parsed: Pick<ParsedPath, "steps"> | { readonly invalid: string } = parsePath(path);
  return "invalid" in parsed ? [] : parsed.steps;
};

/** Names of what the tool that is named is given: all that stands in it goes to a tool that may be run. */
const GIVEN =
  /^(?:(?:tool|function|command|action|call|method|json|raw)_)?(?:args?|arguments?|params?|parameters?|inputs?|kwargs|payload)(?:_(?:json|data|object|str|string))?$/i;

/** … and, besides, what a program is given. */
const GIVEN_A_PROGRAM = /^(?:argv|flags?|switches|options?|opts|stdin|env|environment|extra_args|cmd_args)$/i;

const snake = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2");

const isSame = (a: Step, b: Step | undefined): boolean =>
  a.kind === b?.kind && (a.kind !== "name" || (b.kind === "name" && a.name === b.name));

const beginsWith = (steps: readonly Step[], start: readonly Step[]): boolean =>
  start.every((step, at) => isSame(step, steps[at]));

/** Whether it is, or stands in, what the named tool is given. */
const isGiven = (steps: readonly Step[], carriers: readonly (readonly Step[])[]): boolean =>
  steps.some(
    (step, at) =>
      step.kind === "name" &&
      GIVEN.test(snake(step.name)) &&
      !carriers.some((carrier) => beginsWith(carrier, steps.slice(0, at + 1))),
  );

/** Whether it can say more than yes, no or how many. */
const saysMore = ({ types }: ArgumentFact): boolean =>
  types.length === 0 || types.some((type) => ["string", "object", "array"].includes(type));

/** Free text, lists and objects beside the names of tools, other than what those are given. */
export const besideNames = (profile: ToolProfile, paths: readonly string[]): readonly string[] => {
  const carriers = paths.map(stepsIn);
  return profile.arguments
    .filter((fact) => {
      const steps = stepsIn(fact.path);
      const holds = carriers.some((carrier) => beginsWith(carrier, steps));
      const isElement = carriers.some((carrier) => beginsWith(steps, carrier));
      return saysMore(fact) && !holds && !isElement && !isGiven(steps, carriers);
    })
    .map(({ path }) => path);
};

/** What a program is given beside its name or its text. */
export const besidePrograms = (profile: ToolProfile, paths: readonly string[]): readonly string[] =>
  profile.arguments
    .filter((fact) => saysMore(fact) && !paths.some((path) => path === fact.path))
    .filter(({ path }) => {
      const last = stepsIn(path).findLast((step) => step.kind === "name");
      const name = last === undefined ? "" : snake(last.name);
      return GIVEN.test(name) || GIVEN_A_PROGRAM.test(name);
    })
    .map(({ path }) => path);

const segmentOf = (step: Step): string => {
  if (step.kind === "name") {
    return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(step.name) ? `.${step.name}` : `[${JSON.stringify(step.name)}]`;
  }
  return step.kind === "index" ? `[${String(step.index)}]` : step.kind === "members" ? ".*" : "[*]";
};

/** The objects that carriers stand in, with every name that arguments have there. */
export const holdersOf = (profile: ToolProfile, paths: readonly string[]): readonly Holder[] => {
  const known = profile.arguments.map(({ path }) => stepsIn(path));
  const holders = new Map<string, Holder>();
  for (const carrier of paths.map(stepsIn)) {
    for (const [at, step] of carrier.entries()) {
      const outer = carrier.slice(0, at);
      const path = `args${outer.map(segmentOf).join("")}`;
      const names = [...known, carrier].flatMap((steps) => {
        const inner = beginsWith(steps, outer) ? steps[at] : undefined;
        return inner?.kind === "name" ? [inner.name] : [];
      });
      if (step.kind === "name") {
        holders.set(path, { path, names: [...new Set(names)] });
      }
    }
  }
  return [...holders.values()];
};

/** Whether there may be arguments that are not known. */
export const isCutShort = (profile: ToolProfile): boolean =>
  profile.arguments.length >= LIMITS.catalogue_arguments_max;
