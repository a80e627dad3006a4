import { readFileSync, renameSync, rmSync, statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { JournalLine, JournalPosition, RecordQuery, RecordRow, RecordSearch } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { linkOf } from "../journal/link.ts";
import { START } from "../journal/segments.ts";
import { inTransaction, numberOf, openDatabase, textOf } from "./database.ts";
import { forgetRecords } from "./forget.ts";
import { Kinds } from "./kinds.ts";
import { type Rows, rowsOf } from "./record-rows.ts";
import { DECISION_COLUMNS, OUTCOME_COLUMNS, RECORD_MIGRATIONS } from "./records-schema.ts";
import { findRecord, searchRecords } from "./search.ts";

/** The copy cannot be gone on with; a new one is made from the journal. */
export class CopyUnusable extends Error {
  override readonly name = "CopyUnusable";
}

/**
 * One SQLite file of records. Its commits are not synced, so that no call waits for the disk: a killed process loses
 * nothing by that, and a copy that was open when the machine went down is not trusted.
 */
export class RecordsDatabase implements RecordSearch, Disposable {
  readonly #database: DatabaseSync;
  readonly #kinds: Kinds;
  readonly #path: string;
  /** Its inode. */
  readonly #file: number;
  readonly #insert: StatementSync;
  readonly #kindOf: StatementSync;
  readonly #update: StatementSync;
  readonly #advance: StatementSync;
  #position: JournalPosition;
  /** Hash of the last line that was taken in; `null` before the first. */
  #head: string | null;

  /** @throws CopyUnusable, and what SQLite says of a damaged file */
  constructor(path: string, boot: string = bootId()) {
    this.#database = openDatabase(path, RECORD_MIGRATIONS);
    this.#path = path;
    this.#file = statSync(path).ino;
    try {
      const { segment, offset, head, boot: openSince } = this.#filled();
      this.#position = { segment, offset };
      this.#head = head;
      if (openSince !== undefined && (openSince === "" || openSince !== boot)) {
        throw new CopyUnusable("it was open when the machine went down");
      }
      this.#database.prepare("UPDATE filled SET boot = ?").run(boot);
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = OFF");
      // Each kind is written to at its own end: those pages are to be at hand.
      this.#database.exec(`PRAGMA cache_size = -${String(LIMITS.search_cache_bytes / 1024)}`);
      this.#kinds = new Kinds(this.#database);
      const columns = ["kind", ...DECISION_COLUMNS, ...OUTCOME_COLUMNS];
      this.#insert = this.#database.prepare(
        `INSERT OR IGNORE INTO records (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
      );
      this.#kindOf = this.#database.prepare("SELECT kind FROM records WHERE id = ?");
      const assignments = ["kind", ...OUTCOME_COLUMNS].map((column) => `${column} = ?`);
      this.#update = this.#database.prepare(`UPDATE records SET ${assignments.join(", ")} WHERE id = ?`);
      this.#advance = this.#database.prepare("UPDATE filled SET segment = ?, offset = ?, head = ?");
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Whether its file is still the one of its name: SQLite writes on into one that was deleted. */
  isInPlace(): boolean {
    return statSync(this.#path, { throwIfNoEntry: false })?.ino === this.#file;
  }

  /** Where the journal is to be read on. */
  get position(): JournalPosition {
    return this.#position;
  }

  /** Whether this line follows those that were taken in: another journal's do not. */
  continues(line: JournalLine): boolean {
    return this.#head === null || linkOf(line, "prev") === this.#head;
  }

  /** Takes lines in, all or none; `next` of the last one is where the next batch begins. */
  fill(lines: readonly JournalLine[]): void {
    const last = lines.at(-1);
    if (last === undefined) {
      return;
    }
    const rows = rowsOf(lines);
    const head = linkOf(last, "hash");
    try {
      inTransaction(this.#database, () => {
        this.#write(rows);
        this.#advance.run(last.next.segment, last.next.offset, head);
      });
    } catch (error) {
      this.#kinds.forget();
      throw error;
    }
    this.#position = last.next;
    this.#head = head;
  }

  /** Deletes records of segments that are gone, at most so many; how many it did. */
  forget(through: number, rows: number): number {
    return forgetRecords(this.#database, through, rows);
  }

  search(query: RecordQuery): readonly RecordRow[] {
    return searchRecords(this.#database, query);
  }

  find(id: string): RecordRow | undefined {
    return findRecord(this.#database, id);
  }

  /** Brings everything to stable storage before it says that it was closed in good order. */
  [Symbol.dispose](): void {
    if (!this.#database.isOpen) {
      return;
    }
    try {
      this.#database.exec("PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
      this.#database.exec("UPDATE filled SET boot = NULL");
    } finally {
      this.#database.close();
    }
  }

  #write({ decisions, outcomes }: Rows): void {
    for (const { facts, values } of decisions) {
      this.#insert.run(this.#kinds.numberOf(facts), ...values);
    }
    for (const { id, outcome, values } of outcomes) {
      const kind = numberOf(this.#kindOf.get(id)?.["kind"]);
      if (kind !== undefined) {
        this.#update.run(this.#kinds.ended(kind, outcome), ...values, id);
      }
    }
  }

  #filled() {
    const row = this.#database.prepare("SELECT segment, offset, head, boot FROM filled").get() ?? {};
    return {
      segment: numberOf(row["segment"]) ?? START.segment,
      offset: numberOf(row["offset"]) ?? START.offset,
      head: textOf(row["head"]) ?? null,
      boot: textOf(row["boot"]),
    };
  }
}

/** Which start of the machine this is; "" where the system does not say, and then no open copy is trusted. */
const bootId = (): string => {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
};

/** Moves a copy out of the way, for somebody to look at. One such file is kept. */
export const setAside = (path: string): void => {
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  renameSync(path, `${path}.damaged`);
};
