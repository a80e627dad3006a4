import type { Frame, Unreadable } from "../wire/frame.ts";
import { readBatch, readFrame } from "../wire/read-frame.ts";

/** The one revision in which a message may be an array of messages (2025-03-26 "Batching"); 2025-06-18 took it back. */
export const hasBatches = (revision: string): boolean => revision === "2025-03-26";

/** The messages of one text, each read alone. Where there are no batches, an array is one that cannot be read. */
export const readMessages = (text: string, batches: boolean): readonly (Frame | Unreadable)[] => {
  const read = batches ? readBatch(text) : readFrame(text);
  return "kind" in read ? [read] : read;
};
