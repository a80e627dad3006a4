import type { Ruler } from "./ruler.ts";

/** What one counter holds for one of those it counts for: amounts by mark, oldest first, and their sum. */
export interface Track {
  readonly marks: number[];
  readonly amounts: bigint[];
  total: bigint;
}

export const emptyTrack = (): Track => ({ marks: [], amounts: [], total: 0n });

/** Forgets the marks before `oldest`. */
export const dropBefore = (track: Track, oldest: number): void => {
  const { marks, amounts } = track;
  for (let first = marks[0]; first !== undefined && first < oldest; first = marks[0]) {
    marks.shift();
    track.total -= amounts.shift() ?? 0n;
  }
};

/** Counts an amount. Marks mostly come in order; a journal may have two neighbours swapped. */
export const put = (track: Track, mark: number, amount: bigint): void => {
  const { marks, amounts } = track;
  let place = marks.length;
  while (place > 0 && (marks[place - 1] ?? mark) > mark) {
    place -= 1;
  }
  track.total += amount;
  const held = amounts[place - 1];
  if (held !== undefined && marks[place - 1] === mark) {
    amounts[place - 1] = held + amount;
  } else if (place === marks.length) {
    marks.push(mark);
    amounts.push(amount);
  } else {
    marks.splice(place, 0, mark);
    amounts.splice(place, 0, amount);
  }
};

/** Gives an amount back. What the mark does not hold (its window is gone, it was never counted) changes nothing. */
export const giveBack = (track: Track, mark: number, amount: bigint): void => {
  const place = track.marks.indexOf(mark);
  const held = track.amounts[place];
  if (held !== undefined && held >= amount) {
    track.amounts[place] = held - amount;
    track.total -= amount;
  }
};

/**
 * The first millisecond at which no more than `room` is held if nothing else happens: `-Infinity` if that is so
 * already, `Infinity` if it never is.
 */
export const roomAt = (track: Track, ruler: Ruler, room: bigint): number => {
  if (room < 0n) {
    return Infinity;
  }
  let held = track.total;
  let at = -Infinity;
  for (let place = 0; held > room; place += 1) {
    at = ruler.endsAt(track.marks[place] ?? 0);
    held -= track.amounts[place] ?? 0n;
  }
  return at;
};

/** Whether nothing of it counts any more in a mark whose oldest counting one is given. */
export const isSpent = (track: Track, oldest: number): boolean =>
  track.total === 0n || (track.marks.at(-1) ?? oldest) < oldest;
