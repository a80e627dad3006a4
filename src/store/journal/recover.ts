import { truncateSync, unlinkSync } from "node:fs";
import { checkLine, GENESIS } from "../../audit/chain.ts";
import { isJsonArray, isJsonObject, type JsonObject, member } from "../../base/json-value.ts";
import { parseOwn } from "./parse.ts";
import { JournalReader } from "./reader.ts";
import { JournalDamaged, segmentFile, segmentName, segmentsIn } from "./segments.ts";

/** First line of each segment but the first; names the calls of earlier segments that wait for their outcome. */
export const SEGMENT_ACT = "journal.segment";

/** Where the journal ends. */
export interface End {
  readonly segment: number;
  readonly head: string;
  /** Ids of forwarded calls without an outcome. */
  readonly open: ReadonlySet<string>;
  /** What was found and mended, for the operator. */
  readonly notes: readonly string[];
}

/**
 * Finds the end of a journal that may have been left in the middle of anything, cuts a half-written last line, and
 * reads the last segment to know which calls are open. Earlier segments are not read, so the time it takes does not
 * grow with the journal.
 *
 * @param through the last segment that is no part of the journal any more, whatever is there of it
 * @throws JournalDamaged where the last record is not as it was written
 */
export const recover = (directory: string, through = 0): End => {
  const notes: string[] = [];
  for (const segment of segmentsIn(directory)
    .filter((number) => number > through)
    .toReversed()) {
    const { open, last } = scan(directory, segment, notes);
    if (last !== undefined) {
      return { segment, head: headOf(last, segment), open, notes };
    }
    // Begun by a process that was killed before it wrote the first line: the one before goes on.
    unlinkSync(segmentFile(directory, segment));
  }
  if (through > 0) {
    throw new JournalDamaged(
      `No record is left behind ${segmentName(through)}, the last that was dropped. Restore the journal from a backup.`,
    );
  }
  return { segment: 1, head: GENESIS, open: new Set(), notes };
};

const headOf = (last: string, segment: number): string => {
  const checked = checkLine(last);
  if (!checked.ok) {
    throw new JournalDamaged(
      `The last record of ${segmentName(segment)} ${checked.problem}. Nothing is written behind a damaged record: ` +
        "run tollgate audit verify, and move the journal and heads.jsonl away to begin a new one.",
    );
  }
  return checked.hash;
};

interface Scanned {
  readonly open: ReadonlySet<string>;
  /** The last whole line; "" where it is no text. */
  readonly last: string | undefined;
}

const scan = (directory: string, segment: number, notes: string[]): Scanned => {
  using reader = new JournalReader(directory, { segment, offset: 0 });
  const open = new Set<string>();
  let last: string | undefined;
  let unread = 0;
  for (let lines = reader.next(1_000); lines.length > 0; lines = reader.next(1_000)) {
    for (const { text } of lines) {
      last = text ?? "";
      unread += follow(open, last) ? 0 : 1;
    }
  }
  const half = Buffer.byteLength(reader.rest());
  if (half > 0) {
    truncateSync(segmentFile(directory, segment), reader.position.offset);
    notes.push(
      `A half-written last line (${String(half)} bytes) was cut from ${segmentName(segment)}: the gateway was killed while writing it.`,
    );
  }
  if (unread > 0) {
    notes.push(
      `${String(unread)} lines of ${segmentName(segment)} cannot be read. Run: tollgate audit verify`,
    );
  }
  return { open, last };
};

/** Keeps the set of open calls; false for a line that is no record. */
const follow = (open: Set<string>, text: string): boolean => {
  const record = parseOwn(text);
  const id = record === undefined ? undefined : member(record, "id");
  if (record === undefined || typeof id !== "string") {
    return false;
  }
  if (typeof member(record, "outcome") === "string") {
    open.delete(id);
  } else if (isForwarded(record)) {
    open.add(id);
  } else if (member(record, "act") === SEGMENT_ACT) {
    carriedBy(record).forEach((carried) => open.add(carried));
  }
  return true;
};

/** Under observe a refused call goes on too (docs/policy.md). */
const isForwarded = (record: JsonObject): boolean =>
  member(record, "decision") === "allow" ||
  (typeof member(record, "decision") === "string" && member(record, "enforced") === false);

const carriedBy = (record: JsonObject): readonly string[] => {
  const after = member(record, "after");
  const open = isJsonObject(after) ? member(after, "open") : undefined;
  return isJsonArray(open) ? open.filter((id) => typeof id === "string") : [];
};
