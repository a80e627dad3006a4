import type { CaseKind, Category, Pattern } from "../../attacks/pattern.ts";
import type { Outcome } from "../../attacks/result.ts";

/** The words of the pages about attacks: one row each, so that a new one without its words does not compile. */

export const CATEGORY_NAMES = {
  protocol: "Protocol",
  definitions: "Definitions",
  results: "Results",
  identity: "Identity",
  "supply-chain": "Supply chain",
  runaway: "Runaway",
  arguments: "Arguments",
  "data-flow": "Data flow",
  destruction: "Destruction",
} as const satisfies Record<Category, string>;

export const CATEGORY_MEANS = {
  protocol: "Messages that two programs read differently, so that what is judged is not what is done.",
  definitions: "What a server says of its tools: the agent reads it as part of what it is told to do.",
  results: "What a tool gives back: text of others that the agent takes for orders.",
  identity: "Tokens, sessions and approvals that serve somebody else than they were given to.",
  "supply-chain": "The server itself is not what it was, or not what its name says.",
  runaway:
    "Each call is in order and there are too many of them, or an answer has no bound: loops, floods, and sums.",
  arguments: "What a call is given means more than it seems: another path, another address, another command.",
  "data-flow": "Calls, often harmless one by one, that carry data to where it must not go.",
  destruction: "One call too many, or too wide, and what others need is gone, stopped or overwritten.",
} as const satisfies Record<Category, string>;

/** What stands above a case. */
export const CASE_NAMES = {
  incident: "A real case",
  demonstration: "Shown to work",
  description: "Who describes it",
} as const satisfies Record<CaseKind, string>;

type Stopper = Pattern["stops"]["by"];

/** Short, as a label. */
export const STOPPED_BY = {
  gate: "stopped by the gate",
  policy: "stopped by a policy",
  setting: "stopped by a setting",
  nothing: "not stopped yet",
} as const satisfies Record<Stopper, string>;

export const STOPPED_MEANS = {
  gate: "The gate refuses it by itself, whatever is configured.",
  policy: "A policy stops it. A policy that allows everything does not.",
  setting: "A setting of the configuration stops it, beside any policy.",
  nothing: "Nothing in this release stops it.",
} as const satisfies Record<Stopper, string>;

/** What came of an attack, as a heading. */
export const OUTCOME_NAMES = {
  through: "Got through",
  failed: "Not played",
  unclear: "Unclear",
  not_stopped: "Not stopped yet",
  held: "Held",
  not_applicable: "Does not apply",
} as const satisfies Record<Outcome, string>;

export const OUTCOME_MEANS = {
  through: "Something can stop each of these; what was tried did not. What to add stands below each.",
  failed: "These could not be played, which says nothing of the policy.",
  unclear:
    "What was tried was refused, by a rule that says little of the next try. Rules that ask what a value is prove more.",
  not_stopped: "Nothing in this release stops these. Know that they are possible.",
  held: "These did not get what they were after.",
  not_applicable: "The server has no tool that these could use.",
} as const satisfies Record<Outcome, string>;
