import { systemClock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { AuditConfig } from "../config/audit.ts";
import type { Ledger } from "../audit/port.ts";
import type { MemoryCounters } from "../meter/counters.ts";
import type { Counters, LimitSpec } from "../meter/port.ts";
import { placesIn, type Store } from "../store/open.ts";
import { openCounters, saveCheckpoint } from "./checkpoint.ts";
import { Checkpoints } from "./checkpoints.ts";
import { adoptLimits } from "./counters.ts";
import { SignedHeads } from "./heads.ts";
import { OpenCharges } from "./open-charges.ts";
import { Retention } from "./retention.ts";

interface KeepingOptions {
  readonly store: Store;
  readonly dataDirectory: string;
  /** Of the policies that judge first. */
  readonly limits: readonly LimitSpec[];
  /** As configured now. */
  readonly audit: () => AuditConfig;
  readonly log: Log;
}

/** The record and what follows from it: counters with their checkpoints, signed heads, retention. */
export interface Keeping extends AsyncDisposable {
  readonly counters: Counters;
  readonly ledger: Ledger;
  /** Before these limits judge. No call may be between its charge and its record. */
  readonly adopt: (limits: readonly LimitSpec[]) => void;
  /** Whether the newest signed head is kept wherever it should be. */
  readonly headsState: SignedHeads["state"];
}

/** Reads what was admitted, and from then on keeps the record. */
export const keepRecord = (options: KeepingOptions): Keeping => {
  const { store, dataDirectory, audit, log } = options;
  const { journal } = store;
  const place = { directory: dataDirectory, key: store.auditKey };
  const counters: MemoryCounters = openCounters(place, journal, options.limits, log);
  const charges = new OpenCharges();
  const kept = new AsyncDisposableStack();
  const heads = kept.use(
    new SignedHeads({
      journal,
      key: store.signingKey,
      dataDirectory,
      config: () => audit().heads,
      clock: systemClock,
      log,
    }),
  );
  kept.use(
    new Checkpoints({
      save: () => saveCheckpoint(place, journal, counters, charges),
      head: journal.head,
      log,
    }),
  );
  kept.use(
    new Retention({
      ...store,
      directory: placesIn(dataDirectory).journal,
      keep: () => audit().retention,
      clock: systemClock,
      log,
    }),
  );
  return {
    counters: charges.counters(counters),
    ledger: charges.ledger(journal),
    adopt: (limits) => adoptLimits(counters, limits, (wanted) => journal.read(wanted)),
    headsState: heads.state,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
};
