import { setImmediate as nextTurn } from "node:timers/promises";
import { isJsonObject, member } from "../base/json-value.ts";
import { parseRfc3339 } from "../base/rfc3339.ts";
import { parseOwn } from "../store/journal/parse.ts";
import { SEGMENT_ACT } from "../store/journal/recover.ts";
import { JournalReader } from "../store/journal/reader.ts";

const SLICE_LINES = 1_000;

export interface Beginning {
  /** When the first line was written, in milliseconds. */
  readonly at: number;
  /** Its length with the line feed. */
  readonly bytes: number;
  /** Whether it is the one that the journal begins a segment with. */
  readonly begins: boolean;
}

/** How a segment begins; `undefined` where that cannot be told. */
export const beginningOf = (directory: string, segment: number): Beginning | undefined => {
  using reader = new JournalReader(directory, { segment, offset: 0 });
  const [line] = reader.next(1);
  const record = line?.text === undefined ? undefined : parseOwn(line.text);
  const at = record === undefined ? undefined : member(record, "at");
  const time = typeof at === "string" ? parseRfc3339(at) : undefined;
  if (line?.position.segment !== segment || record === undefined || time === undefined) {
    return undefined;
  }
  return { at: time, bytes: line.next.offset, begins: member(record, "act") === SEGMENT_ACT };
};

/**
 * Whether the record tells of a drop, looked for where it would be: in the last segment, or in the one before it if the
 * gateway was killed behind it. Between other work.
 */
export const isTold = async (directory: string, last: number, through: number): Promise<boolean> => {
  const from = { segment: Math.max(through + 1, last - 1), offset: 0 };
  using reader = new JournalReader(directory, from);
  for (let lines = reader.next(SLICE_LINES); lines.length > 0; lines = reader.next(SLICE_LINES)) {
    if (lines.some(({ text }) => tells(text, through))) {
      return true;
    }
    await nextTurn();
  }
  return false;
};

const tells = (text: string | undefined, through: number): boolean => {
  const record = text?.includes('"act":"journal.drop"') === true ? parseOwn(text) : undefined;
  const after = record === undefined ? undefined : member(record, "after");
  return isJsonObject(after) && member(after, "through") === through;
};
