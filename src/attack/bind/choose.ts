import type { OwnTool, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { RISKS } from "../../catalogue/verdict.ts";
import { isRecord, type Plain } from "../plain.ts";
import { hasRule, RULED } from "./premise.ts";
import type { Attack } from "../read.ts";
import { argumentsFor, callsIn, named, namedByte } from "./rename.ts";
import { rolesOf, type Role, type Roles } from "./roles.ts";
import type { HostileTool, Scenario } from "../scenario.ts";
import { inTheirWords } from "./variants.ts";

type Part = Pick<Attack, "pattern" | "scenario">;

export const toolsIn = ({ servers }: Scenario): readonly HostileTool[] =>
  Object.values(servers).flatMap(({ tools = [] }) => tools);

/** The tools that the attack is about, where a rule stops it or would have to. */
export const ruled = ({ pattern: { stops }, scenario }: Part): readonly HostileTool[] =>
  toolsIn(scenario).filter(
    ({ definition: { name }, stands_for: wanted }) =>
      RULED.has(stops.by) && (wanted === undefined ? hasRule(stops.policy, name) : wanted.withheld !== true),
  );

/** Which of a user's tools stands for which of a scenario's, or for which there is none. */
export const rolesFor = async (
  part: Part,
  tools: readonly OwnTool[],
  policy: TriedPolicy,
): Promise<Roles | { readonly missing: string }> => {
  const { scenario } = part;
  const roles = new Map<string, Role>();
  const missing: string[] = [];
  const wanted = toolsIn(scenario).filter(
    ({ stands_for: kind, definition }) => kind !== undefined && !namedByte(scenario, definition.name),
  );
  // What is run through another tool is chosen by what that one lets through.
  for (const tool of wanted.toSorted((one, other) => isWithheld(one) - isWithheld(other))) {
    const { name } = tool.definition;
    const taken = new Set([...roles.values()].map(({ tool: { profile } }) => profile.name));
    const left = tools.filter(({ profile }) => !taken.has(profile.name));
    const choose = tool.stands_for?.withheld === true ? chosenWithheld(roles) : chosen;
    const role = roles.get(name) ?? (await choose(part, tool, left, policy));
    if (role === undefined) {
      missing.push(name);
    } else {
      roles.set(name, role);
    }
  }
  missing.push(
    ...ruled(part).flatMap(({ definition: { name } }) =>
      roles.has(name) || missing.includes(name) ? [] : [name],
    ),
  );
  return missing.length > 0
    ? { missing: [...new Set(missing)].join(", ") }
    : (unpowered(part, wanted, roles) ?? roles);
};

/** What would have to have a power that the attack needs, and none has. */
const unpowered = (
  { pattern: { needs } }: Part,
  wanted: readonly HostileTool[],
  roles: Roles,
): { readonly missing: string } | undefined => {
  const said = wanted.flatMap(({ stands_for: kind }) => kind?.powers ?? []);
  const isSaid = wanted.some(({ stands_for: kind }) => kind?.powers !== undefined);
  const powers: readonly string[] = isSaid ? said : (needs.powers ?? []);
  const has = [...roles.values()].some(({ tool: { profile } }) =>
    profile.powers.some((power) => powers.includes(power)),
  );
  return roles.size === 0 || powers.length === 0 || has
    ? undefined
    : { missing: `${wanted.map(({ definition }) => definition.name).join(", ")} (${powers.join(", ")})` };
};

const isWithheld = ({ stands_for: wanted }: HostileTool): number => Number(wanted?.withheld === true);

const risk = ({ profile }: OwnTool): number => RISKS.indexOf(profile.risk);

/** Gates that look at names alone: whatever is given, they say the same. */
const BY_NAME: ReadonlySet<string> = new Set(["hidden", "default_deny", "action_deny", "unknown_tool"]);

interface Best {
  readonly role: Role;
  readonly admitted: number;
}

type Choose = (
  part: Part,
  tool: HostileTool,
  tools: readonly OwnTool[],
  policy: TriedPolicy,
) => Promise<Role | undefined>;

/** A scenario's calls of a tool; one without arguments where they are not known. */
const callsOf = ({ scenario }: Part, { definition }: HostileTool): readonly Plain[] => {
  const calls = callsIn(scenario, definition.name);
  return calls.length === 0 ? [{}] : calls;
};

const admittedOf = (codes: readonly string[]): number => codes.filter((code) => code === "allowed").length;

/** The one of which the policy admits most of the attack; of equals the riskiest. */
const chosen: Choose = async (part, tool, tools, policy) => {
  const calls = callsOf(part, tool);
  let best: Best | undefined;
  for (const own of byRisk(tools)) {
    const { name } = own.profile;
    for (const role of waysOf(part, tool, own, policy)) {
      const codes = await policy.judge(
        calls.map((given) => ({ tool: name, given: argumentsFor(role, given) })),
      );
      const admitted = admittedOf(codes);
      if (admitted > (best?.admitted ?? -1)) {
        best = { role, admitted };
      }
      if (admitted === calls.length) {
        return role;
      }
      if (BY_NAME.has(codes[0] ?? "")) {
        break;
      }
    }
  }
  return best?.role;
};

const byRisk = (tools: readonly OwnTool[]): readonly OwnTool[] =>
  tools.toSorted((one, other) => risk(other) - risk(one));

/** A scenario, and the policy that is recommended against it. */
interface Ruled {
  readonly pattern: { readonly stops: { readonly policy?: Plain | undefined } };
  readonly scenario: Scenario;
}

/** A user's tool in a role, in all ways that are to be tried. */
export const waysOf = (
  { pattern: { stops }, scenario }: Ruled,
  tool: HostileTool,
  own: OwnTool,
  policy: TriedPolicy,
): readonly Role[] => {
  const { stands_for: wanted, definition } = tool;
  const rules = stops.policy?.["tools"];
  const recommended =
    isRecord(rules) && Object.hasOwn(rules, definition.name) ? rules[definition.name] : undefined;
  return rolesOf(tool, own, policy.ruleOf(own.profile.name)?.rule, scenario).flatMap((role) =>
    inTheirWords(role, wanted?.arguments, recommended, policy),
  );
};

/** One of which the policy admits nothing, and of these the one of which it admits most through the others. */
const chosenWithheld =
  (others: Roles): Choose =>
  async (part, tool, tools, policy) => {
    let best: Best | undefined;
    for (const own of byRisk(tools)) {
      const [role] = waysOf(part, tool, own, policy);
      if (role === undefined) {
        continue;
      }
      const { name } = own.profile;
      const codes = await policy.judge(
        callsOf(part, tool).map((given) => ({ tool: name, given: argumentsFor(role, given) })),
      );
      const admitted = await admittedThrough(
        part,
        new Map([...others, [tool.definition.name, role]]),
        policy,
      );
      if (admittedOf(codes) === 0 && admitted > (best?.admitted ?? -1)) {
        best = { role, admitted };
      }
    }
    return best?.role;
  };

const admittedThrough = async ({ scenario }: Part, roles: Roles, policy: TriedPolicy): Promise<number> => {
  const calls = [...roles].flatMap(([name, role]) =>
    callsIn(scenario, name).map((given) => ({
      tool: role.tool.profile.name,
      given: named(argumentsFor(role, given), roles),
    })),
  );
  return admittedOf(await policy.judge(calls));
};
