import type { JournalFollower, JournalLine, JournalPosition } from "../../audit/port.ts";
import { linkOf } from "./link.ts";
import { type Place, readPlace, writePlace } from "./position-file.ts";
import { JournalReader } from "./reader.ts";
import { segmentName, segmentsIn, START } from "./segments.ts";

/** The stored position is none of this journal, or lies beyond its end. */
export class PositionForeign extends Error {
  override readonly name = "PositionForeign";
}

/** Lines that were not given out are gone: retention dropped them. */
export class JournalGap extends Error {
  override readonly name = "JournalGap";
}

interface FollowerOptions {
  /** The journal's. */
  readonly directory: string;
  /** Where the position is kept; it need not be there yet. */
  readonly positionFile: string;
  /** Go on behind lines that are gone. */
  readonly skipGap?: boolean;
}

/**
 * Follows the journal from a stored position, at least once. The position is stored when a batch was taken, so what
 * was given out before a crash is given out again, and nothing is passed over.
 *
 * @throws PositionForeign, JournalGap, PlaceUnreadable; JournalGap also comes of `next`
 */
export const openFollower = (options: FollowerOptions): JournalFollower => new Follower(options);

class Follower implements JournalFollower {
  readonly interrupted: boolean;
  readonly #options: FollowerOptions;
  readonly #reader: JournalReader;
  #place: Place;
  /** The last line that was given out. */
  #given: JournalLine | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    const { directory, positionFile, skipGap = false } = options;
    const stored = readPlace(positionFile);
    this.interrupted = stored?.open ?? false;
    this.#place = stored === undefined ? beginning(directory) : held(directory, stored, skipGap);
    this.#reader = new JournalReader(directory, this.#place.next);
  }

  get position(): JournalPosition {
    return this.#place.next;
  }

  next(max: number): readonly JournalLine[] {
    const lines = this.#reader.next(max);
    const [first] = lines;
    if (first !== undefined && !(this.#options.skipGap ?? false)) {
      this.#prove(first, lines);
    }
    if (first !== undefined && !this.#place.open) {
      this.#store({ ...this.#place, open: true });
    }
    this.#given = lines.at(-1) ?? this.#given;
    return lines;
  }

  taken(): void {
    const last = this.#given;
    if (last !== undefined && !same(last.next, this.#place.next)) {
      this.#store({
        next: last.next,
        last: { position: last.position, hash: linkOf(last, "hash") },
        open: true,
      });
    }
  }

  [Symbol.dispose](): void {
    this.#reader[Symbol.dispose]();
    const all = this.#given === undefined || same(this.#given.next, this.#place.next);
    if (this.#place.open && all) {
      this.#store({ ...this.#place, open: false });
    }
  }

  /** Segments can be dropped while they are waited for: the first line of each must follow the one before it. */
  #prove(first: JournalLine, lines: readonly JournalLine[]): void {
    const before = this.#given;
    let hash = before === undefined ? this.#place.last?.hash : linkOf(before, "hash");
    let segment = (before ?? first).position.segment;
    for (const [index, line] of lines.entries()) {
      if (line.position.segment !== segment) {
        segment = line.position.segment;
        const last = lines[index - 1];
        hash = last === undefined ? hash : linkOf(last, "hash");
        follows(hash, line);
      }
    }
    if (before === undefined) {
      follows(this.#place.last?.hash, first);
    }
  }

  #store(place: Place): void {
    writePlace(this.#options.positionFile, place);
    this.#place = place;
  }
}

const same = (a: JournalPosition, b: JournalPosition): boolean =>
  a.segment === b.segment && a.offset === b.offset;

/** Of lines that cannot be read nothing is known; telling of those is `audit verify`'s. */
const follows = (hash: string | null | undefined, line: JournalLine): void => {
  const prev = linkOf(line, "prev");
  if (hash !== undefined && hash !== null && prev !== null && prev !== hash) {
    throw gapBefore(line.position.segment);
  }
};

const gapBefore = (segment: number): JournalGap =>
  new JournalGap(
    `Records between the stored position and ${segmentName(segment)} are gone: retention dropped them before they were taken.`,
  );

/** Where a journal begins whose first segments were dropped: what is gone before the first run is nobody's gap. */
const beginning = (directory: string): Place => ({
  next: { segment: segmentsIn(directory)[0] ?? START.segment, offset: 0 },
  last: undefined,
  open: false,
});

/** Holds a stored place against the journal: the line before it must be there, and be the one that was taken. */
const held = (directory: string, place: Place, skipGap: boolean): Place => {
  const first = segmentsIn(directory)[0] ?? START.segment;
  const { next, last } = place;
  if ((last?.position ?? next).segment < first) {
    return behindDropped(directory, place, first, skipGap);
  }
  if (last === undefined) {
    return place; // Nothing was taken yet.
  }
  using reader = new JournalReader(directory, last.position);
  const [line] = reader.next(1);
  if (line === undefined || !same(line.position, last.position)) {
    throw new PositionForeign(
      "The stored position is beyond the end of this record: it is of another one, or lines were cut off.",
    );
  }
  if (linkOf(line, "hash") !== last.hash || !same(line.next, next)) {
    throw new PositionForeign(
      "The stored position is of another record, or the record was changed before it.",
    );
  }
  return place;
};

/** The line that was taken last is gone with its segment. No harm is done where the first that is left follows it. */
const behindDropped = (directory: string, { last, open }: Place, first: number, skipGap: boolean): Place => {
  const next = { segment: first, offset: 0 };
  using reader = new JournalReader(directory, next);
  const [line] = reader.next(1);
  const whole =
    line !== undefined && last !== undefined && last.hash !== null && linkOf(line, "prev") === last.hash;
  if (!whole && !skipGap) {
    throw gapBefore(first);
  }
  return { next, last: whole ? last : undefined, open };
};
