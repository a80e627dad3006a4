import { isJsonObject, member } from "../base/json-value.ts";
import { readJson } from "../base/json-read.ts";
import { LIMITS } from "../base/limits.ts";
import type { AttackResult, Proposal } from "../catalogue/attacks/result.ts";
import { isRecord } from "./plain.ts";
import { candidatesFor, type Candidate, type Wanted } from "./propose.ts";

type Tried = Pick<AttackResult, "proposal" | "advice">;

/** The first candidate that holds where the attack is played again, and what else is to be said. */
export const triedProposal = async (
  wanted: Wanted,
  holds: (candidate: Candidate) => Promise<boolean>,
): Promise<Tried> => {
  const candidates = candidatesFor(wanted);
  const observing = isObserving(wanted) ? [OBSERVES] : [];
  for (const candidate of candidates.slice(0, LIMITS.attack_proposals_max)) {
    if (await holds(candidate)) {
      const { proposal } = candidate;
      const advice = [...observing, ...admittedBy(proposal, wanted)].join(" ");
      return { proposal, ...(advice === "" ? {} : { advice }) };
    }
  }
  const why = candidates.length === 0 ? NOTHING_TO_ADD : NOTHING_HELD;
  return { advice: [...observing, why].join(" ") };
};

const OBSERVES =
  'The policy only observes ("mode": "observe"): its rules are recorded and refuse nothing. Take that out first of all.';
const NOTHING_TO_ADD =
  "No rule is proposed: of the policy that the page recommends there is nothing to add for these tools.";
const NOTHING_HELD =
  "No rule is proposed: it got through again with what the page recommends put into the policy.";

const isObserving = ({ policy }: Wanted): boolean => {
  const document = readJson(policy);
  return isJsonObject(document) && member(document, "mode") === "observe";
};

/** Patterns let in what nobody has looked at: a rule for the one name is no more than that. */
const admittedBy = ({ adds }: Proposal, { keyOf }: Wanted): readonly string[] => {
  const tools = isRecord(adds["tools"]) ? adds["tools"] : {};
  const denied = Object.entries(tools).filter(([, rule]) => isRecord(rule) && rule["action"] === "deny");
  const byKey = Map.groupBy(
    denied.map(([name]) => name).filter((name) => (keyOf(name) ?? name) !== name),
    keyOf,
  );
  return [...byKey].map(
    ([key, names]) =>
      `The key ${JSON.stringify(key)} admits ${names.join(", ")}, and whatever else the server comes to have that it matches.`,
  );
};
