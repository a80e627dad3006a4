import { having } from "../../base/json-change.ts";
import { fromPlain } from "../../base/json-plain.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import type { OwnTool, Plain, Proposal } from "../../catalogue/attacks/result.ts";
import type { Power } from "../../catalogue/verdict.ts";
import { fittedRule, isOfArguments, pathsIn } from "./fitted.ts";
import { groundOf, objectIn, type Ground } from "./ground.ts";
import { closedBy } from "./closes.ts";
import { rateForAll } from "./rate-for-all.ts";
import type { Roles } from "../bind/roles.ts";
import type { HostileTool, Scenario } from "../scenario.ts";
import { listOf, tightened } from "./tighten.ts";

/**
 * What could be put into a user's policy so that it holds an attack: made of what the pattern recommends for the
 * scenario's tools, and of the rules that the policy has. Nothing of it opens what the policy closes.
 */

export interface Wanted {
  /** The policy that the pattern recommends. */
  readonly recommended: Plain;
  /** With its own tools. */
  readonly scenario: Scenario;
  /** The user's in their place; empty where its own were played. */
  readonly roles: Roles;
  /** All that the user has, where they are known. */
  readonly tools: readonly OwnTool[] | undefined;
  /** The text of the user's policy. */
  readonly policy: string;
  /** The key of it that applies to a tool. */
  readonly keyOf: (tool: string) => string | undefined;
  /** Tools of which the policy refuses every call for their names. */
  readonly closed: ReadonlySet<string>;
  /** Tools of the scenario that are admitted whatever the policy says. */
  readonly premise: readonly string[];
  /** What a tool must be able to do so that the attack is of use with it; empty: anything. */
  readonly powers: readonly Power[];
}

export interface Candidate {
  /** The text of the policy with the proposal in it. */
  readonly policy: string;
  readonly proposal: Proposal;
}

/** Candidates, those that change least first. None of them has been tried. */
export const candidatesFor = (wanted: Wanted): readonly Candidate[] => {
  const [policy, recommended] = [readJson(wanted.policy), fromPlain(wanted.recommended)];
  if (!isJsonObject(policy) || !isJsonObject(recommended)) {
    return [];
  }
  const all = { wanted, recommended, played: playedIn(wanted), ground: groundOf(policy, wanted) };
  const mode: JsonObject = member(policy, "mode") === "observe" ? { mode: "enforce" } : {};
  const rules = { ...partsOf(all), ...mode };
  const closed = withRules(rules, unnamedOf(all, true));
  const rate = rateForAll(recommended, wanted, all.ground);
  const steps: readonly JsonObject[] = [
    mode,
    ...(rate === undefined ? [] : [having(rate, mode)]),
    rules,
    closed,
    ...(leavesToDefault(all) ? [having(closed, { default: "deny", ...stillOpen(closed, all) })] : []),
    withRules(closed, unnamedOf(all, false)),
  ];
  const texts = new Set([writeJson({})]);
  return steps.flatMap((adds) => {
    const text = writeJson(adds);
    const isNew = !texts.has(text);
    texts.add(text);
    return isNew ? [candidateOf(adds, all)] : [];
  });
};

/** A tool of the scenario, and by which name the user's policy knows it. */
interface Played {
  readonly name: string;
  readonly own: string;
  /** A recommended rule is for it. */
  readonly isRuled: boolean;
  /** It is one that a user has, not one that an attacker adds. */
  readonly isUsers: boolean;
  readonly schema: unknown;
}

interface All {
  readonly wanted: Wanted;
  readonly recommended: JsonObject;
  readonly played: readonly Played[];
  readonly ground: Ground;
}

const playedIn = ({ scenario, roles }: Wanted): readonly Played[] => {
  const tools = Object.values(scenario.servers).flatMap((server) => server.tools ?? []);
  const first = new Map<string, HostileTool>();
  tools.forEach((tool) => first.set(tool.definition.name, first.get(tool.definition.name) ?? tool));
  return [...first].map(([name, { definition, stands_for: stands }]) => {
    const role = roles.get(name);
    return {
      name,
      own: role?.tool.profile.name ?? name,
      isRuled: role !== undefined || roles.size === 0,
      isUsers: role !== undefined || (roles.size === 0 && stands !== undefined),
      schema: definition.inputSchema,
    };
  });
};

/** Everything but the default. */
const partsOf = (all: All): JsonObject => {
  const { recommended, ground } = all;
  const general = split(objectIn(recommended, "all_tools"), true);
  const before = objectIn(ground.policy, "all_tools");
  const after = tightened(before, general, "all_tools", { ...ground, arguments: undefined });
  const hide = hiddenOf(all);
  return withRules(
    {
      ...(hide.length === 0 ? {} : { hide }),
      ...listsOf(all),
      ...(after === before ? {} : { all_tools: after }),
    },
    rulesOf(all),
  );
};

const withRules = (adds: JsonObject, rules: readonly (readonly [string, JsonObject])[]): JsonObject =>
  rules.length === 0
    ? adds
    : having(adds, { tools: having(objectIn(adds, "tools"), Object.fromEntries(rules)) });

type Rules = readonly (readonly [string, JsonObject])[];

