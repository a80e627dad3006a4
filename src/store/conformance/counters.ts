import { describe, expect, it } from "vitest";
import type { Charge, Counters, LimitSpec, Reservation, Reserved } from "../../meter/port.ts";

/** Ones of the smallest unit, 10^-9. */
const UNIT = 1_000_000_000n;
const MINUTE_MS = 60_000;
/** 2026-03-01T12:00:00Z, a Sunday. */
const NOON = Date.UTC(2026, 2, 1, 12);

const BASE: LimitSpec = {
  policy: "support",
  counter: "calls",
  scope: "grant",
  window: { seconds: 60 },
  align: "sliding",
  timezone: "UTC",
  max: 3n * UNIT,
};

const limit = (changes: Partial<LimitSpec> = {}): LimitSpec => ({ ...BASE, ...changes });

const charge = (spec: LimitSpec, amount = UNIT, whose = "agent"): Charge => ({ limit: spec, whose, amount });

type Make = () => Counters | Promise<Counters>;

const passed = (reservation: Reservation): readonly Reserved[] => {
  expect(reservation).toHaveProperty("ok", true);
  return reservation.ok ? reservation.reserved : [];
};

const refused = (reservation: Reservation): Extract<Reservation, { ok: false }> => {
  if (reservation.ok) {
    throw new Error("the call was admitted");
  }
  return reservation;
};

/** Charges of 1 at one time, as many as pass. */
const passing = async (counters: Counters, spec: LimitSpec, at: number, tries = 20): Promise<number> => {
  let count = 0;
  for (let call = 0; call < tries; call += 1) {
    count += (await counters.reserve([charge(spec)], at)).ok ? 1 : 0;
  }
  return count;
};

const slidingSuite = (make: Make): void => {
  describe("a sliding window", () => {
    it("admits what fits and no more", async () => {
      expect(await passing(await make(), limit(), NOON)).toBe(3);
    });

    it("says when the next call passes, and it then does, not one millisecond before", async () => {
      const counters = await make();
      await passing(counters, limit(), NOON + 123);
      const {
        code,
        index,
        retryAfterMs = NaN,
      } = refused(await counters.reserve([charge(limit())], NOON + 5_000));
      expect([code, index]).toEqual(["limit_exceeded", 0]);
      const at = NOON + 5_000 + retryAfterMs;
      expect(at).toBeGreaterThanOrEqual(NOON + 123 + MINUTE_MS);
      expect(at).toBeLessThanOrEqual(NOON + 123 + MINUTE_MS + MINUTE_MS / 64);
      refused(await counters.reserve([charge(limit())], at - 1));
      passed(await counters.reserve([charge(limit())], at));
    });

    it("lets no span of the window hold more than max, over its edges too", async () => {
      const counters = await make();
      const admitted: number[] = [];
      for (let at = NOON; at < NOON + 5 * MINUTE_MS; at += 700) {
        if ((await counters.reserve([charge(limit())], at)).ok) {
          admitted.push(at);
        }
      }
      expect(admitted.length).toBeGreaterThanOrEqual(12);
      for (const end of admitted) {
        expect(admitted.filter((at) => at > end - MINUTE_MS && at <= end).length).toBeLessThanOrEqual(3);
      }
    });

    it("takes a smaller and a larger max at once", async () => {
      const counters = await make();
      expect(await passing(counters, limit(), NOON)).toBe(3);
      expect(await passing(counters, limit({ max: 5n * UNIT }), NOON)).toBe(2);
      expect(await passing(counters, limit({ max: 2n * UNIT }), NOON)).toBe(0);
      refused(await counters.reserve([charge(limit({ max: 2n * UNIT }), 0n)], NOON));
      passed(await counters.reserve([charge(limit({ max: 5n * UNIT }), 0n)], NOON));
    });
  });
};

