import type { Zone } from "./zone.ts";

/**
 * Calendar windows (docs/limits.md, `align`): every moment lies in exactly one window, windows follow each other
 * without a gap, and no clock change makes one start twice.
 *
 * - day, week, month begin at the first moment whose local date is the window's first date, or later where that date
 *   was skipped. So a day is 23 or 25 hours where clocks change, and where clocks go back over midnight the hour that
 *   is lived twice belongs to the new day.
 * - second, minute, hour are real time, cut where the local clock shows a full one. Where a zone moves by a part of an
 *   hour (Lord Howe), the hour in which it does goes on until the next full one: never is one cut short by a change at
 *   a full hour.
 */

export interface Span {
  /** First millisecond inside. */
  readonly start: number;
  /** First millisecond after. */
  readonly end: number;
}

export type CalendarUnit = "second" | "minute" | "hour" | "day" | "week" | "month";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** No zone was ever further from UTC than Manila's 15 h 56 min. */
const OFFSET_MS_MAX = 16 * HOUR_MS;

/** What is left of a division, never negative. */
const modulo = (value: number, by: number): number => value - Math.floor(value / by) * by;

const spanOfClock = (zone: Zone, length: number, at: number): Span => {
  const offset = zone.offset(at);
  const agrees = (moment: number): boolean => modulo(zone.offset(moment) - offset, length) === 0;
  const shown = at - modulo(at + offset, length);
  const next = shown + length;
  let end = next;
  if (!agrees(next)) {
    const change = zone.change(at, next);
    end = change + modulo(-(change + zone.offset(change)), length);
  }
  if (agrees(shown)) {
    return { start: shown, end };
  }
  return { start: spanOfClock(zone, length, zone.change(shown, at) - 1).start, end };
};

/** The first millisecond whose local date is `day` (days since 1970-01-01) or later. */
const startOfDay = (zone: Zone, day: number): number => {
  const midnight = day * DAY_MS;
  const from = midnight - OFFSET_MS_MAX;
  const to = midnight + OFFSET_MS_MAX;
  const before = zone.offset(from);
  if (zone.offset(to) === before) {
    return midnight - before;
  }
  const change = zone.change(from, to);
  return midnight - before < change ? midnight - before : Math.max(change, midnight - zone.offset(change));
};

const firstOfMonth = (day: number, later: number): number => {
  const date = new Date(day * DAY_MS);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  return new Date(0).setUTCFullYear(date.getUTCFullYear(), date.getUTCMonth() + later, 1) / DAY_MS;
};

/** First day of the unit that `day` is in, and of the one `later` units on. 1970-01-01 was a Thursday. */
const FIRST_DAY = {
  day: (day: number, later: number): number => day + later,
  week: (day: number, later: number): number => day - modulo(day + 3, 7) + later * 7,
  month: firstOfMonth,
} as const;

const spanOfDates = (zone: Zone, unit: keyof typeof FIRST_DAY, at: number): Span => {
  const firstDay = FIRST_DAY[unit];
  let day = firstDay(Math.floor((at + zone.offset(at)) / DAY_MS), 0);
  let start = startOfDay(zone, day);
  day = firstDay(day, 1);
  let end = startOfDay(zone, day);
  // Clocks that go back over midnight show the old date once more, after the new one began.
  while (end <= at) {
    day = firstDay(day, 1);
    start = end;
    end = startOfDay(zone, day);
  }
  return { start, end };
};

const SPANS = {
  second: (zone, at) => spanOfClock(zone, 1000, at),
  minute: (zone, at) => spanOfClock(zone, 60_000, at),
  hour: (zone, at) => spanOfClock(zone, HOUR_MS, at),
  day: (zone, at) => spanOfDates(zone, "day", at),
  week: (zone, at) => spanOfDates(zone, "week", at),
  month: (zone, at) => spanOfDates(zone, "month", at),
} as const satisfies Record<CalendarUnit, (zone: Zone, at: number) => Span>;

/** The window of a unit that a moment (whole milliseconds) lies in. Costs some 10 µs: ask again only outside the answer. */
export const calendarSpan = (zone: Zone, unit: CalendarUnit, at: number): Span => SPANS[unit](zone, at);
