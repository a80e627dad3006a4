import { amountIn, amountsFor, withAmount, type Amount } from "./amounts.ts";
import { isRecord, type Plain } from "../plain.ts";
import { argumentsFor } from "./rename.ts";
import type { TriedPolicy } from "../../catalogue/attacks/result.ts";
import type { Role, Roles } from "./roles.ts";
import type { Scenario, Sign, Step } from "../scenario.ts";

/** A limit beyond this many calls is not played … */
const CALLS_MAX = 500;
/** … and found where it is within so many. */
const CALLS_ASKED_MAX = 5_000;

/**
 * How often is too often, and how much too much, is for the user's policy to say: where it bounds the calls of an attack,
 * but later than the scenario ends, the scenario goes on until one call beyond that bound, with the amount with which
 * that is soonest reached. `why`: it cannot be reached.
 */
export const beyondLimits = async (
  scenario: Scenario,
  roles: Roles,
  policy: TriedPolicy,
): Promise<Scenario | { readonly why: string }> => {
  let done = { ...scenario, steps: grouped(scenario) };
  for (const [at, { called = "", times }] of scenario.through.entries()) {
    const role = roles.get(called);
    if (role === undefined || times === undefined) {
      continue;
    }
    const reached = await reach(done, at, role, policy);
    if ("why" in reached) {
      return reached;
    }
    done = reached;
  }
  return done;
};

const reach = async (
  scenario: Scenario,
  at: number,
  role: Role,
  policy: TriedPolicy,
): Promise<Scenario | { readonly why: string }> => {
  const sign = scenario.through[at] ?? {};
  const amount = amountIn(scenario, sign);
  const { scenario: raised, bound } = await soonest({ scenario, sign, role, policy }, amount);
  if (bound === undefined) {
    const limit = await limitOf({ scenario: raised, sign, role, policy });
    return limit === undefined
      ? raised
      : { why: `Your limit (${limit}) is higher than the ${String(CALLS_MAX)} calls that are played.` };
  }
  const { called, times = 1 } = sign;
  const wanted = bound + 1;
  return wanted <= times
    ? raised
    : {
        ...raised,
        steps: raised.steps.map((step) => longer(step, called, wanted)),
        through: raised.through.map((one, index) =>
          index === at ? Object.assign({}, one, { times: wanted }) : one,
        ),
      };
};

interface Asked {
  readonly scenario: Scenario;
  readonly sign: Sign;
  readonly role: Role;
  readonly policy: TriedPolicy;
}

interface Reached {
  readonly scenario: Scenario;
  /** How many calls the policy lets pass; `undefined`: as many as are asked of it, or the steps repeat none. */
  readonly bound: number | undefined;
}

/** With the scenario's own amount where it meets a limit, else with the smallest that does, else with the largest that passes. */
const soonest = async (asked: Asked, amount: Amount | undefined): Promise<Reached> => {
  const own: Reached = { scenario: asked.scenario, bound: await boundOf(asked, CALLS_MAX) };
  const passes = await isAllowed(asked);
  if (amount === undefined || (passes && own.bound !== undefined)) {
    return own;
  }
  let last = own;
  for (const value of othersFor(asked, amount, passes)) {
    const scenario = withAmount(asked.scenario, asked.sign.called, { ...amount, value });
    const ask = { ...asked, scenario };
    if (await isAllowed(ask)) {
      last = { scenario, bound: await boundOf(ask, CALLS_MAX) };
    }
    if (last !== own && last.bound !== undefined) {
      return last;
    }
  }
  return passes ? own : last;
};

/** Larger ones where the scenario's own passes, else any. */
const othersFor = ({ role, policy }: Asked, amount: Amount, passes: boolean): readonly number[] => {
  const name = role.arguments.get(amount.argument)?.name ?? amount.argument;
  const rule = policy.ruleOf(role.tool.profile.name)?.rule;
  return amountsFor(rule, name, amount).filter((value) => value > amount.value || !passes);
};

const isAllowed = async (asked: Asked): Promise<boolean> => (await codesOf(asked, 1))[0] === "allowed";

const codesOf = async (
  { scenario: { steps }, sign: { called }, role, policy }: Asked,
  count: number,
): Promise<readonly string[]> => {
  const round = steps
    .flatMap((one) => ("repeat" in one ? one.steps : []))
    .flatMap((one) =>
      "call" in one && one.call === called ? [argumentsFor(role, one.arguments ?? {})] : [],
    );
  const tool = role.tool.profile.name;
  return round.length === 0
    ? []
    : policy.judge(
        Array.from({ length: count }, (_, at) => ({ tool, given: round[at % round.length] ?? {} })),
      );
};

const boundOf = async (asked: Asked, count: number): Promise<number | undefined> => {
  const end = (await codesOf(asked, count)).indexOf("limit_exceeded");
  return end === -1 ? undefined : end;
};

/** A limit that is there and is not met though all calls pass, in words. */
const limitOf = async (asked: Asked): Promise<string | undefined> => {
  const codes = await codesOf(asked, CALLS_ASKED_MAX);
  const far = codes.findIndex((code) => code !== "allowed");
  const isMet = far !== -1 && far >= CALLS_MAX && codes[far] === "limit_exceeded";
  if (codes.length === 0 || (far !== -1 && !isMet)) {
    return undefined;
  }
  const rule = asked.policy.ruleOf(asked.role.tool.profile.name)?.rule ?? {};
  const limit = limitsIn(rule).find(({ max }) => !isMet || max === far);
  return limit === undefined ? (isMet ? `${String(far)} calls` : undefined) : inWords(limit);
};

const limitsIn = ({ rate_limit: rate, limits }: Plain): readonly Plain[] =>
  [rate, ...(Array.isArray(limits) ? limits : [])].filter(isRecord);

const inWords = ({ max, window }: Plain): string => {
  const often = typeof window === "number" ? `in ${String(window)} s` : `a ${String(window)}`;
  return `${String(max)} ${window === "hour" ? "an hour" : often}`;
};

/** Calls of one tool in a row, each for itself, as one that is repeated. */
const grouped = ({ steps, through }: Scenario): Step[] => {
  const counted = new Set(through.flatMap(({ called, times }) => (times === undefined ? [] : [called])));
  const done: Step[] = [];
  for (const step of steps) {
    const last = done.at(-1);
    if ("repeat" in step || !("call" in step) || !counted.has(step.call)) {
      done.push(step);
    } else if (last !== undefined && "repeat" in last && isRow(last, step.call)) {
      done[done.length - 1] = { ...last, steps: [...last.steps, step] };
    } else {
      done.push({ repeat: 1, steps: [step] });
    }
  }
  return done;
};

const isRow = ({ repeat, steps }: Extract<Step, { repeat: number }>, name: string): boolean =>
  repeat === 1 && steps.every((each) => "call" in each && each.call === name);

const longer = (step: Step, called: string | undefined, wanted: number): Step => {
  if (!("repeat" in step)) {
    return step;
  }
  const count = step.steps.filter((each) => "call" in each && each.call === called).length;
  return count === 0 ? step : { ...step, repeat: Math.max(step.repeat, Math.ceil(wanted / count)) };
};
