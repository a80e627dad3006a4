import { chmodSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** Opens a database of ours: write-ahead log, file mode 0600, brought to the newest of `migrations`. */
export const openDatabase = (path: string, migrations: readonly string[]): DatabaseSync => {
  const database = new DatabaseSync(path);
  try {
    chmodSync(path, 0o600);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** `PRAGMA user_version` counts the migrations that have been made. */
const migrate = (database: DatabaseSync, migrations: readonly string[]): void => {
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
  if (version > migrations.length) {
    throw new Error("the database was made by a newer release");
  }
  for (const [index, sql] of migrations.entries()) {
    if (index >= version) {
      inTransaction(database, () => database.exec(`${sql}; PRAGMA user_version = ${String(index + 1)}`));
    }
  }
};

/** All of it or nothing. */
export const inTransaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
};
