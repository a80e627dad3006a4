import { systemClock } from "../../src/base/clock.ts";
import { fromPlain, toPlain } from "../../src/base/json-plain.ts";
import { readJson } from "../../src/base/json-read.ts";
import { isJsonObject, type JsonObject } from "../../src/base/json-value.ts";
import type { OwnTool, Plain, TriedPolicy } from "../../src/catalogue/attacks/result.ts";
import { createSchemaCompiler } from "../../src/catalogue/input-schema.ts";
import { profileTool } from "../../src/catalogue/profile.ts";
import { createEvaluator } from "../../src/cli/evaluator.ts";
import { createCounters } from "../../src/meter/counters.ts";
import { compilePolicy } from "../../src/policy/compile.ts";
import { keyFor } from "../../src/policy/patterns.ts";

const options = { name: "p", compileSchema: createSchemaCompiler() };

export const object = (value: unknown): JsonObject => {
  const json = fromPlain(value);
  return isJsonObject(json) ? json : {};
};

export const ownTool = (definition: Plain): OwnTool => ({
  definition,
  profile: profileTool(object(definition)),
});

/** What the gate says of these calls, one after the other; each time as if there had been none before. */
export const codesOf = (policy: string, tools: readonly OwnTool[]): TriedPolicy["judge"] => {
  const compiled = compilePolicy(policy, options);
  const offered = tools.map(({ definition }) => object(definition));
  return async (calls) => {
    const { judge } = createEvaluator({
      ...options,
      policy: compiled,
      tools: offered,
      classify: true,
      server: "s",
      counters: createCounters(),
      clock: systemClock,
    });
    const codes: string[] = [];
    const nobody = { grant: undefined, identity: undefined, session: undefined, client: undefined };
    for (const { tool, given } of calls) {
      codes.push((await judge({ tool, args: object(given), ...nobody, at: 0 })).code);
    }
    return codes;
  };
};

/** A policy as it is asked before anything is played. */
export const triedPolicy = (document: Plain, tools: readonly OwnTool[]): TriedPolicy => {
  const policy = JSON.stringify({ version: "1", default: "deny", ...document });
  const rules = object(readJson(policy))["tools"];
  const own = rules !== undefined && isJsonObject(rules) ? rules : {};
  return {
    judge: codesOf(policy, tools),
    ruleOf: (tool) => {
      const key = keyFor(Object.keys(own), tool);
      const rule: unknown = key === undefined ? undefined : toPlain(own[key] ?? null);
      return key === undefined ? undefined : { key, rule: rule as Plain };
    },
  };
};
