import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countersFromCheckpoint, createCounters, JournalEntryInvalid, type Entry } from "./counters.ts";
import type { LimitSpec } from "./port.ts";

const UNIT = 1_000_000_000n;
const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 4, 5, 12);

const spec = (changes: Partial<LimitSpec> = {}): LimitSpec => ({
  policy: "p",
  counter: "c",
  scope: "grant",
  window: { seconds: 60 },
  align: "sliding",
  timezone: "UTC",
  max: 3n * UNIT,
  ...changes,
});

const entry = (at: number, amount = "1", changes: Partial<Entry> = {}): Entry => ({
  policy: "p",
  counter: "c",
  scope: "grant",
  whose: "agent",
  amount,
  at,
  ...changes,
});

const call = (limit: LimitSpec, whose = "agent", amount = UNIT) => [{ limit, whose, amount }];

/** A limiter that holds something of every kind of window. */
const lived = () => {
  const counters = createCounters();
  const limits = [
    spec({ counter: "minute" }),
    spec({ counter: "day", window: { seconds: 86_400 }, align: "calendar", timezone: "Europe/Berlin" }),
    spec({ counter: "month", window: "month", timezone: "America/St_Johns" }),
    spec({ counter: "life", window: "lifetime", scope: "session" }),
  ];
  for (let second = 0; second < 3; second += 1) {
    counters.reserve(
      limits.map((limit) => ({ limit, whose: "agent", amount: 500_000_000n })),
      NOON + second * 1000,
    );
  }
  return { counters, limits };
};

