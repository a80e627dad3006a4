import { statSync } from "node:fs";
import type { AdminRecord } from "../audit/record.ts";
import type { Clock } from "../base/clock.ts";
import { LIMITS } from "../base/limits.ts";
import { parseRfc3339 } from "../base/rfc3339.ts";
import type { Log } from "../base/log.ts";
import type { AuditConfig } from "../config/audit.ts";
import { Carry } from "../store/journal/carry.ts";
import type { DroppedSegments } from "../store/journal/dropped-segments.ts";
import { foldSegment } from "../store/journal/fold.ts";
import type { Journal } from "../store/journal/journal.ts";
import { segmentFile, segmentsIn } from "../store/journal/segments.ts";
import { syncPath } from "../store/journal/sync.ts";
import type { RecordsThread } from "../store/sqlite/records-thread.ts";
import { actOf } from "./note.ts";
import { beginningOf, isTold } from "./segment-lines.ts";

const DAY_MS = 86_400_000;
/** A segment is at most this part of `days` long in time … */
const SEGMENTS_OF_DAYS = 8;
/** … and at most this. */
const SEGMENT_MS_MAX = DAY_MS;

interface RetentionOptions {
  /** The journal's directory. */
  readonly directory: string;
  readonly journal: Journal;
  readonly dropped: DroppedSegments;
  readonly records: Pick<RecordsThread, "position">;
  /** As configured now. */
  readonly keep: () => AuditConfig["retention"];
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs?: number;
}

/**
 * Drops the oldest segments of the journal, whole, when they are too old or the journal too large. Each step is on
 * stable storage before the next, so that one that was cut short is finished later: the statement that stands for a
 * segment, the act in the record, and only then the files.
 *
 * Kept in any case are the segment that is being written, segments with calls under way, and segments that the search
 * copy has not taken in or that are not as they were written.
 */
