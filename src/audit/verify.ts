import { checkLine, GENESIS, type SoundLine } from "./chain.ts";
import type { JournalPosition } from "./port.ts";

/** What became of the first record that is not as it was written. */
export type FaultKind = "changed" | "removed" | "inserted" | "reordered";

export interface Fault {
  readonly kind: FaultKind;
  /** Number of the line among those that were verified, from 1. */
  readonly line: number;
  /** The record's id, where it can be read. For `removed`: of the first record behind the gap. */
  readonly id: string | undefined;
  /** The record before it, the last one that is certainly in its place. */
  readonly after: string | undefined;
  readonly position: JournalPosition | undefined;
  /** One sentence. */
  readonly message: string;
}

export interface Verdict {
  /** True if every line is as it was written and where it was written. A half-written last line does no harm. */
  readonly ok: boolean;
  readonly lines: number;
  /** Hash of the last line in its place, what a signed head must say. */
  readonly head: string;
  readonly fault: Fault | undefined;
  /** The journal ends in the middle of a line: the gateway was killed while writing, or writes just now. */
  readonly partial: boolean;
}

/** How far a verifier has come, for heads to be held against. */
export interface VerifierState {
  /** Every line so far is as it was written. */
  readonly sound: boolean;
  readonly lines: number;
  /** Hash of the last line; absent where nothing is known of it. */
  readonly head: string | undefined;
  /** The last record's id, as far as it has one. */
  readonly last: string | undefined;
}

interface Seen {
  readonly line: number;
  readonly id: string | undefined;
  readonly position: JournalPosition | undefined;
  readonly after: string | undefined;
}

interface Recent {
  readonly prev: string;
  readonly seen: Seen;
}

/** A line that does not follow the one before it. What comes later tells why. */
interface Break extends Seen {
  /** The hash it names as the one before it. */
  readonly wanted: string | undefined;
  /** The hash of the line that really is before it. */
  readonly expected: string;
  readonly problem: string | undefined;
  /** A line further on is the one it names. */
  late: boolean;
  /** A line further on follows what is before this one. */
  passedOver: boolean;
}

/** Lines back from the break that a line may still name to be recognised. */
const REMEMBERED = 1_024;

/**
 * Recomputes a chain line by line, and keeps nothing but the last hashes: a journal of any length streams through.
 * Cutting off the journal's end cannot be seen in the chain itself, only against a head that was kept elsewhere.
 */
export class Verifier implements VerifierState {
  #lines = 0;
  #head: string | undefined;
  #after: string | undefined;
  #break: Break | undefined;
  #fault: Fault | undefined;
  #partial = false;
  /** The last lines in their places, in a ring: each is written to, and only a break asks what is in it. */
  readonly #recent: Recent[] = [];

  /** @param start hash of the line before the first; `null` takes the first line's word for it. */
  constructor(start: string | null = GENESIS) {
    this.#head = start ?? undefined;
  }

  /** The next line, without its line feed; `undefined` for bytes that are not UTF-8. */
  line(text: string | undefined, position?: JournalPosition): void {
    this.#lines += 1;
    if (this.#fault !== undefined) {
      return;
    }
    const checked =
      text === undefined ? { ok: false as const, problem: "is not UTF-8", id: undefined } : checkLine(text);
    const seen = { line: this.#lines, id: checked.id, position, after: this.#after };
    if (this.#break !== undefined) {
      this.#look(this.#break, checked.ok ? checked : undefined);
    } else if (checked.ok && checked.prev === (this.#head ?? checked.prev)) {
      this.#remember(checked, seen);
    } else {
      this.#part(seen, checked.ok ? checked : undefined, checked.ok ? undefined : checked.problem);
    }
  }

  get sound(): boolean {
    return this.#fault === undefined && this.#break === undefined;
  }

  get lines(): number {
    return this.#lines;
  }

  get head(): string | undefined {
    return this.#head;
  }

  get last(): string | undefined {
    return this.#after;
  }

  /** @param rest what stands behind the last line feed; "" if nothing does. */
  end(rest = ""): Verdict {
    if (rest !== "" && this.#break === undefined && this.#fault === undefined && isWholeLine(rest)) {
      this.line(rest);
    } else {
      this.#partial = rest !== "";
    }
    if (this.#break !== undefined) {
      this.#fault ??= faultOf(this.#break);
    }
    return {
      ok: this.#fault === undefined,
      lines: this.#lines,
      head: this.#head ?? GENESIS,
      fault: this.#fault,
      partial: this.#partial,
    };
  }

  #remember({ prev, hash }: SoundLine, seen: Seen): void {
    this.#recent[(this.#lines - 1) % REMEMBERED] = { prev, seen };
    this.#head = hash;
    this.#after = seen.id;
  }

  #part(seen: Seen, sound: SoundLine | undefined, problem: string | undefined): void {
    const extra = sound === undefined ? undefined : this.#follower(sound.prev);
    if (sound !== undefined && extra !== undefined) {
      // It follows a line further back: what stands between was put in, or it is a copy of the line that did follow.
      const copied = this.#head === sound.hash || this.#follower(sound.hash) !== undefined;
      this.#fault = fault("inserted", copied ? seen : extra);
      return;
    }
    this.#break = {
      ...seen,
      wanted: sound?.prev,
      expected: this.#head ?? GENESIS,
      problem,
      late: false,
      passedOver: false,
    };
  }

  /** The line that follows the one with this hash. */
  #follower(hash: string): Seen | undefined {
    return this.#recent.find(({ prev }) => prev === hash)?.seen;
  }

  #look(open: Break, sound: SoundLine | undefined): void {
    if (sound === undefined) {
      return;
    }
    if (sound.hash === open.wanted) {
      open.late = true;
      this.#fault = faultOf(open);
    } else if (sound.prev === open.expected) {
      open.passedOver = true;
    }
  }
}

const SENTENCES = {
  changed: "was changed",
  removed: "does not follow the record before it: records between them were removed or changed",
  inserted: "was inserted",
  reordered: "stands before a record that it was written after",
} as const satisfies Record<FaultKind, string>;

const fault = (kind: FaultKind, { line, id, position, after }: Seen, problem?: string): Fault => {
  const name = id ?? (after === undefined ? `of line ${String(line)}` : `after ${after}`);
  const why = problem === undefined ? "" : `: it ${problem}`;
  return { kind, line, id, position, after, message: `The record ${name} ${SENTENCES[kind]}${why}.` };
};

const faultOf = (open: Break): Fault => {
  if (open.late) {
    return fault("reordered", open);
  }
  if (open.passedOver) {
    return fault("inserted", open, open.problem);
  }
  return fault(open.problem === undefined ? "removed" : "changed", open, open.problem);
};

/** A whole record and one byte where its line feed was: nothing that a writer who was killed leaves behind. */
const isWholeLine = (rest: string): boolean => checkLine(rest.slice(0, -1)).ok;

/** Verifies what a reader yields. `rest` is asked once the lines are read. */
export const verifyLines = (
  lines: Iterable<{ readonly text: string | undefined; readonly position?: JournalPosition }>,
  { start = GENESIS, rest }: { readonly start?: string | null; readonly rest?: () => string } = {},
): Verdict => {
  const verifier = new Verifier(start);
  for (const { text, position } of lines) {
    verifier.line(text, position);
  }
  return verifier.end(rest?.() ?? "");
};
