import { closeSync, mkdirSync, openSync } from "node:fs";
import { type ChainedLine, chainAdmin, chainDecision, chainOutcome } from "../../audit/chain.ts";
import { type JournalPosition, type Ledger, LedgerUnavailable } from "../../audit/port.ts";
import type { AdminRecord, DecisionRecord, OutcomeRecord } from "../../audit/record.ts";
import type { Clock } from "../../base/clock.ts";
import { uuidv7 } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import type { DroppedSegments } from "./dropped-segments.ts";
import { createGroupSync } from "./group-sync.ts";
import { readJournal, type ReadOptions } from "./read.ts";
import { type End, recover, SEGMENT_ACT } from "./recover.ts";
import { type JournalIo, SegmentWriter, SYSTEM_IO } from "./segment-writer.ts";
import { codeOf } from "./segments.ts";

export interface JournalOptions {
  /** Of the segment files; made if it is not there. One process at a time may open it (lock.ts). */
  readonly directory: string;
  /** When a record counts as written (contract.md section 2). */
  readonly durability: "process" | "disk";
  readonly clock: Clock;
  /** What stands for segments that were dropped. */
  readonly dropped?: Pick<DroppedSegments, "through" | "carried">;
  /** A segment of this length is the last to be written to. */
  readonly segmentBytes?: number;
  readonly io?: Partial<JournalIo>;
}

type Chain<R> = (prev: string, record: R) => ChainedLine;

/** The audit log as this process writes it: chained lines in segment files, each written at once with one system call. */
export class Journal implements Ledger, AsyncDisposable {
  /** What was found and mended when it was opened, for the operator. */
  readonly notes: readonly string[];
  readonly #options: JournalOptions;
  readonly #io: JournalIo;
  readonly #settle: () => void | Promise<void>;
  #segment: SegmentWriter;
  /** Full segments whose last lines may not be on stable storage yet. */
  #retired: SegmentWriter[] = [];
  /** A segment's name may not be on stable storage yet. */
  #unnamed = true;
  #head: string;
  /** Forwarded calls without an outcome. */
  readonly #open: Set<string>;
  /** Why the last line could not be written; the next may be. */
  #fault: string | undefined;
  /** Why no line will be written any more. */
  #ended: string | undefined;

  constructor(options: JournalOptions, end: End) {
    this.#options = options;
    this.#io = { ...SYSTEM_IO, ...options.io };
    this.#settle = options.durability === "disk" ? createGroupSync(() => this.#sync()) : () => undefined;
    this.#segment = new SegmentWriter(options.directory, end.segment, this.#io);
    this.#head = end.head;
    this.#open = new Set(end.open);
    this.notes = [...end.notes, ...this.#closeOpen(end.open)];
  }

  readonly append = (record: DecisionRecord): void | Promise<void> => {
    this.#put(chainDecision, record);
    if (record.decision === "allow" || !record.enforced) {
      this.#open.add(record.id);
    }
    return this.#settle();
  };

  readonly outcome = (record: OutcomeRecord): void | Promise<void> => {
    this.#put(chainOutcome, record);
    this.#open.delete(record.id);
    return this.#settle();
  };

  readonly admin = (record: AdminRecord): void | Promise<void> => {
    this.#put(chainAdmin, record);
    return this.#settle();
  };

  readonly health = (): { readonly ok: boolean; readonly reason?: string } => {
    const reason = this.#ended ?? this.#fault;
    return reason === undefined ? { ok: true } : { ok: false, reason };
  };

  /** Every record, oldest first, as it is now. From the beginning, what stands for dropped ones comes first. */
  readonly read = (options: ReadOptions = {}): Iterable<JsonObject> =>
    options.from === undefined ? this.#readAll(options) : readJournal(this.#options.directory, options);

  *#readAll(options: ReadOptions): Generator<JsonObject> {
    const { directory, dropped } = this.#options;
    yield* dropped?.carried ?? [];
    yield* readJournal(directory, { ...options, from: { segment: (dropped?.through ?? 0) + 1, offset: 0 } });
  }

  /** Whether a call was forwarded and has no outcome yet. */
  readonly isOpen = (id: string): boolean => this.#open.has(id);

