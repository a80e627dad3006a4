import { renameSync, rmSync } from "node:fs";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, member, type JsonObject } from "../../base/json-value.ts";
import { readLines, START, type Position } from "../journal/segments.ts";
import { inTransaction, openDatabase } from "./database.ts";

const MIGRATIONS = [
  `CREATE TABLE position (segment INTEGER NOT NULL, offset INTEGER NOT NULL) STRICT;
   INSERT INTO position VALUES (1, 0);
   CREATE TABLE records (
     id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, server TEXT, grant_name TEXT, identity TEXT, method TEXT,
     tool TEXT, decision TEXT, code TEXT, line TEXT NOT NULL,
     outcome TEXT, outcome_line TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX records_by_time ON records (at);
   CREATE INDEX records_by_grant ON records (grant_name, at);
   CREATE INDEX records_by_identity ON records (identity, at);
   CREATE INDEX records_by_server ON records (server, tool, at);
   CREATE INDEX records_by_code ON records (code, at)`,
];

const BATCH_LINES = 500;
const FILL_MS = 250;

/** Records for search: a copy of the journal, made from it in batches, thrown away and made again where it is damaged. */
export interface Records extends Disposable {
  /** Brings the copy up to the journal's end. */
  readonly fillAll: () => void;
}

interface Options {
  readonly path: string;
  readonly journal: string;
  /** Told of what went wrong; the journal is not concerned. */
  readonly onFault: (message: string) => void;
}

export const openRecords = ({ path, journal, onFault }: Options): Records => {
  let database = openOrRebuild(path, onFault);
  const fillSome = (): boolean => fill(database, journal);
  const attempt = (): void => {
    try {
      while (fillSome()) {
        // A batch at a time, until the end is reached.
      }
    } catch (error) {
      onFault(`the search database is made anew: ${error instanceof Error ? error.message : "unknown"}`);
      database.close();
      setAside(path);
      database = openDatabase(path, MIGRATIONS);
    }
  };
  const timer = setInterval(() => {
    try {
      fillSome();
    } catch {
      attempt();
    }
  }, FILL_MS);
  timer.unref();
  return {
    fillAll: attempt,
    [Symbol.dispose]: () => {
      clearInterval(timer);
      attempt();
      database.close();
    },
  };
};

const openOrRebuild = (path: string, onFault: (message: string) => void): DatabaseSync => {
  try {
    return openDatabase(path, MIGRATIONS);
  } catch (error) {
    onFault(
      `the search database cannot be read and is made anew: ${error instanceof Error ? error.message : "unknown"}`,
    );
    setAside(path);
    return openDatabase(path, MIGRATIONS);
  }
};

const setAside = (path: string): void => {
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  renameSync(path, `${path}.damaged`);
};

/** One batch; whether there may be more. The position is kept in the same transaction as what it covers. */
const fill = (database: DatabaseSync, journal: string): boolean => {
  const from = positionOf(database);
  const lines: { readonly text: string; readonly next: Position }[] = [];
  for (const line of readLines(journal, from)) {
    lines.push(line);
    if (lines.length === BATCH_LINES) {
      break;
    }
  }
  const last = lines.at(-1);
  if (last === undefined) {
    return false;
  }
  inTransaction(database, () => {
    for (const { text } of lines) {
      insert(database, text);
    }
    database.prepare("UPDATE position SET segment = ?, offset = ?").run(last.next.segment, last.next.offset);
  });
  return lines.length === BATCH_LINES;
};

const positionOf = (database: DatabaseSync): Position => {
  const row = database.prepare("SELECT segment, offset FROM position").get();
  const { segment, offset } = row ?? {};
  return typeof segment === "number" && typeof offset === "number" ? { segment, offset } : START;
};

const insert = (database: DatabaseSync, text: string): void => {
  const line = readJson(text);
  if (!isJsonObject(line)) {
    return;
  }
  if (member(line, "outcome") !== undefined) {
    const values = [column(line, "outcome"), text, column(line, "id")];
    database.prepare("UPDATE records SET outcome = ?, outcome_line = ? WHERE id = ?").run(...values);
    return;
  }
  const kind = member(line, "act") === undefined ? "decision" : "admin";
  const names = ["server", "grant", "identity", "method", "tool", "decision", "code"];
  database
    .prepare("INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)")
    .run(column(line, "id"), column(line, "at"), kind, ...names.map((name) => column(line, name)), text);
};

const column = (line: JsonObject, name: string): SQLInputValue => {
  const value = member(line, name);
  return typeof value === "string" ? value : null;
};
