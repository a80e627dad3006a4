import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canBothMatch, coversTemplate, runsOf } from "./pattern-overlap.ts";
import { compileGlob } from "./pattern-match.ts";

const both = (a: string, b: string): boolean => canBothMatch(runsOf(a), runsOf(b));

const isWild = (letter: string): boolean => letter === "*" || letter === "?";

/** The product of the two patterns' automata, walked: slow, and plainly right. */
const productMeets = (a: string, b: string): boolean => {
  const left = Array.from(a);
  const right = Array.from(b);
  const seen = new Set<string>();
  const step = (x: string, y: string, i: number, j: number): boolean =>
    (x === y || isWild(x) || isWild(y)) && meets(x === "*" ? i : i + 1, y === "*" ? j : j + 1);
  const meets = (i: number, j: number): boolean => {
    const [x, y, key] = [left[i], right[j], `${i},${j}`];
    if (seen.has(key)) {
      return false;
    }
    seen.add(key);
    if ((x === "*" && meets(i + 1, j)) || (y === "*" && meets(i, j + 1))) {
      return true;
    }
    return x === undefined || y === undefined ? x === y : step(x, y, i, j);
  };
  return meets(0, 0);
};

describe("two patterns that can match one name", () => {
  it.each([
    ["a*", "a*"],
    ["a*", "a**"],
    ["get_*", "*_all"],
    ["?b*", "a?*"],
    ["a*c", "a?c"],
    ["*", "?"],
    ["*a*b*", "??ba?"],
    ["😀?", "?x"],
    ["a*b", "ab*"],
  ])("%j and %j can", (a, b) => {
    expect([both(a, b), both(b, a)]).toEqual([true, true]);
  });

  it.each([
    ["a*", "b*"],
    ["*a", "*b"],
    ["a?", "a??"],
    ["a*b", "?c"],
    ["ab*ba", "aba"],
    ["*ab*", "b?a"],
    ["?", ""],
    ["😀", "??"],
  ])("%j and %j cannot", (a, b) => {
    expect([both(a, b), both(b, a)]).toEqual([false, false]);
  });

  it("are found exactly, as the product of their automata finds them", () => {
    const pattern = fc
      .array(fc.constantFrom("a", "b", "😀", "?", "*"), { maxLength: 7 })
      .map((letters) => letters.join(""));
    fc.assert(
      fc.property(pattern, pattern, (a, b) => both(a, b) === productMeets(a, b)),
      { numRuns: 20_000 },
    );
  });
});

describe("a pattern over a template", () => {
  const covers = (pattern: string, template: string): boolean =>
    coversTemplate(pattern)(template.split(/\{[^{}]*\}/));

  it.each([
    ["file:///public/*", "file:///public/{name}"],
    ["file:///*", "file:///public/{a}/{b}"],
    ["*", "{x}"],
    ["file:///?*/x", "file:///a{y}/x"],
    ["a", "a"],
  ])("%j takes all that %j can become", (pattern, template) => {
    expect(covers(pattern, template)).toBe(true);
  });

  it.each([
    ["file:///public/*", "file:///{name}"],
    ["file:///public/?", "file:///public/{name}"],
    ["file:///*/x", "file:///a/{y}"],
    ["a", "{x}"],
    ["?*", "{x}"],
  ])("%j does not take all that %j can become", (pattern, template) => {
    expect(covers(pattern, template)).toBe(false);
  });

  it("never takes a template that can become something the pattern does not match", () => {
    const letters = fc.constantFrom("a", "b");
    const pattern = fc
      .array(fc.constantFrom("a", "b", "?", "*"), { maxLength: 6 })
      .map((parts) => parts.join(""));
    const template = fc.array(fc.constantFrom("a", "b", "{x}"), { maxLength: 5 });
    const value = fc.array(letters, { maxLength: 4 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, template, value, (text, parts, filled) => {
        const covered = covers(text, parts.join(""));
        return !covered || compileGlob(text)(parts.join("").replaceAll("{x}", filled));
      }),
      { numRuns: 20_000 },
    );
  });
});
