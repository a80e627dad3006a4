import { RE2JS } from "re2js";

import { LIMITS } from "../base/limits.ts";

/** A compiled pattern; `test` says whether it matches anywhere in a text, in time linear in the text. */
export interface Regex {
  readonly test: (text: string) => boolean;
}

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** What is wrong with a pattern's flags, or `undefined`. */
export const flagsFault = (flags: string): string | undefined => {
  if (!/^[ims]*$/.test(flags)) {
    return "Flags are some of i, m and s.";
  }
  return new Set(flags).size === flags.length ? undefined : "A flag is written once.";
};

/** What is wrong with the length of a pattern, or `undefined`. */
export const lengthFault = (pattern: string): string | undefined =>
  pattern.length > LIMITS.pattern_characters_max && Array.from(pattern).length > LIMITS.pattern_characters_max
    ? `A pattern has at most ${LIMITS.pattern_characters_max} characters.`
    : undefined;

/**
 * Compiles a pattern of RE2's syntax (github.com/google/re2/wiki/Syntax): no look-around, no back-references, `$` only
 * at the very end unless `m` is set. Patterns come from users and input from agents, so nothing here backtracks.
 * `flags` are some of `i`, `m`, `s`.
 */
export const compileRegex = (pattern: string, flags: string): Regex | { readonly invalid: string } => {
  const fault = flagsFault(flags) ?? lengthFault(pattern);
  if (fault !== undefined) {
    return { invalid: fault };
  }
  let bits = 0;
  for (const flag of flags) {
    bits |= FLAGS[flag] ?? 0;
  }
  try {
    const compiled = RE2JS.compile(pattern, bits);
    return { test: (text) => compiled.test(text) };
  } catch (error) {
    const why =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "not RE2 syntax";
    return { invalid: `RE2 cannot take this pattern: ${why}.` };
  }
};