describe("a checkpoint", () => {
  it("is plain JSON that makes equal counters", () => {
    const { counters, limits } = lived();
    const checkpoint = counters.checkpoint();
    const text = JSON.stringify(checkpoint);
    const bare = (_: string, value: unknown): unknown =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.assign(Object.create(null), value)
        : value;
    for (const value of [JSON.parse(text), JSON.parse(text, bare)]) {
      const again = countersFromCheckpoint(value);
      expect(again.ok && again.counters.checkpoint()).toEqual(checkpoint);
      expect(again.ok && again.counters.needsHistory(limits)).toEqual([]);
    }
  });

  it("keeps a lifetime, and leaves out what no longer counts", () => {
    const { counters } = lived();
    counters.reserve([], NOON + 400 * 24 * HOUR_MS);
    const held = counters.checkpoint().counters.map(({ counter, tracks }) => [counter, tracks]);
    expect(held).toEqual([
      ["minute", []],
      ["day", []],
      ["month", []],
      ["life", [["agent", [[0, "1.5"]]]]],
    ]);
  });

  it("can be read where a newer mark was given back and an older one has passed", () => {
    const counters = createCounters();
    counters.reserve(call(spec()), NOON);
    const later = counters.reserve(call(spec()), NOON + 50_000);
    counters.release(later.ok ? later.reserved : []);
    counters.reserve([], NOON + 65_000);
    expect(countersFromCheckpoint(counters.checkpoint()).ok).toBe(true);
  });

  it("knows no time before the first decision", () => {
    const empty = createCounters().checkpoint();
    expect(empty).toEqual({ v: 1, latest: null, counters: [] });
    expect(countersFromCheckpoint(empty).ok).toBe(true);
  });

  const line = (changes: object) => ({
    v: 1,
    latest: NOON,
    counters: [
      {
        policy: "p",
        counter: "c",
        scope: "grant",
        window: { seconds: 86_400 },
        align: "calendar",
        timezone: "UTC",
        tracks: [["agent", [[NOON - 12 * HOUR_MS, "1"]]]],
        ...changes,
      },
    ],
  });
  const held = (...marks: readonly unknown[]) => line({ tracks: [["agent", marks]] });
  const sliding = (...marks: readonly unknown[]) => ({ align: "sliding", tracks: [["agent", marks]] });
  const now = Math.floor((NOON * 64) / 86_400_000);
  const fine = line({});

  it.each<readonly [string, unknown]>([
    ["as it is written", fine],
    ["sliding", line(sliding([now - 64, "1"], [now, "0.5"]))],
  ])("is used: %s", (_, value) => {
    expect(countersFromCheckpoint(value).ok).toBe(true);
  });

  it.each<readonly [string, unknown]>([
    ["nothing", null],
    ["a list", []],
    ["another version", { ...fine, v: 2 }],
    ["a member more", { ...fine, extra: 1 }],
    ["a member less", { v: 1, counters: [] }],
    ["a time that is none", { ...fine, latest: "now" }],
    ["a time between milliseconds", { ...fine, latest: NOON + 0.5 }],
    ["a time of no year", { ...fine, latest: 1e17 }],
    ["amounts without a time", { ...fine, latest: null }],
    ["amounts after its time", { ...fine, latest: NOON - 24 * HOUR_MS }],
    ["counters that are no list", { ...fine, counters: {} }],
    ["a counter twice", { ...fine, counters: [...fine.counters, ...fine.counters] }],
    ["a counter with a member more", line({ max: "1" })],
    ["no policy", line({ policy: null })],
    ["an unknown scope", line({ scope: "planet" })],
    ["an unknown window", line({ window: "year" })],
    ["a calendar window without a name", line({ window: { seconds: 61 } })],
    ["an unknown zone", line({ timezone: "Mars/Olympus" })],
    ["an unknown alignment", line({ align: "tumbling" })],
    ["tracks that are no list", line({ tracks: {} })],
    ["a track of two halves", line({ tracks: [["agent"]] })],
    ["a track of nobody", line({ tracks: [[null, [[0, "1"]]]] })],
    ["a track without amounts", held()],
    [
      "somebody twice",
      line({ tracks: [...fine.counters, ...fine.counters].flatMap(({ tracks }) => tracks) }),
    ],
    ["a boundary that is none", held([NOON - 11 * HOUR_MS, "1"])],
    ["an older window beside the running one", held([NOON - 36 * HOUR_MS, "1"], [NOON - 12 * HOUR_MS, "1"])],
    ["an amount that is a number", held([NOON - 12 * HOUR_MS, 1])],
    ["an amount that is no number", held([NOON - 12 * HOUR_MS, "one"])],
    ["an amount below nothing", held([NOON - 12 * HOUR_MS, "-1"])],
    ["an amount of nothing", held([NOON - 12 * HOUR_MS, "0"])],
    ["an amount written otherwise", held([NOON - 12 * HOUR_MS, "1.0"])],
    ["marks out of order", line(sliding([now, "1"], [now - 1, "1"]))],
    ["a mark twice", line(sliding([now, "1"], [now, "1"]))],
    ["marks too far apart", line(sliding([now - 65, "1"], [now, "1"]))],
    ["half a mark", line(sliding([now - 0.5, "1"]))],
    ["a mark in the future", line(sliding([now + 1, "1"]))],
    ["a lifetime that began later", line({ window: "lifetime", tracks: [["agent", [[1, "1"]]]] })],
  ])("is of no use: %s", (_, value) => {
    expect(countersFromCheckpoint(value)).toEqual({ ok: false, reason: expect.stringMatching(/\w/) });
  });

  it("is refused without a throw, whatever it is", () => {
    const anything = fc.anything({
      withNullPrototype: true,
      withBigInt: true,
      withDate: true,
      withSparseArray: true,
    });
    const member = fc.constantFrom("policy", "counter", "scope", "window", "align", "timezone", "tracks");
    const near = fc.tuple(member, anything).map(([name, value]) => line({ [name]: value }));
    fc.assert(
      fc.property(
        fc.oneof(
          anything,
          near,
          anything.map((value) => held(value)),
        ),
        (value) => {
          expect(typeof countersFromCheckpoint(value).ok).toBe("boolean");
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe("a policy that is edited", () => {
  it("needs history for counters never seen and for other windows, not for another max", () => {
    const counters = createCounters();
    const day = spec({ window: { seconds: 86_400 } });
    expect(counters.needsHistory([day])).toEqual([day]);
    counters.adopt([day], []);
    const edits: readonly (readonly [Partial<LimitSpec>, boolean])[] = [
      [{}, false],
      [{ max: 1n }, false],
      // Only calendar windows have a time zone.
      [{ timezone: "Asia/Tokyo" }, false],
      [{ window: { seconds: 60 } }, true],
      [{ align: "calendar" }, true],
      [{ window: "month" }, true],
      [{ counter: "other" }, true],
      // It refuses every call, so there is nothing to count.
      [{ align: "calendar", timezone: "Mars/Olympus" }, false],
    ];
    for (const [changes, needed] of edits) {
      const edited = { ...day, ...changes };
      expect(counters.needsHistory([edited])).toEqual(needed ? [edited] : []);
    }
    counters.adopt([spec({ window: "month", timezone: "Asia/Tokyo" })], []);
    expect(counters.needsHistory([spec({ window: "month", timezone: "Asia/Seoul" })])).toHaveLength(1);
  });

  it("counts in a new window what was admitted within it", () => {
    const counters = createCounters();
    const minute = spec();
    const journal: Entry[] = [];
    for (const at of [NOON - 50 * 60_000, NOON - 70 * 60_000, NOON]) {
      journal.push(entry(at));
    }
    counters.adopt([minute], journal);
    expect(counters.reserve(call(minute, "agent", 2n * UNIT), NOON).ok).toBe(true);
    journal.push(entry(NOON, "2"));
    const hour = spec({ window: { seconds: 3_600 }, max: 5n * UNIT });
    counters.adopt(counters.needsHistory([hour]), journal);
    expect(counters.reserve(call(hour), NOON + 1).ok).toBe(true);
    expect(counters.reserve(call(hour), NOON + 1).ok).toBe(false);
  });

  it("refuses the old window once the new one counts, and the new one before", () => {
    const counters = createCounters();
    const [old, edited] = [spec(), spec({ window: { seconds: 120 } })];
    const unavailable = { ok: false, code: "counter_unavailable", index: 0 };
    expect(counters.reserve(call(old), NOON).ok).toBe(true);
    expect(counters.reserve(call(edited), NOON)).toEqual(unavailable);
    counters.adopt([edited], [entry(NOON)]);
    expect(counters.reserve(call(old), NOON)).toEqual(unavailable);
    expect(counters.reserve(call(edited), NOON).ok).toBe(true);
  });

  it("counts no released entry, none of another counter, and each once in whatever order", () => {
    const counters = createCounters();
    counters.adopt(
      [spec()],
      [
        entry(NOON + 1000),
        entry(NOON, "1", { released: true }),
        entry(NOON, "1", { whose: "another" }),
        entry(NOON, "1", { counter: "other" }),
        entry(NOON, "1", { scope: "global" }),
        entry(NOON),
      ],
    );
    expect(counters.reserve(call(spec(), "agent", UNIT), NOON + 1000).ok).toBe(true);
    expect(counters.reserve(call(spec(), "agent", 1n), NOON + 1000).ok).toBe(false);
    // A mark is 937.5 ms: what came at noon counts for 65 of them.
    const free = NOON + 60_938;
    expect(counters.reserve(call(spec(), "agent", 1n), free - 1).ok).toBe(false);
    expect(counters.reserve(call(spec(), "agent", UNIT), free).ok).toBe(true);
    expect(counters.reserve(call(spec(), "agent", 1n), free).ok).toBe(false);
  });

  it.each([
    ["an amount", entry(NOON, "many")],
    ["a positive amount", entry(NOON, "-1")],
    ["a time", entry(NaN)],
    ["a whole time", entry(NOON + 0.5)],
  ])("does not go on without %s in the journal, and changes no counter", (_, broken) => {
    const counters = createCounters();
    counters.reserve(call(spec()), NOON);
    const before = counters.checkpoint();
    const edited = spec({ window: "lifetime" });
    expect(() => counters.adopt([edited], [entry(NOON), broken])).toThrow(JournalEntryInvalid);
    expect(() => counters.replay([broken])).toThrow(JournalEntryInvalid);
    expect(counters.checkpoint()).toEqual(before);
  });
});

describe("memory", () => {
  it("is given back when windows have passed, also where every call has several new counters", () => {
    const counters = createCounters();
    const limits = [
      spec({ scope: "session" }),
      spec({ scope: "session", counter: "hourly", align: "calendar" }),
      spec({ scope: "session", counter: "refused", max: 0n }),
    ];
    let peak = 0;
    for (let session = 0; session < 100_000; session += 1) {
      const charges = limits
        .slice(0, 1 + (session % 3))
        .map((limit) => ({ limit, whose: `s${session}`, amount: UNIT }));
      counters.reserve(charges, NOON + session * 100);
      peak = session % 100 === 0 ? Math.max(peak, counters.size()) : peak;
    }
    // Some 600 sessions are within their minute, each with up to three counters.
    expect(peak).toBeLessThan(5_000);
    for (let more = 0; more < 10_000; more += 1) {
      counters.reserve([], NOON + 1e9);
    }
    expect(counters.size()).toBe(0);
  });

  it("is bounded by the windows while a journal is read", () => {
    const counters = createCounters();
    const sessions = function* (): Generator<Entry> {
      for (let session = 0; session < 20_000; session += 1) {
        yield entry(NOON + session * 100, "1", { whose: `s${session}` });
      }
    };
    counters.adopt([spec()], []);
    counters.replay(sessions());
    expect(counters.size()).toBeLessThan(2_000);
    expect(counters.checkpoint().counters[0]?.tracks.length).toBeGreaterThanOrEqual(600);
  });
});
