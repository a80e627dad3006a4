import { compileGlob } from "./pattern-match.ts";

/** Names in which `*` stands for any run of characters and `?` for one code point (docs/policy.md, "Patterns"). */

const WILDCARD = /[*?]/;

export const isPattern = (text: string): boolean => WILDCARD.test(text);

/** How many code points of a pattern stand for themselves: the more, the more it says. */
export const literalCount = (pattern: string): number => {
  let count = 0;
  for (const character of pattern) {
    count += character === "*" || character === "?" ? 0 : 1;
  }
  return count;
};

/** Finds the first of several patterns that matches a name; -1 where none does. */
export const compileFirstMatch = (patterns: readonly string[]): ((name: string) => number) => {
  const matches = patterns.map((pattern) => compileGlob(pattern));
  return (name) => matches.findIndex((holds) => holds(name));
};

/** The key of several that applies to a name: the exact one, else the pattern with the most literal characters. */
export const keyFor = (keys: readonly string[], name: string): string | undefined =>
  keys.find((key) => key === name && !isPattern(key)) ??
  keys
    .filter((key) => isPattern(key) && compileGlob(key)(name))
    .toSorted((one, other) => literalCount(other) - literalCount(one))[0];
