/** Whether two patterns can match one name, and whether one matches all that a template can become. */

/** Characters between two stars; `?` is any one. */
type Run = readonly string[];

/** A pattern cut at its stars: the first run is bound to the start, the last one to the end. */
export interface Runs {
  readonly first: Run;
  readonly middle: readonly Run[];
  readonly last: Run;
  /** Without a star: all of it is `first`, and names have exactly its length. */
  readonly fixed: boolean;
}

export const runsOf = (pattern: string): Runs => {
  const runs = pattern.split("*").map((run) => Array.from(run));
  const middle = runs.slice(1, -1).filter((run) => run.length > 0);
  return { first: runs[0] ?? [], middle, last: runs.at(-1) ?? [], fixed: runs.length === 1 };
};

type Accepts = (letter: string, symbol: string | undefined) => boolean;

const agree: Accepts = (a, b) => a === b || a === "?" || b === "?";

/** Whether `run` fits onto `text` at `from`. */
const standsAt = (run: Run, text: Run, from: number, accepts: Accepts): boolean =>
  run.every((letter, index) => accepts(letter, text[from + index]));

/** Whether the runs of a pattern with stars can be laid onto a text. The leftmost place leaves the most room. */
const canLay = (runs: Runs, text: Run, accepts: Accepts): boolean => {
  const end = text.length - runs.last.length;
  let at = runs.first.length;
  if (at > end || !standsAt(runs.first, text, 0, accepts) || !standsAt(runs.last, text, end, accepts)) {
    return false;
  }
  for (const run of runs.middle) {
    while (at + run.length <= end && !standsAt(run, text, at, accepts)) {
      at += 1;
    }
    at += run.length;
  }
  return at <= end;
};

/** Whether two runs agree as far as both go, from the start or from the end. */
const startsAgree = (a: Run, b: Run): boolean =>
  a.length <= b.length ? standsAt(a, b, 0, agree) : standsAt(b, a, 0, agree);
const endsAgree = (a: Run, b: Run): boolean =>
  a.length <= b.length
    ? standsAt(a, b, b.length - a.length, agree)
    : standsAt(b, a, a.length - b.length, agree);

/**
 * Whether some one name matches both patterns, exactly.
 *
 * Of two patterns with stars only the ends can disagree: the longer of the starts, then one's middle, then the
 * other's, then the longer of the ends is a name that both match, since what is not one's own a star of it takes.
 */
export const canBothMatch = (a: Runs, b: Runs): boolean => {
  if (a.fixed && b.fixed) {
    return a.first.length === b.first.length && standsAt(a.first, b.first, 0, agree);
  }
  if (a.fixed || b.fixed) {
    return a.fixed ? canLay(b, a.first, agree) : canLay(a, b.first, agree);
  }
  return startsAgree(a.first, b.first) && endsAgree(a.last, b.last);
};

/** Stands for what an expression of a template may become. No code point is the empty text. */
const ANY_TEXT = "";

const takes: Accepts = (letter, symbol) =>
  symbol !== undefined && symbol !== ANY_TEXT && (letter === "?" || letter === symbol);

/**
 * Compiles a test of whether a pattern matches all that a template can become, told as the texts between its
 * expressions. Only a star takes an expression, so where it is in doubt (`?*` on one that may be empty) it is no.
 */
export const coversTemplate = (pattern: string): ((texts: readonly string[]) => boolean) => {
  const runs = runsOf(pattern);
  return (texts) => {
    const symbols = texts.flatMap((text, index) => [...(index === 0 ? [] : [ANY_TEXT]), ...Array.from(text)]);
    return runs.fixed
      ? runs.first.length === symbols.length && standsAt(runs.first, symbols, 0, takes)
      : canLay(runs, symbols, takes);
  };
};
