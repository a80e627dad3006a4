import type { DatabaseSync } from "node:sqlite";

/** Deletes so many of the oldest records, if their segment is gone; how many were. They lie in the journal's order. */
export const forgetRecords = (database: DatabaseSync, through: number, rows: number): number =>
  Number(
    database
      .prepare(
        "DELETE FROM records WHERE seq IN (SELECT seq FROM records ORDER BY seq LIMIT ?) AND segment <= ?",
      )
      .run(rows, through).changes,
  );
