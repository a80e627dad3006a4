import type { Plain, Proposal, RefusedCall, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { waysOf } from "../bind/choose.ts";
import { argumentsFor, callsIn } from "../bind/rename.ts";
import { argumentsIn } from "../bind/words.ts";
import { isRecord } from "../plain.ts";
import type { HostileTool } from "../scenario.ts";
import { harmlessCalls, requiredIn, type Asked } from "./harmless.ts";
import type { Candidate, Wanted } from "./propose.ts";

/** What a rule that holds an attack does besides, as far as the policy's own word on calls shows it. Nothing is played. */

type Consequences = Pick<Proposal, "others" | "refuses" | "asks">;

export const consequencesOf = async (
  candidate: Candidate,
  wanted: Wanted,
  policy: TriedPolicy,
): Promise<Consequences> => {
  const others = await othersOf(candidate, wanted, policy);
  const costs = await costsOf(candidate, wanted, policy);
  const refuses = costs.flatMap(({ refused }) => refused ?? []);
  const asks = [...new Set(costs.flatMap(({ asked = [] }) => asked))];
  return {
    ...(others.length === 0 ? {} : { others }),
    ...(refuses.length === 0 ? {} : { refuses }),
    ...(asks.length === 0 ? {} : { asks }),
  };
};

/** Tools that could have been attacked in the place of one that was, and that the policy admits no less then. */
const othersOf = async (
  candidate: Candidate,
  wanted: Wanted,
  policy: TriedPolicy,
): Promise<readonly string[]> => {
  const { scenario, roles, tools = [], powers, closed } = wanted;
  const taken = new Set([...roles.values()].map(({ tool }) => tool.profile.name));
  const able = tools.filter(
    ({ profile }) =>
      !taken.has(profile.name) &&
      !closed.has(profile.name) &&
      (powers.length === 0 || profile.powers.some((power) => powers.includes(power))),
  );
  const part = { scenario, pattern: { stops: { policy: wanted.recommended } } };
  const found = new Set<string>();
  for (const tool of attackedIn(wanted)) {
    const { name } = tool.definition;
    const [role, calls] = [roles.get(name), callsIn(scenario, name)];
    const before = role === undefined ? 0 : await admitted(calls, role, policy);
    for (const own of before === 0 ? [] : able) {
      for (const other of found.has(own.profile.name) ? [] : waysOf(part, tool, own, policy)) {
        if ((await admitted(calls, other, policy, candidate.policy)) >= before) {
          found.add(own.profile.name);
          break;
        }
      }
    }
  }
  return [...found];
};

/** What the attack calls to get through, where a tool of the user's stands for it. */
const attackedIn = ({ scenario, roles }: Wanted): readonly HostileTool[] => {
  const called = new Set(scenario.through.map((sign) => sign.called));
  return Object.values(scenario.servers)
    .flatMap(({ tools = [] }) => tools)
    .filter(({ definition: { name } }) => called.has(name) && roles.has(name));
};

const admitted = async (
  calls: readonly Plain[],
  role: Parameters<typeof argumentsFor>[0],
  { judge }: TriedPolicy,
  instead?: string,
): Promise<number> => {
  const tool = role.tool.profile.name;
  const given = (calls.length === 0 ? [{}] : calls).map((call) => ({
    tool,
    given: argumentsFor(role, call),
  }));
  return (await judge(given, instead)).filter((code) => code === "allowed").length;
};

interface Cost {
  readonly refused?: RefusedCall;
  readonly asked?: readonly string[];
}

/** What honest work with the tools that get a rule can no longer do. */
const costsOf = async (
  { policy: text, proposal: { adds } }: Candidate,
  { tools = [], closed }: Wanted,
  policy: TriedPolicy,
): Promise<readonly Cost[]> => {
  const open = tools.filter(({ profile }) => profile.meta === undefined && !closed.has(profile.name));
  const runs = (open.find(({ profile }) => profile.class === "read") ?? open[0])?.profile.name;
  const rules = isRecord(adds["tools"]) ? adds["tools"] : {};
  const costs: Cost[] = [];
  for (const tool of tools) {
    const { name } = tool.profile;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (isRecord(rule) && rule["action"] !== "deny") {
      const now = policy.ruleOf(name)?.rule;
      costs.push(await costOf({ tool, now, after: rule, runs }, text, policy));
    }
  }
  return costs;
};

const costOf = async (asking: Asked, text: string, policy: TriedPolicy): Promise<Cost> => {
  const { name: tool } = asking.tool.profile;
  const codeOf = async (given: Plain, instead?: string): Promise<string> =>
    (await policy.judge([{ tool, given }], instead))[0] ?? "";
  let refused: RefusedCall | undefined;
  for (const given of distinct(harmlessCalls(asking))) {
    if (PASSES.has(await codeOf(given))) {
      const code = await codeOf(given, text);
      if (PASSES.has(code)) {
        return {};
      }
      refused ??= { tool, given, code };
    }
  }
  if (refused === undefined) {
    return {};
  }
  const asked = optionalIn(asking.tool.definition["inputSchema"], asking.after);
  for (const given of asked.length === 0 ? [] : distinct(harmlessCalls(asking, asked))) {
    if (PASSES.has(await codeOf(given)) && PASSES.has(await codeOf(given, text))) {
      return { asked };
    }
  }
  return { refused };
};

/** Codes of the decisions on what an agent may do, at once or when somebody agrees. */
const PASSES: ReadonlySet<string> = new Set(["allowed", "approval_required"]);

const distinct = (calls: readonly Plain[]): readonly Plain[] => [
  ...new Map(calls.map((call) => [JSON.stringify(call), call])).values(),
];

/** Arguments that a rule reads and the tool's schema does not require. */
const optionalIn = (schema: unknown, rule: Plain): readonly string[] => {
  const required = isRecord(schema) ? requiredIn(schema) : [];
  const read = [...argumentsIn(rule["require"]), ...argumentsIn(rule["deny_if"])];
  const known = isRecord(schema) && isRecord(schema["properties"]) ? schema["properties"] : {};
  return [...new Set(read)].filter((name) => !required.includes(name) && Object.hasOwn(known, name));
};
