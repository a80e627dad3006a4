import { having } from "../../base/json-change.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-value.ts";
import { objectIn, type Ground } from "./ground.ts";
import type { Wanted } from "./propose.ts";

/**
 * Where only the number of calls is what hurts, a rate for one tool is passed by with the next: one for all tools is not.
 * None where the policy counts anything already: what its tools are allowed together is the user's to say.
 */
export const rateForAll = (
  recommended: JsonObject,
  { scenario, roles }: Wanted,
  { policy }: Ground,
): JsonObject | undefined => {
  const [name, ...others] = Object.keys(objectIn(recommended, "tools"));
  if (name === undefined || others.length > 0 || !roles.has(name) || !isAny(scenario, name)) {
    return undefined;
  }
  const rate = rateAlone(objectIn(objectIn(recommended, "tools"), name));
  const all = objectIn(policy, "all_tools");
  return rate === undefined || [all, ...rulesIn(policy)].some(counts)
    ? undefined
    : { all_tools: having(all, { rate_limit: rate }) };
};

/** Whether any tool would do that only reads: no argument and no harm makes it another. */
const isAny = ({ servers }: Wanted["scenario"], name: string): boolean =>
  Object.values(servers)
    .flatMap(({ tools = [] }) => tools)
    .some(
      ({ definition, stands_for: stands }) =>
        definition.name === name &&
        stands?.arguments === undefined &&
        stands?.classes.every((one) => one === "read") === true,
    );

const rateAlone = (rule: JsonObject): JsonObject | undefined => {
  const rate = member(rule, "rate_limit");
  return rate !== undefined && isJsonObject(rate) && Object.keys(rule).length === 1 ? rate : undefined;
};

const rulesIn = (policy: JsonObject): readonly JsonObject[] => {
  const tools = objectIn(policy, "tools");
  return Object.keys(tools).map((key) => objectIn(tools, key));
};

const counts = (rule: JsonObject): boolean =>
  ["rate_limit", "limits"].some((name) => Object.hasOwn(rule, name));
