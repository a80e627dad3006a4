/** What stands in every text that a regular expression matches, as far as that can be read off. */
export interface Literals {
  /** With what all of them begin, and end; empty: with nothing in particular. */
  readonly head: string;
  readonly tail: string;
  /** The longest run that is in all of them, or in one of its alternatives. */
  readonly longest: string;
  /** Whether it is nothing but this. */
  readonly isPlain: boolean;
}

interface Run {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** One part of an expression: an escape, a class, a count, a character. */
const PART = /\\(?:[A-Za-z0-9]|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}[?+]?|[?*+][?+]?|./gsu;
/** What the character before it may be missing for. */
const MAY_BE_MISSING = /^(?:[?*]|\{(?:0|,))/u;

const characterOf = (part: string): string | undefined => {
  if (part.startsWith("\\")) {
    return /^\\[^A-Za-z0-9]$/u.test(part) ? part.slice(1) : undefined;
  }
  return part.length > 1 || /^[.^$|()[\]{}?*+]$/u.test(part) ? undefined : part;
};

const runsIn = (pattern: string): readonly Run[] => {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const { 0: part, index } of pattern.matchAll(PART)) {
    const character = characterOf(part);
    if (character !== undefined) {
      run = { text: `${run?.text ?? ""}${character}`, from: run?.from ?? index, to: index + part.length };
      continue;
    }
    if (run !== undefined) {
      runs.push(MAY_BE_MISSING.test(part) ? { ...run, text: run.text.replace(/.$/su, "") } : run);
    }
    run = undefined;
  }
  return [...runs, ...(run === undefined ? [] : [run])].filter(({ text }) => text !== "");
};

const NO_RUN: Run = { text: "", from: -1, to: -1 };

export const literalsOf = (pattern: string): Literals => {
  const runs = runsIn(pattern);
  const first = pattern.startsWith("^") ? 1 : 0;
  const last = pattern.length - (pattern.endsWith("$") ? 1 : 0);
  const head = runs.find((run) => run.from === first) ?? NO_RUN;
  const tail = runs.find((run) => run.to === last) ?? NO_RUN;
  const [longest = NO_RUN] = runs.toSorted((one, other) => other.text.length - one.text.length);
  return {
    head: first === 1 ? head.text : "",
    tail: last < pattern.length ? tail.text : "",
    longest: longest.text,
    isPlain: runs.length === 1 && head === tail && head !== NO_RUN,
  };
};
