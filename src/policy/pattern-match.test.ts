import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { compileGlob } from "./pattern-match.ts";

describe("compileGlob", () => {
  it.each([
    ["list_*", "list_customers", true],
    ["list_*", "list_", true],
    ["list_*", "my_list_", false],
    ["*_list", "my_list", true],
    ["*_list", "my_lists", false],
    ["a*a", "a", false],
    ["a*a", "aa", true],
    ["ab*bc", "abc", false],
    ["*", "", true],
    ["", "", true],
    ["", "a", false],
    ["?", "", false],
    ["?", "😀", true],
    ["??", "😀", false],
    ["*?", "😀", true],
    ["*??", "😀", false],
    ["?*?", "ab", true],
    ["?*?", "a", false],
    ["a**b", "ab", true],
    ["a?c", "abc", true],
    ["a?c", "a😀c", true],
    ["a?c", "abbc", false],
    ["*a?c*", "xxaacayc", true],
    ["*a?c*", "xxaaca", true],
    ["*a?d*", "xxaaca", false],
    ["*?b?*d", "abcd", true],
    ["Case", "case", false],
    ["e\u0301", "é", false],
    ["a.c", "abc", false],
    ["[a]", "a", false],
    ["^$", "", false],
    ["*\n*", "a\nb", true],
    ["file:///public/*", "file:///public/a/b", true],
  ])("says of %j and %j: %s", (pattern, text, expected) => {
    expect(compileGlob(pattern)(text)).toBe(expected);
  });

  it("agrees with the rule, one code point at a time", () => {
    const matches = (pattern: readonly string[], text: readonly string[]): boolean => {
      const [head, ...rest] = pattern;
      if (head === undefined) {
        return text.length === 0;
      }
      if (head === "*") {
        return matches(rest, text) || (text.length > 0 && matches(pattern, text.slice(1)));
      }
      return text.length > 0 && (head === "?" || head === text[0]) && matches(rest, text.slice(1));
    };
    const letters = (...extra: string[]) =>
      fc.array(fc.constantFrom("a", "b", "😀", ...extra), { maxLength: 9 });
    fc.assert(
      fc.property(letters("*", "?"), letters(), (pattern, text) => {
        expect(compileGlob(pattern.join(""))(text.join(""))).toBe(matches(pattern, text));
      }),
      { numRuns: 5_000 },
    );
  });

  it("does not blow up on many stars", () => {
    expect(compileGlob(`${"*a".repeat(400)}*b`)("a".repeat(100_000))).toBe(false);
  });

  it("prepares literals only", () => {
    const glob = compileGlob("＊A*", (text) => text.normalize("NFKC").toLowerCase());
    expect(glob("*a!")).toBe(true);
    expect(glob("xa!")).toBe(false);
    const vanishing = compileGlob("*?x?*", () => "");
    expect(vanishing("12")).toBe(true);
    expect(vanishing("1")).toBe(false);
  });
});
