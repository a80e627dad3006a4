import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { JournalPosition } from "../../audit/port.ts";

/** The journal's directory cannot be used as it is. The message says what is wrong and what to do. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

export const START: JournalPosition = { segment: 1, offset: 0 };

const NAME = /^(\d{8})\.jsonl$/;

export const segmentName = (segment: number): string => `${String(segment).padStart(8, "0")}.jsonl`;

export const segmentFile = (directory: string, segment: number): string =>
  join(directory, segmentName(segment));

/** Numbers of the segments there are, in order. A directory that is not there has none. */
export const segmentsIn = (directory: string): readonly number[] => {
  try {
    return readdirSync(directory)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return [];
    }
    throw error;
  }
};

/** What the system says of a failed call, `ENOSPC` and the like: the only part of it that names no path. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown";
