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

export const literalsOf = (pattern: string): Literals => {
  const runs: Run[] = [];
  let run: Run | undefined;
  const end = (): void => {
    runs.push(...(run === undefined || run.text === "" ? [] : [run]));
    run = undefined;
  };
  for (const { 0: part, index } of pattern.matchAll(PART)) {
    const character = characterOf(part);
    if (character !== undefined) {
      run = { text: `${run?.text ?? ""}${character}`, from: run?.from ?? index, to: index + part.length };
      continue;
    }
    if (run !== undefined && MAY_BE_MISSING.test(part)) {
      run = { ...run, text: [...run.text].slice(0, -1).join("") };
    }
    end();
  }
  end();
  const begins = pattern.startsWith("^") ? 1 : undefined;
  const ends = pattern.endsWith("$") ? pattern.length - 1 : undefined;
  const [longest] = runs.toSorted((one, other) => other.text.length - one.text.length);
  return {
    head: runs.find(({ from }) => from === begins)?.text ?? "",
    tail: runs.find(({ to }) => to === ends)?.text ?? "",
    longest: longest?.text ?? "",
    isPlain: runs.length === 1 && longest?.from === (begins ?? 0) && longest.to === (ends ?? pattern.length),
  };
};
