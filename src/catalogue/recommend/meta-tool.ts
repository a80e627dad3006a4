import { foldText } from "../../base/fold.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { type Carrier, closingRule, type Names, namesFit, topArgument } from "../../policy/meta-rule.ts";
import type { MetaFacts } from "../../policy/types.ts";
import type { ArgumentFact, ArgumentKind, MetaTool, ToolProfile } from "../verdict.ts";
import {
  besideNames,
  besidePrograms,
  holdersOf,
  isCalledGiven,
  isCutShort,
  isGivenAsText,
  stepsIn,
} from "./beside.ts";
import { runsOf } from "./treatment.ts";

/** Closes tools that can do what others do, so that nothing is reached through them that the policy withholds. */

export interface Reach extends Names {
  /** Names of arguments that those which are open have: a call through another tool hands them on. */
  readonly properties: ReadonlySet<string>;
}

const isText = (types: readonly string[]): boolean =>
  types.includes("string") && types.every((type) => type === "string" || type === "null");

/** A list of names is read name by name, where that is what it holds. */
const carrierOf = (given: string, facts: ReadonlyMap<string, ArgumentFact>, decide: boolean): Carrier => {
  const isList = facts.get(given)?.types.join() === "array";
  const path = isList ? `${given}[*]` : given;
  const top = topArgument(path);
  const isThere = [top, given].some((name) => facts.get(name ?? "")?.required === true);
  return {
    path,
    optional: !isThere,
    readable: decide && top !== undefined && isText(facts.get(path)?.types ?? []),
  };
};

const RUN_KINDS: ReadonlySet<ArgumentKind> = new Set(["code", "command", "sql"]);

/** An argument that says at which server, or in which set, the named tool is: elsewhere a name is another tool. */
const ELSEWHERE =
  /(?:^|[._-])(?:server|mcp|toolkit|toolset|provider|namespace|backend|upstream)s?(?:[._-]?(?:name|id|url|slug))?(?:\[\*\])?$/i;

const snake = (path: string): string => path.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2");

/** What else in the arguments could lead past a condition on the names; what they stand in is judged with them. */
const hasAnotherWay = (profile: ToolProfile, carriers: readonly string[]): boolean =>
  besideNames(profile, carriers).length > 0 ||
  profile.arguments
    .filter(({ path }) => !carriers.some((carrier) => carrier === path || isInside(carrier, path)))
    .some(({ path, kinds }) => kinds.some((kind) => RUN_KINDS.has(kind)) || ELSEWHERE.test(snake(path)));

const isInside = (path: string, outer: string): boolean =>
  path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length));

const carriersOf = (profile: ToolProfile, meta: MetaTool | undefined): readonly string[] => {
  const told = profile.arguments.filter(({ kinds }) => kinds.includes("tool")).map(({ path }) => path);
  const all = [...new Set([...(meta?.arguments ?? []), ...(meta?.runs === "tools" ? told : [])])];
  // A list and its elements are one carrier.
  return all.filter((path) => !all.includes(`${path}[*]`));
};

/** How many names deep a path is; a list and its elements are one name. */
const levelOf = (path: string): number => namesIn(path).length;

/** Deeper than this nothing is known: a batch inside a batch may go on there. */
const isCut = ({ path, types }: ArgumentFact): boolean =>
  levelOf(path) >= LIMITS.classified_argument_levels_max &&
  (types.length === 0 || types.includes("object") || types.includes("array"));

/**
 * Whether conditions on the names can judge all that a call through it does. Names at several levels are batches inside
 * batches, which have no last level; and a condition on an inner one denies calls that have none.
 */
const isJudgedByNames = (profile: ToolProfile, paths: readonly string[]): boolean =>
  new Set(paths.map(levelOf)).size <= 1 &&
  !profile.arguments.some(isCut) &&
  !isCutShort(profile) &&
  !paths.some(isCalledGiven) &&
  !hasAnotherWay(profile, [...paths, ...paths.map((path) => `${path}[*]`)]);

/** What the checker is told of a tool that runs others. */
export const metaFactsOf = (profile: ToolProfile): MetaFacts | undefined => {
  const runs = runsOf(profile);
  if (runs === undefined) {
    return undefined;
  }
  const carriers = carriersOf(profile, profile.meta);
  const beside = runs === "tools" ? besideNames(profile, carriers) : besidePrograms(profile, carriers);
  return {
    runs,
    arguments: carriers,
    namesDecide: isJudgedByNames(profile, carriers),
    beside,
    givenAsText: isGivenAsText(profile, carriers),
    holders: holdersOf(profile, carriers),
  };
};

/** Whether a name that must stand nowhere in the arguments is one that an honest call has there. */
const isAmbiguous = (profile: ToolProfile, { closed, properties }: Reach): boolean => {
  const own = profile.arguments.flatMap(({ path }) => namesIn(path));
  const known = new Set([...properties, ...own].map(foldText));
  return closed.some((name) => known.has(foldText(name)));
};

/** Names of properties in a path, however it is written. */
export const namesIn = (path: string): readonly string[] =>
  stepsIn(path).flatMap((step) => (step.kind === "name" ? [step.name] : []));

/** Members of the tool's rule that close it; `undefined` for a tool that runs no others. */
export const closeTool = (profile: ToolProfile, reach: Reach): JsonObject | undefined => {
  const runs = runsOf(profile);
  if (runs === undefined) {
    return undefined;
  }
  const facts = new Map(profile.arguments.map((fact) => [fact.path, fact]));
  const paths = carriersOf(profile, profile.meta);
  const decide = isJudgedByNames(profile, paths) && !isAmbiguous(profile, reach) && namesFit(reach.closed);
  const carriers = paths.map((path) => carrierOf(path, facts, decide));
  return closingRule(runs, carriers, holdersOf(profile, paths), reach);
};
