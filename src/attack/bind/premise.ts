import type { Pattern } from "../../catalogue/attacks/pattern.ts";
import type { Refused } from "../../catalogue/attacks/result.ts";
import { isRecord } from "../plain.ts";
import type { Roles } from "./roles.ts";
import type { Scenario } from "../scenario.ts";

/**
 * The tools of a scenario without which its attack does not begin, and which are not what it is about: the issue tracker
 * in which somebody writes orders. A user has them under other names and other grants, so they are admitted. Those that
 * the recommended policy admits without condition; all where what stops the attack is no policy.
 */
export const premiseOf = ({ stops }: Pattern, scenario: Scenario, roles: Roles): readonly string[] =>
  Object.values(scenario.servers)
    .flatMap(({ tools = [] }) => tools)
    .filter(({ definition: { name }, stands_for: wanted }) => {
      if (roles.has(name)) {
        return false;
      }
      return RULED.has(stops.by)
        ? wanted === undefined && (stops.policy === undefined || admitsPlainly(stops.policy, name))
        : true;
    })
    .map(({ definition: { name } }) => name);

/** What stops it is a policy, or would have to be one. */
export const RULED: ReadonlySet<Pattern["stops"]["by"]> = new Set(["policy", "nothing"]);

type Policy = Pattern["stops"]["policy"];

const ruleIn = (policy: Policy, name: string): unknown => {
  const tools = policy?.["tools"];
  return isRecord(tools) && Object.hasOwn(tools, name) ? tools[name] : undefined;
};

/** Whether a policy says more of a tool than that it may be called. */
export const hasRule = (policy: Policy, name: string): boolean => {
  const rule = ruleIn(policy, name);
  return isRecord(rule) && Object.keys(rule).length > 0;
};

const admitsPlainly = (policy: Policy, name: string): boolean => {
  const { hide, default: otherwise } = policy ?? {};
  const rule = ruleIn(policy, name);
  if (Array.isArray(hide) && hide.includes(name)) {
    return false;
  }
  return rule === undefined ? otherwise === "allow" : !hasRule(policy, name);
};

/** Gates that ask which tool is called, or what its rule asks for: they know nothing of a scenario's own tool. */
const OF_TOOLS: ReadonlySet<string> = new Set([
  "hidden",
  "default_deny",
  "action_deny",
  "require_failed",
  "approval_required",
]);

/** Of what was refused, a call of a scenario's own tool that the policy could not be made to admit. */
export const refusedPremise = (refused: readonly Refused[], premise: readonly string[]): string | undefined =>
  premise.find((name) => refused.some(({ asked, code }) => asked.endsWith(` ${name}`) && OF_TOOLS.has(code)));
