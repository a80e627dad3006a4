import { describe, expect, it } from "vitest";

import { localDate, localHour, localWeekday } from "./local-time.ts";

describe("local time", () => {
  it.each([
    ["2026-12-31T23:30:00Z", "UTC", 23, "thu", "2026-12-31"],
    ["2026-12-31T23:30:00Z", "Europe/Berlin", 0, "fri", "2027-01-01"],
    ["2026-07-01T22:30:00Z", "Europe/Berlin", 0, "thu", "2026-07-02"],
    ["2026-01-01T04:59:59.999Z", "America/New_York", 23, "wed", "2025-12-31"],
    ["2026-03-29T00:59:59Z", "Europe/Berlin", 1, "sun", "2026-03-29"],
    ["2026-03-29T01:00:00Z", "Europe/Berlin", 3, "sun", "2026-03-29"],
    ["2026-10-25T00:30:00Z", "Europe/Berlin", 2, "sun", "2026-10-25"],
    ["2026-10-25T01:30:00Z", "Europe/Berlin", 2, "sun", "2026-10-25"],
    ["2026-06-01T18:29:59Z", "Asia/Kolkata", 23, "mon", "2026-06-01"],
    ["2026-06-01T18:30:00Z", "Asia/Kolkata", 0, "tue", "2026-06-02"],
    ["1970-01-01T00:44:29Z", "Africa/Monrovia", 23, "wed", "1969-12-31"],
    ["1970-01-01T00:44:30Z", "Africa/Monrovia", 0, "thu", "1970-01-01"],
    ["1969-12-28T00:00:00Z", "UTC", 0, "sun", "1969-12-28"],
    ["0000-01-01T00:00:00Z", "UTC", 0, "sat", "0000-01-01"],
    ["9999-12-31T23:59:59Z", "UTC", 23, "fri", "9999-12-31"],
  ])("of %s in %s", (at, zone, hour, weekday, date) => {
    const ms = Date.parse(at);
    expect([localHour(ms, zone), localWeekday(ms, zone), localDate(ms, zone)]).toEqual([hour, weekday, date]);
  });

  it("is missing for zones and instants that do not exist", () => {
    const now = Date.UTC(2026, 0, 1);
    for (const [at, zone] of [
      [now, "Mars/Olympus"],
      [Number.NaN, "UTC"],
      [Number.POSITIVE_INFINITY, "Europe/Berlin"],
      [9e15, "UTC"],
    ] as const) {
      expect([localHour(at, zone), localWeekday(at, zone), localDate(at, zone)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it("has no date beyond the years of four digits", () => {
    expect(localDate(Date.UTC(10_000, 0, 1), "UTC")).toBeUndefined();
    expect(localDate(Date.UTC(-1, 0, 1), "UTC")).toBeUndefined();
  });

  it("follows two zones and a clock that goes back", () => {
    const now = Date.UTC(2026, 0, 1, 12);
    expect(localHour(now, "Asia/Tokyo")).toBe(21);
    expect(localHour(now, "America/New_York")).toBe(7);
    expect(localHour(now - 3_600_000, "Asia/Tokyo")).toBe(20);
    expect(localDate(now - 86_400_000, "Asia/Tokyo")).toBe("2025-12-31");
    expect(localDate(now, "Asia/Tokyo")).toBe("2026-01-01");
  });
});
