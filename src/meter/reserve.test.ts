import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Checkpoint } from "./checkpoint.ts";
import { countersFromCheckpoint, createCounters, type MemoryCounters } from "./counters.ts";
import type { Charge, LimitSpec, Reserved } from "./port.ts";

const RUNS = { numRuns: 10_000 };
const START = Date.UTC(2026, 9, 24, 21, 59, 30);
const WINDOW_MS = 1000;

const spec = (changes: Partial<LimitSpec> = {}): LimitSpec => ({
  policy: "p",
  counter: "c",
  scope: "grant",
  window: { seconds: 1 },
  align: "sliding",
  timezone: "UTC",
  max: 10n,
  ...changes,
});

/** What happens: time goes on by `step` (back, if negative), then a call of an amount, or a release of an earlier one. */
interface Event {
  readonly step: number;
  readonly amount: bigint;
  /** Which of the calls admitted so far is given back instead, if any. */
  readonly giveBack: number | null;
}

const steps = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 2, arbitrary: fc.integer({ min: -400, max: 0 }) },
  // Around the edge of the window, and of its 65 marks.
  { weight: 2, arbitrary: fc.integer({ min: 980, max: 1020 }) },
);
const amounts = fc.oneof(fc.bigInt(0n, 4n), fc.bigInt(0n, 12n));
const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({
    step: steps,
    amount: amounts,
    giveBack: fc.option(fc.nat({ max: 20 }), { freq: 6 }),
  }),
  { minLength: 1, maxLength: 25 },
);

const copyOf = (counters: MemoryCounters): MemoryCounters => {
  const copy = countersFromCheckpoint(JSON.parse(JSON.stringify(counters.checkpoint())));
  if (!copy.ok) {
    throw new Error(copy.reason);
  }
  return copy.counters;
};

interface Admitted {
  readonly at: number;
  readonly amount: bigint;
  readonly reserved: readonly Reserved[];
  released: boolean;
}

const sumWithin = (admitted: readonly Admitted[], from: number, to: number): bigint =>
  admitted.reduce(
    (sum, { at, amount, released }) => (at > from && at <= to && !released ? sum + amount : sum),
    0n,
  );

/** Runs events on one limit; `seen` is told of every call before anything else happens. */
const run = (
  limit: LimitSpec,
  happening: readonly Event[],
  seen: (state: {
    readonly counters: MemoryCounters;
    readonly charge: Charge;
    readonly admitted: readonly Admitted[];
    readonly result: ReturnType<MemoryCounters["reserve"]>;
    /** The call's own time, and the later of that and the latest before. */
    readonly at: number;
    readonly now: number;
  }) => void,
): void => {
  const counters = createCounters();
  const admitted: Admitted[] = [];
  let at = START;
  let now = -Infinity;
  for (const { step, amount, giveBack } of happening) {
    at += step;
    const given = giveBack === null ? undefined : admitted[giveBack % Math.max(1, admitted.length)];
    if (given !== undefined) {
      counters.release(given.reserved);
      given.released = true;
      continue;
    }
    now = Math.max(now, at);
    const charge = { limit, whose: "agent", amount };
    const result = counters.reserve([charge], at);
    seen({ counters, charge, admitted, result, at, now });
    if (result.ok) {
      admitted.push({ at: now, amount, reserved: result.reserved, released: false });
    }
  }
};

describe("a sliding limit", () => {
  it("lets no span of the window hold more than max, and refuses for at most 1/64 longer", () => {
    const limit = spec();
    fc.assert(
      fc.property(events, (happening) => {
        run(limit, happening, ({ admitted, charge, result, now }) => {
          // The span that ends with this call holds the most of all that it is in; marks of 15.625 ms.
          const inSpan = sumWithin(admitted, now - WINDOW_MS, now) + charge.amount;
          const longer = sumWithin(admitted, now - WINDOW_MS - WINDOW_MS / 64, now) + charge.amount;
          if (result.ok) {
            expect(inSpan <= limit.max).toBe(true);
            expect(result.reserved).toMatchObject([{ at: now }]);
          } else {
            expect(longer > limit.max).toBe(true);
          }
        });
      }),
      RUNS,
    );
  });
});

const retryLimits = fc.constantFrom(
  spec(),
  spec({ window: { seconds: 7 } }),
  spec({ window: { seconds: 60 }, align: "calendar", timezone: "Asia/Kathmandu" }),
  spec({ window: { seconds: 86_400 }, align: "calendar", timezone: "Europe/Berlin" }),
  spec({ window: "month", timezone: "America/St_Johns" }),
  spec({ window: "lifetime" }),
);

describe("retryAfterMs", () => {
  it("is the first millisecond at which the call passes, and absent where there is none", () => {
    fc.assert(
      fc.property(retryLimits, events, (limit, happening) => {
        run(limit, happening, ({ counters, charge, result, at }) => {
          if (result.ok) {
            return;
          }
          const { retryAfterMs } = result;
          if (retryAfterMs === undefined) {
            expect(charge.amount > limit.max || limit.window === "lifetime").toBe(true);
            expect(copyOf(counters).reserve([charge], at + 1e11).ok).toBe(false);
            return;
          }
          expect(Number.isSafeInteger(retryAfterMs)).toBe(true);
          expect(copyOf(counters).reserve([charge], at + retryAfterMs - 1).ok).toBe(false);
          expect(copyOf(counters).reserve([charge], at + retryAfterMs).ok).toBe(true);
        });
      }),
      RUNS,
    );
  });

  it("is rounded up for a time between two milliseconds", () => {
    const counters = createCounters();
    const charge = { limit: spec(), whose: "agent", amount: 10n };
    counters.reserve([charge], START + 0.75);
    const result = counters.reserve([charge], START + 0.25);
    const { retryAfterMs = NaN } = result.ok ? {} : result;
    expect(Number.isInteger(retryAfterMs)).toBe(true);
    expect(counters.reserve([charge], START + 0.25 + retryAfterMs - 1).ok).toBe(false);
    expect(counters.reserve([charge], START + 0.25 + retryAfterMs).ok).toBe(true);
  });
});

