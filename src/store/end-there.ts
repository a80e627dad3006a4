import { createPublicKey, type KeyObject } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { comparePlaces, type Head, HEADS_FILE, readHead } from "../audit/heads.ts";
import type { JournalPosition } from "../audit/port.ts";
import { codeOf, JournalDamaged, segmentFile, segmentsIn } from "./journal/segments.ts";

/** The newest head is the last; before it there may be a line that is not believed. */
const LOOKED_AT_BYTES = 64 * 1024;

/**
 * Holds the journal's end against the newest signed head in the data directory, before anything is written behind it.
 * A head is signed only for what is on stable storage, so no crash and no loss of power leaves a journal that ends
 * before it. What the missing records took from limits is not known: limits would begin anew.
 *
 * @throws JournalDamaged
 */
export const requireEnd = (dataDirectory: string, journal: string, key: KeyObject): void => {
  const head = newestHead(join(dataDirectory, HEADS_FILE), createPublicKey(key));
  if (head !== undefined && comparePlaces(endOf(journal), head.place) < 0) {
    throw new JournalDamaged(
      `The end of the record is missing: the head signed at ${head.at} covers more, and what is gone took from limits ` +
        `what is not known. Restore the journal from a backup; or move ${HEADS_FILE} away, too, to go on with what is left.`,
    );
  }
};

const newestHead = (path: string, key: KeyObject): Head | undefined => {
  for (const line of tailOf(path).split("\n").toReversed()) {
    const read = line === "" ? undefined : readHead(line, key);
    if (read?.ok === true) {
      return read.head;
    }
  }
  return undefined;
};

const tailOf = (path: string): string => {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return "";
    }
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, LOOKED_AT_BYTES));
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(file);
  }
};

/** Empty files at the end are none of the journal's: a process that was killed may leave one. */
const endOf = (directory: string): JournalPosition => {
  const sizeOf = (segment: number): number => statSync(segmentFile(directory, segment)).size;
  const segment = segmentsIn(directory).findLast((number) => sizeOf(number) > 0);
  return segment === undefined ? { segment: 0, offset: 0 } : { segment, offset: sizeOf(segment) };
};
