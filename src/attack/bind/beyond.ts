import { argumentsFor } from "./rename.ts";
import type { TriedPolicy } from "../../catalogue/attacks/result.ts";
import type { Role, Roles } from "./roles.ts";
import type { Scenario, Sign, Step } from "../scenario.ts";

/** A limit beyond this many calls is not played. */
const CALLS_MAX = 500;

/**
 * How often is too often is for the user's policy to say: where it bounds the calls of an attack, but later than the
 * scenario ends, the scenario goes on until one call beyond that bound.
 */
export const beyondLimits = async (
  scenario: Scenario,
  roles: Roles,
  policy: TriedPolicy,
): Promise<Scenario> => {
  const wanted = new Map<string, number>();
  for (const sign of scenario.through) {
    const role = roles.get(sign.called ?? "");
    const bound = role === undefined ? undefined : await boundOf(scenario, sign, role, policy);
    if (bound !== undefined && bound >= (sign.times ?? 1)) {
      wanted.set(sign.called ?? "", bound + 1);
    }
  }
  return {
    ...scenario,
    steps: scenario.steps.map((step) => longer(step, wanted)),
    through: scenario.through.map((sign) => ({
      ...sign,
      ...(sign.times === undefined ? {} : { times: wanted.get(sign.called ?? "") ?? sign.times }),
    })),
  };
};

/** How many equal calls the policy lets pass; `undefined`: as many as are asked of it, or the steps repeat none. */
const boundOf = async (
  { steps }: Scenario,
  { called, times }: Sign,
  role: Role,
  policy: TriedPolicy,
): Promise<number | undefined> => {
  const step = steps
    .flatMap((one) => ("repeat" in one ? one.steps : []))
    .find((one) => "call" in one && one.call === called);
  if (times === undefined || step === undefined || !("call" in step)) {
    return undefined;
  }
  const call = { tool: role.tool.profile.name, given: argumentsFor(role, step.arguments ?? {}) };
  const codes = await policy.judge(Array.from({ length: CALLS_MAX }, () => call));
  const end = codes.indexOf("limit_exceeded");
  return end === -1 ? undefined : end;
};

const longer = (step: Step, wanted: ReadonlyMap<string, number>): Step => {
  if (!("repeat" in step)) {
    return step;
  }
  const calls = step.steps.flatMap((each) => ("call" in each ? [each.call] : []));
  const rounds = calls.map((name) =>
    Math.ceil((wanted.get(name) ?? 0) / calls.filter((other) => other === name).length),
  );
  return { ...step, repeat: Math.max(step.repeat, ...rounds) };
};
