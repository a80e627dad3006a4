import type { DecisionCode } from "../base/errors.ts";
import { toUnits } from "../base/decimal.ts";
import { type Json, JsonNumber } from "../base/json-value.ts";
import { argumentsFault } from "./arguments.ts";
import type { PolicySet } from "./compile.ts";
import type { Charge } from "./limits.ts";
import { plainMessage } from "./messages.ts";
import type { Cost, Plan, Source } from "./plan.ts";
import type { Call, Decision } from "./types.ts";

/** What gates 1 to 10 say of a call, and what gate 11 has to reserve for it. */
export interface Verdict {
  readonly decision: Decision;
  /** Whether the call goes on: false for refusals, but true for what gates 8 to 11 refuse in observe mode. */
  readonly passes: boolean;
  /** To be reserved together; empty where the decision is not `allow`. */
  readonly charges: readonly Charge[];
  /** What the charges were made by, for `refuseLimit`. */
  readonly plan?: Plan;
  readonly tool?: string;
}

const NO_CHARGES: readonly Charge[] = Object.freeze([]);

interface Refusal {
  readonly decision: "deny" | "hold";
  readonly code: DecisionCode;
  readonly rule?: string | undefined;
  readonly name?: string | undefined;
  readonly message: string;
  readonly retryAfterMs?: number | undefined;
}

const decisionOf = (refusal: Refusal, observed: boolean): Decision => {
  const { decision, code, rule, name, message, retryAfterMs } = refusal;
  return {
    decision,
    code,
    ...(rule === undefined ? {} : { rule }),
    ...(name === undefined ? {} : { name }),
    message,
    ...(observed ? { enforced: false as const } : {}),
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
  };
};

/** A refusal of gates 1 to 7, which observe mode enforces too. */
const refuse = (code: DecisionCode, tool: string, rule?: string, message?: string): Verdict => ({
  decision: decisionOf({ decision: "deny", code, rule, message: message ?? plainMessage(code, tool) }, false),
  passes: false,
  charges: NO_CHARGES,
});

/** What gates 8 to 11 refuse or hold: observe mode says so and lets it pass (docs/policy.md). */
const withhold = (
  plan: Plan,
  code: DecisionCode,
  tool: string,
  source: Source,
  retryAfterMs?: number,
): Verdict => ({
  decision: decisionOf(
    {
      decision: code === "approval_required" ? "hold" : "deny",
      code,
      rule: source.rule,
      name: source.name,
      message: source.message ?? plainMessage(code, tool),
      retryAfterMs,
    },
    plan.observes,
  ),
  passes: plan.observes,
  charges: NO_CHARGES,
});

/**
 * Decides one call: gates 1 to 10 of docs/policy.md in their order, and `invalid_increment` of gate 11. What an
 * allowed call costs is in `charges`, for the counters; if they refuse, `refuseLimit` makes the verdict.
 * `undefined` is a grant without a policy. Never throws.
 */
export const decide = (policy: PolicySet | undefined, call: Call): Verdict => {
  const { tool } = call;
  if (call.frozen) {
    return refuse("frozen", tool);
  }
  if (policy === undefined || policy.rules === undefined) {
    const why = policy?.refusal;
    return refuse("no_policy", tool, undefined, why === undefined ? why : `${tool} is refused: ${why}`);
  }
  const { hidden, plan } = policy.rules.resolve(tool);
  if (hidden !== undefined) {
    return refuse("hidden", tool, hidden);
  }
  if (plan === undefined) {
    return refuse("default_deny", tool, "/default");
  }
  return decideByPlan(plan, call);
};

/** Gates 5 to 11 for one tool's plan, whose name is admitted. */
export const decideByPlan = (plan: Plan, call: Call): Verdict => refuseUnfit(plan, call) ?? judge(plan, call);

/** Gates 5 to 7. */
const refuseUnfit = (plan: Plan, call: Call): Verdict | undefined => {
  const { tool, offered } = call;
  if (plan.denied !== undefined) {
    return refuse("action_deny", tool, plan.denied.rule, plan.denied.message);
  }
  if (offered === "unknown" || offered === "changed") {
    return refuse(offered === "unknown" ? "unknown_tool" : "tool_changed", tool);
  }
  const fault = argumentsFault(plan.arguments, call);
  if (fault === undefined) {
    return undefined;
  }
  const { rule, message } = plan.argumentsSource;
  return refuse("invalid_arguments", tool, rule, message ?? `${tool} is refused: ${fault}.`);
};

/** Gates 8 to 10, then what gate 11 has to reserve. */
const judge = (plan: Plan, call: Call): Verdict => {
  for (const check of plan.requires) {
    if (check.holds(call) !== 1) {
      return withhold(plan, "require_failed", call.tool, check);
    }
  }
  for (const check of plan.denies) {
    if (check.holds(call) !== 0) {
      return withhold(plan, "deny_if_matched", call.tool, check);
    }
  }
  for (const ask of plan.asks) {
    if (ask.when === undefined || ask.when(call) !== 0) {
      return withhold(plan, "approval_required", call.tool, ask);
    }
  }
  return plan.costs.length === 0 ? plan.free : charge(plan, call);
};

const charge = (plan: Plan, call: Call): Verdict => {
  const charges: Charge[] = [];
  for (const cost of plan.costs) {
    const one = chargeOf(cost, call);
    if (one === undefined) {
      return withhold(plan, "invalid_increment", call.tool, cost);
    }
    charges.push(one);
  }
  return { decision: plan.allowed, passes: true, charges, plan, tool: call.tool };
};

const chargeOf = (cost: Cost, call: Call): Charge | undefined => {
  const whose = cost.whose(call.subject);
  const { fixed, last } = cost;
  if (fixed === undefined) {
    const amount = amountOf(cost.read?.(call));
    return amount === undefined ? undefined : { limit: cost.spec, whose, amount };
  }
  if (last !== undefined && last.whose === whose) {
    return last;
  }
  const made = { limit: cost.spec, whose, amount: fixed };
  cost.last = made;
  return made;
};

/** What an argument says the call costs; `undefined` if it says no such thing (docs/limits.md, `increment_from`). */
const amountOf = (value: Json | undefined): bigint | undefined => {
  const units = typeof value === "number" || value instanceof JsonNumber ? toUnits(value) : undefined;
  return units === undefined || units < 0n ? undefined : units;
};

/** Gate 11's refusal: the counters had no room for the verdict's charge `index`, or did not answer. */
export const refuseLimit = (
  policy: PolicySet,
  verdict: Verdict,
  index: number,
  code: "limit_exceeded" | "counter_unavailable",
  retryAfterMs: number | undefined,
): Verdict => {
  const { plan, tool = "The tool" } = verdict;
  const cost = plan?.costs[index] ?? plan?.costs[0];
  if (plan === undefined || cost === undefined) {
    const observed = policy.mode === "observe";
    const decision = decisionOf({ decision: "deny", code, message: plainMessage(code, tool) }, observed);
    return { decision, passes: observed, charges: NO_CHARGES };
  }
  return withhold(plan, code, tool, cost, retryAfterMs);
};
