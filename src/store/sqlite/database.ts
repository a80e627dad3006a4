import { closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

const BUSY_MS = 5_000;

/** The database was made by a release that knows more migrations than this one. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";

  constructor(path: string) {
    super(`The database ${path} was made by a newer release of tollgate. Use that one.`);
  }
}

/**
 * Opens a database of ours for writing: mode 0600, write-ahead log, every commit on stable storage (it can be turned
 * down), brought to the newest of `migrations`. `PRAGMA user_version` counts those that were made.
 */
export const openDatabase = (path: string, migrations: readonly string[]): DatabaseSync =>
  openWith("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", path, migrations);

/**
 * The same for a database that must be able to commit while the disk is full (room.ts): for this process alone, and
 * with a rollback journal that stays where it is and is written over in place. A write-ahead log would be removed at
 * every close and would need room again. `prepare` is called before its migrations.
 */
export const openDatabaseInPlace = (
  path: string,
  migrations: readonly string[],
  prepare: (database: DatabaseSync) => void,
): DatabaseSync =>
  openWith(
    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL",
    path,
    migrations,
    prepare,
  );

const openWith = (
  pragmas: string,
  path: string,
  migrations: readonly string[],
  prepare: (database: DatabaseSync) => void = () => {},
): DatabaseSync => {
  createPrivately(path);
  const database = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    database.exec(pragmas);
    prepare(database);
    migrate(database, path, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** SQLite gives the files beside it (-wal, -shm) the mode of the database. */
const createPrivately = (path: string): void => closeSync(openSync(path, "a", 0o600));

const migrate = (database: DatabaseSync, path: string, migrations: readonly string[]): void => {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > migrations.length) {
    throw new DatabaseTooNew(path);
  }
  migrations.forEach((sql, index) => {
    if (index >= version) {
      inTransaction(database, () => database.exec(`${sql}; PRAGMA user_version = ${String(index + 1)}`));
    }
  });
};

/** All of it or nothing. */
export const inTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) {
      database.exec("ROLLBACK");
    }
    throw error;
  }
};

export type Row = Readonly<Record<string, SQLOutputValue>>;

export const textOf = (value: SQLOutputValue | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

export const numberOf = (value: SQLOutputValue | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;
