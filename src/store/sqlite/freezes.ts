import type { DatabaseSync } from "node:sqlite";
import type { WaitingActs } from "../../audit/port.ts";
import type { AdminRecord } from "../../audit/record.ts";
import { fromPlain } from "../../base/json-plain.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, member, type JsonObject } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import type { FreezeStore, StoredFreeze } from "../../grant/port.ts";
import { numberOf, type Row, textOf } from "./database.ts";
import { putting, sealed, whole } from "./seal.ts";

/** The second migration of the database of grants. */
export const FREEZES_MIGRATION = `CREATE TABLE freezes (
     id TEXT PRIMARY KEY, server TEXT, grant_name TEXT, identity TEXT, tool TEXT,
     reason TEXT NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL, until INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE waiting_acts (id TEXT PRIMARY KEY, act TEXT NOT NULL) STRICT, WITHOUT ROWID`;

export const FREEZE_COLUMNS = [
  "id",
  "server",
  "grant_name",
  "identity",
  "tool",
  "reason",
  "made_by",
  "made_at",
  "until",
] as const;

/** `written` is called after every change. */
export const freezeStoreIn = (database: DatabaseSync, written: () => void): FreezeStore => {
  const select = database.prepare(`SELECT ${sealed(FREEZE_COLUMNS)} FROM freezes ORDER BY made_at, id`);
  const insert = database.prepare(putting("freezes", FREEZE_COLUMNS));
  const remove = database.prepare("DELETE FROM freezes WHERE id = ?");
  return {
    list: () => select.all().map(whole).map(freezeOf),
    put: ({ id, server, grant, identity, tool, reason, by, at, until }) => {
      const target = [server ?? null, grant ?? null, identity ?? null, tool ?? null] as const;
      insert.run(id, ...target, reason, by, at, until ?? null);
      written();
    },
    remove: (id) => {
      const { changes } = remove.run(id);
      written();
      return changes > 0;
    },
  };
};

const freezeOf = (row: Row): StoredFreeze => ({
  id: textOf(row["id"]) ?? "",
  server: textOf(row["server"]),
  grant: textOf(row["grant_name"]),
  identity: textOf(row["identity"]),
  tool: textOf(row["tool"]),
  reason: textOf(row["reason"]) ?? "",
  by: textOf(row["made_by"]) ?? "",
  at: numberOf(row["made_at"]) ?? 0,
  until: numberOf(row["until"]),
});

export const waitingActsIn = (database: DatabaseSync, written: () => void): WaitingActs => {
  // The ids of acts begin with their time.
  const select = database.prepare("SELECT act FROM waiting_acts ORDER BY id");
  const insert = database.prepare("INSERT OR REPLACE INTO waiting_acts (id, act) VALUES (?, ?)");
  const remove = database.prepare("DELETE FROM waiting_acts WHERE id = ?");
  return {
    list: () => select.all().flatMap((row) => actIn(textOf(row["act"]) ?? "")),
    put: (act) => {
      insert.run(act.id, writeJson(fromPlain(act)));
      written();
    },
    remove: (id) => {
      remove.run(id);
      written();
    },
  };
};

const actIn = (text: string): readonly AdminRecord[] => {
  const act = readJson(text);
  if (!isJsonObject(act)) {
    return [];
  }
  const { id, at, act: name, by, subject } = textsOf(act);
  return id === null || at === null || name === null || by === null
    ? []
    : [
        {
          v: 1,
          id,
          at,
          act: name,
          by,
          subject,
          before: objectIn(act, "before"),
          after: objectIn(act, "after"),
        },
      ];
};

const textsOf = (act: JsonObject) => {
  const text = (name: string): string | null => {
    const value = member(act, name);
    return typeof value === "string" ? value : null;
  };
  return { id: text("id"), at: text("at"), act: text("act"), by: text("by"), subject: text("subject") };
};

const objectIn = (act: JsonObject, name: string): JsonObject | null => {
  const value = member(act, name);
  return isJsonObject(value) ? value : null;
};
