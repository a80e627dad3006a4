import { setTimeout as sleep } from "node:timers/promises";
import { chainAdmin, chainDecision, chainOutcome } from "../../audit/chain.ts";
import { type JournalPosition, type Ledger, LedgerUnavailable } from "../../audit/port.ts";
import type { AdminRecord, DecisionRecord, OutcomeRecord } from "../../audit/record.ts";
import type { JsonObject } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { SYSTEM_IO } from "./io.ts";
import type { JournalOptions } from "./journal-options.ts";
import { type Chain, chained, closingNotes, ownAct, ownOutcome } from "./lines.ts";
import { OpenCalls } from "./open-calls.ts";
import { type ReadOptions, readWhole } from "./read.ts";
import { type End, SEGMENT_ACT } from "./recover.ts";
import { type Misplaced, type SegmentOptions, SegmentWriter } from "./segment-writer.ts";
import { codeOf } from "./segments.ts";
import { StableStorage } from "./stable-storage.ts";
import { MISPLACED, Trouble } from "./trouble.ts";

/** Outcomes and acts may wait for a sync in twice the number: calls under way are to have their end in the record. */
const DECISIONS = 1;
const OTHERS = 2;
/** A flush waits for no room. */
const FLUSHES = Number.POSITIVE_INFINITY;

/** The audit log as this process writes it: chained lines in segment files, each written at once with one system call. */
export class Journal implements Ledger, AsyncDisposable {
  /** What was found and mended when it was opened, for the operator. */
  readonly notes: readonly string[];
  readonly #options: JournalOptions;
  readonly #segments: SegmentOptions;
  readonly #storage: StableStorage;
  readonly #trouble: Trouble;
  readonly #timer: NodeJS.Timeout;
  readonly #segmentBytesMax: number;
  readonly #syncMsMax: number;
  #segment: SegmentWriter;
  #head: string;
  readonly #calls: OpenCalls;
  #misplaced: Misplaced | undefined;
  #closed = false;
  #checking: Promise<void> | undefined;

