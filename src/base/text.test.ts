import { assert, property, string } from "fast-check";
import { codePointLength, compareCodePoints, detached, unitAt } from "./text.ts";
import { describe, expect, it } from "vitest";

const points = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0) ?? 0);

describe("text by code point", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["\u{1F600}", 1],
    ["a\u{1F600}\u{1F600}b", 4],
    ["e\u0301", 2],
    ["\uD83D", 1],
    ["\uDE00\uD83D", 2],
    ["\uD83D\uD83D\uDE00", 2],
  ])("%j has %d", (text, length) => {
    expect(codePointLength(text)).toBe(length);
  });

  it("has as many as its iterator gives", () => {
    assert(
      property(string({ unit: "binary" }), (text) => {
        expect(codePointLength(text)).toBe(points(text).length);
      }),
    );
  });

  it("orders what UTF-16 would order otherwise", () => {
    expect(compareCodePoints("\u{1F600}", "\uFF00")).toBe(1);
    expect(compareCodePoints("\uFF00", "\u{1F600}")).toBe(-1);
    expect(compareCodePoints("a", "ab")).toBe(-1);
    expect(compareCodePoints("b", "ab")).toBe(1);
    expect(compareCodePoints("a", "a")).toBe(0);
    expect(compareCodePoints("", "")).toBe(0);
  });

  it("orders as lists of code points", () => {
    assert(
      property(
        string({ unit: "binary" }),
        string({ unit: "binary" }),
        string({ unit: "binary" }),
        (start, a, b) => {
          const [left, right] = [points(start + a), points(start + b)];
          const at = left.findIndex((point, index) => point !== right[index]);
          const order = at === -1 ? left.length - right.length : (left[at] ?? -1) - (right[at] ?? -1);
          expect(compareCodePoints(start + a, start + b)).toBe(Math.sign(order));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("ends with -1, not NaN", () => {
    expect([unitAt("a", 0), unitAt("a", 1), unitAt("", 0)]).toEqual([97, -1, -1]);
  });

  it("is the same when it has memory of its own", () => {
    expect(detached("a\u{1F600}\uFEFF\u0000".repeat(9))).toBe("a\u{1F600}\uFEFF\u0000".repeat(9));
    expect(detached("\uFEFFa\uD800")).toBe("\uFEFFa\uD800");
  });
});
