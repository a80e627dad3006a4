import { unitsFromText, unitsToText } from "../base/decimal.ts";
import { nameOf, newCounter, rulerIn, type Book, type Counter } from "./book.ts";
import { isTime, type Cut, type Ruler } from "./ruler.ts";
import { emptyTrack, put, type Track } from "./track.ts";
import { SCOPES, type Align, type Scope, type Window } from "./window.ts";

/** Amounts of one of those a counter counts for: whose, then [mark, decimal text] with the oldest mark first. */
type TrackLine = readonly [whose: string, held: readonly (readonly [mark: number, amount: string])[]];

interface CounterLine {
  readonly policy: string;
  readonly counter: string;
  readonly scope: Scope;
  readonly window: Window;
  readonly align: Align;
  readonly timezone: string;
  readonly tracks: readonly TrackLine[];
}

/** Plain JSON. What a mark is depends on the window (ruler.ts); a reader checks that it is one. */
export interface Checkpoint {
  readonly v: 1;
  /** The latest time decided at, in milliseconds; `null` if nothing was. */
  readonly latest: number | null;
  readonly counters: readonly CounterLine[];
}

const writeTrack = ({ marks, amounts }: Track, oldest: number): TrackLine[1] =>
  marks.flatMap((mark, place) => {
    const amount = amounts[place] ?? 0n;
    return amount === 0n || mark < oldest ? [] : [[mark, unitsToText(amount)] as const];
  });

const writeTracks = ({ ruler, tracks }: Counter, latest: number): readonly TrackLine[] => {
  if (tracks.size === 0) {
    return [];
  }
  const oldest = ruler.oldest(ruler.mark(latest));
  return [...tracks].flatMap(([whose, track]) => {
    const held = writeTrack(track, oldest);
    return held.length === 0 ? [] : [[whose, held] as const];
  });
};

const writeCounter = (made: Counter, latest: number): CounterLine => {
  const { policy, counter, scope, cut } = made;
  const { window, align, timezone } = cut;
  return { policy, counter, scope, window, align, timezone, tracks: writeTracks(made, latest) };
};

const bookOf = (book: Book): Pick<Book, "latest" | "known"> => ({
  latest: book.latest,
  known: new Map(
    [...book.known].map(([name, counter]) => [
      name,
      { ...counter, tracks: new Map([...counter.tracks].map(([whose, track]) => [whose, copyOf(track)])) },
    ]),
  ),
});

const copyOf = ({ marks, amounts, total }: Track): Track => ({
  marks: marks.slice(),
  amounts: amounts.slice(),
  total,
});

/**
 * The text of a checkpoint in pieces, to be taken over several turns: what is counted meanwhile is not in it. All that
 * is done at once is a copy of the numbers; making text of them costs many times that.
 */
export const writeCheckpointText = (book: Book): Iterable<string> => pieces(bookOf(book));

const pieces = function* pieces({ latest, known }: Pick<Book, "latest" | "known">): Generator<string> {
  yield `{"v":1,"latest":${latest === -Infinity ? "null" : String(latest)},"counters":[`;
  let comma = "";
  for (const counter of known.values()) {
    const { tracks: _, ...head } = writeCounter({ ...counter, tracks: new Map() }, latest);
    yield `${comma}${JSON.stringify(head).slice(0, -1)},"tracks":[`;
    yield* trackPieces(counter, latest);
    yield "]}";
    comma = ",";
  }
  yield "]}";
};

const trackPieces = function* trackPieces({ ruler, tracks }: Counter, latest: number): Generator<string> {
  const oldest = tracks.size === 0 ? 0 : ruler.oldest(ruler.mark(latest));
  let comma = "";
  for (const [whose, track] of tracks) {
    const held = writeTrack(track, oldest);
    if (held.length > 0) {
      yield comma + JSON.stringify([whose, held]);
      comma = ",";
    }
  }
};

