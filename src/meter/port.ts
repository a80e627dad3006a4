import type { Scope, Window, Align } from "./window.ts";

/**
 * One limit of a policy as the counters see it (docs/limits.md). Amounts are integers of 10^-9: `1` is
 * `1_000_000_000n`.
 */
export interface LimitSpec {
  /** Name of the policy; counters of two policies never meet. */
  readonly policy: string;
  readonly counter: string;
  readonly scope: Scope;
  readonly window: Window;
  readonly align: Align;
  /** IANA name; only read where `align` is `calendar`. */
  readonly timezone: string;
  readonly max: bigint;
}

/** What one call would take from one limit. */
export interface Charge {
  readonly limit: LimitSpec;
  /** The scope's value: the grant's name, the identity's, the session's id, the server's name, or "". */
  readonly whose: string;
  readonly amount: bigint;
}

/** One amount taken: what a record keeps, and what is needed to give it back or to count it again after a restart. */
export interface Reserved {
  readonly policy: string;
  readonly counter: string;
  readonly scope: Scope;
  readonly whose: string;
  /** The amount as a decimal text, `"1"`, `"12.5"`. */
  readonly amount: string;
  /** Milliseconds since the epoch: the time the amount was counted at. */
  readonly at: number;
  /** Seconds, or the name of a window without a fixed length; for the reader of the record. */
  readonly window: number | "month" | "lifetime";
}

export type Reservation =
  | { readonly ok: true; readonly reserved: readonly Reserved[] }
  | {
      readonly ok: false;
      readonly code: "limit_exceeded" | "counter_unavailable";
      /** Index of the refusing charge. */
      readonly index: number;
      /** When the call would pass all its limits; absent if never, or not known. */
      readonly retryAfterMs?: number;
    };

/** Where amounts are counted: all charges of a call together or none. */
export interface Counters {
  readonly reserve: (charges: readonly Charge[], at: number) => Reservation | Promise<Reservation>;
  /** Gives amounts back into the windows they were taken from. */
  readonly release: (reserved: readonly Reserved[]) => void | Promise<void>;
}
