import { setTimeout as sleep } from "node:timers/promises";
import { checkLine } from "../../audit/chain.ts";
import type { JournalLine, JournalPosition } from "../../audit/port.ts";
import type { JsonObject } from "../../base/json-value.ts";
import type { DroppedSegments } from "./dropped-segments.ts";
import { firstPosition } from "./first.ts";
import { parseOwn } from "./parse.ts";
import { JournalReader } from "./reader.ts";
import { JournalDamaged, segmentName } from "./segments.ts";

const BATCH_LINES = 1_000;
const POLL_MS = 200;

/** Every whole line from a place on, to what is there now. */
export const readLines = function* readLines(
  directory: string,
  from: JournalPosition = firstPosition(directory),
): Generator<JournalLine, void, undefined> {
  using reader = new JournalReader(directory, from);
  for (let lines = reader.next(BATCH_LINES); lines.length > 0; lines = reader.next(BATCH_LINES)) {
    yield* lines;
  }
};

export interface ReadOptions {
  readonly from?: JournalPosition;
  /** Whether a line is wanted, told from its text alone: reading one strictly costs many times that. */
  readonly only?: (text: string) => boolean;
  /** What is wanted of it, where that is not everything. */
  readonly parse?: (text: string) => JsonObject | undefined;
  /** Holds every line against its hash and the line before, wanted or not: a changed one may have been wanted. */
  readonly proved?: boolean;
}

/**
 * Every record from a place on, oldest first.
 *
 * @throws JournalDamaged at a line that cannot be read, or is not as it was written where that is asked for: what was
 * admitted would be forgotten
 */
export const readJournal = function* readJournal(
  directory: string,
  { from, only = () => true, parse = parseOwn, proved = false }: ReadOptions = {},
): Generator<JsonObject, void, undefined> {
  let head: string | undefined;
  for (const { text, position } of readLines(directory, from)) {
    if (proved) {
      head = proofOf(text, position, head);
    }
    if (text === undefined || only(text)) {
      yield recordOf(text, position, parse);
    }
  }
};

/** The same, and from the beginning what stands for dropped records first. */
export const readWhole = function* readWhole(
  directory: string,
  dropped: Pick<DroppedSegments, "through" | "carried"> | undefined,
  options: ReadOptions,
): Generator<JsonObject, void, undefined> {
  if (options.from !== undefined || dropped === undefined) {
    yield* readJournal(directory, options);
    return;
  }
  yield* dropped.carried;
  yield* readJournal(directory, { ...options, from: { segment: dropped.through + 1, offset: 0 } });
};

/** The hash of a line that is as it was written, behind the one before. */
const proofOf = (text: string | undefined, { segment, offset }: JournalPosition, head?: string): string => {
  const checked = text === undefined ? undefined : checkLine(text);
  if (checked?.ok === true && checked.prev === (head ?? checked.prev)) {
    return checked.hash;
  }
  throw new JournalDamaged(
    `A record of the journal is not as it was written, at byte ${String(offset)} of ${segmentName(segment)}: what was ` +
      "admitted cannot be told from it. Run: tollgate audit verify",
  );
};

const recordOf = (
  text: string | undefined,
  { segment, offset }: JournalPosition,
  parse: (text: string) => JsonObject | undefined,
): JsonObject => {
  const value = text === undefined ? undefined : parse(text);
  if (value !== undefined) {
    return value;
  }
  throw new JournalDamaged(
    `The journal has a line that cannot be read, at byte ${String(offset)} of ${segmentName(segment)}. ` +
      "Run: tollgate audit verify",
  );
};

/** Lines from a place on, also those that are yet to be written, until the signal. */
export const followLines = async function* followLines(
  directory: string,
  { from = firstPosition(directory), signal, pollMs = POLL_MS }: FollowOptions,
): AsyncGenerator<JournalLine, void, undefined> {
  using reader = new JournalReader(directory, from);
  while (!signal.aborted) {
    const lines = reader.next(BATCH_LINES);
    yield* lines;
    if (lines.length === 0) {
      // Rejects only when the signal comes, which the loop sees.
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  }
};

interface FollowOptions {
  readonly from?: JournalPosition;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}
