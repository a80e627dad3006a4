import type { LimitSpec } from "./port.ts";
import { rulerOf, type Cut, type Ruler } from "./ruler.ts";
import { emptyTrack, isSpent, type Track } from "./track.ts";
import type { Scope } from "./window.ts";

/** A counter of a policy, with a track for each whose it is. */
export interface Counter {
  readonly policy: string;
  readonly counter: string;
  readonly scope: Scope;
  readonly cut: Cut;
  readonly ruler: Ruler;
  readonly tracks: Map<string, Track>;
  /** The amount charged last and its decimal text: most limits charge one amount for ever, and writing it is slow. */
  amount: bigint;
  amountText: string;
}

/** Everything that is counted. Owned by the counters that made it. */
export interface Book {
  /** By name. A counter stays as long as the process: there are as many as policies ever wrote. */
  readonly known: Map<string, Counter>;
  /** The counter of a limit, so that a call builds no name. Emptied when a counter is replaced. */
  bySpec: WeakMap<LimitSpec, Counter>;
  /** One ruler a key: counters share what it remembers of the calendar. */
  readonly rulers: Map<string, Ruler>;
  /** The latest time decided at; `-Infinity` before the first. */
  latest: number;
  /** What was given back: the same thing is not given back twice. */
  readonly released: WeakSet<object>;
  /** Where the sweep goes on. */
  sweep: Sweep | undefined;
  /** Tracks made since the last sweep. */
  made: number;
}

interface Sweep {
  readonly counters: Iterator<Counter>;
  counter: Counter | undefined;
  tracks: Iterator<[string, Track]> | undefined;
}

export const emptyBook = (): Book => ({
  known: new Map(),
  bySpec: new WeakMap(),
  rulers: new Map(),
  latest: -Infinity,
  released: new WeakSet(),
  sweep: undefined,
  made: 0,
});

/** The name of a counter: no policy and no counter can be spelt so that two names meet. */
export const nameOf = (policy: string, counter: string, scope: string): string =>
  JSON.stringify([policy, counter, scope]);

/** The book's own ruler for a limit, `undefined` where it has none. */
export const rulerIn = (book: Book, cut: Cut): Ruler | undefined => {
  const made = rulerOf(cut);
  if (made === undefined) {
    return undefined;
  }
  const shared = book.rulers.get(made.key) ?? made;
  book.rulers.set(shared.key, shared);
  return shared;
};

type Named = Pick<Counter, "policy" | "counter" | "scope">;

export const newCounter = ({ policy, counter, scope }: Named, cut: Cut, ruler: Ruler): Counter => ({
  policy,
  counter,
  scope,
  cut: { window: cut.window, align: cut.align, timezone: cut.timezone },
  ruler,
  tracks: new Map(),
  amount: 0n,
  amountText: "0",
});

const findCounter = (book: Book, limit: LimitSpec): Counter | undefined => {
  const ruler = rulerIn(book, limit);
  if (ruler === undefined) {
    return undefined;
  }
  const name = nameOf(limit.policy, limit.counter, limit.scope);
  const counter = book.known.get(name) ?? newCounter(limit, limit, ruler);
  if (counter.ruler !== ruler) {
    return undefined;
  }
  book.known.set(name, counter);
  book.bySpec.set(limit, counter);
  return counter;
};

/** The counter of a limit. None where the limit cuts time in no way, or in another way than what was counted so far. */
export const counterOf = (book: Book, limit: LimitSpec): Counter | undefined =>
  book.bySpec.get(limit) ?? findCounter(book, limit);

const sweepOne = (book: Book): void => {
  const sweep = (book.sweep ??= { counters: book.known.values(), counter: undefined, tracks: undefined });
  const next = sweep.tracks?.next();
  if (sweep.counter === undefined || next === undefined || next.done === true) {
    sweep.counter = sweep.counters.next().value;
    sweep.tracks = sweep.counter?.tracks.entries();
    if (sweep.counter === undefined) {
      book.sweep = undefined;
    }
    return;
  }
  const { ruler, tracks } = sweep.counter;
  const [whose, track] = next.value;
  if (isSpent(track, ruler.oldest(ruler.mark(book.latest)))) {
    tracks.delete(whose);
  }
};

/**
 * Drops tracks of which nothing counts any more, a few a call: one step, and two more for each track made since the
 * last sweep. Two, so that a pass gains on those that are being made, comes to its end and starts anew. To be called
 * between calls only: a call may hold a track that is still empty.
 */
export const sweep = (book: Book): void => {
  const steps = 1 + 2 * book.made;
  book.made = 0;
  for (let step = 0; step < steps; step += 1) {
    sweepOne(book);
  }
};

/** The track of a counter, made where there is none. */
export const trackOf = (book: Book, counter: Counter, whose: string): Track => {
  const found = counter.tracks.get(whose);
  if (found !== undefined) {
    return found;
  }
  const made = emptyTrack();
  counter.tracks.set(whose, made);
  book.made += 1;
  return made;
};
