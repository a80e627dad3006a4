import type { OwnTool, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { RISKS } from "../../catalogue/verdict.ts";
import { isRecord } from "../plain.ts";
import { hasRule, RULED } from "./premise.ts";
import type { Attack } from "../read.ts";
import { argumentsFor, callsIn, namedByte } from "./rename.ts";
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
  for (const tool of wanted) {
    const { name } = tool.definition;
    const taken = new Set([...roles.values()].map(({ tool: { profile } }) => profile.name));
    const left = tools.filter(({ profile }) => !taken.has(profile.name));
    const role = roles.get(name) ?? (await chosen(part, tool, left, policy));
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

const risk = ({ profile }: OwnTool): number => RISKS.indexOf(profile.risk);

/** Gates that look at names alone: whatever is given, they say the same. */
const BY_NAME: ReadonlySet<string> = new Set(["hidden", "default_deny", "action_deny", "unknown_tool"]);

interface Best {
  readonly role: Role;
  readonly admitted: number;
}

/** The one of which the policy admits most of the attack; of equals the riskiest. Of withheld ones one of which it admits nothing. */
const chosen = async (
  { pattern, scenario }: Part,
  tool: HostileTool,
  tools: readonly OwnTool[],
  policy: TriedPolicy,
): Promise<Role | undefined> => {
  const { stands_for: wanted, definition } = tool;
  const calls = callsIn(scenario, definition.name);
  const all = calls.length === 0 ? [{}] : calls;
  const rules = pattern.stops.policy?.["tools"];
  const recommended =
    isRecord(rules) && Object.hasOwn(rules, definition.name) ? rules[definition.name] : undefined;
  let best: Best | undefined;
  for (const own of tools.toSorted((one, other) => risk(other) - risk(one))) {
    const { name } = own.profile;
    const roles = rolesOf(tool, own, policy.ruleOf(name)?.rule, scenario).flatMap((role) =>
      inTheirWords(role, wanted?.arguments, recommended, policy),
    );
    for (const role of roles) {
      const codes = await policy.judge(
        all.map((given) => ({ tool: name, given: argumentsFor(role, given) })),
      );
      const admitted = codes.filter((code) => code === "allowed").length;
      if (
        wanted?.withheld === true ? admitted === 0 && best === undefined : admitted > (best?.admitted ?? -1)
      ) {
        best = { role, admitted };
      }
      if (admitted === all.length || BY_NAME.has(codes[0] ?? "")) {
        break;
      }
    }
    if (best !== undefined && (wanted?.withheld === true || best.admitted === all.length)) {
      break;
    }
  }
  return best?.role;
};
