import type { OwnTool, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { beyondLimits } from "./beyond.ts";
import { rolesFor, ruled } from "./choose.ts";
import { rehomed, type Home } from "./home.ts";
import { premiseOf } from "./premise.ts";
import type { Attack } from "../read.ts";
import { callsIn, renamed, withWords } from "./rename.ts";
import type { Roles } from "./roles.ts";
import type { Scenario } from "../scenario.ts";

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
  const long = await beyondLimits(attack.scenario, roles, policy);
  if ("why" in long) {
    return long;
  }
  const part = { ...attack, scenario: long };
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
