import type { AdminRecord, DecisionRecord, Outcome, OutcomeRecord } from "./record.ts";

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

/** A place in the journal: between two of its lines. */
export interface JournalPosition {
  readonly segment: number;
  /** Bytes from the start of the segment. */
  readonly offset: number;
}

/** One line of the journal, as it is there. */
export interface JournalLine {
  /** Without its line feed; `undefined` where the bytes are not UTF-8. */
  readonly text: string | undefined;
  readonly position: JournalPosition;
  /** Where the next line begins. */
  readonly next: JournalPosition;
}

/** Which records are sought. What is absent is not asked for; times are milliseconds since the epoch. */
export interface RecordQuery {
  /** At this time or later. */
  readonly from?: number;
  /** Before this time. */
  readonly to?: number;
  readonly grant?: string;
  readonly identity?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly decision?: "allow" | "deny" | "hold";
  readonly code?: string;
  /** `pending`: none is written yet. */
  readonly outcome?: Outcome | "pending";
  /** Only records further back than this one: the next page. */
  readonly before?: Pick<RecordRow, "at" | "seq">;
  /** Rows at most, 1 to 10,000. */
  readonly limit: number;
}

/** A decision with its outcome, as the search has it. */
export interface RecordRow {
  /** Its place among the decisions, by the journal's order. */
  readonly seq: number;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly requestId: string;
  readonly server: string | null;
  readonly grant: string | null;
  readonly identity: string | null;
  readonly method: string | null;
  readonly tool: string | null;
  readonly policy: string | null;
  readonly decision: string;
  readonly code: string;
  readonly rule: string | null;
  readonly enforced: boolean;
  readonly outcome: string | null;
  readonly httpStatus: number | null;
  readonly durationMs: number | null;
  readonly resultBytes: number | null;
  /** Where the journal has the decision. */
  readonly position: JournalPosition;
  /** Where it has the outcome. */
  readonly outcomePosition: JournalPosition | null;
}

/** Looks records up, newest first. May lag a second behind the journal. */
export interface RecordSearch {
  readonly search: (query: RecordQuery) => readonly RecordRow[];
  /** The decision with this id. */
  readonly find: (id: string) => RecordRow | undefined;
}
