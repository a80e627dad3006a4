import { unitsToText } from "../base/decimal.ts";
import { counterOf, sweep, trackOf, type Book, type Counter } from "./book.ts";
import type { Charge, Reservation, Reserved } from "./port.ts";
import { isTime } from "./ruler.ts";
import { dropBefore, giveBack, put, roomAt, type Track } from "./track.ts";

type Refusal = Extract<Reservation, { ok: false }>;

/** Moves the book on to the later of a call's time and the latest time decided at, and says which that is. */
export const advance = (book: Book, at: number): number => {
  if (at > book.latest) {
    book.latest = Math.floor(at);
  }
  return book.latest;
};

const textOf = (counter: Counter, amount: bigint): string => {
  if (counter.amount !== amount) {
    counter.amount = amount;
    counter.amountText = unitsToText(amount);
  }
  return counter.amountText;
};

/** Takes back what the first `count` charges of a refused call took. */
const undo = (book: Book, charges: readonly Charge[], count: number): void => {
  for (const { limit, whose, amount } of charges.slice(0, count)) {
    const counter = counterOf(book, limit);
    const track = counter?.tracks.get(whose);
    if (counter !== undefined && track !== undefined) {
      giveBack(track, counter.ruler.mark(book.latest), amount);
    }
  }
};

/**
 * When a call that was refused (and undone) would pass all its limits: the latest of their times, as no limit gets
 * fuller while nothing else happens. `Infinity` if one of them never lets it in, or cannot be told.
 */
const passesAt = (book: Book, charges: readonly Charge[]): number => {
  let passes = -Infinity;
  const taken = new Map<Track, bigint>();
  for (const { limit, whose, amount } of charges) {
    const counter = amount < 0n ? undefined : counterOf(book, limit);
    if (counter === undefined) {
      return Infinity;
    }
    const track = trackOf(book, counter, whose);
    dropBefore(track, counter.ruler.oldest(counter.ruler.mark(book.latest)));
    const after = (taken.get(track) ?? 0n) + amount;
    taken.set(track, after);
    passes = Math.max(passes, roomAt(track, counter.ruler, limit.max - after));
  }
  return passes;
};

const refuse = (book: Book, charges: readonly Charge[], index: number, at: number): Refusal => {
  undo(book, charges, index);
  const passes = passesAt(book, charges);
  return passes === Infinity
    ? { ok: false, code: "limit_exceeded", index }
    : { ok: false, code: "limit_exceeded", index, retryAfterMs: Math.ceil(passes - at) };
};

const unavailable = (book: Book, charges: readonly Charge[], index: number): Refusal => {
  undo(book, charges, index);
  return { ok: false, code: "counter_unavailable", index };
};

/** `Counters.reserve` on a book. */
export const reserveIn = (book: Book, charges: readonly Charge[], at: number): Reservation => {
  if (!isTime(at)) {
    return { ok: false, code: "counter_unavailable", index: 0 };
  }
  const now = advance(book, at);
  sweep(book);
  const reserved: Reserved[] = [];
  for (const { limit, whose, amount } of charges) {
    const index = reserved.length;
    const counter = amount < 0n ? undefined : counterOf(book, limit);
    if (counter === undefined) {
      return unavailable(book, charges, index);
    }
    const { policy, scope, ruler } = counter;
    const track = trackOf(book, counter, whose);
    const mark = ruler.mark(now);
    dropBefore(track, ruler.oldest(mark));
    if (track.total + amount > limit.max) {
      return refuse(book, charges, index, at);
    }
    put(track, mark, amount);
    reserved.push({
      policy,
      counter: counter.counter,
      scope,
      whose,
      amount: textOf(counter, amount),
      at: now,
      window: typeof limit.window === "string" ? limit.window : limit.window.seconds,
    });
  }
  return { ok: true, reserved };
};
