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
  /**
   * The call of this decision was refused although the record may be written, or may come to be: nobody waited for it
   * any longer. It gets the outcome `unavailable`, for its charge was given back. What is not in the record is passed
   * over; a decision whose `append` threw needs no such word.
   */
  readonly abandon: (id: string) => void;
  /** Whether a line written now would be kept. */
  readonly health: () => { readonly ok: boolean; readonly reason?: string };
}

export class LedgerUnavailable extends Error {
  override readonly name = "LedgerUnavailable";
}

/** Acts that were done while the record could not be written. They are kept elsewhere until it can: at least once, by id. */
export interface WaitingActs {
  /** Oldest first. */
  readonly list: () => readonly AdminRecord[];
  /** On stable storage when it returns; throws where it cannot be. */
  readonly put: (act: AdminRecord) => void;
  readonly remove: (id: string) => void;
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
  readonly from?: number | undefined;
  /** Before this time. */
  readonly to?: number | undefined;
  readonly grant?: string | undefined;
  readonly identity?: string | undefined;
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  readonly decision?: "allow" | "deny" | "hold" | undefined;
  readonly code?: string | undefined;
  /** `pending`: none is written yet. */
  readonly outcome?: Outcome | "pending" | undefined;
  /** Only records further back than this one: the next page. */
  readonly before?: Pick<RecordRow, "at" | "seq"> | undefined;
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

/**
 * Reads the journal on from a position that outlives the process: the seam for shipping records elsewhere. At least
 * once: a line can come again after a crash, and none is left out.
 */
export interface JournalFollower extends Disposable {
  /** The last reader ended before it said that its lines were taken. Some will come again. */
  readonly interrupted: boolean;
  /** Where it is stored to go on. */
  readonly position: JournalPosition;
  /** The next lines, at most so many; none if there are no more for now. */
  readonly next: (max: number) => readonly JournalLine[];
  /** Everything that `next` gave is kept elsewhere: stores the position, on stable storage when this returns. */
  readonly taken: () => void;
}
