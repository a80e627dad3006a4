/**
 * The known spelling that a mistyped one most likely stands for, or `undefined` where none is near: at most a third of
 * its characters (and no more than three) wrong, counting an exchange of neighbours as one. Case costs nothing.
 */
export const nearest = (written: string, known: Iterable<string>): string | undefined => {
  const wanted = lettersOf(written.slice(0, WRITTEN_MAX));
  const allowed = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  let best: string | undefined;
  let bestDistance = allowed + 1;
  for (const candidate of known) {
    const letters = lettersOf(candidate);
    if (candidate !== written && Math.abs(letters.length - wanted.length) < bestDistance) {
      const distance = editDistance(wanted, letters);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
  }
  return best;
};

/** Longer names are compared by their beginning: the cost grows with the square. */
const WRITTEN_MAX = 64;

const lettersOf = (text: string): readonly string[] => Array.from(text, (letter) => letter.toLowerCase());

/** Optimal string alignment: insertions, deletions, substitutions and exchanges of neighbours. */
const editDistance = (left: readonly string[], right: readonly string[]): number => {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [row, letter] of left.entries()) {
    const current = [row + 1];
    for (const [column, other] of right.entries()) {
      const exchanged = row > 0 && column > 0 && letter === right[column - 1] && left[row - 1] === other;
      current.push(
        Math.min(
          at(last, column + 1) + 1,
          at(current, column) + 1,
          at(last, column) + (letter === other ? 0 : 1),
          exchanged ? at(beforeLast, column - 1) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? 0;
