import { unitsFromText } from "../base/decimal.ts";
import { emptyBook, nameOf, newCounter, rulerIn, sweep, trackOf, type Book, type Counter } from "./book.ts";
import { readCheckpoint, writeCheckpoint, writeCheckpointText, type Checkpoint } from "./checkpoint.ts";
import type { Charge, Counters, LimitSpec, Reservation } from "./port.ts";
import { advance, reserveIn } from "./reserve.ts";
import { isTime } from "./ruler.ts";
import { dropBefore, giveBack, put } from "./track.ts";

/**
 * Counters in memory (docs/limits.md). What was admitted lives in the journal; these are what it adds up to, and
 * they are made again from it:
 *
 * - A start without a checkpoint: `createCounters()`, then `adopt(limits of all policies, the whole journal)`.
 * - A start with one: `countersFromCheckpoint(read)`. Not `ok`: as without one. Otherwise `replay(the journal after
 *   the checkpoint)`, then `adopt(needsHistory(limits), the whole journal)` if that list is not empty.
 * - Policies are published: `adopt(needsHistory(their limits), the whole journal)`, before any call is judged by them.
 *
 * A journal entry says what was taken from whose counter and when, not by which window. So an entry of a counter that
 * no present policy has is dropped, and the counter is one that `needsHistory` names when a policy has it again: the
 * journal keeps it, not the counters. A checkpoint holds every counter that was ever known, lifetime ones included.
 * `adopt` and `checkpoint` must see the same moment as the journal: every charge made is in it, none that is not.
 */

/** An amount taken, as the journal has it. `released`: it was given back since. */
export interface Entry {
  readonly policy: string;
  readonly counter: string;
  readonly scope: string;
  readonly whose: string;
  /** Decimal text. */
  readonly amount: string;
  /** Milliseconds since the epoch, whole: `Reserved.at`. */
  readonly at: number;
  readonly released?: boolean;
}

export interface MemoryCounters extends Counters {
  /** Charges without limits still move the latest time decided at. `at`: milliseconds since the epoch. */
  readonly reserve: (charges: readonly Charge[], at: number) => Reservation;
  readonly release: (reserved: readonly Entry[]) => void;
  /** Those limits whose counter was never seen, or was cut into other windows: `adopt` them before calls are judged. */
  readonly needsHistory: (limits: readonly LimitSpec[]) => readonly LimitSpec[];
  /**
   * Counts anew, for these limits, all that the journal says was admitted; what their counters held before is
   * forgotten. Limits that cut time in no way are passed over: they refuse every call. Throws `JournalEntryInvalid`,
   * and changes no counter, where an entry cannot be read.
   */
  readonly adopt: (limits: readonly LimitSpec[], journal: Iterable<Entry>) => void;
  /** Counts entries on top of what known counters hold. Throws like `adopt`, having counted the entries before. */
  readonly replay: (journal: Iterable<Entry>) => void;
  /** All that is counted, for `countersFromCheckpoint`; plain JSON. */
  readonly checkpoint: () => Checkpoint;
  /** The same as JSON text in pieces, as it is now, however late a piece is taken. */
  readonly checkpointText: () => Iterable<string>;
  /** How many counters are held, each of those it counts for as one. */
  readonly size: () => number;
}

/** A journal entry that cannot be counted: going on without it would forget what was admitted. */
export class JournalEntryInvalid extends Error {
  override readonly name = "JournalEntryInvalid";
}

const amountOf = (entry: Entry): bigint => {
  const amount = unitsFromText(entry.amount);
  if (amount === undefined || amount < 0n || !Number.isInteger(entry.at) || !isTime(entry.at)) {
    throw new JournalEntryInvalid(
      `counter ${entry.counter} of policy ${entry.policy}: no amount at a time: ${entry.amount} at ${entry.at}`,
    );
  }
  return amount;
};

const count = (book: Book, counters: ReadonlyMap<string, Counter>, journal: Iterable<Entry>): void => {
  for (const entry of journal) {
    const counter = counters.get(nameOf(entry.policy, entry.counter, entry.scope));
    const amount = amountOf(entry);
    // A released one was decided at all the same.
    advance(book, entry.at);
    sweep(book);
    if (counter !== undefined && entry.released !== true) {
      const { ruler } = counter;
      const oldest = ruler.oldest(ruler.mark(book.latest));
      const mark = ruler.mark(entry.at);
      if (mark >= oldest) {
        const track = trackOf(book, counter, entry.whose);
        dropBefore(track, oldest);
        put(track, mark, amount);
      }
    }
  }
};

const adoptIn = (book: Book, limits: readonly LimitSpec[], journal: Iterable<Entry>): void => {
  const fresh = new Map<string, Counter>();
  for (const limit of limits) {
    const ruler = rulerIn(book, limit);
    if (ruler !== undefined) {
      fresh.set(nameOf(limit.policy, limit.counter, limit.scope), newCounter(limit, limit, ruler));
    }
  }
  count(book, fresh, journal);
  for (const [name, counter] of fresh) {
    book.known.set(name, counter);
  }
  book.bySpec = new WeakMap();
  book.sweep = undefined;
};

const needsHistoryIn = (book: Book, limits: readonly LimitSpec[]): readonly LimitSpec[] =>
  limits.filter((limit) => {
    const ruler = rulerIn(book, limit);
    return (
      ruler !== undefined && book.known.get(nameOf(limit.policy, limit.counter, limit.scope))?.ruler !== ruler
    );
  });

const releaseIn = (book: Book, reserved: readonly Entry[]): void => {
  for (const entry of reserved) {
    const counter = book.known.get(nameOf(entry.policy, entry.counter, entry.scope));
    const track = counter?.tracks.get(entry.whose);
    const amount = unitsFromText(entry.amount);
    if (counter === undefined || track === undefined || amount === undefined || amount < 0n) {
      continue;
    }
    if (isTime(entry.at) && !book.released.has(entry)) {
      book.released.add(entry);
      giveBack(track, counter.ruler.mark(entry.at), amount);
    }
  }
};

const countersOn = (book: Book): MemoryCounters => ({
  reserve: (charges, at) => reserveIn(book, charges, at),
  release: (reserved) => releaseIn(book, reserved),
  needsHistory: (limits) => needsHistoryIn(book, limits),
  adopt: (limits, journal) => adoptIn(book, limits, journal),
  replay: (journal) => count(book, book.known, journal),
  checkpoint: () => writeCheckpoint(book),
  checkpointText: () => writeCheckpointText(book),
  size: () => [...book.known.values()].reduce((sum, { tracks }) => sum + tracks.size, 0),
});

export const createCounters = (): MemoryCounters => countersOn(emptyBook());

/** Counters as a checkpoint left them. `reason` says in one sentence why a value is no checkpoint to rely on. */
export const countersFromCheckpoint = (
  value: unknown,
):
  | { readonly ok: true; readonly counters: MemoryCounters }
  | { readonly ok: false; readonly reason: string } => {
  const book = emptyBook();
  const reason = readCheckpoint(book, value);
  return reason === undefined ? { ok: true, counters: countersOn(book) } : { ok: false, reason };
};
