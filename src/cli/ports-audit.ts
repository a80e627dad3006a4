import type { JournalFollower, JournalLine, JournalPosition, RecordSearch } from "../audit/port.ts";

/** What commands are handed of the record. */

/** What `audit verify` found. */
export interface AuditVerdict {
  readonly ok: boolean;
  readonly lines: number;
  /** Hash of the last line. */
  readonly head: string;
  /** The first line that is not as it was written. */
  readonly fault:
    | { readonly kind: string; readonly id: string | undefined; readonly message: string }
    | undefined;
  /** The journal ends in the middle of a line: the gateway was killed while writing, or writes just now. */
  readonly partial: boolean;
  readonly heads: {
    /** Signed heads that fit. */
    readonly checked: number;
    /** … and those for what is before the lines that were verified. */
    readonly before: number;
    /** When the newest that fits was signed, RFC 3339. */
    readonly newest: string | undefined;
    /** Lines that no head covers yet. */
    readonly behind: number;
  };
  /** What retention dropped, by a signed statement: lines, and the time of the last of them. */
  readonly dropped: { readonly lines: number; readonly until: string } | undefined;
  /** What was not looked at, for people. */
  readonly notes: readonly string[];
}

/** What `audit verify` is to look at. */
export interface VerifyOptions {
  /** From the first record at this time or later (milliseconds since the epoch), or from the beginning. */
  readonly from: number | undefined;
  /** Files of signed heads besides those that are known. */
  readonly heads: readonly string[];
  /** File of the key that signed them, by default the data directory's. */
  readonly publicKey: string | undefined;
  /** Told now and then how many of how many bytes are read. */
  readonly onProgress?: (read: number, total: number) => void;
}

/** Told how much is done, in bytes. */
export type ByteProgress = (done: number, total: number) => void;

/** The search copy of the record: up to date where no gateway runs, up to a second behind where one does. */
export interface AuditSearch extends RecordSearch, Disposable {
  /** What the journal has more than it. */
  readonly behindBytes: number;
}

/** The record of a data directory, readable while a gateway writes it. */
export interface AuditReader {
  /** Every whole line, oldest first. `undefined`: bytes that are not UTF-8. */
  readonly lines: (update?: ByteProgress) => Iterable<string | undefined> | AsyncIterable<string | undefined>;
  /** The line that begins there. */
  readonly at: (position: JournalPosition) => JournalLine | undefined;
  /** What is wrong with a line by itself, completing "The record …"; `undefined` where it is as it was written. */
  readonly problemOf: (text: string) => string | undefined;
  /** From the position that a file holds, or from the beginning. `CommandFailure` where that cannot be. */
  readonly resume: (file: string, skipGap: boolean) => JournalFollower;
  /** The lines after those that `lines` gave, as they come, until the signal. */
  readonly follow: (signal: AbortSignal) => AsyncIterable<string | undefined>;
  readonly verify: (options: VerifyOptions) => AuditVerdict | Promise<AuditVerdict>;
}
