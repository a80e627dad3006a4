import type { Admits, OwnTool } from "../catalogue/attacks/result.ts";
import { RISKS } from "../catalogue/verdict.ts";
import { argumentsFor, callsIn, namedByte, renamed } from "./rename.ts";
import { roleOf, type Role, type Roles } from "./roles.ts";
import type { HostileTool, Scenario } from "./scenario.ts";

export type Bound =
  | { readonly scenario: Scenario; readonly roles: Roles }
  /** Tools of the scenario for which the user's server has none. */
  | { readonly missing: readonly string[] };

/** Puts a user's own tools in the place of a scenario's. */
export const bind = async (scenario: Scenario, tools: readonly OwnTool[], admits: Admits): Promise<Bound> => {
  const roles = new Map<string, Role>();
  const missing: string[] = [];
  for (const tool of Object.values(scenario.servers).flatMap((server) => server.tools ?? [])) {
    const { name } = tool.definition;
    if (tool.stands_for === undefined || roles.has(name)) {
      continue;
    }
    const taken = new Set([...roles.values()].map(({ tool: { profile } }) => profile.name));
    const nameOnly = namedByte(scenario, name);
    const fit = tools
      .filter(({ profile }) => !taken.has(profile.name))
      .flatMap((own) => roleOf(tool, own, scenario, nameOnly) ?? [])
      .toSorted((one, other) => risk(other) - risk(one));
    const role = await chosen(fit, tool, scenario, admits);
    if (role === undefined) {
      missing.push(name);
    } else {
      roles.set(name, role);
    }
  }
  return missing.length > 0 ? { missing } : { scenario: renamed(scenario, roles), roles };
};

const risk = ({ tool }: Role): number => RISKS.indexOf(tool.profile.risk);

/** The riskiest that the policy lets the attack call, or the riskiest; of withheld ones the riskiest that it does not. */
const chosen = async (
  roles: readonly Role[],
  { definition, stands_for: wanted }: HostileTool,
  scenario: Scenario,
  admits: Admits,
): Promise<Role | undefined> => {
  const calls = callsIn(scenario, definition.name);
  const withheld = wanted?.withheld === true;
  for (const role of roles) {
    const admitted = await admitsAny(role, calls, admits);
    if (admitted !== withheld) {
      return role;
    }
  }
  return withheld ? undefined : roles[0];
};

const admitsAny = async (role: Role, calls: ReturnType<typeof callsIn>, admits: Admits): Promise<boolean> => {
  for (const call of calls.length === 0 ? [{}] : calls) {
    if (await admits(role.tool.profile.name, argumentsFor(role, call))) {
      return true;
    }
  }
  return false;
};
