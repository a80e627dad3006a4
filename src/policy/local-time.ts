/** `now.*`: the hour, weekday and date of an instant in a time zone (docs/policy.md). */

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** The furthest instant a date can have (ECMA-262, Time Values and Time Range). */
const AT_MAX = 8.64e15;
/** There are some 600 zone names, and grants name few of them. */
const ZONES_MAX = 1_000;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

interface Zone {
  readonly format: Intl.DateTimeFormat | undefined;
  second: number;
  offset: number;
}

const zones = new Map<string, Zone>();

const zoneOf = (timezone: string): Zone => {
  const known = zones.get(timezone);
  if (known !== undefined) {
    return known;
  }
  const zone: Zone = { format: formatFor(timezone), second: Number.NaN, offset: Number.NaN };
  if (zones.size >= ZONES_MAX) {
    zones.clear();
  }
  zones.set(timezone, zone);
  return zone;
};

const formatFor = (timezone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  } catch {
    return undefined; // No such zone: `now.*` is missing.
  }
};

/** Milliseconds from a text like `GMT-00:44:30`; 0 for `GMT`. */
const offsetOf = (name: string): number => {
  const found = /([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name);
  if (found === null) {
    return 0;
  }
  const seconds = Number(found[2]) * 3_600 + Number(found[3]) * 60 + Number(found[4] ?? "0");
  return (found[1] === "-" ? -1 : 1) * seconds * SECOND;
};

/** The zone's offset at an instant. Asking `Intl` costs microseconds, so the answer is kept for its second. */
const offsetAt = (zone: Zone, at: number): number => {
  const second = Math.floor(at / SECOND);
  if (zone.second !== second && zone.format !== undefined) {
    const name = zone.format.formatToParts(at).find((part) => part.type === "timeZoneName");
    zone.offset = offsetOf(name?.value ?? "");
    zone.second = second;
  }
  return zone.offset;
};

/** Local time as if it were UTC, in milliseconds; NaN where there is none. */
const localAt = (at: number, timezone: string): number => {
  if (!(Math.abs(at) <= AT_MAX)) {
    return Number.NaN;
  }
  return timezone === "UTC" ? at : at + offsetAt(zoneOf(timezone), at);
};

/** 0 to 23; `undefined` for an instant or zone that does not exist. */
export const localHour = (at: number, timezone: string): number | undefined => {
  const local = localAt(at, timezone);
  return Number.isNaN(local) ? undefined : Math.floor((local - Math.floor(local / DAY) * DAY) / HOUR);
};

/** `mon` to `sun`. */
export const localWeekday = (at: number, timezone: string): string | undefined => {
  const day = Math.floor(localAt(at, timezone) / DAY);
  return Number.isNaN(day) ? undefined : WEEKDAYS[(((day + 4) % 7) + 7) % 7];
};

let lastDay = Number.NaN;
let lastDate = "";

/** `2026-12-31`; `undefined` also outside the years 0 to 9999, which have no such form. */
export const localDate = (at: number, timezone: string): string | undefined => {
  const day = Math.floor(localAt(at, timezone) / DAY);
  if (day !== lastDay) {
    const time = new Date(day * DAY);
    lastDate = Number.isNaN(time.getTime()) ? "" : time.toISOString();
    lastDay = day;
  }
  return lastDate.length === ISO_LENGTH ? lastDate.slice(0, DATE_LENGTH) : undefined;
};

const ISO_LENGTH = "2026-12-31T00:00:00.000Z".length;
const DATE_LENGTH = "2026-12-31".length;
