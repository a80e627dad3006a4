import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarSpan, type CalendarUnit } from "./calendar.ts";
import { zoneOf, type Zone } from "./zone.ts";

const zone = (name: string): Zone => {
  const found = zoneOf(name);
  if (found === undefined) {
    throw new Error(`no zone ${name}`);
  }
  return found;
};

const spanAt = (name: string, unit: CalendarUnit, at: string): readonly [string, string] => {
  const { start, end } = calendarSpan(zone(name), unit, Date.parse(at));
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

interface Row {
  readonly what: string;
  readonly zone: string;
  readonly unit: CalendarUnit;
  /** Moments that are all in the one window. */
  readonly at: readonly string[];
  readonly start: string;
  readonly end: string;
}

const ROWS: readonly Row[] = [
  {
    what: "a day on which clocks go forward has 23 hours",
    zone: "Europe/Berlin",
    unit: "day",
    at: ["2026-03-28T23:00:00.000Z", "2026-03-29T00:59:59.999Z", "2026-03-29T21:59:59.999Z"],
    start: "2026-03-28T23:00:00.000Z",
    end: "2026-03-29T22:00:00.000Z",
  },
  {
    what: "a day on which clocks go back has 25 hours",
    zone: "Europe/Berlin",
    unit: "day",
    at: ["2026-10-24T22:00:00.000Z", "2026-10-25T00:30:00.000Z", "2026-10-25T22:59:59.999Z"],
    start: "2026-10-24T22:00:00.000Z",
    end: "2026-10-25T23:00:00.000Z",
  },
  {
    what: "the hour that clocks show twice is two hours",
    zone: "Europe/Berlin",
    unit: "hour",
    at: ["2026-10-25T01:00:00.000Z", "2026-10-25T01:59:59.999Z"],
    start: "2026-10-25T01:00:00.000Z",
    end: "2026-10-25T02:00:00.000Z",
  },
  {
    what: "a week begins on Monday, whatever the clocks do in it",
    zone: "Europe/Berlin",
    unit: "week",
    at: ["2026-03-22T23:00:00.000Z", "2026-03-29T21:59:59.999Z"],
    start: "2026-03-22T23:00:00.000Z",
    end: "2026-03-29T22:00:00.000Z",
  },
  {
    what: "a month is as long as it is",
    zone: "Europe/Berlin",
    unit: "month",
    at: ["2028-01-31T23:00:00.000Z", "2028-02-29T22:59:59.999Z"],
    start: "2028-01-31T23:00:00.000Z",
    end: "2028-02-29T23:00:00.000Z",
  },
  {
    what: "clocks that go back over midnight do not start the day twice",
    zone: "America/St_Johns",
    unit: "day",
    at: [
      "2010-11-07T02:30:00.000Z",
      "2010-11-07T02:31:00.000Z",
      "2010-11-07T03:29:00.000Z",
      "2010-11-08T03:29:59.999Z",
    ],
    start: "2010-11-07T02:30:00.000Z",
    end: "2010-11-08T03:30:00.000Z",
  },
  {
    what: "the day before it ends at its first midnight",
    zone: "America/St_Johns",
    unit: "day",
    at: ["2010-11-06T02:30:00.000Z", "2010-11-07T02:29:59.999Z"],
    start: "2010-11-06T02:30:00.000Z",
    end: "2010-11-07T02:30:00.000Z",
  },
  {
    what: "a midnight that is skipped begins when the clocks go on",
    zone: "America/Sao_Paulo",
    unit: "day",
    at: ["2018-11-04T03:00:00.000Z", "2018-11-05T01:59:59.999Z"],
    start: "2018-11-04T03:00:00.000Z",
    end: "2018-11-05T02:00:00.000Z",
  },
  {
    what: "a day ends where the next date was skipped",
    zone: "Pacific/Apia",
    unit: "day",
    at: ["2011-12-29T10:00:00.000Z", "2011-12-30T09:59:59.999Z"],
    start: "2011-12-29T10:00:00.000Z",
    end: "2011-12-30T10:00:00.000Z",
  },
  {
    what: "and the date after the skipped one is a day of 24 hours",
    zone: "Pacific/Apia",
    unit: "day",
    at: ["2011-12-30T10:00:00.000Z", "2011-12-31T09:59:59.999Z"],
    start: "2011-12-30T10:00:00.000Z",
    end: "2011-12-31T10:00:00.000Z",
  },
  {
    what: "a day in Nepal begins at a quarter past",
    zone: "Asia/Kathmandu",
    unit: "day",
    at: ["2026-05-01T18:15:00.000Z", "2026-05-02T18:14:59.999Z"],
    start: "2026-05-01T18:15:00.000Z",
    end: "2026-05-02T18:15:00.000Z",
  },
  {
    what: "and so does an hour",
    zone: "Asia/Kathmandu",
    unit: "hour",
    at: ["2026-05-01T18:15:00.000Z", "2026-05-01T19:14:59.999Z"],
    start: "2026-05-01T18:15:00.000Z",
    end: "2026-05-01T19:15:00.000Z",
  },
  {
    what: "an hour in which clocks go back by half of one goes on until the next full one",
    zone: "Australia/Lord_Howe",
    unit: "hour",
    at: [
      "2026-04-04T14:00:00.000Z",
      "2026-04-04T14:59:59.999Z",
      "2026-04-04T15:00:00.000Z",
      "2026-04-04T15:29:59.999Z",
    ],
    start: "2026-04-04T14:00:00.000Z",
    end: "2026-04-04T15:30:00.000Z",
  },
  {
    what: "an hour after which clocks go forward by half of one goes on until the next full one",
    zone: "Australia/Lord_Howe",
    unit: "hour",
    at: ["2026-10-03T14:30:00.000Z", "2026-10-03T15:30:00.000Z", "2026-10-03T15:59:59.999Z"],
    start: "2026-10-03T14:30:00.000Z",
    end: "2026-10-03T16:00:00.000Z",
  },
  {
    what: "a year before 100 is not one of the twentieth century",
    zone: "UTC",
    unit: "month",
    at: ["0050-02-10T00:00:00.000Z"],
    start: "0050-02-01T00:00:00.000Z",
    end: "0050-03-01T00:00:00.000Z",
  },
  {
    what: "a minute and a second are those of the clock",
    zone: "America/St_Johns",
    unit: "minute",
    at: ["2026-01-01T00:00:00.000Z", "2026-01-01T00:00:59.999Z"],
    start: "2026-01-01T00:00:00.000Z",
    end: "2026-01-01T00:01:00.000Z",
  },
];

describe("calendar windows", () => {
  it.each(ROWS)("$zone, $unit: $what", ({ zone: name, unit, at, start, end }) => {
    expect(at.map((moment) => spanAt(name, unit, moment))).toEqual(at.map(() => [start, end]));
  });

  it("lie side by side in every zone at every time, and begin on their first date", () => {
    const zones = Intl.supportedValuesOf("timeZone").map((name) => ({
      name,
      zone: zone(name),
      date: new Intl.DateTimeFormat("en-CA", { timeZone: name, dateStyle: "short" }),
    }));
    const units = ["second", "minute", "hour", "day", "week", "month"] as const;
    const times = fc.integer({ min: Date.parse("1900-01-01"), max: Date.parse("2100-01-01") });
    const halfYear = 183 * 86_400_000;
    // Half of the times are within two days of a change of the clocks.
    const near = fc.option(fc.integer({ min: -172_800_000, max: 172_800_000 }), { freq: 1 });
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...units),
        times,
        near,
        (place, unit, time, beside) => {
          const { zone: here, date } = place;
          const at = beside === null ? time : here.change(time, time + halfYear) + beside;
          const { start, end } = calendarSpan(here, unit, at);
          expect(start <= at && at < end).toBe(true);
          expect(calendarSpan(here, unit, start)).toEqual({ start, end });
          expect(calendarSpan(here, unit, end - 1)).toEqual({ start, end });
          expect(calendarSpan(here, unit, end).start).toBe(end);
          if (unit === "day" || unit === "week" || unit === "month") {
            const shown = date.format(start);
            expect(date.format(start - 1) < shown).toBe(true);
            expect(date.format(end) > date.format(end - 1)).toBe(true);
          } else {
            const length = { second: 1000, minute: 60_000, hour: 3_600_000 }[unit];
            const whole = (here.offset(end) - here.offset(start)) % length === 0;
            expect(whole ? end - start : length).toBe(length);
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it("have no zone under a name that is none", () => {
    expect(zoneOf("Mars/Olympus")).toBeUndefined();
    expect(zoneOf("")).toBeUndefined();
  });
});
