import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { LIMITS } from "../../base/limits.ts";
import { inTransaction, numberOf } from "./database.ts";

/** One row of this fills a page of 4 KiB, so that there are as many pages as rows. */
const ROW_BYTES = 3_000;

/**
 * Sets room aside in a database that was opened in place: free pages in its file and a rollback journal that is long
 * enough. What is written later goes there, and needs nothing of the disk. Where there is no room for that now, things
 * stay as they are. Throws nothing.
 */
export const keepRoom = (database: DatabaseSync, path: string): void => {
  try {
    if (
      freePages(database) < LIMITS.grants_room_pages_min ||
      journalBytes(path) < journalBytesWanted(database)
    ) {
      setAside(database);
    }
  } catch {
    // The disk is full already: what is free is used, and the next attempt comes with the next change.
  }
};

const pragma = (database: DatabaseSync, name: string): number =>
  numberOf(database.prepare(`PRAGMA ${name}`).get()?.[name]) ?? 0;

const freePages = (database: DatabaseSync): number => pragma(database, "freelist_count");

const journalBytes = (path: string): number =>
  statSync(`${path}-journal`, { throwIfNoEntry: false })?.size ?? 0;

const journalBytesWanted = (database: DatabaseSync): number =>
  LIMITS.grants_journal_pages * pragma(database, "page_size");

/** Rows that come, change and go: they lengthen the file, then the journal with what was there before, and leave free pages. */
const setAside = (database: DatabaseSync): void => {
  inTransaction(database, () => {
    database.exec("DROP TABLE IF EXISTS room"); // Of a process that was killed here.
    database.exec("CREATE TABLE room (row INTEGER PRIMARY KEY, fill BLOB) STRICT");
    const insert = database.prepare("INSERT INTO room (fill) VALUES (zeroblob(?))");
    for (let page = 0; page < LIMITS.grants_room_pages; page += 1) {
      insert.run(ROW_BYTES);
    }
  });
  try {
    database
      .prepare("UPDATE room SET fill = randomblob(?) WHERE row <= ?")
      .run(ROW_BYTES, 2 * LIMITS.grants_journal_pages);
  } finally {
    inTransaction(database, () => database.exec("DROP TABLE room"));
  }
};