const LIMITS = [
  spec({ counter: "a" }),
  spec({ counter: "b", max: 6n, window: { seconds: 2 } }),
  spec({ counter: "c", window: { seconds: 1 }, align: "calendar" }),
  spec({ counter: "d", max: 40n, window: "lifetime" }),
];
const chargesOf = (few: number): fc.Arbitrary<readonly Charge[]> =>
  fc.array(
    fc.record({ limit: fc.constantFrom(...LIMITS), whose: fc.constantFrom("x", "y"), amount: amounts }),
    {
      maxLength: few,
    },
  );
const calls = fc.array(fc.tuple(steps, chargesOf(4)), { maxLength: 15 });

/** All that a checkpoint holds, whatever the order it was counted in. */
const heldIn = ({ latest, counters }: Checkpoint) => [
  latest,
  ...counters.map(({ counter, tracks }) => [counter, Object.fromEntries(tracks)]),
];

describe("the charges of one call", () => {
  it("leave nothing behind where one is refused, and are each counted where none is", () => {
    fc.assert(
      fc.property(calls, (made) => {
        const counters = createCounters();
        // Is charged one by one, and only with what passes.
        const twin = createCounters();
        counters.adopt(LIMITS, []);
        twin.adopt(LIMITS, []);
        let at = START;
        for (const [step, charges] of made) {
          at += step;
          twin.reserve([], at);
          const before = twin.checkpoint();
          const result = counters.reserve(charges, at);
          const failing = charges.findIndex((charge) => !twin.reserve([charge], at).ok);
          expect(result.ok ? -1 : result.index).toBe(failing);
          if (result.ok) {
            expect(heldIn(counters.checkpoint())).toEqual(heldIn(twin.checkpoint()));
            continue;
          }
          expect(heldIn(counters.checkpoint())).toEqual(heldIn(before));
          if (result.retryAfterMs !== undefined) {
            expect(copyOf(counters).reserve(charges, at + result.retryAfterMs - 1).ok).toBe(false);
            expect(copyOf(counters).reserve(charges, at + result.retryAfterMs).ok).toBe(true);
          }
          return;
        }
      }),
      RUNS,
    );
  });
});

describe("a clock that goes back", () => {
  it("never frees: decisions are those at the latest time so far", () => {
    fc.assert(
      fc.property(calls, (made) => {
        const turned = createCounters();
        const steady = createCounters();
        let at = START;
        let latest = -Infinity;
        for (const [step, charges] of made) {
          at += step;
          latest = Math.max(latest, at);
          const { ok, ...rest } = turned.reserve(charges, at);
          const expected = steady.reserve(charges, latest);
          expect(ok).toBe(expected.ok);
          expect("reserved" in rest ? rest.reserved : []).toEqual(
            "reserved" in expected ? expected.reserved : [],
          );
        }
      }),
      RUNS,
    );
  });
});

describe("a restart", () => {
  interface Line extends Reserved {
    released: boolean;
  }

  /** Calls as they were lived: the counters, their journal, and a checkpoint made on the way. */
  const live = (made: readonly (readonly [number, readonly Charge[]])[], checkpointAfter: number) => {
    const counters = createCounters();
    counters.adopt(LIMITS, []);
    const journal: Line[] = [];
    let checkpoint = { counters: copyOf(counters), lines: 0 };
    let at = START;
    for (const [index, [step, charges]] of made.entries()) {
      at += step;
      const result = counters.reserve(charges, at);
      for (const entry of result.ok ? result.reserved : []) {
        journal.push({ ...entry, released: false });
      }
      if (index === checkpointAfter) {
        checkpoint = { counters: copyOf(counters), lines: journal.length };
      }
    }
    return { counters, journal, checkpoint, at };
  };

  const giveBack = (counters: MemoryCounters, journal: readonly Line[], places: readonly number[]): void => {
    for (const place of places) {
      const entry = journal[place];
      if (entry?.released === false) {
        counters.release([entry]);
        entry.released = true;
      }
    }
  };

  it("from the journal, or from a checkpoint and what came after, decides as the living counters do", () => {
    const places = fc.array(fc.nat({ max: 20 }), { maxLength: 3 });
    fc.assert(
      fc.property(
        calls,
        fc.nat({ max: 15 }),
        places,
        steps,
        chargesOf(3),
        (made, after, released, step, probe) => {
          const { counters, journal, checkpoint, at } = live(made, after);
          giveBack(counters, journal, released);
          const fromJournal = createCounters();
          fromJournal.adopt(LIMITS, journal);
          checkpoint.counters.replay(journal.slice(checkpoint.lines));
          checkpoint.counters.release(journal.slice(0, checkpoint.lines).filter((entry) => entry.released));
          // A refused call moves the time too, and is in no journal: that shows only if the clock went back since.
          const then = at + step;
          const behind = then < (counters.checkpoint().latest ?? then);
          const living = counters.reserve(probe, then).ok;
          for (const restarted of [fromJournal, checkpoint.counters]) {
            const decided = restarted.reserve(probe, then).ok;
            expect(behind ? living || !decided : living === decided).toBe(true);
          }
        },
      ),
      RUNS,
    );
  });
});