  /** Begins the next segment before this one is full. Throws `LedgerUnavailable`. */
  readonly roll = (): void => {
    if (this.#ended !== undefined) {
      throw new LedgerUnavailable(this.#ended);
    }
    this.#write(() => this.#roll());
  };

  /** Where the next line will be. */
  readonly position = (): JournalPosition => ({
    segment: this.#segment.number,
    offset: this.#segment.size,
  });

  /** Hash of the last line. */
  readonly head = (): string => this.#head;

  /** Brings everything to stable storage and takes no more lines. Throws nothing: what is written stays written. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended === "closed") {
      return;
    }
    await Promise.resolve(this.#settle() ?? this.#sync()).catch(() => undefined);
    this.#ended = "closed";
    this.#segment[Symbol.dispose]();
    this.#retired.forEach((segment) => segment[Symbol.dispose]());
  }

  #put<R>(chain: Chain<R>, record: R): void {
    if (this.#ended !== undefined) {
      throw new LedgerUnavailable(this.#ended);
    }
    this.#write(() => {
      if (this.#segment.size >= (this.#options.segmentBytes ?? LIMITS.segment_bytes_max)) {
        this.#roll();
      }
    });
    const { line, hash } = chained(chain, this.#head, record);
    this.#write(() => this.#segment.append(`${line}\n`));
    this.#head = hash;
    this.#fault = undefined;
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#fault = `the journal cannot be written (${codeOf(error)})`;
      throw new LedgerUnavailable(this.#fault, { cause: error });
    }
  }

  /** Begins the next segment, with a line that carries the open calls over: a start reads the last segment only. */
  #roll(): void {
    const { directory, clock, durability } = this.#options;
    const next = new SegmentWriter(directory, this.#segment.number + 1, this.#io);
    const now = clock.now();
    const { line, hash } = chainAdmin(this.#head, {
      v: 1,
      id: uuidv7(now),
      at: new Date(now).toISOString(),
      act: SEGMENT_ACT,
      by: "gateway",
      subject: String(next.number),
      before: null,
      after: { open: [...this.#open] },
    });
    try {
      next.append(`${line}\n`);
    } catch (error) {
      next.discard();
      throw error;
    }
    if (durability === "disk") {
      this.#retired.push(this.#segment);
      this.#unnamed = true;
    } else {
      this.#segment[Symbol.dispose]();
    }
    this.#segment = next;
    this.#head = hash;
  }

  /** Everything that is written when it starts is on stable storage when it ends. */
  async #sync(): Promise<void> {
    if (this.#ended !== undefined) {
      throw new LedgerUnavailable(this.#ended);
    }
    const retired = this.#retired.slice();
    const segment = this.#segment;
    try {
      for (const old of retired) {
        await this.#syncFile(old.file);
        this.#retired = this.#retired.filter((kept) => kept !== old);
        old[Symbol.dispose]();
      }
      await this.#syncFile(segment.file);
      if (this.#unnamed) {
        this.#unnamed = false;
        await this.#syncDirectory();
      }
    } catch (error) {
      // The kernel may have dropped the pages it could not write: a later sync that succeeds says nothing of them.
      this.#ended ??= `the journal cannot be brought to stable storage (${codeOf(error)}); restart the gateway`;
      throw new LedgerUnavailable(this.#ended, { cause: error });
    }
  }

  async #syncDirectory(): Promise<void> {
    const directory = openSync(this.#options.directory, "r");
    try {
      await this.#syncFile(directory);
    } finally {
      closeSync(directory);
    }
  }

  #syncFile(file: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#io.sync(file, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** After a crash nobody knows how the calls under way ended (contract.md section 4). */
  #closeOpen(open: ReadonlySet<string>): readonly string[] {
    const at = new Date(this.#options.clock.now()).toISOString();
    try {
      for (const id of open) {
        this.#put(chainOutcome, {
          id,
          outcome: "unknown",
          http_status: null,
          duration_ms: 0,
          result_bytes: 0,
          at,
        });
        this.#open.delete(id);
      }
    } catch {
      return [`The journal cannot be written: ${this.#fault ?? ""}. Calls are refused until it can.`];
    }
    return open.size === 0
      ? []
      : [
          `Calls under way when the gateway was killed: ${String(open.size)}. Their outcome is recorded as unknown.`,
        ];
  }
}

const chained = <R>(chain: Chain<R>, prev: string, record: R): ChainedLine => {
  try {
    return chain(prev, record);
  } catch (error) {
    // This record's own fault: the next may be written.
    throw new LedgerUnavailable("the record cannot be written as JSON", { cause: error });
  }
};

/**
 * Opens a journal for its one writer: mends its end, and closes the calls that a crash left open.
 *
 * @throws JournalDamaged where its last record is not as it was written
 */
export const openJournal = (options: JournalOptions): Journal => {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  return new Journal(options, recover(options.directory, options.dropped?.through));
};
