import type { DroppedSegments } from "./dropped-segments.ts";
import type { Clock } from "../../base/clock.ts";
import type { JournalIo } from "./io.ts";

export interface JournalOptions {
  /** Of the segment files; made if it is not there. One process at a time may open it (lock.ts). */
  readonly directory: string;
  /** When a record counts as written (docs/configuration.md). */
  readonly durability: "process" | "disk";
  readonly clock: Clock;
  /** What stands for segments that were dropped. */
  readonly dropped?: Pick<DroppedSegments, "through" | "carried">;
  /** A segment of this length is the last to be written to. */
  readonly segmentBytes?: number;
  readonly io?: Partial<JournalIo>;
  /** How often it looks after itself: whether its file is there, and whether it can be written again. */
  readonly checkMs?: number;
  /** A sync that takes longer than this hangs. */
  readonly syncMsMax?: number;
  /** Told, in a sentence for the operator, when it cannot be written any more, and when it can again. */
  readonly onFault?: (message: string) => void;
}
