/** Part of a text that is a secret, or may be one. */
export interface Found {
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  /** What it is, in words that say nothing of its value: `github token`. */
  readonly kind: string;
}

/** Finds secrets of known shapes. Handed in, as the rules come from a package. */
export type SecretFinder = (text: string) => Promise<readonly Found[]>;

/** What stands where a secret stood. */
export const markerOf = (kind: string): string => `[masked: ${kind}]`;

/** In order, and apart: where findings overlap, they are one of the first one's kind. */
export const apart = (found: readonly Found[]): readonly Found[] => {
  const all: Found[] = [];
  for (const each of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = all.at(-1);
    if (before === undefined || each.start >= before.end) {
      all.push(each);
    } else if (each.end > before.end) {
      all[all.length - 1] = { ...before, end: each.end };
    }
  }
  return all;
};

/** The text with what was found replaced. Where findings overlap, all they cover goes, under the first one's kind. */
export const replaceFound = (text: string, found: readonly Found[]): string => {
  if (found.length === 0) {
    return text;
  }
  let masked = "";
  let kept = 0;
  for (const { start, end, kind } of apart(found)) {
    masked += text.slice(kept, start) + markerOf(kind);
    kept = end;
  }
  return masked + text.slice(kept);
};
