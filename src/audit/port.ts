import type { AdminRecord, DecisionRecord, OutcomeRecord } from "./record.ts";

/**
 * The audit log as the gate writes it. Every method returns once the line is as durable as the ledger promises
 * (`process`: left this process; `disk`: on stable storage) and throws `LedgerUnavailable` where it cannot be:
 * the call is then refused with `audit_unavailable`.
 */
export interface Ledger {
  /** A decision with what it reserved (`record.reserved`), as one append. */
  readonly append: (record: DecisionRecord) => void | Promise<void>;
  readonly outcome: (record: OutcomeRecord) => void | Promise<void>;
  readonly admin: (record: AdminRecord) => void | Promise<void>;
  /** Whether a line written now would be kept. */
  readonly health: () => { readonly ok: boolean; readonly reason?: string };
}

export class LedgerUnavailable extends Error {
  override readonly name = "LedgerUnavailable";
}
