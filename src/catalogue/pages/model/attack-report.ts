import { OUTCOMES, type AttackResult, type Outcome } from "../../attacks/result.ts";

/** All that a report says of attacks that were played, without how it looks. */
export interface AttackReport {
  /** What was attacked, for people: `the grant ana-billing`, or a file. */
  readonly about: string;
  /** Where its policy stands: `billing.policy.json`, `the policy of the grant ana-billing`. */
  readonly policyIn: string;
  /** The command that plays one of these again, without its name … */
  readonly again: string;
  /** … and what stands behind it for all of these. */
  readonly all: string;
  /** Whether settings of the configuration were tried too: they are those of a grant. */
  readonly withSettings: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How many were asked for; there are fewer results where it was interrupted. */
  readonly asked: number;
  readonly results: readonly AttackResult[];
}

/** What came out how, in the order in which a report tells it, those with none too. */
export const byOutcome = (
  results: readonly AttackResult[],
): readonly { readonly outcome: Outcome; readonly results: readonly AttackResult[] }[] =>
  OUTCOMES.map((outcome) => ({ outcome, results: results.filter((result) => result.outcome === outcome) }));

/** The one sentence that somebody takes from the report. */
export const headline = ({ results }: AttackReport): string => {
  const of = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  const played = results.length - of("not_applicable") - of("failed");
  const through = of("through") + of("not_stopped");
  if (played === 0) {
    return "No attack was played";
  }
  const unclear = of("unclear");
  if (through === 0 && unclear > 0) {
    return `${String(unclear)} of ${String(played)} ${played === 1 ? "attack" : "attacks"} ${unclear === 1 ? "is" : "are"} unclear, none got through`;
  }
  if (through === 0) {
    return played === 1 ? "The attack was held" : `All ${String(played)} attacks were held`;
  }
  return `${String(through)} of ${String(played)} ${played === 1 ? "attack" : "attacks"} got through`;
};