const otherWindowsSuite = (make: Make): void => {
  describe("a calendar window", () => {
    it("starts anew at the boundary in its time zone", async () => {
      const counters = await make();
      const spec = limit({ window: { seconds: 86_400 }, align: "calendar", timezone: "Europe/Berlin" });
      // Clocks go forward on 2026-03-29: the day ends at 22:00 UTC.
      const evening = Date.UTC(2026, 2, 29, 20);
      expect(await passing(counters, spec, evening)).toBe(3);
      const { retryAfterMs } = refused(await counters.reserve([charge(spec)], evening));
      expect(retryAfterMs).toBe(2 * 60 * MINUTE_MS);
      expect(await passing(counters, spec, evening + 2 * 60 * MINUTE_MS - 1)).toBe(0);
      expect(await passing(counters, spec, evening + 2 * 60 * MINUTE_MS)).toBe(3);
    });

    it("of a month is one whatever the alignment says", async () => {
      const counters = await make();
      const spec = limit({ window: "month" });
      expect(await passing(counters, spec, Date.UTC(2026, 2, 31, 23, 59))).toBe(3);
      expect(await passing(counters, spec, Date.UTC(2026, 3, 1))).toBe(3);
    });
  });

  describe("a lifetime", () => {
    it("never ends, and no time is told", async () => {
      const counters = await make();
      const spec = limit({ window: "lifetime" });
      expect(await passing(counters, spec, NOON)).toBe(3);
      const late = refused(await counters.reserve([charge(spec)], NOON + 1e12));
      expect(late).toEqual({ ok: false, code: "limit_exceeded", index: 0 });
    });
  });
};

const callSuite = (make: Make): void => {
  describe("the charges of one call", () => {
    it("are all taken or none", async () => {
      const counters = await make();
      const wide = limit({ counter: "wide" });
      const narrow = limit({ counter: "narrow", max: UNIT });
      passed(await counters.reserve([charge(wide), charge(narrow)], NOON));
      for (let call = 0; call < 5; call += 1) {
        expect(refused(await counters.reserve([charge(wide), charge(narrow)], NOON)).index).toBe(1);
      }
      expect(await passing(counters, wide, NOON)).toBe(2);
    });

    it("see what earlier ones of the same call take from the same counter", async () => {
      const counters = await make();
      const twice = [charge(limit(), 2n * UNIT), charge(limit(), 2n * UNIT)];
      const { index, retryAfterMs } = refused(await counters.reserve(twice, NOON));
      expect([index, retryAfterMs]).toEqual([1, undefined]);
      expect(passed(await counters.reserve([charge(limit()), charge(limit())], NOON))).toHaveLength(2);
      expect(await passing(counters, limit(), NOON)).toBe(1);
    });

    it("wait for the slowest of their limits", async () => {
      const counters = await make();
      const slow = limit({ counter: "slow", window: { seconds: 3600 } });
      await passing(counters, slow, NOON);
      await passing(counters, limit(), NOON);
      const both = [charge(limit()), charge(slow)];
      const { index, retryAfterMs = NaN } = refused(await counters.reserve(both, NOON));
      expect(index).toBe(0);
      expect(retryAfterMs).toBeGreaterThanOrEqual(60 * MINUTE_MS);
      refused(await counters.reserve(both, NOON + retryAfterMs - 1));
      passed(await counters.reserve(both, NOON + retryAfterMs));
    });

    it("have no time to wait for if one of them never fits", async () => {
      const counters = await make();
      const small = limit({ counter: "small", max: UNIT - 1n });
      await passing(counters, limit(), NOON);
      expect(refused(await counters.reserve([charge(limit()), charge(small)], NOON))).toEqual({
        ok: false,
        code: "limit_exceeded",
        index: 0,
      });
    });
  });
};

