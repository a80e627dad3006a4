import type { OwnTool, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { RISKS } from "../../catalogue/verdict.ts";
import { admittedBy } from "./admitted.ts";
import { beyondLimits } from "./beyond.ts";
import { argumentsIn, swapsFor } from "./constants.ts";
import { rehomed, type Home } from "./home.ts";
import { isRecord, type Plain } from "../plain.ts";
import { hasRule, premiseOf, RULED } from "./premise.ts";
import type { Attack } from "../read.ts";
import { argumentsFor, callsIn, namedByte, renamed, withWords } from "./rename.ts";
import { roleOf, type Role, type Roles } from "./roles.ts";
import type { HostileTool, Scenario } from "../scenario.ts";

export type Bound =
  | {
      readonly scenario: Scenario;
      readonly roles: Roles;
      /** Tools of the scenario's own that are admitted whatever the policy says. */
      readonly premise: readonly string[];
    }
  /** Why it does not apply: one sentence. */
  | { readonly why: string };

type Part = Pick<Attack, "pattern" | "scenario">;

/** Puts a user's own tools in the place of a scenario's; `undefined`: nobody said which there are. */
export const bind = async (
  attack: Part,
  tools: readonly OwnTool[] | undefined,
  policy: TriedPolicy,
): Promise<Bound> => {
  const roles = tools === undefined ? NO_ROLES : await rolesFor(attack, tools, policy);
  if ("missing" in roles) {
    return { why: `The server has no tool that could stand for ${roles.missing}.` };
  }
  const unnamed = tools === undefined ? await unnamedTool(attack, policy) : undefined;
  if (unnamed !== undefined) {
    return { why: `The policy names no ${unnamed}. Say --tools or --server to play it with your own tools.` };
  }
  const home = homeOf(attack.scenario, roles);
  const part = { ...attack, scenario: await beyondLimits(attack.scenario, roles, policy) };
  const { scenario, premise } = apart(part, roles, tools ?? [], policy);
  const named = renamed(scenario, roles);
  return {
    roles,
    premise,
    scenario: home === undefined ? named : rehomed(named, home),
  };
};

const NO_ROLES: Roles = new Map();

/** What a policy does not name it denies without knowing it, which says nothing of an attack that is about a rule for it. */
const unnamedTool = async (attack: Part, policy: TriedPolicy): Promise<string | undefined> => {
  for (const { definition } of ruled(attack)) {
    const { name } = definition;
    const [given = {}] = callsIn(attack.scenario, name);
    const [code] = await policy.judge([{ tool: name, given }]);
    if (code === "default_deny") {
      return name;
    }
  }
  return undefined;
};

/** The tools that the attack is about, where a rule stops it or would have to. */
const ruled = ({ pattern: { stops }, scenario }: Part): readonly HostileTool[] =>
  toolsIn(scenario).filter(
    ({ definition: { name }, stands_for: wanted }) =>
      RULED.has(stops.by) && (wanted === undefined ? hasRule(stops.policy, name) : wanted.withheld !== true),
  );

const toolsIn = ({ servers }: Scenario): readonly HostileTool[] =>
  Object.values(servers).flatMap(({ tools = [] }) => tools);

/** The premise, under names that the user has not given to something else. */
const apart = (
  { pattern, scenario }: Part,
  roles: Roles,
  tools: readonly OwnTool[],
  policy: TriedPolicy,
): { readonly scenario: Scenario; readonly premise: readonly string[] } => {
  const taken = new Set(tools.map(({ profile }) => profile.name));
  const words = new Map(
    premiseOf(pattern, scenario, roles).map((name) => [
      name,
      taken.has(name) || policy.ruleOf(name)?.key === name ? `scenario_${name}` : name,
    ]),
  );
  const changed = new Map([...words].filter(([from, to]) => from !== to));
  return {
    scenario: changed.size === 0 ? scenario : withWords(scenario, changed),
    premise: [...words.values()],
  };
};

const rolesFor = async (
  { pattern, scenario }: Part,
  tools: readonly OwnTool[],
  policy: TriedPolicy,
): Promise<Roles | { readonly missing: string }> => {
  const roles = new Map<string, Role>();
  const missing: string[] = [];
  const wanted = toolsIn(scenario).filter(
    ({ stands_for: kind, definition }) => kind !== undefined && !namedByte(scenario, definition.name),
  );
  for (const tool of wanted) {
    const { name } = tool.definition;
    const taken = new Set([...roles.values()].map(({ tool: { profile } }) => profile.name));
    const fit = tools
      .filter(({ profile }) => !taken.has(profile.name))
      .flatMap((own) => roleOf(tool, own, scenario) ?? [])
      .map((role) => inTheirWords(role, pattern.stops.policy, name, policy))
      .toSorted((one, other) => risk(other) - risk(one));
    const role = roles.has(name) ? roles.get(name) : await chosen(fit, tool, scenario, policy);
    if (role === undefined) {
      missing.push(name);
    } else {
      roles.set(name, role);
    }
  }
  missing.push(
    ...ruled({ pattern, scenario }).flatMap(({ definition: { name } }) =>
      roles.has(name) || missing.includes(name) ? [] : [name],
    ),
  );
  if (missing.length > 0) {
    return { missing: [...new Set(missing)].join(", ") };
  }
  const { powers = [] } = pattern.needs;
  const has = [...roles.values()].some(({ tool: { profile } }) =>
    profile.powers.some((power) => powers.includes(power)),
  );
  return roles.size === 0 || powers.length === 0 || has
    ? roles
    : { missing: `${wanted.map(({ definition }) => definition.name).join(", ")} (${powers.join(", ")})` };
};

const risk = ({ tool }: Role): number => RISKS.indexOf(tool.profile.risk);

/** In the words of the user's rule: what the attack is about, and what it is not. */
export const inTheirWords = (
  role: Role,
  recommended: Plain | undefined,
  name: string,
  policy: TriedPolicy,
): Role => {
  const rules = recommended?.["tools"];
  const rule = isRecord(rules) && Object.hasOwn(rules, name) ? rules[name] : undefined;
  const own = policy.ruleOf(role.tool.profile.name)?.rule;
  const { inputSchema } = role.tool.definition;
  const known = isRecord(inputSchema) && isRecord(inputSchema["properties"]) ? inputSchema["properties"] : {};
  const argumentOf = (argument: string): string | undefined =>
    role.arguments.get(argument)?.name ?? (Object.hasOwn(known, argument) ? argument : undefined);
  const about = new Set(argumentsIn(rule).map(argumentOf));
  return {
    ...role,
    swaps: swapsFor(rule, own, argumentOf),
    admitted: new Map([...admittedBy(own)].filter(([argument]) => !about.has(argument))),
  };
};

/** The one of which the policy admits most of the attack; of equals the riskiest. Of withheld ones one of which it admits nothing. */
const chosen = async (
  roles: readonly Role[],
  { definition, stands_for: wanted }: HostileTool,
  scenario: Scenario,
  policy: TriedPolicy,
): Promise<Role | undefined> => {
  const calls = callsIn(scenario, definition.name);
  let best: { readonly role: Role; readonly admitted: number } | undefined;
  for (const role of roles) {
    const tool = role.tool.profile.name;
    const codes = await policy.judge(
      (calls.length === 0 ? [{}] : calls).map((given) => ({ tool, given: argumentsFor(role, given) })),
    );
    const admitted = codes.filter((code) => code === "allowed").length;
    if (
      wanted?.withheld === true ? admitted === 0 && best === undefined : admitted > (best?.admitted ?? -1)
    ) {
      best = { role, admitted };
    }
  }
  return best?.role;
};

/** That of the tool that the attack is after. */
const homeOf = (scenario: Scenario, roles: Roles): Home | undefined => {
  const called = scenario.through.map((sign) => sign.called ?? "").find((name) => roles.has(name));
  const name = called ?? [...roles.keys()][0];
  const to = name === undefined ? undefined : roles.get(name)?.tool.server;
  const [old] =
    Object.entries(scenario.servers).find(([, { tools = [] }]) =>
      tools.some(({ definition }) => definition.name === name),
    ) ?? [];
  return old === undefined || to === undefined || Object.hasOwn(scenario.servers, to)
    ? undefined
    : { old, to };
};
