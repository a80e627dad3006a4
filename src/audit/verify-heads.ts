import { comparePlaces, type Head } from "./heads.ts";
import type { JournalPosition } from "./port.ts";
import type { Fault, VerifierState } from "./verify.ts";

/** What came of signed heads. */
export interface HeadsVerdict {
  /** Heads whose hash the chain has at their place. */
  readonly checked: number;
  /** Heads for what is before the part that was verified: dropped by retention, or left out. */
  readonly before: number;
  /** When the newest of those that fit was signed, RFC 3339. */
  readonly newest: string | undefined;
  /** Lines behind it, which no head covers yet. */
  readonly behind: number;
}

/** Holds signed heads against a chain while that is recomputed. */
export class HeadsCheck {
  /** By place. */
  readonly #heads: readonly Head[];
  #next = 0;
  #checked = 0;
  #before = 0;
  #fits: { readonly head: Head; readonly lines: number } | undefined;
  /** The first record that no head known to fit covers: where the chain is another, it is so from there on. */
  #uncovered: string | undefined;
  #fault: Fault | undefined;

  constructor(heads: readonly Head[]) {
    this.#heads = heads.toSorted((one, other) => comparePlaces(one.place, other.place));
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** Where verification begins: nothing is said of heads further up. */
  begin(place: JournalPosition): void {
    while (this.#reaches(place)) {
      this.#next += 1;
      this.#before += 1;
    }
  }

  /** After each line. `place` is behind it. */
  at(place: JournalPosition, state: VerifierState): void {
    this.#uncovered ??= state.last;
    while (this.#reaches(place)) {
      const head = this.#heads[this.#next];
      this.#next += 1;
      if (head !== undefined && state.sound && this.#fault === undefined) {
        this.#hold(head, place, state);
      }
    }
  }

  /** After the last line: heads for what is behind the end say that it was cut off. */
  end(state: VerifierState): HeadsVerdict {
    const newest = this.#heads.at(-1);
    if (this.#next < this.#heads.length && newest !== undefined && state.sound) {
      this.#fault ??= {
        kind: "removed",
        line: state.lines + 1,
        id: undefined,
        after: state.last,
        position: newest.place,
        message: `The end of the record was removed: the head signed at ${newest.at} covers more. The last record that is there is ${state.last ?? "none"}.`,
      };
    }
    return {
      checked: this.#checked,
      before: this.#before,
      newest: this.#fits?.head.at,
      behind: state.lines - (this.#fits?.lines ?? 0),
    };
  }

  /** Whether the next head stands for a place up to this one. */
  #reaches(place: JournalPosition): boolean {
    const head = this.#heads[this.#next];
    return head !== undefined && comparePlaces(head.place, place) <= 0;
  }

  #hold(head: Head, place: JournalPosition, state: VerifierState): void {
    if (comparePlaces(head.place, place) === 0 && head.head === state.head) {
      this.#checked += 1;
      this.#fits = { head, lines: state.lines };
      this.#uncovered = undefined;
      return;
    }
    const since =
      this.#fits === undefined ? "" : ` after the head signed at ${this.#fits.head.at}, which fits`;
    const first = this.#uncovered ?? state.last ?? "none";
    this.#fault = {
      kind: "changed",
      line: state.lines,
      id: first,
      after: undefined,
      position: place,
      message: `The chain is not the one that was signed: it was made anew before the head signed at ${head.at}${since}. The first record that may be another is ${first}.`,
    };
  }
}
