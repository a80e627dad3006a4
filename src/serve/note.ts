import type { Ledger } from "../audit/port.ts";
import { systemClock } from "../base/clock.ts";
import { uuidv7 } from "../base/ids.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { Log } from "../base/log.ts";

/** Writes what the gateway itself did into the record. One that cannot be written is told to the operator. */
export const noteIn = (ledger: Ledger, log: Log, act: string, after: JsonObject | null): void => {
  const now = systemClock.now();
  const told = (error: unknown): void =>
    log.error("an act could not be recorded", {
      act,
      reason: error instanceof Error ? error.message : "unknown",
    });
  const record = {
    v: 1,
    id: uuidv7(now),
    at: new Date(now).toISOString(),
    act,
    by: "gateway",
    subject: null,
    before: null,
    after,
  } as const;
  try {
    void Promise.resolve(ledger.admin(record)).catch(told);
  } catch (error) {
    told(error);
  }
};
