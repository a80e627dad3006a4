import { describe, expect, it } from "vitest";
import { isName, isServerName } from "./names.ts";

describe("a name", () => {
  it("is printable and without spaces, of 1 to 128 characters", () => {
    for (const name of ["a", "ana@example.com", "ünï-✓", "a/b", "x".repeat(128)]) {
      expect([name, isName(name)]).toEqual([name, true]);
    }
    for (const name of ["", "a b", "a\tb", "a\u0000", "a\u200b", "a\u202e", "x".repeat(129), "\ud800"]) {
      expect([name, isName(name)]).toEqual([name, false]);
    }
  });

  it("of a server fits into a path", () => {
    for (const name of ["a", "0", "a-b", "a-", "a".repeat(32)]) {
      expect([name, isServerName(name)]).toEqual([name, true]);
    }
    for (const name of ["", "A", "-a", "a_b", "a/b", "a\n", "a".repeat(33), "ä"]) {
      expect([name, isServerName(name)]).toEqual([name, false]);
    }
  });
});
