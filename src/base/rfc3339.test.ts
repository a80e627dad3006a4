import { assert, date, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRfc3339 } from "./rfc3339.ts";

describe("RFC 3339 times", () => {
  it("are read as ECMAScript reads its own", () => {
    assert(
      property(
        date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-30") }),
        (date) => {
          expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });

  it("have an offset, which is subtracted", () => {
    expect(parseRfc3339("2026-07-28T12:00:00+02:00")).toBe(Date.parse("2026-07-28T10:00:00Z"));
    expect(parseRfc3339("2026-07-28t12:00:00-00:30")).toBe(Date.parse("2026-07-28T12:30:00Z"));
    expect(parseRfc3339("2026-07-28T12:00:00")).toBeUndefined();
    expect(parseRfc3339("2026-07-28T12:00:00+0200")).toBeUndefined();
  });

  it("lose what is finer than a millisecond", () => {
    expect(parseRfc3339("2026-01-01T00:00:00.1z")).toBe(Date.parse("2026-01-01T00:00:00.100Z"));
    expect(parseRfc3339("2026-01-01T00:00:00.123999Z")).toBe(Date.parse("2026-01-01T00:00:00.123Z"));
    expect(parseRfc3339("2026-01-01T00:00:00.Z")).toBeUndefined();
  });

  it("are days that the calendar has", () => {
    expect(parseRfc3339("2024-02-29T00:00:00Z")).toBe(Date.parse("2024-02-29T00:00:00Z"));
    for (const day of ["2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31"]) {
      expect(parseRfc3339(`${day}T00:00:00Z`)).toBeUndefined();
    }
  });

  it("are hours, minutes and seconds that a day has, leap seconds included", () => {
    for (const time of ["24:00:00", "00:60:00", "00:00:61", "12:00:60", "1:00:00"]) {
      expect(parseRfc3339(`2026-01-01T${time}Z`)).toBeUndefined();
    }
    expect(parseRfc3339("2016-12-31T23:59:60Z")).toBe(Date.parse("2017-01-01T00:00:00Z"));
    expect(parseRfc3339("2016-12-31T18:59:60-05:00")).toBe(Date.parse("2017-01-01T00:00:00Z"));
  });

  it("are nothing else", () => {
    for (const text of [
      "",
      "2026-01-01",
      "2026-01-01 00:00:00Z",
      " 2026-01-01T00:00:00Z",
      "1767225600",
      "now",
    ]) {
      expect(parseRfc3339(text)).toBeUndefined();
    }
  });
});
