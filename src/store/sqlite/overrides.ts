import type { DatabaseSync } from "node:sqlite";
import { isRisk, isToolClass, type OverrideStore, type StoredOverride } from "../../catalogue/port.ts";
import { numberOf, type Row, textOf } from "./database.ts";
import { damaged, putting, sealed, whole } from "./seal.ts";

/** The fourth migration of the database of grants. Rows have a seal from the beginning. */
export const OVERRIDES_MIGRATION = `CREATE TABLE overrides (
     server TEXT NOT NULL, tool TEXT NOT NULL, digest TEXT NOT NULL, class TEXT NOT NULL, risk TEXT,
     was_class TEXT NOT NULL, was_risk TEXT NOT NULL, reason TEXT NOT NULL, made_by TEXT NOT NULL,
     made_at INTEGER NOT NULL, seal TEXT NOT NULL, PRIMARY KEY (server, tool)
   ) STRICT, WITHOUT ROWID`;

const COLUMNS = [
  "server",
  "tool",
  "digest",
  "class",
  "risk",
  "was_class",
  "was_risk",
  "reason",
  "made_by",
  "made_at",
] as const;

/** `written` is called after every change. */
export const overrideStoreIn = (database: DatabaseSync, written: () => void): OverrideStore => {
  const select = database.prepare(`SELECT ${sealed(COLUMNS)} FROM overrides ORDER BY server, tool`);
  const insert = database.prepare(putting("overrides", COLUMNS));
  const remove = database.prepare("DELETE FROM overrides WHERE server = ? AND tool = ?");
  return {
    list: () => select.all().map(whole).map(overrideOf),
    put: ({ server, tool, digest, class: is, risk, was, reason, by, at }) => {
      insert.run(server, tool, digest, is, risk ?? null, was.class, was.risk, reason, by, at);
      written();
    },
    remove: (server, tool) => {
      const { changes } = remove.run(server, tool);
      written();
      return changes > 0;
    },
  };
};

const overrideOf = (row: Row): StoredOverride => ({
  server: textOf(row["server"]) ?? "",
  tool: textOf(row["tool"]) ?? "",
  digest: textOf(row["digest"]) ?? "",
  class: known(row["class"], isToolClass),
  risk: row["risk"] === null ? undefined : known(row["risk"], isRisk),
  was: { class: known(row["was_class"], isToolClass), risk: known(row["was_risk"], isRisk) },
  reason: textOf(row["reason"]) ?? "",
  by: textOf(row["made_by"]) ?? "",
  at: numberOf(row["made_at"]) ?? 0,
});

/** By a class that there is not nothing could be judged: the row is not one of ours, whatever its seal says. */
const known = <T>(value: unknown, is: (value: unknown) => value is T): T => {
  if (!is(value)) {
    throw damaged();
  }
  return value;
};