export class Retention implements AsyncDisposable {
  readonly #options: RetentionOptions;
  readonly #ended = new AbortController();
  readonly #beginnings = new Map<number, number | undefined>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  /** The last segment whose drop is told of in the record. */
  #told = 0;
  /** Calls that keep the oldest segment. */
  #blocking: readonly string[] = [];
  #faulty: string | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#wait(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #wait(waitMs: number): void {
    this.#timer = setTimeout(() => void this.#tick(), waitMs).unref();
  }

  async #tick(): Promise<void> {
    try {
      await this.round();
      this.#faulty = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : "unknown";
      if (!this.#ended.signal.aborted && this.#faulty !== reason) {
        this.#options.log.warn("old records could not be dropped", { reason });
      }
      this.#faulty = reason;
    }
    if (!this.#ended.signal.aborted) {
      this.#wait(this.#options.everyMs ?? LIMITS.retention_check_ms);
    }
  }

  /** Finishes what was begun, and drops what may go now. One round at a time. */
  round(): Promise<void> {
    const round = this.#running.then(() => this.#round());
    this.#running = round.catch(() => undefined);
    return round;
  }

  async #round(): Promise<void> {
    this.#ended.signal.throwIfAborted();
    const { keep } = this.#options;
    await this.#finish();
    this.#rollByAge(keep().days);
    for (let segment = this.#due(); segment !== undefined; segment = this.#due()) {
      if (!(await this.#drop(segment))) {
        return;
      }
    }
  }

  /** A gateway with little to do begins a segment every so often, too: a record that is not alone goes with its segment. */
  #rollByAge(days: number | undefined): void {
    const { directory, journal, clock } = this.#options;
    if (days === undefined) {
      return;
    }
    const spanMs = Math.min(SEGMENT_MS_MAX, (days * DAY_MS) / SEGMENTS_OF_DAYS);
    const { segment, offset } = journal.position();
    const first = beginningOf(directory, segment);
    // One that holds nothing but the line that begins it is not begun anew.
    const holds = first !== undefined && (offset > first.bytes || !first.begins);
    if (holds && clock.now() - first.at >= spanMs) {
      journal.roll();
    }
  }

  /** The oldest segment, where it may go. */
  #due(): number | undefined {
    const { directory, journal, dropped } = this.#options;
    const segments = segmentsIn(directory).filter((segment) => segment > dropped.through);
    const [oldest, next] = segments;
    if (oldest === undefined || next === undefined || oldest >= journal.position().segment) {
      return undefined;
    }
    return !this.#isNeeded(oldest) && (this.#isOld(next) || this.#areLarge(segments)) ? oldest : undefined;
  }

  /** Whether a segment has calls under way, or lines that the search copy has not taken in. */
  #isNeeded(segment: number): boolean {
    const { journal, records } = this.#options;
    return (records.position?.segment ?? 0) <= segment || this.#blocking.some((id) => journal.isOpen(id));
  }

  /** Whether the segment before this one is too old. */
  #isOld(next: number): boolean {
    const { keep, clock } = this.#options;
    const { days } = keep();
    return days !== undefined && this.#endOf(next) < clock.now() - days * DAY_MS;
  }

  #areLarge(segments: readonly number[]): boolean {
    const { directory, keep } = this.#options;
    const { bytes } = keep();
    return bytes !== undefined && sizeOf(directory, segments) > bytes;
  }

  /** A segment's last record is no younger than the first of the next, unless the clock was put back: `#drop` looks. */
  #endOf(next: number): number {
    if (!this.#beginnings.has(next)) {
      this.#beginnings.set(next, beginningOf(this.#options.directory, next)?.at);
    }
    return this.#beginnings.get(next) ?? Infinity;
  }

  /** Whether the segment, read whole, turned out to have younger records than was thought, and is not too much either. */
  #isYoung(segment: number, until: string): boolean {
    this.#beginnings.set(segment + 1, Math.max(this.#endOf(segment + 1), parseRfc3339(until) ?? Infinity));
    return this.#due() !== segment;
  }

  /** False where calls that are under way keep it, or records that are too young. */
  async #drop(segment: number): Promise<boolean> {
    const { directory, journal, dropped, clock } = this.#options;
    const carry = new Carry(dropped.carried);
    const signal = this.#ended.signal;
    const { head, lines, until } = await foldSegment(directory, segment, {
      prev: dropped.head,
      carry,
      signal,
    });
    this.#blocking = [...carry.open].filter((id) => journal.isOpen(id));
    if (this.#blocking.length > 0 || this.#isYoung(segment, until)) {
      return false;
    }
    // What goes on from it must be there after a loss of power, if it is not.
    await syncPath(segmentFile(directory, segment + 1));
    await syncPath(directory);
    await dropped.put({
      at: new Date(clock.now()).toISOString(),
      through: segment,
      head,
      lines: dropped.lines + lines,
      until,
      carried: carry.lines(),
    });
    await this.#finish("new");
    this.#beginnings.delete(segment + 1);
    return true;
  }

  /** Tells the record of what was dropped, and deletes the files. */
  async #finish(what: "new" | "left" = "left"): Promise<void> {
    const { directory, journal, dropped } = this.#options;
    if (dropped.leftover().length === 0) {
      return;
    }
    const { through } = dropped;
    const last = journal.position().segment;
    if (this.#told < through && (what === "new" || !(await isTold(directory, last, through)))) {
      await journal.admin(actIn(dropped));
    }
    this.#told = through;
    await syncPath(segmentFile(directory, journal.position().segment));
    await dropped.deleteLeftover();
  }
}

const actIn = ({ through, head, lines, until }: DroppedSegments): AdminRecord =>
  actOf("journal.drop", { through, head, lines, until });

const sizeOf = (directory: string, segments: readonly number[]): number =>
  segments.reduce(
    (sum, segment) => sum + (statSync(segmentFile(directory, segment), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