/** The rules of the user's tools, made as strict as is recommended. One that stays as it is is left out. */
const rulesOf = ({ wanted, recommended, played, ground }: All): Rules => {
  const tools = objectIn(recommended, "tools");
  const special = split(objectIn(recommended, "all_tools"), false);
  const named = new Set(played.map(({ name }) => name));
  const runs = runnable(wanted, ground);
  const around = { ...ground, arguments: member(objectIn(ground.policy, "all_tools"), "arguments") };
  return played
    .filter(({ name, own, isRuled }) => isRuled && Object.hasOwn(tools, name) && !ground.isClosed(own))
    .flatMap(({ name, own, schema }) => {
      const role = wanted.roles.get(name);
      const before = ground.ruleFor(own);
      const fitting = {
        arguments: role?.arguments ?? new Map(),
        swaps: role?.swaps ?? [],
        schema: role?.tool.definition["inputSchema"] ?? schema,
        before: schema,
        required: member(before, "require"),
        named,
        runs,
      };
      // A scenario's own tools are what its recommendation was written for.
      const rule = role === undefined ? objectIn(tools, name) : fittedRule(objectIn(tools, name), fitting);
      const fitted = tightened(rule, fittedRule(special, fitting), name, FREE);
      const after = tightened(before, fitted, own, around);
      return after === before ? [] : [[own, after] as const];
    });
};

/** Tools of the user's that are open, run no others, and are not what the attack is about. */
const runnable = ({ tools = [], roles }: Wanted, ground: Ground): readonly string[] => {
  const about = new Set([...roles.values()].map(({ tool }) => tool.profile.name));
  return tools
    .filter(({ profile: { name, meta } }) => meta === undefined && !about.has(name) && !ground.isClosed(name))
    .map(({ profile }) => profile.name);
};

/** Where no policy is around. */
const FREE = { counter: (name: string): string => name, arguments: undefined };

/**
 * Of a rule for all tools, what can be for all of them; or the rest, which reads an argument that not every tool has, and
 * belongs to those that have it.
 */
const split = (rule: JsonObject, isGeneral: boolean): JsonObject =>
  Object.fromEntries(
    Object.entries(rule).flatMap(([part, value]) => {
      if (!PREDICATES.has(part)) {
        return isGeneral ? [[part, value] as const] : [];
      }
      const kept = listOf(value).filter((predicate) => isForAll(predicate, part) === isGeneral);
      return kept.length === 0 ? [] : [[part, kept] as const];
    }),
  );

const PREDICATES: ReadonlySet<string> = new Set(["require", "deny_if"]);

/** Whatever is somewhere in the arguments can be refused for every tool, and required for none. */
const isForAll = (predicate: Json, part: string): boolean =>
  pathsIn(predicate).every((path) => !isOfArguments(path) || (part === "deny_if" && path === "args.**"));

/** Tools that are hidden: scenarios' own names stand for the user's. */
const hiddenOf = ({ recommended, played, ground }: All): readonly Json[] =>
  listOf(member(recommended, "hide")).flatMap((entry) => {
    const tool = played.find(({ name }) => name === entry);
    const own = tool?.own ?? entry;
    return typeof own === "string" && (tool === undefined || tool.isRuled) && !ground.isClosed(own)
      ? [own]
      : [];
  });

const LISTS = ["resources", "prompts", "methods"] as const;

/** What may be read, got and asked for: a list takes the place of none, or of one that has everything in it. */
const listsOf = ({ recommended, ground: { policy } }: All): JsonObject =>
  Object.fromEntries(
    LISTS.flatMap((name) => {
      const [list, own] = [member(recommended, name), member(policy, name)];
      const isOpen = own === undefined ? member(policy, "default") === "allow" : listOf(own).includes("*");
      return list !== undefined && isOpen ? [[name, list] as const] : [];
    }),
  );

/** Tools that the attack calls and the recommended policy does not name: that no key names them is what holds it. */
const unnamedOf = ({ wanted, recommended, played, ground }: All, isUsers: boolean): Rules => {
  const called = new Set(wanted.scenario.through.map((sign) => sign.called));
  return member(recommended, "default") === "deny"
    ? played
        .filter((tool) => called.has(tool.name) && tool.isUsers === isUsers && !ground.isClosed(tool.own))
        .filter(({ name }) => !Object.hasOwn(objectIn(recommended, "tools"), name))
        .map(({ own }) => [own, { action: "deny" }] as const)
    : [];
};

/** Whether another default would change anything for what is played. */
const leavesToDefault = ({ wanted: { premise }, recommended, played, ground }: All): boolean =>
  member(recommended, "default") === "deny" &&
  member(ground.policy, "default") === "allow" &&
  played.some(({ own }) => !premise.includes(own) && ground.isUnnamed(own));

/** What has no list is open by the default, and stays so under another, which is for tools. */
const stillOpen = (adds: JsonObject, { ground: { policy } }: All): JsonObject =>
  Object.fromEntries(
    LISTS.filter((name) => !Object.hasOwn(adds, name) && !Object.hasOwn(policy, name)).map((name) => [
      name,
      ["*"],
    ]),
  );

/** As they stand in a policy. */
const MEMBERS = ["mode", "default", "hide", "resources", "prompts", "methods", "all_tools", "tools"] as const;

const candidateOf = (parts: JsonObject, all: All): Candidate => {
  const adds = Object.fromEntries(
    MEMBERS.flatMap((name) => {
      const value = member(parts, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const { policy } = all.ground;
  const tools = objectIn(adds, "tools");
  const hide = member(adds, "hide");
  const merged = having(policy, {
    ...adds,
    ...(hide === undefined ? {} : { hide: [...listOf(member(policy, "hide")), ...listOf(hide)] }),
    ...(Object.keys(tools).length === 0 ? {} : { tools: having(objectIn(policy, "tools"), tools) }),
  });
  const ruled = Object.keys(tools).filter((name) => Object.hasOwn(objectIn(policy, "tools"), name));
  const whole = ["all_tools", ...LISTS].filter(
    (name) => Object.hasOwn(adds, name) && Object.hasOwn(policy, name),
  );
  return {
    policy: writeJson(merged),
    proposal: { adds, replaces: [...ruled, ...whole], closes: closedBy(adds, all.wanted, all.ground) },
  };
};
