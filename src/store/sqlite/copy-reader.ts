import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { JournalPosition, RecordSearch } from "../../audit/port.ts";
import { START } from "../journal/segments.ts";
import { numberOf } from "./database.ts";
import { CopyUnusable } from "./records-database.ts";
import { RECORD_MIGRATIONS } from "./records-schema.ts";
import { findRecord, searchRecords } from "./search.ts";

const BUSY_MS = 5_000;

/** The search copy as somebody beside its gateway reads it. */
export interface CopyReader extends RecordSearch, Disposable {
  /** How far it has the journal. */
  readonly position: JournalPosition;
}

/** @throws CopyUnusable, with a reason that completes "The search copy cannot be used: …" */
export const openCopy = (path: string): CopyReader => {
  if (!existsSync(path)) {
    throw new CopyUnusable("it is not there");
  }
  const database = readable(() => new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS }));
  try {
    const version = readable(() => numberOf(database.prepare("PRAGMA user_version").get()?.["user_version"]));
    if (version !== RECORD_MIGRATIONS.length) {
      throw new CopyUnusable("another release of tollgate made it");
    }
    const row = readable(() => database.prepare("SELECT segment, offset FROM filled").get()) ?? {};
    return {
      position: {
        segment: numberOf(row["segment"]) ?? START.segment,
        offset: numberOf(row["offset"]) ?? START.offset,
      },
      search: (query) => readable(() => searchRecords(database, query)),
      find: (id) => readable(() => findRecord(database, id)),
      [Symbol.dispose]: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
};

const readable = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error && "errcode" in error ? new CopyUnusable(error.message) : error;
  }
};
