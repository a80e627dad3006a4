import { describe, expect, it } from "vitest";
import { admitsLevel, isLogLevel, leastOf } from "./log-levels.ts";

const ALL = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

describe("log levels", () => {
  it("are the eight of the protocol", () => {
    expect(ALL.filter(isLogLevel)).toEqual(ALL);
    expect([undefined, "", "Debug", "warn", 0, null].filter(isLogLevel)).toEqual([]);
  });

  it.each(ALL)("%s admits itself and what is more severe", (asked) => {
    expect(ALL.filter((level) => admitsLevel(asked, level))).toEqual(ALL.slice(ALL.indexOf(asked)));
  });

  it("that nobody knows are not kept back", () => {
    expect(["loud", undefined].map((level) => admitsLevel("emergency", level))).toEqual([true, true]);
  });

  it("have a least severe one among those that were asked for", () => {
    expect(leastOf(["error", "notice", "alert"])).toBe("notice");
    expect(leastOf(["loud"])).toBeUndefined();
  });
});
