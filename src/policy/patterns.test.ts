import { describe, expect, it } from "vitest";
import { compileFirstMatch, isPattern, literalCount } from "./patterns.ts";

describe("patterns of names", () => {
  it.each([
    ["list_customers", false],
    ["", false],
    ["list_*", true],
    ["a?c", true],
  ])("%j is a pattern: %s", (text, expected) => {
    expect(isPattern(text)).toBe(expected);
  });

  it.each([
    ["", 0],
    ["*", 0],
    ["?*?", 0],
    ["ab*c?", 3],
    ["😀*", 1],
  ])("of %j %i code points stand for themselves", (pattern, count) => {
    expect(literalCount(pattern)).toBe(count);
  });

  it("names the first of several patterns that matches", () => {
    const find = compileFirstMatch(["b", "a*", "*"]);
    expect(["b", "ab", "c", ""].map(find)).toEqual([0, 1, 2, 2]);
    expect(compileFirstMatch([])("b")).toBe(-1);
  });
});