export const writeCheckpoint = (book: Book): Checkpoint => ({
  v: 1,
  latest: book.latest === -Infinity ? null : book.latest,
  counters: [...book.known.values()].map((counter) => writeCounter(counter, book.latest)),
});

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value is an object with these members and no others. */
const hasOnly = (value: unknown, names: readonly string[]): value is Members =>
  isMembers(value) &&
  Object.keys(value).length === names.length &&
  names.every((name) => Object.hasOwn(value, name));

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isScope = (value: unknown): value is Scope => SCOPES.some((scope) => scope === value);

const isWindow = (value: unknown): value is Window =>
  value === "month" ||
  value === "lifetime" ||
  (hasOnly(value, ["seconds"]) && typeof value["seconds"] === "number");

const readCut = ({ window, align, timezone }: Members): Cut | undefined =>
  isWindow(window) && (align === "sliding" || align === "calendar") && typeof timezone === "string"
    ? { window, align, timezone }
    : undefined;

/** Whether a mark may follow those of a track, in a checkpoint of this time. */
const fits = (track: Track, ruler: Ruler, latest: number, mark: number): boolean =>
  isTime(latest) &&
  ruler.isMark(mark) &&
  mark <= ruler.mark(latest) &&
  mark > (track.marks.at(-1) ?? -Infinity) &&
  ruler.oldest(mark) <= (track.marks[0] ?? mark);

/** One [mark, amount], put behind those before it: whether it is one that was written by `latest`. */
const readHeld = (track: Track, ruler: Ruler, latest: number, value: unknown): boolean => {
  const [mark, text] = isList(value) && value.length === 2 ? value : [];
  const amount = typeof text === "string" ? unitsFromText(text) : undefined;
  if (typeof mark !== "number" || amount === undefined || amount <= 0n || unitsToText(amount) !== text) {
    return false;
  }
  const known = fits(track, ruler, latest, mark);
  if (known) {
    put(track, mark, amount);
  }
  return known;
};

const readTracks = (counter: Counter, latest: number, lines: readonly unknown[]): boolean =>
  lines.every((line) => {
    const [whose, held] = isList(line) && line.length === 2 ? line : [];
    if (typeof whose !== "string" || !isList(held) || counter.tracks.has(whose)) {
      return false;
    }
    const track = emptyTrack();
    counter.tracks.set(whose, track);
    return held.length > 0 && held.every((value) => readHeld(track, counter.ruler, latest, value));
  });

const COUNTER_MEMBERS = ["policy", "counter", "scope", "window", "align", "timezone", "tracks"] as const;

const readCounter = (book: Book, value: unknown): boolean => {
  if (!hasOnly(value, COUNTER_MEMBERS)) {
    return false;
  }
  const { policy, counter, scope, tracks } = value;
  const cut = readCut(value);
  const ruler = cut === undefined ? undefined : rulerIn(book, cut);
  if (typeof policy !== "string" || typeof counter !== "string" || !isScope(scope)) {
    return false;
  }
  const name = nameOf(policy, counter, scope);
  if (cut === undefined || ruler === undefined || !isList(tracks) || book.known.has(name)) {
    return false;
  }
  const made = newCounter({ policy, counter, scope }, cut, ruler);
  book.known.set(name, made);
  return readTracks(made, book.latest, tracks);
};

/**
 * Fills an empty book. Says why where any part is not as `writeCheckpoint` writes it: the book is then of no use, and
 * the whole journal must be read. A boundary that is none any more (new time zone data) is such a part.
 */
export const readCheckpoint = (book: Book, value: unknown): string | undefined => {
  if (!hasOnly(value, ["v", "latest", "counters"]) || value["v"] !== 1) {
    return "it is no checkpoint of version 1";
  }
  const { latest, counters } = value;
  if (latest !== null && !(typeof latest === "number" && Number.isInteger(latest) && isTime(latest))) {
    return "its latest time is no time";
  }
  book.latest = latest ?? -Infinity;
  if (!isList(counters)) {
    return "its counters are no list";
  }
  const wrong = counters.findIndex((counter) => !readCounter(book, counter));
  return wrong === -1 ? undefined : `its counter ${wrong} is not as it was written`;
};
