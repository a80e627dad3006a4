import { statSync } from "node:fs";
import type { JournalPosition } from "../../audit/port.ts";
import { segmentFile, segmentsIn } from "./segments.ts";

/** How much of a journal there is, and how much of that is before a place: for those who wait while it is read. */
export interface Extent {
  readonly totalBytes: number;
  readonly bytesBefore: (position: JournalPosition) => number;
}

/** As it is now. A segment that is taken away meanwhile counts as empty. */
export const extentOf = (directory: string): Extent => {
  const sizes = segmentsIn(directory).map((segment) => ({
    segment,
    bytes: statSync(segmentFile(directory, segment), { throwIfNoEntry: false })?.size ?? 0,
  }));
  const sum = (wanted: (segment: number) => boolean): number =>
    sizes.reduce((total, { segment, bytes }) => total + (wanted(segment) ? bytes : 0), 0);
  return {
    totalBytes: sum(() => true),
    bytesBefore: ({ segment, offset }) =>
      sum((other) => other < segment) + (sizes.some((other) => other.segment === segment) ? offset : 0),
  };
};
