import type { DecisionCode } from "../base/errors.ts";

/**
 * What is said where the document has no words of its own: the tool, the gate, and never a value from the arguments
 * (docs/policy.md).
 */
const MESSAGES = {
  allowed: (tool) => `The policy allows ${tool}.`,
  frozen: (tool) => `${tool} is frozen: no call passes until the freeze is lifted.`,
  no_policy: (tool) => `${tool} is refused: no policy is in force here.`,
  hidden: (tool) => `${tool} is hidden by the policy.`,
  default_deny: (tool) => `${tool} is not admitted by the policy: its default is deny.`,
  action_deny: (tool) => `${tool} is denied by the policy: its action is deny.`,
  unknown_tool: (tool) => `${tool} is refused: the server offers no such tool.`,
  tool_changed: (tool) => `${tool} is refused: the tool is not the one that was approved.`,
  invalid_arguments: (tool) => `${tool} is refused: the arguments do not fit the tool.`,
  require_failed: (tool) => `${tool} is refused: something that the policy requires is not so (require).`,
  deny_if_matched: (tool) => `${tool} is refused: the policy denies such a call (deny_if).`,
  approval_required: (tool) => `${tool} needs approval before it may run.`,
  approval_denied: (tool) => `${tool} is refused: approval was denied.`,
  approval_expired: (tool) => `${tool} is refused: approval did not come in time.`,
  invalid_increment: (tool) => `${tool} is refused: the arguments do not give what the call costs (limits).`,
  limit_exceeded: (tool) => `${tool} is refused: a limit of the policy has no room for this call.`,
  counter_unavailable: (tool) => `${tool} is refused: a limit of the policy cannot be counted now.`,
  audit_unavailable: (tool) => `${tool} is refused: the audit log cannot be written.`,
} as const satisfies Record<DecisionCode, (tool: string) => string>;

/** A plain sentence for a decision about a tool. */
export const plainMessage = (code: DecisionCode, tool: string): string => MESSAGES[code](tool);
