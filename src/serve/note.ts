import type { Ledger } from "../audit/port.ts";
import type { AdminRecord } from "../audit/record.ts";
import { systemClock } from "../base/clock.ts";
import { uuidv7 } from "../base/ids.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { Log } from "../base/log.ts";

/** Writes what the gateway itself did into the record. One that cannot be written is told to the operator. */
export const noteIn = (ledger: Ledger, log: Log, act: string, after: JsonObject | null): void => {
  const told = (error: unknown): void =>
    log.error("an act could not be recorded", {
      act,
      reason: error instanceof Error ? error.message : "unknown",
    });
  try {
    void Promise.resolve(ledger.admin(actOf(act, after))).catch(told);
  } catch (error) {
    told(error);
  }
};

/** An act of the gateway itself. */
export const actOf = (act: string, after: JsonObject | null): AdminRecord => {
  const now = systemClock.now();
  return {
    v: 1,
    id: uuidv7(now),
    at: new Date(now).toISOString(),
    act,
    by: "gateway",
    subject: null,
    before: null,
    after,
  };
};
