import type { ChainedLine } from "../../audit/chain.ts";
import { LedgerUnavailable } from "../../audit/port.ts";
import type { AdminRecord, Outcome, OutcomeRecord } from "../../audit/record.ts";
import { uuidv7 } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json-value.ts";

export type Chain<R> = (prev: string, record: R) => ChainedLine;

/** @throws LedgerUnavailable where JSON cannot say the record */
export const chained = <R>(chain: Chain<R>, prev: string, record: R): ChainedLine => {
  try {
    return chain(prev, record);
  } catch (error) {
    // This record's own fault: the next may be written.
    throw new LedgerUnavailable("the record cannot be written as JSON", { cause: error });
  }
};

/** Something that the journal says of itself. */
export const ownAct = (now: number, act: string, subject: string | null, after: JsonObject): AdminRecord => ({
  v: 1,
  id: uuidv7(now),
  at: new Date(now).toISOString(),
  act,
  by: "gateway",
  subject,
  before: null,
  after,
});

/** The end of a call that the gate did not see. */
export const ownOutcome = (now: number, id: string, outcome: Outcome): OutcomeRecord => ({
  id,
  outcome,
  http_status: null,
  duration_ms: 0,
  result_bytes: 0,
  at: new Date(now).toISOString(),
});

/** For the operator: what a start did about calls that a crash left without an outcome. */
export const closingNotes = (calls: number, trouble: string | undefined): readonly string[] => {
  if (trouble !== undefined) {
    return [`The journal cannot be written: ${trouble}. Calls are refused until it can.`];
  }
  return calls === 0
    ? []
    : [
        `Calls under way when the gateway was killed: ${String(calls)}. Their outcome is recorded as unknown.`,
      ];
};