const namesAndSumsSuite = (make: Make): void => {
  describe("counters", () => {
    it("are told apart by policy, counter, scope and whose", async () => {
      const counters = await make();
      await passing(counters, limit(), NOON);
      for (const other of [{ policy: "sales" }, { counter: "refunds" }, { scope: "identity" }] as const) {
        expect(await passing(counters, limit(other), NOON)).toBe(3);
      }
      passed(await counters.reserve([charge(limit(), UNIT, "another")], NOON));
      refused(await counters.reserve([charge(limit())], NOON));
    });

    it("add up exactly", async () => {
      const counters = await make();
      const spec = limit({ max: 12_345_678_901_234_567_890_123_456_789n });
      passed(await counters.reserve([charge(spec, 12_345_678_901_234_567_890_123_456_788n)], NOON));
      refused(await counters.reserve([charge(spec, 2n)], NOON));
      const [last] = passed(await counters.reserve([charge(spec, 1n)], NOON));
      const { policy, counter, scope } = spec;
      const taken = { policy, counter, scope, whose: "agent", amount: "0.000000001", at: NOON, window: 60 };
      expect(last).toEqual(taken);
      refused(await counters.reserve([charge(spec, 1n)], NOON));
    });
  });
};

const timeSuite = (make: Make): void => {
  describe("time and giving back", () => {
    it("counts at the latest time decided at where the clock goes back", async () => {
      const counters = await make();
      await passing(counters, limit(), NOON);
      const { retryAfterMs = NaN } = refused(
        await counters.reserve([charge(limit())], NOON - 10 * MINUTE_MS),
      );
      expect(retryAfterMs).toBeGreaterThanOrEqual(11 * MINUTE_MS);
      const [early] = passed(await counters.reserve([charge(limit({ counter: "x" }))], NOON - MINUTE_MS));
      expect(early?.at).toBe(NOON);
      passed(await counters.reserve([charge(limit())], NOON - 10 * MINUTE_MS + retryAfterMs));
    });

    it("gives back what was taken, once", async () => {
      const counters = await make();
      const reserved = passed(await counters.reserve([charge(limit(), 2n * UNIT)], NOON));
      passed(await counters.reserve([charge(limit())], NOON));
      await counters.release(reserved);
      await counters.release(reserved);
      expect(await passing(counters, limit(), NOON)).toBe(2);
    });

    it("gives nothing back into a window that is gone", async () => {
      const counters = await make();
      const sliding = passed(await counters.reserve([charge(limit())], NOON));
      const day = limit({ counter: "daily", window: { seconds: 86_400 }, align: "calendar" });
      const calendar = passed(await counters.reserve([charge(day)], NOON));
      const later = NOON + 24 * 60 * MINUTE_MS;
      await passing(counters, limit(), later);
      await passing(counters, day, later);
      await counters.release([...sliding, ...calendar]);
      expect(await passing(counters, limit(), later)).toBe(0);
      expect(await passing(counters, day, later)).toBe(0);
    });

    it("refuses where time or window cannot be told", async () => {
      const counters = await make();
      const unreadable = { ok: false, code: "counter_unavailable", index: 0 };
      expect(await counters.reserve([charge(limit())], NaN)).toEqual(unreadable);
      expect(await counters.reserve([charge(limit())], 8e14 + 1)).toEqual(unreadable);
      const nowhere = limit({ window: "month", timezone: "Mars/Olympus" });
      expect(await counters.reserve([charge(nowhere)], NOON)).toEqual(unreadable);
      expect(await counters.reserve([charge(limit(), -1n)], NOON)).toEqual(unreadable);
      const halves = limit({ counter: "halves", window: { seconds: 0.5 } });
      expect(await counters.reserve([charge(limit()), charge(halves)], NOON)).toEqual({
        ...unreadable,
        index: 1,
      });
      expect(await passing(counters, limit(), NOON)).toBe(3);
    });
  });
};

/**
 * What every backend of the `Counters` port must do (docs/limits.md). `make` gives counters that have counted
 * nothing yet. Needs vitest around it.
 */
export const countersConformance = (make: Make): void => {
  slidingSuite(make);
  otherWindowsSuite(make);
  callSuite(make);
  namesAndSumsSuite(make);
  timeSuite(make);
};
