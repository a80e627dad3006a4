import type { DatabaseSync } from "node:sqlite";
import { readJson } from "../../base/json-read.ts";
import { isJsonArray } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import type { GrantMark, GrantStore, StoredGrant } from "../../grant/port.ts";
import { numberOf, type Row, textOf } from "./database.ts";
import { putting, sealed, whole } from "./seal.ts";

/** The first migration of the database of grants. */
export const GRANTS_MIGRATION = `CREATE TABLE grants (
     name TEXT PRIMARY KEY, identity TEXT NOT NULL, servers TEXT NOT NULL, policy TEXT, token_sha256 TEXT,
     expires_at INTEGER, timezone TEXT NOT NULL, created_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE grant_marks (
     name TEXT PRIMARY KEY, token_sha256 TEXT, revoked_at INTEGER, expired_seen_at INTEGER
   ) STRICT, WITHOUT ROWID`;

export const GRANT_COLUMNS = [
  "name",
  "identity",
  "servers",
  "policy",
  "token_sha256",
  "expires_at",
  "timezone",
  "created_at",
] as const;
export const MARK_COLUMNS = ["name", "token_sha256", "revoked_at", "expired_seen_at"] as const;

/** `written` is called after every change. */
export const grantStoreIn = (database: DatabaseSync, written: () => void): GrantStore => {
  const selectGrants = database.prepare(`SELECT ${sealed(GRANT_COLUMNS)} FROM grants ORDER BY name`);
  const selectMarks = database.prepare(`SELECT ${sealed(MARK_COLUMNS)} FROM grant_marks ORDER BY name`);
  const putGrant = database.prepare(putting("grants", GRANT_COLUMNS));
  const putMark = database.prepare(putting("grant_marks", MARK_COLUMNS));
  const deleteGrant = database.prepare("DELETE FROM grants WHERE name = ?");
  return {
    list: () => selectGrants.all().map(whole).map(grantOf),
    marks: () => selectMarks.all().map(whole).map(markOf),
    put: ({ name, identity, servers, policy, tokenSha256, expiresAt, timezone, createdAt }) => {
      const optional = [policy ?? null, tokenSha256 ?? null, expiresAt ?? null] as const;
      putGrant.run(name, identity, writeJson(servers), ...optional, timezone, createdAt);
      written();
    },
    remove: (name) => {
      const { changes } = deleteGrant.run(name);
      written();
      return changes > 0;
    },
    mark: ({ name, tokenSha256, revokedAt, expiredSeenAt }) => {
      putMark.run(name, tokenSha256 ?? null, revokedAt ?? null, expiredSeenAt ?? null);
      written();
    },
  };
};

const grantOf = (row: Row): StoredGrant => ({
  name: textOf(row["name"]) ?? "",
  identity: textOf(row["identity"]) ?? "",
  servers: serversOf(textOf(row["servers"]) ?? "[]"),
  policy: textOf(row["policy"]),
  tokenSha256: textOf(row["token_sha256"]),
  expiresAt: numberOf(row["expires_at"]),
  timezone: textOf(row["timezone"]) ?? "UTC",
  createdAt: numberOf(row["created_at"]) ?? 0,
});

const serversOf = (text: string): readonly string[] => {
  const servers = readJson(text);
  return isJsonArray(servers) ? servers.filter((server) => typeof server === "string") : [];
};

const markOf = (row: Row): GrantMark => ({
  name: textOf(row["name"]) ?? "",
  tokenSha256: textOf(row["token_sha256"]),
  revokedAt: numberOf(row["revoked_at"]),
  expiredSeenAt: numberOf(row["expired_seen_at"]),
});
