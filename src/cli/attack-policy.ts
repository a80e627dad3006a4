import { fromPlain, toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import type { Plain, Tried, TriedPolicy } from "../catalogue/attacks/result.ts";
import type { PolicySet } from "../policy/compile.ts";
import { keyFor } from "../policy/patterns.ts";
import type { Context } from "./command.ts";
import { createEvaluator } from "./evaluator.ts";
import { compileText } from "./policy-file.ts";

/** Asks a policy that is tried, without playing anything. `name` is the policy's, `server` whose tools they are. */
export const triedPolicy = (
  { ports: { clock, compileSchema, createCounters } }: Context,
  tried: Tried,
  of: {
    readonly name: string;
    readonly server: string | undefined;
    readonly tools: readonly JsonObject[] | undefined;
  },
): TriedPolicy => {
  const policy = compileText(tried.policy, of.name, compileSchema);
  let last = { text: tried.policy, policy };
  /** The same is asked of one policy many times, and seldom of another. */
  const compiled = (text: string): PolicySet => {
    if (text !== last.text) {
      last = { text, policy: compileText(text, of.name, compileSchema) };
    }
    return last.policy;
  };
  const { names } = tried;
  const caller = {
    grant: names?.grant,
    identity: names === undefined ? undefined : { name: names.identity },
    session: undefined,
    client: undefined,
    at: undefined,
  };
  return {
    judge: async (calls, instead) => {
      const { judge } = createEvaluator({
        policy: compiled(instead ?? tried.policy),
        tools: of.tools,
        classify: true,
        server: of.server,
        counters: createCounters(),
        compileSchema,
        clock,
      });
      const codes: string[] = [];
      for (const { tool, given } of calls) {
        const args = fromPlain(given);
        const decision = await judge({ tool, args: isJsonObject(args) ? args : {}, ...caller });
        codes.push(decision.enforced === false ? "allowed" : decision.code);
      }
      return codes;
    },
    ruleOf: ruleFinder(tried.policy),
  };
};

const ruleFinder = (text: string): TriedPolicy["ruleOf"] => {
  const document = readJson(text);
  const rules = isJsonObject(document) ? member(document, "tools") : undefined;
  const tools = rules !== undefined && isJsonObject(rules) ? rules : {};
  return (tool) => {
    const key = keyFor(Object.keys(tools), tool);
    const rule = key === undefined ? undefined : member(tools, key);
    return key === undefined || rule === undefined || !isJsonObject(rule)
      ? undefined
      : { key, rule: plainObject(rule) };
  };
};

/** An object as everything outside the gate's own data path has it. */
export const plainObject = (value: JsonObject): Plain => {
  const plain = toPlain(value);
  return typeof plain === "object" && plain !== null ? { ...plain } : {};
};
