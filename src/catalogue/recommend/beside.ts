import { LIMITS } from "../../base/limits.ts";
import { type ParsedPath, parsePath, type Step } from "../../policy/path.ts";
import type { Holder } from "../../policy/types.ts";
import type { ArgumentFact, ToolProfile } from "../verdict.ts";

/** What stands beside the argument that names a tool, and could name another. */

export const stepsIn = (path: string): readonly Step[] => {
  const parsed: Pick<ParsedPath, "steps"> | { readonly invalid: string } = parsePath(path);
  return "invalid" in parsed ? [] : parsed.steps;
};

/** Names of what the tool that is named is given, the usual first: all that stands in it goes to a tool that may be run. */
const GIVEN: readonly RegExp[] = [
  /^(?:args?|arguments?)$/i,
  /^(?:params?|parameters?)$/i,
  /^inputs?$/i,
  /^kwargs$/i,
  /^payload$/i,
];

/** What may stand before and behind such a name. */
const AROUND = /^(?:tool|function|command|action|call|method|json|raw)_|_(?:json|data|object|str|string)$/gi;

/** Names of numbers and switches that have more run than what is named. */
const MORE =
  /(?:^|_)(?:next|then|after|afterwards|also|all|other|others|another|more|further|rest|chain|follow|continue|tools?|functions?|commands?|calls?|actions?|run|execute|invoke)(?:_|$)/i;

const snake = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2");

const isSame = (a: Step, b: Step | undefined): boolean =>
  a.kind === b?.kind && (a.kind !== "name" || (b.kind === "name" && a.name === b.name));

const beginsWith = (steps: readonly Step[], start: readonly Step[]): boolean =>
  start.every((step, at) => isSame(step, steps[at]));

const lastName = (steps: readonly Step[]): string => {
  const last = steps.findLast((step) => step.kind === "name");
  return last === undefined ? "" : snake(last.name);
};

/** How usual the name is for what a named tool is given; -1: not at all. */
const usualAt = (steps: readonly Step[]): number => {
  const name = lastName(steps).replaceAll(AROUND, "");
  return GIVEN.findIndex((names) => names.test(name));
};

/** Whether an argument is called like what a tool is given, and no name of a tool. */
export const isCalledGiven = (path: string): boolean => usualAt(stepsIn(path)) !== -1;

/**
 * What the tool that a carrier names is given: of all that is called so the one that stands nearest to the name and has
 * the most usual name. Whatever else is called so is given to something else.
 */
const givenTo = (
  carrier: readonly Step[],
  all: readonly (readonly Step[])[],
): readonly Step[] | undefined => {
  const candidates = all.filter(
    (steps) =>
      steps.at(-1)?.kind === "name" &&
      usualAt(steps) !== -1 &&
      beginsWith(carrier, steps.slice(0, -1)) &&
      !beginsWith(carrier, steps),
  );
  const [given] = candidates.toSorted((a, b) => b.length - a.length || usualAt(a) - usualAt(b));
  return given;
};

/** What the named tools are given, each one argument. */
const givenIn = (
  profile: ToolProfile,
  carriers: readonly (readonly Step[])[],
): readonly (readonly Step[])[] => {
  const all = profile.arguments.map(({ path }) => stepsIn(path)).filter((steps) => !isIn(carriers, steps));
  return carriers.flatMap((carrier) => {
    const given = givenTo(carrier, all);
    return given === undefined ? [] : [given];
  });
};

const isIn = (carriers: readonly (readonly Step[])[], steps: readonly Step[]): boolean =>
  carriers.some((carrier) => beginsWith(steps, carrier));

/** Whether it is what the named tool is given, or any element of it. What has a name there is there for every tool. */
const isGiven = (steps: readonly Step[], given: readonly (readonly Step[])[]): boolean =>
  given.some((one) => beginsWith(steps, one) && steps.slice(one.length).every(({ kind }) => kind !== "name"));

const SAYING: ReadonlySet<string> = new Set(["string", "object", "array"]);

/** Whether it can say more than yes, no or how many. */
const saysMore = ({ types }: ArgumentFact): boolean =>
  types.length === 0 || types.some((type) => SAYING.has(type));

const isBeside = (steps: readonly Step[], carriers: readonly (readonly Step[])[]): boolean =>
  !carriers.some((carrier) => beginsWith(carrier, steps)) && !isIn(carriers, steps);

/** Free text, lists and objects beside the names of tools, other than what those are given; and what has more run. */
export const besideNames = (profile: ToolProfile, paths: readonly string[]): readonly string[] => {
  const carriers = paths.map(stepsIn);
  const given = givenIn(profile, carriers);
  return profile.arguments
    .filter((fact) => {
      const steps = stepsIn(fact.path);
      const tells = saysMore(fact) || MORE.test(lastName(steps));
      return tells && isBeside(steps, carriers) && !isGiven(steps, given);
    })
    .map(({ path }) => path);
};

/** Whether what the named tools are given may be text, which says what it likes in escapes. */
export const isGivenAsText = (profile: ToolProfile, paths: readonly string[]): boolean => {
  const given = givenIn(profile, paths.map(stepsIn));
  return profile.arguments.some(
    ({ path, types }) => (types.length === 0 || types.includes("string")) && isGiven(stepsIn(path), given),
  );
};

/** What a program is given beside its name or its text: any text, list or object can be a part of it. */
export const besidePrograms = (profile: ToolProfile, paths: readonly string[]): readonly string[] => {
  const carriers = paths.map(stepsIn);
  return profile.arguments
    .filter((fact) => saysMore(fact) && isBeside(stepsIn(fact.path), carriers))
    .map(({ path }) => path);
};

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
