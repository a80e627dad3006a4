import type { LimitSpec } from "./port.ts";
import { calendarSpan, type CalendarUnit, type Span } from "./calendar.ts";
import { zoneOf, type Zone } from "./zone.ts";

/**
 * How a window cuts time into marks (docs/limits.md). Amounts are kept a mark; a mark counts from its first
 * moment until `endsAt`. Three rulers are all there is:
 *
 * - sliding: a mark is 1/64 of the window, and the last 65 count: the 64 before and the one that is running. A call in
 *   mark m sees all that was admitted since m - 64 began, so all of any span [t, t + window) it is the last of; and an
 *   amount goes on counting for at most 1/64 after it left.
 * - calendar: a mark is a whole window, named by its first millisecond, and only the running one counts.
 * - lifetime: one mark, for ever.
 */
export interface Ruler {
  /** Equal for limits that cut time alike. */
  readonly key: string;
  /** The mark of a moment in whole milliseconds; never falls as time goes on. */
  readonly mark: (at: number) => number;
  /** The oldest mark that still counts in the given one. */
  readonly oldest: (mark: number) => number;
  /** The first millisecond at which a mark no longer counts; `Infinity` for lifetime. */
  readonly endsAt: (mark: number) => number;
  /** Whether a number is a mark of this ruler. */
  readonly isMark: (mark: number) => boolean;
}

/** Marks a sliding window is cut into. */
const SLIDING_MARKS = 64;
/**
 * Times further from 1970 are refused (year 27,000), and windows longer than this (3,000 years) are for life: inside
 * these bounds every product below is an integer that a double holds exactly.
 */
const TIME_MS_MAX = 8e14;
const SLIDING_SECONDS_MAX = 1e11;

/** Whether counters can work at this time at all. */
export const isTime = (at: number): boolean => at >= -TIME_MS_MAX && at <= TIME_MS_MAX;

const LIFETIME: Ruler = {
  key: "lifetime",
  mark: () => 0,
  oldest: () => 0,
  endsAt: () => Infinity,
  isMark: (mark) => mark === 0,
};

/** A mark lasts seconds × 1000 / 64 ms, which is seconds × 125 / 8: kept as that fraction, so that nothing is rounded. */
const slidingRuler = (seconds: number): Ruler => {
  const eighths = seconds * 125;
  return {
    key: `sliding ${seconds}`,
    mark: (at) => Math.floor((at * 8) / eighths),
    oldest: (mark) => mark - SLIDING_MARKS,
    endsAt: (mark) => Math.ceil(((mark + SLIDING_MARKS + 1) * eighths) / 8),
    isMark: (mark) => Number.isSafeInteger(mark) && isTime((mark * eighths) / 8),
  };
};

/** Boundaries cost microseconds, so the last two windows asked for are remembered: the running one, and the one a release or a replay looks at. */
const calendarRuler = (unit: CalendarUnit, timezone: string, zone: Zone): Ruler => {
  let hot: Span = { start: 0, end: 0 };
  let cold: Span = hot;
  const spanOf = (at: number): Span => {
    if (at >= hot.start && at < hot.end) {
      return hot;
    }
    const found = at >= cold.start && at < cold.end ? cold : calendarSpan(zone, unit, at);
    cold = hot;
    hot = found;
    return hot;
  };
  return {
    key: `calendar ${unit} ${timezone}`,
    mark: (at) => spanOf(at).start,
    oldest: (mark) => mark,
    endsAt: (mark) => spanOf(mark).end,
    isMark: (mark) => Number.isSafeInteger(mark) && isTime(mark) && spanOf(mark).start === mark,
  };
};

const UNIT_OF_SECONDS: ReadonlyMap<number, CalendarUnit> = new Map([
  [1, "second"],
  [60, "minute"],
  [3_600, "hour"],
  [86_400, "day"],
  [604_800, "week"],
] as const);

/** The part of a limit that says how time is cut. */
export type Cut = Pick<LimitSpec, "window" | "align" | "timezone">;

/**
 * The ruler of a limit, or `undefined` where there is none (a calendar window without a name, a zone this machine does
 * not know, a length that is no whole number of seconds): such a limit refuses every call.
 */
export const rulerOf = ({ window, align, timezone }: Cut): Ruler | undefined => {
  if (window === "lifetime") {
    return LIFETIME;
  }
  if (window !== "month" && align === "sliding") {
    if (!(Number.isInteger(window.seconds) && window.seconds >= 1)) {
      return undefined;
    }
    return window.seconds > SLIDING_SECONDS_MAX ? LIFETIME : slidingRuler(window.seconds);
  }
  const unit = window === "month" ? "month" : UNIT_OF_SECONDS.get(window.seconds);
  const zone = zoneOf(timezone);
  return unit === undefined || zone === undefined ? undefined : calendarRuler(unit, timezone, zone);
};
