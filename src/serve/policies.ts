import { createHash } from "node:crypto";
import type { Config } from "../config.ts";
import type { PolicyInForce } from "../gateway/gate.ts";
import { compilePolicy, type LocatedProblem } from "../policy/compile.ts";
import type { SchemaCompiler } from "../policy/types.ts";

/** A problem of a policy, with the file it is in. */
export interface PolicyProblem extends LocatedProblem {
  readonly file: string;
  readonly policy: string;
}

/** Compiles every policy of the configuration, once. One that is invalid keeps the whole configuration from being used. */
export const compilePolicies = (
  config: Config,
  compileSchema: SchemaCompiler,
): { readonly policies: ReadonlyMap<string, PolicyInForce>; readonly problems: readonly PolicyProblem[] } => {
  const policies = new Map<string, PolicyInForce>();
  const problems: PolicyProblem[] = [];
  for (const { name, text, file, inline } of config.policies) {
    const set = compilePolicy(text, { name, compileSchema });
    policies.set(name, { set, sha256: createHash("sha256").update(text).digest("hex") });
    for (const problem of set.invalid) {
      const place = inline === undefined ? undefined : inline.locate(problem.pointer, problem.at);
      const pointer = inline === undefined ? problem.pointer : `${inline.pointer}${problem.pointer}`;
      problems.push({ ...problem, ...place, pointer, file, policy: name });
    }
  }
  return { policies, problems };
};
