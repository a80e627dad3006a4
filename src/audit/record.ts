import type { JsonObject } from "../base/json-value.ts";
import type { DecisionCode, RefusalCode } from "../base/errors.ts";

/** One amount a call took, as the record keeps it. */
export interface ReservedEntry {
  readonly policy: string;
  readonly counter: string;
  readonly scope: string;
  readonly whose: string;
  readonly amount: string;
  /** Milliseconds since the epoch: the time the amount was counted at. */
  readonly at: number;
  /** Seconds, or one of the two without a fixed length. */
  readonly window: number | "month" | "lifetime";
}

/** What is kept of a call's arguments: one of the first three, and a keyed hash of them all. */
export interface KeptArgs {
  readonly keys?: readonly string[];
  readonly masked?: JsonObject;
  readonly full?: JsonObject;
  readonly sha256: string;
}

/** What was decided about one call (docs/audit.md), before it is chained. Absent facts are `null`. */
export interface DecisionRecord {
  readonly v: 1;
  /** UUIDv7. */
  readonly id: string;
  /** RFC 3339 with milliseconds, UTC. */
  readonly at: string;
  readonly request_id: string;
  readonly server: string | null;
  readonly grant: string | null;
  readonly identity: string | null;
  readonly groups: readonly string[];
  /** A keyed hash of the session's id, never the id: it is a credential. */
  readonly session: string | null;
  readonly client: { readonly name: string; readonly version: string | null } | null;
  readonly protocol: string | null;
  readonly transport: "http" | "stdio";
  readonly method: string | null;
  readonly tool: string | null;
  readonly tool_digest: string | null;
  readonly args: KeptArgs | null;
  readonly policy: { readonly name: string; readonly version: string; readonly sha256: string } | null;
  readonly decision: "allow" | "deny" | "hold";
  readonly code: DecisionCode | RefusalCode;
  readonly rule: string | null;
  readonly name: string | null;
  readonly message: string;
  readonly enforced: boolean;
  readonly reserved: readonly ReservedEntry[];
  readonly retry_after_ms: number | null;
  readonly approval_id: string | null;
}

/**
 * How a forwarded call ended. `unavailable` says that it certainly never ran, so its charge was given back;
 * `unknown` and `timeout` that it may have.
 */
export type Outcome = "ok" | "tool_error" | "rpc_error" | "timeout" | "unavailable" | "cancelled" | "unknown";

export interface OutcomeRecord {
  /** The decision record's id. */
  readonly id: string;
  readonly outcome: Outcome;
  readonly http_status: number | null;
  readonly duration_ms: number;
  readonly result_bytes: number;
  readonly at: string;
}

/** An administrative act: who did what to what. In the same chain. */
export interface AdminRecord {
  readonly v: 1;
  readonly id: string;
  readonly at: string;
  /** For example `grant.revoke`, `config.reload`, `gateway.start`. */
  readonly act: string;
  readonly by: string;
  readonly subject: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}
