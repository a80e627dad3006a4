import { isJsonObject, member } from "../../base/json-value.ts";
import { readJson } from "../../base/json-read.ts";
import { LIMITS } from "../../base/limits.ts";
import type { AttackResult, Proposal, TriedPolicy } from "../../catalogue/attacks/result.ts";
import { isRecord } from "../plain.ts";
import { consequencesOf } from "./consequences.ts";
import { candidatesFor, type Candidate, type Wanted } from "./propose.ts";

/** What is added to a result. */
export type Proposed = Pick<AttackResult, "proposal" | "unproposed" | "because">;

/**
 * The first candidate that holds where the attack is played again and refuses no harmless call, else the first that holds;
 * and what of the policy lets the attack through. `policy`: what the user's says by itself.
 */
export const triedProposal = async (
  wanted: Wanted,
  holds: (candidate: Candidate) => Promise<boolean>,
  policy: TriedPolicy,
): Promise<Proposed> => {
  const candidates = candidatesFor(wanted);
  const observing = isObserving(wanted) ? [OBSERVES] : [];
  const told = (proposal: Proposal): Proposed => ({
    proposal,
    ...causesOf([...observing, ...admittedBy(proposal, wanted)]),
  });
  let costly: Proposal | undefined;
  for (const candidate of candidates.slice(0, LIMITS.attack_proposals_max)) {
    if (await holds(candidate)) {
      const proposal = { ...candidate.proposal, ...(await consequencesOf(candidate, wanted, policy)) };
      if (proposal.refuses === undefined) {
        return told(proposal);
      }
      costly ??= proposal;
    }
  }
  if (costly !== undefined) {
    return told(costly);
  }
  const unproposed = candidates.length === 0 ? NOTHING_TO_ADD : NOTHING_HELD;
  return { unproposed, ...causesOf(observing) };
};

const causesOf = (sentences: readonly string[]): Proposed =>
  sentences.length === 0 ? {} : { because: sentences.join(" ") };

const OBSERVES =
  'The policy only observes ("mode": "observe"): its rules are recorded and refuse nothing. That is the first to change.';
const NOTHING_TO_ADD =
  "No rule is proposed: of the policy that the page recommends there is nothing to add for these tools.";
const NOTHING_HELD =
  "No rule is proposed: it got through again with what the page recommends put into the policy.";

const isObserving = ({ policy }: Wanted): boolean => {
  const document = readJson(policy);
  return isJsonObject(document) && member(document, "mode") === "observe";
};

/** A pattern lets in what nobody has looked at: a rule for one name is against that name alone. */
const admittedBy = (
  { adds }: Proposal,
  { keyOf, tools: own = [] }: Pick<Wanted, "keyOf" | "tools">,
): readonly string[] => {
  const tools = isRecord(adds["tools"]) ? adds["tools"] : {};
  const denied = Object.entries(tools).flatMap(([name, rule]) =>
    isRecord(rule) && rule["action"] === "deny" && (keyOf(name) ?? name) !== name ? [name] : [],
  );
  const strange = denied.filter((name) => own.every(({ profile }) => profile.name !== name));
  return [...Map.groupBy(strange, keyOf)].map(
    ([key, names]) =>
      `The key ${JSON.stringify(key)} admits ${names.join(", ")}, and whatever else the server comes to have. A rule for ${names.length === 1 ? "that name" : "these names"} is against no other: put the names of the tools that are meant in the place of the key.`,
  );
};

/** Codes of the gates that look at names alone (docs/policy.md). */
const BY_NAME: ReadonlySet<string> = new Set(["hidden", "default_deny", "action_deny"]);

/** Of these tools those of which a policy refuses every call. */
export const closedOf = async (
  names: readonly string[],
  { judge }: Pick<TriedPolicy, "judge">,
): Promise<ReadonlySet<string>> => {
  const codes = await judge(names.map((tool) => ({ tool, given: {} })));
  return new Set(names.filter((_, at) => BY_NAME.has(codes[at] ?? "")));
};
