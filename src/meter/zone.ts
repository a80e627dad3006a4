/** The hands of a clock on the wall somewhere: how far local time is from UTC, and when that changes. */
export interface Zone {
  /** Milliseconds to add to UTC at this moment. */
  readonly offset: (at: number) => number;
  /**
   * The first millisecond in (from, to] at which the offset is no longer that of `from`, or `to` if there is none.
   * Where the offset changes twice in between, one of the changes is found.
   */
  readonly change: (from: number, to: number) => number;
}

/** ICU writes `GMT`, `GMT+05:45`, and with seconds for the local mean times of old: `GMT-00:44:30`. */
const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

const readOffset = (text: string): number => {
  const match = OFFSET.exec(text);
  if (match === null) {
    throw new RangeError(`no offset: ${text}`);
  }
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = match;
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -size : size;
};

const formatOf = (timezone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: timezone, timeZoneName: "longOffset" });
  } catch {
    return undefined;
  }
};

/** The default of every limit, and needs no ICU. */
const UTC: Zone = { offset: () => 0, change: (_, to) => to };

/** The zone of an IANA name, or `undefined` if this machine does not know it. */
export const zoneOf = (timezone: string): Zone | undefined => {
  if (timezone === "UTC") {
    return UTC;
  }
  const format = formatOf(timezone);
  if (format === undefined) {
    return undefined;
  }
  const offset = (at: number): number => {
    const part = format.formatToParts(at).find(({ type }) => type === "timeZoneName");
    return readOffset(part?.value ?? "");
  };
  const change = (from: number, to: number): number => {
    const before = offset(from);
    let low = from;
    let high = to;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offset(middle) === before) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  };
  return { offset, change };
};
