import { hash } from "node:crypto";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { Row } from "./database.ts";

/** A database that cannot be made again is not as it was written. The message says which, and what to do. */
class DatabaseDamaged extends Error {
  override readonly name = "DatabaseDamaged";

  constructor(options?: ErrorOptions) {
    super(
      "The grants in grants.db are not as they were written: what was revoked, frozen or overridden could be forgotten. " +
        "Restore grants.db from a backup; or move it away, make an empty file grants.anew beside it, and revoke, freeze and override anew.",
      options,
    );
  }
}

/**
 * Gives a database `seal(…)` in SQL, the hash of its arguments. SQLite notices when a page is not one; that a byte of
 * a name or a time is another it does not: each row has the seal of its other columns, and is held against it.
 */
export const withSeals = (database: DatabaseSync): void =>
  database.function("seal", { deterministic: true, varargs: true }, (...values: SQLOutputValue[]) =>
    hash("sha256", JSON.stringify(values.map(plain)), "hex"),
  );

const plain = (value: SQLOutputValue): string | number | null =>
  typeof value === "bigint" || value instanceof Uint8Array ? String(value) : value;

/** Columns of a SELECT: all, and whether the row is as it was sealed. */
export const sealed = (columns: readonly string[]): string =>
  `*, seal IS seal(${columns.join(", ")}) AS is_whole`;

/** Gives the rows of a table their seals. */
export const sealing = (table: string, columns: readonly string[]): string =>
  `ALTER TABLE ${table} ADD COLUMN seal TEXT; UPDATE ${table} SET seal = seal(${columns.join(", ")})`;

/** Puts a row in place of the one of its name or id; parameters are its columns. */
export const putting = (table: string, columns: readonly string[]): string => {
  const values = columns.map((_, nth) => `?${String(nth + 1)}`).join(", ");
  return `INSERT OR REPLACE INTO ${table} (${columns.join(", ")}, seal) VALUES (${values}, seal(${values}))`;
};

/** For rows that say what cannot be. */
export const damaged = (): Error => new DatabaseDamaged();

/** A row that is as it was written. */
export const whole = (row: Row): Row => {
  if (row["is_whole"] !== 1) {
    throw new DatabaseDamaged();
  }
  return row;
};

/** Of a statement of ours that does not fit the tables: they are not those that were made. */
const GENERAL_ERROR = 1;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** SQLite's extended result codes carry the primary one in their low byte. */
const isDamage = (error: unknown): boolean => {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  return code === GENERAL_ERROR || code === CORRUPT || code === NOT_A_DATABASE;
};

/** Looks through all pages: what SQLite finds wrong with one is said so that somebody can act on it. */
export const inspect = (database: DatabaseSync): void => {
  const found = attempt(() => database.prepare("PRAGMA integrity_check(1)").get()?.["integrity_check"]);
  if (found !== "ok") {
    throw new DatabaseDamaged();
  }
};

/** Runs what opens a database, and tells of damage in our words. */
export const attempt = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw isDamage(error) ? new DatabaseDamaged({ cause: error }) : error;
  }
};
