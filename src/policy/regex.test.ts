import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compileRegex } from "./regex.ts";

const matches = (pattern: string, text: string, flags = ""): boolean => {
  const regex = compileRegex(pattern, flags);
  if ("invalid" in regex) {
    throw new Error(regex.invalid);
  }
  return regex.test(text);
};

describe("compileRegex", () => {
  it.each([
    ["b", "abc", "", true],
    ["^a$", "a\n", "", false],
    ["^a$", "b\na", "", false],
    ["^a$", "b\na", "m", true],
    ["a.b", "a\nb", "", false],
    ["a.b", "a\nb", "s", true],
    ["secret", "SECRET", "", false],
    ["secret", "SECRET", "i", true],
    ["^k$", "\u212a", "i", true],
    ["^A.B$", "a\nb", "is", true],
    ["\\w", "é", "", false],
    ["\\s", "\u00a0", "", false],
    ["\\d", "٣", "", false],
    ["^.$", "😀", "", true],
    ["\\p{Greek}", "α", "", true],
    ["(?i)x", "X", "", true],
    ["", "anything", "", true],
    ["a\\z", "a", "", true],
  ])("says of %j and %j with flags %j: %s", (pattern, text, flags, expected) => {
    expect(matches(pattern, text, flags)).toBe(expected);
  });

  it.each([
    "(?<=a)b",
    "(?<!a)b",
    "(?=a)",
    "(?!a)",
    "(a)\\1",
    "\\C",
    "\\Z",
    "(",
    "[a",
    "*",
    "a**",
    "x{1001}",
    "\\u0041",
    "((a{100}){100}){100}",
  ])("refuses what RE2 does not have: %s", (pattern) => {
    expect(compileRegex(pattern, "")).toHaveProperty("invalid");
  });

  it.each(["g", "I", "ii", "x", "i m"])("refuses flags %j", (flags) => {
    expect(compileRegex("a", flags)).toHaveProperty("invalid");
  });

  it("counts a pattern's characters as code points", () => {
    expect(compileRegex("😀".repeat(1_000), "")).not.toHaveProperty("invalid");
    expect(compileRegex("a".repeat(1_001), "")).toHaveProperty("invalid");
  });

  it("is not blown up by nested repetition", () => {
    expect(matches("(x+x+)+y", "x".repeat(200_000))).toBe(false);
    expect(matches("^(a|aa)+$", `${"a".repeat(200_000)}b`)).toBe(false);
  });

  it("never throws, whatever the pattern", () => {
    const piece = fc.constantFrom(
      "(",
      ")",
      "[",
      "]",
      "\\",
      "?",
      "*",
      "{2}",
      "|",
      "^",
      "a",
      "p",
      "P<",
      ">",
      "-",
      "😀",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.string(), (pieces, text) => {
        const regex = compileRegex(pieces.join(""), "");
        expect("invalid" in regex || typeof regex.test(text) === "boolean").toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