  constructor(options: JournalOptions, end: End) {
    const { directory, clock, durability, checkMs = LIMITS.journal_check_ms } = options;
    const io = { ...SYSTEM_IO, ...options.io };
    let opening = true;
    this.#options = options;
    this.#segmentBytesMax = options.segmentBytes ?? LIMITS.segment_bytes_max;
    this.#syncMsMax = options.syncMsMax ?? LIMITS.audit_ms_max;
    this.#segments = { io, keep: durability === "disk" };
    this.#segment = new SegmentWriter(directory, end.segment, this.#segments);
    this.#trouble = new Trouble(clock, (message) => opening || options.onFault?.(message));
    this.#storage = new StableStorage({
      directory,
      io,
      current: () => this.#segment,
      syncMsMax: this.#syncMsMax,
      onFailed: (reason) => void this.#trouble.refusal(reason),
    });
    this.#head = end.head;
    this.#calls = new OpenCalls(end.open, clock.now());
    this.notes = [...end.notes, ...closingNotes(end.open.size, this.#caughtUp())];
    opening = false; // Until here, the notes say it.
    this.#timer = setInterval(() => void this.#check(), checkMs);
    this.#timer.unref();
  }

  readonly append = (record: DecisionRecord): void | Promise<void> => {
    const { id } = record;
    try {
      this.#put(chainDecision, record, DECISIONS);
    } catch (error) {
      // Where it says that the record cannot be written, the call's own decision was the one that is missing.
      if (record.code !== "audit_unavailable") {
        this.#trouble.missed();
      }
      throw error;
    }
    if (record.decision !== "allow" && record.enforced) {
      return this.#settle();
    }
    this.#calls.begin(id);
    return this.#settle()?.catch((error: unknown) => {
      this.#neverRan(id);
      throw error;
    });
  };

  readonly outcome = (record: OutcomeRecord): void | Promise<void> => {
    try {
      this.#put(chainOutcome, record, OTHERS);
    } catch (error) {
      this.#calls.owe(record); // Written as soon as anything can be.
      throw error;
    }
    this.#calls.end(record.id);
    return this.#settle();
  };

  readonly admin = (record: AdminRecord): void | Promise<void> => {
    this.#put(chainAdmin, record, OTHERS);
    return this.#settle();
  };

  readonly abandon = (id: string): void => {
    this.#neverRan(id);
    if (this.#calls.has(id) && this.#trouble.reason === undefined) {
      void this.#check();
    }
  };

  readonly health = (): { readonly ok: boolean; readonly reason?: string } => {
    const reason = this.#obstacle(DECISIONS) ?? this.#trouble.reason;
    return reason === undefined ? { ok: true } : { ok: false, reason };
  };

  /**
   * Everything that is written now is on stable storage when it resolves, whatever the durability.
   *
   * @throws LedgerUnavailable where it cannot be brought there
   */
  readonly flush = async (): Promise<void> => {
    const reason = this.#obstacle(FLUSHES);
    if (reason !== undefined) {
      throw new LedgerUnavailable(reason);
    }
    await this.#storage.sync();
  };

  /** Every record, oldest first, as it is now. From the beginning, what stands for dropped ones comes first. */
  readonly read = (options: ReadOptions = {}): Iterable<JsonObject> =>
    readWhole(this.#options.directory, this.#options.dropped, options);

  /** Whether a call was forwarded and has no outcome yet. */
  readonly isOpen = (id: string): boolean => this.#calls.has(id);

  /** Begins the next segment before this one is full. Throws `LedgerUnavailable`. */
  readonly roll = (): void => {
    const reason = this.#obstacle(OTHERS);
    if (reason !== undefined) {
      throw new LedgerUnavailable(reason);
    }
    this.#roll();
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
    if (this.#closed) {
      return;
    }
    clearInterval(this.#timer);
    const flushed = this.#check()
      .then(this.flush)
      .catch(() => undefined);
    await Promise.race([flushed, sleep(this.#syncMsMax, undefined, { ref: false })]);
    this.#closed = true;
    this.#storage[Symbol.dispose]();
  }

  #neverRan(id: string): void {
    this.#calls.owe(ownOutcome(this.#options.clock.now(), id, "unavailable"));
  }

  /** Why no line may be written now. */
  #obstacle(times: number): string | undefined {
    if (this.#closed) {
      return "closed";
    }
    if (this.#storage.failed !== undefined) {
      return this.#storage.failed;
    }
    if (this.#misplaced !== undefined) {
      return MISPLACED[this.#misplaced];
    }
    if (times !== OTHERS && this.#storage.hangs) {
      return "stable storage does not answer";
    }
    return this.#storage.isFull(times) ? "the queue is full" : undefined;
  }

  #put<R>(chain: Chain<R>, record: R, times: number): void {
    const reason = this.#obstacle(times);
    if (reason !== undefined) {
      throw this.#closed ? new LedgerUnavailable(reason) : this.#trouble.refusal(reason);
    }
    this.#catchUp();
    this.#line(chain, record);
  }

  /** What the record lacks for a trouble that has passed comes before anything new. */
  #catchUp(): void {
    for (const outcome of this.#calls.owed()) {
      this.#line(chainOutcome, outcome);
      this.#calls.end(outcome.id);
    }
    const act = this.#trouble.act();
    if (act !== undefined && this.#obstacle(DECISIONS) === undefined) {
      this.#line(chainAdmin, act);
      this.#trouble.end();
    }
  }

  /** Why it could not, or nothing. */
  #caughtUp(): string | undefined {
    try {
      this.#catchUp();
    } catch {
      // The trouble says what it is, and the timer tries again.
    }
    return this.#trouble.reason;
  }

  #line<R>(chain: Chain<R>, record: R): void {
    if (this.#segment.finished || this.#segment.size >= this.#segmentBytesMax) {
      this.#roll();
    }
    const { line, hash } = chained(chain, this.#head, record);
    this.#write(() => this.#segment.append(`${line}\n`));
    this.#head = hash;
    if (!this.#segments.keep && this.#segment.unsynced >= LIMITS.background_sync_bytes) {
      this.#storage.syncBehind();
    }
  }

  #write<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw this.#trouble.refusal(`not writable (${codeOf(error)})`, error);
    }
  }

  /** Begins the next segment, with a line that carries the open calls over: a start reads the last segment only. */
  #roll(): void {
    this.#misplaced = this.#segment.lookNow();
    if (this.#misplaced !== undefined) {
      throw this.#trouble.refusal(MISPLACED[this.#misplaced]);
    }
    const { directory, clock } = this.#options;
    const number = this.#segment.number + 1;
    const { line, hash } = chainAdmin(
      this.#head,
      ownAct(clock.now(), SEGMENT_ACT, String(number), { open: this.#calls.list() }),
    );
    const next = this.#write(() => SegmentWriter.begin(directory, number, this.#segments, `${line}\n`));
    this.#storage.retire(this.#segment);
    this.#segment = next;
    this.#head = hash;
    if (!this.#segments.keep) {
      this.#storage.syncBehind(); // It closes the segment that is full.
    }
  }

  /** Until a line is as durable as is promised; nothing to wait for where that is so already. */
  #settle(): Promise<void> | undefined {
    return this.#segments.keep ? this.#storage.sync() : undefined;
  }

  /** Whether its file is there; and if anything is amiss or missing, tries to be well again. One at a time. */
  #check(): Promise<void> {
    this.#checking ??= this.#heal()
      .catch(() => undefined) // The trouble says what it is.
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  async #heal(): Promise<void> {
    const segment = this.#segment;
    const misplaced = await segment.look();
    if (segment === this.#segment) {
      this.#misplaced = misplaced;
    }
    if (this.#misplaced !== undefined) {
      this.#trouble.refusal(MISPLACED[this.#misplaced]);
    }
    if (this.#misplaced === "removed") {
      await this.#segment.putBack();
      this.#misplaced = undefined;
    }
    if (this.#storage.failed !== undefined) {
      await this.#storage.mend();
    }
    const amiss = this.#trouble.reason !== undefined || this.#calls.owes;
    if (amiss && this.#obstacle(OTHERS) === undefined) {
      this.#catchUp();
      this.#settle()?.catch(() => undefined);
    }
  }
}
