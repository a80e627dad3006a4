const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

const MS = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;

/**
 * Milliseconds since the epoch of an RFC 3339 `date-time`, or `undefined` for anything else: a date that the calendar
 * does not have, a missing offset, a space for the `T`. Digits beyond milliseconds are cut off. A leap second
 * (`23:59:60` UTC) is the second after it, as POSIX time has it.
 */
export const parseRfc3339 = (text: string): number | undefined => {
  const found = DATE_TIME.exec(text);
  if (found === null) {
    return undefined;
  }
  const part = (index: number): number => Number(found[index] ?? "0");
  const midnight = dayStart(part(1), part(2), part(3));
  const time = millisecondsOf(part(4), part(5));
  const offset = millisecondsOf(part(9), part(10));
  const second = part(6);
  if (midnight === undefined || time === undefined || offset === undefined || second > 60) {
    return undefined;
  }
  const minuteStart = midnight + time - (found[8] === "-" ? -offset : offset);
  if (second === 60 && new Date(minuteStart).toISOString().slice(11, 16) !== "23:59") {
    return undefined;
  }
  return minuteStart + second * MS.second + Number((found[7] ?? "").padEnd(3, "0").slice(0, 3));
};

/** Milliseconds of an hour and a minute that a day has. */
const millisecondsOf = (hour: number, minute: number): number | undefined =>
  hour > 23 || minute > 59 ? undefined : hour * MS.hour + minute * MS.minute;

/** Midnight UTC of a day of the Gregorian calendar; `undefined` for 30 February and the like. */
const dayStart = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
};
