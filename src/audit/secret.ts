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

/** The text with what was found replaced. Where findings overlap, all they cover goes, under the first one's kind. */
export const replaceFound = (text: string, found: readonly Found[]): string => {
  if (found.length === 0) {
    return text;
  }
  let masked = "";
  let kept = 0;
  for (const { start, end, kind } of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start >= kept) {
      masked += text.slice(kept, start) + markerOf(kind);
    }
    kept = Math.max(kept, end);
  }
  return masked + text.slice(kept);
};
