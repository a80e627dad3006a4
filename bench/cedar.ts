import { preparsePolicySet, statefulIsAuthorized } from "@cedar-policy/cedar-wasm/nodejs";

/** A call as Cedar is asked about it. */
export interface CedarCall {
  readonly principal: { readonly type: string; readonly id: string };
  readonly action: { readonly type: string; readonly id: string };
  readonly resource: { readonly type: string; readonly id: string };
  readonly context: Readonly<Record<string, string | number>>;
}

const POLICY_SET = "bench";

/**
 * Parses the policies once and keeps them on Cedar's side: `statefulIsAuthorized` is the fastest call its package
 * has. What is left to do on each call is to hand over the request and to decide.
 */
export const cedar = (policies: string): ((call: CedarCall) => boolean) => {
  const parsed = preparsePolicySet(POLICY_SET, { staticPolicies: policies });
  if (parsed.type !== "success") {
    throw new Error(`Cedar does not take the policies: ${JSON.stringify(parsed.errors)}`);
  }
  return ({ principal, action, resource, context }) => {
    const answer = statefulIsAuthorized({
      principal,
      action,
      resource,
      context,
      preparsedPolicySetId: POLICY_SET,
      entities: [],
    });
    if (answer.type !== "success") {
      throw new Error(`Cedar does not decide: ${JSON.stringify(answer.errors)}`);
    }
    return answer.response.decision === "allow";
  };
};
