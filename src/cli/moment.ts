import { parseRfc3339 } from "../base/rfc3339.ts";
import { CommandFailure, EXIT } from "./command.ts";

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Milliseconds since the epoch of an option's value: an RFC 3339 time, or a span such as `12h` or `30d`, ahead of now
 * or before it. Throws `CommandFailure` with the exit code of wrong usage.
 */
export const readMoment = (option: string, text: string, now: number, towards: "future" | "past"): number => {
  const span = /^(\d{1,6})([smhdw])$/.exec(text);
  const length = Number(span?.[1]) * (UNITS[span?.[2] ?? ""] ?? 0);
  const time = span === null ? parseRfc3339(text) : now + (towards === "future" ? length : -length);
  if (time === undefined) {
    const sentence = "is an RFC 3339 time such as 2027-01-01T00:00:00Z, or a span such as 12h or 30d";
    throw new CommandFailure(`${option} ${sentence}.`, EXIT.usage);
  }
  return time;
};
