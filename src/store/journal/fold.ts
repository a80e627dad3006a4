import { setImmediate as nextTurn } from "node:timers/promises";
import { checkLine } from "../../audit/chain.ts";
import { type JsonObject, member } from "../../base/json-value.ts";
import type { Carry } from "./carry.ts";
import { parseOwn } from "./parse.ts";
import { JournalReader } from "./reader.ts";
import { JournalDamaged, segmentName } from "./segments.ts";

/** Lines between two turns: a millisecond or two, so that no call waits for a whole segment. */
const SLICE_LINES = 100;

export interface Folded {
  /** Hash of the last line. */
  readonly head: string;
  readonly lines: number;
  /** Time of the latest line, RFC 3339. It need not be the last one: a clock may have been put back. */
  readonly until: string;
}

/**
 * Reads one whole segment into a carry, in slices between other work. Everything is verified on the way, from the hash
 * before its first line to the line behind its last: what stands for a segment must not vouch for one that was changed.
 *
 * @throws JournalDamaged where it is not as it was written
 */
export const foldSegment = async (
  directory: string,
  segment: number,
  { prev, carry, signal }: { readonly prev: string; readonly carry: Carry; readonly signal: AbortSignal },
): Promise<Folded> => {
  using reader = new JournalReader(directory, { segment, offset: 0 });
  let folded: Folded = { head: prev, lines: 0, until: "" };
  for (;;) {
    signal.throwIfAborted();
    const lines = reader.next(SLICE_LINES);
    for (const { text = "", position } of lines) {
      const checked = checkLine(text);
      if (!checked.ok || checked.prev !== folded.head) {
        throw damaged(segment);
      }
      if (position.segment !== segment) {
        return folded;
      }
      const value = parseOwn(text) ?? {};
      carry.line(value);
      folded = { head: checked.hash, lines: folded.lines + 1, until: later(folded.until, timeOf(value)) };
    }
    if (lines.length === 0) {
      throw damaged(segment); // The line behind its last one was not there.
    }
    await nextTurn();
  }
};

/** Times of the record have one form, in which text sorts as time does. */
const later = (one: string, other: string | undefined): string =>
  other === undefined || other < one ? one : other;

const timeOf = (record: JsonObject): string | undefined => {
  const at = member(record, "at");
  return typeof at === "string" ? at : undefined;
};

const damaged = (segment: number): JournalDamaged =>
  new JournalDamaged(
    `${segmentName(segment)} is not as it was written, so it is kept. Run: tollgate audit verify`,
  );
