import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../base/json-read.ts";
import type { JsonObject } from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";
import { createCounters, type MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec } from "../meter/port.ts";
import type { Window } from "../meter/window.ts";
import { decisionOf, outcomeOf } from "../store/conformance/sample-records.ts";
import { Carry } from "../store/journal/carry.ts";
import { JournalDamaged } from "../store/journal/segments.ts";
import { restoreCounters } from "./counters.ts";

const UNIT = 1_000_000_000n;
const START = Date.UTC(2026, 2, 1, 12);

const limitOf = (
  counter: string,
  scope: LimitSpec["scope"],
  window: Window,
  calendar = false,
): LimitSpec => ({
  policy: "p",
  counter,
  scope,
  window,
  align: calendar ? "calendar" : "sliding",
  // A quarter of an hour off the hour.
  timezone: "Asia/Kathmandu",
  max: 1_000n * UNIT,
});

const LIMITS = [
  limitOf("minute", "grant", { seconds: 60 }),
  limitOf("day", "session", { seconds: 90_000 }),
  limitOf("years", "grant", { seconds: 100_000_000 }),
  limitOf("this hour", "session", { seconds: 3_600 }, true),
  limitOf("this day", "grant", { seconds: 86_400 }, true),
  limitOf("this month", "session", "month", true),
  limitOf("life", "grant", "lifetime"),
  limitOf("life", "session", "lifetime"),
];

const steps = fc.array(
  fc.record({
    ms: fc.oneof(fc.nat(2_000), fc.nat(5_000_000), fc.nat(100_000_000), fc.nat(4_000_000_000)),
    whose: fc.constantFrom("a", "b"),
    amount: fc.bigInt({ min: 0n, max: 3n * UNIT }),
    outcome: fc.constantFrom("ok", "unavailable", "timeout"),
    /** How many calls later its outcome comes. */
    later: fc.nat(3),
    /** Everything until here is dropped. */
    drop: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
);
type Steps = typeof steps extends fc.Arbitrary<infer S> ? S : never;

/** Milliseconds after the last call: at any time, and where a window of the limits ends for one of the calls. */
const later = fc.oneof(
  fc.nat(90_000_000),
  fc
    .tuple(fc.constantFrom(60_000, 3_600_000, 86_400_000, 90_000_000, 91_406_250), fc.nat(5_000_000))
    .map(([windowMs, ms]) => Math.max(0, windowMs - ms)),
);

/** A journal as it is lived, and what stands for its lines where the earlier ones were dropped again and again. */
const live = (made: Steps, limits: readonly LimitSpec[]) => {
  const counters = createCounters();
  counters.adopt(limits, []);
  const lines: JsonObject[] = [];
  const put = (record: object): void => void lines.push(read(record));
  let carried: readonly JsonObject[] = [];
  let dropped = 0;
  let at = START;
  for (const [number, { ms, whose, amount, drop }] of made.entries()) {
    at += ms;
    const taken = counters.reserve(
      limits.map((limit) => ({ limit, whose, amount })),
      at,
    );
    put(decisionOf(number, { reserved: taken.ok ? taken.reserved : [] }));
    for (const [ended, { later, outcome }] of made.entries()) {
      if (ended + later === number) {
        put(outcomeOf(ended, { outcome }));
      }
    }
    if (drop) {
      const carry = new Carry(carried);
      lines.slice(dropped).forEach((line) => carry.line(line));
      carried = carry.lines().map((line) => read(line));
      dropped = lines.length;
    }
  }
  return { whole: lines, kept: [...carried, ...lines.slice(dropped)], carried, at };
};

/** As it comes back from the file. */
const read = (record: object): JsonObject => readJson(canonicalJson(record as JsonObject)) as JsonObject;

/** What a limit still lets in, to the billionth. */
const roomOf = (counters: MemoryCounters, limit: LimitSpec, whose: string, at: number): bigint => {
  let [low, high] = [0n, limit.max];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    const taken = counters.reserve([{ limit, whose, amount: middle }], at);
    if (taken.ok) {
      counters.release(taken.reserved);
      low = middle;
    } else {
      high = middle - 1n;
    }
  }
  return low;
};

const rooms = (lines: readonly JsonObject[], limits: readonly LimitSpec[], at: number): readonly bigint[] => {
  const counters = restoreCounters(limits, () => lines);
  return limits.flatMap((limit) => ["a", "b"].map((whose) => roomOf(counters, limit, whose, at)));
};

/** The latest time decided at: a clock that goes back does not turn it back. */
const latestOf = (lines: readonly JsonObject[]): number | null =>
  restoreCounters(LIMITS, () => lines).checkpoint().latest;

describe("what stands for dropped lines", () => {
  it("lets no limit admit more than the lines did, and holds what is for life exactly", () => {
    fc.assert(
      fc.property(steps, later, (made, on) => {
        const { whole, kept, at } = live(made, LIMITS);
        expect(latestOf(kept)).toBe(latestOf(whole));
        const [without, after] = [rooms(whole, LIMITS, at + on), rooms(kept, LIMITS, at + on)];
        after.forEach((room, index) => expect(room <= (without[index] ?? 0n)).toBe(true));
        expect(after.slice(-4)).toEqual(without.slice(-4));
      }),
      { numRuns: 100 },
    );
  });

  it("lets none admit more while its window ends, also where an hour is cut by one of the window's parts", () => {
    const week = limitOf("week", "grant", { seconds: 604_800 });
    const call = { ms: 240_000, whose: "a", amount: UNIT, outcome: "ok", later: 0 } as const;
    const made = Array.from({ length: 60 }, (_, index) => ({ ...call, drop: index === 59 }));
    const { whole, kept, at } = live(made, [week]);
    const differences = Array.from({ length: 100 }, (_, index) => {
      const then = at + 604_800_000 + (index - 60) * 300_000;
      const [[without = 0n], [after = 0n]] = [rooms(whole, [week], then), rooms(kept, [week], then)];
      expect(after <= without).toBe(true);
      return without - after;
    });
    // An hour is kept as one: for a while it is stricter.
    expect(differences.some((difference) => difference > 0n)).toBe(true);
    expect(differences.at(-1)).toBe(0n);
  });

  it("lets none admit more where its window is made longer later, but for counters of a session", () => {
    const longer = LIMITS.map((limit): LimitSpec => ({ ...limit, window: "lifetime", align: "sliding" }));
    const bound = longer.filter(({ scope }) => scope !== "session");
    fc.assert(
      fc.property(steps, (made) => {
        const { whole, kept, at } = live(made, LIMITS);
        const without = rooms(whole, bound, at);
        expect(rooms(kept, bound, at)).toEqual(without);
      }),
      { numRuns: 60 },
    );
  });

  it("does not grow with the calls", () => {
    const once = { ms: 100_000, whose: "a", amount: 1n, outcome: "ok", later: 0, drop: false } as const;
    const entries = [100, 1_000].map((calls) => {
      const made = Array.from({ length: calls }, (_, index) => ({ ...once, drop: index === calls - 1 }));
      return live(made, LIMITS).carried.flatMap(({ reserved }) => reserved as JsonObject[]).length;
    });
    expect(entries[1]).toBeLessThan(3 * (entries[0] ?? 0));
  });

  it("is not made of amounts that cannot be read", () => {
    const [entry] = decisionOf(1).reserved;
    for (const wrong of [{ amount: "x" }, { amount: "-1" }, { at: 0.5 }, { whose: null }]) {
      const line = read({ ...decisionOf(1), reserved: [{ ...entry, ...wrong }] });
      expect(() => new Carry().line(line)).toThrow(JournalDamaged);
    }
  });
});
