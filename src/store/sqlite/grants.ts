import type { SQLOutputValue } from "node:sqlite";
import type { GrantMark, GrantStore, StoredGrant } from "../../grant/port.ts";
import { openDatabase } from "./database.ts";

const MIGRATIONS = [
  `CREATE TABLE grants (
     name TEXT PRIMARY KEY, identity TEXT NOT NULL, servers TEXT NOT NULL, policy TEXT, token_sha256 TEXT,
     expires_at INTEGER, timezone TEXT NOT NULL, created_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE grant_marks (
     name TEXT PRIMARY KEY, token_sha256 TEXT, revoked_at INTEGER, expired_seen_at INTEGER
   ) STRICT`,
];

/** Grants in SQLite. Names of servers hold no space, so a list of them is kept as words. */
export const openGrantStore = (path: string): GrantStore & Disposable => {
  const database = openDatabase(path, MIGRATIONS);
  const selectGrants = database.prepare("SELECT * FROM grants ORDER BY name");
  const selectMarks = database.prepare("SELECT * FROM grant_marks ORDER BY name");
  const upsertGrant = database.prepare(
    `INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET identity = excluded.identity,
     servers = excluded.servers, policy = excluded.policy, token_sha256 = excluded.token_sha256,
     expires_at = excluded.expires_at, timezone = excluded.timezone, created_at = excluded.created_at`,
  );
  const upsertMark = database.prepare(
    `INSERT INTO grant_marks VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
     token_sha256 = excluded.token_sha256, revoked_at = excluded.revoked_at, expired_seen_at = excluded.expired_seen_at`,
  );
  const deleteGrant = database.prepare("DELETE FROM grants WHERE name = ?");
  return {
    list: () => selectGrants.all().map(grantOf),
    marks: () => selectMarks.all().map(markOf),
    put: ({ name, identity, servers, policy, tokenSha256, expiresAt, timezone, createdAt }) => {
      const row = [
        identity,
        servers.join(" "),
        policy ?? null,
        tokenSha256 ?? null,
        expiresAt ?? null,
        timezone,
        createdAt,
      ];
      upsertGrant.run(name, ...row);
    },
    remove: (name) => deleteGrant.run(name).changes > 0,
    mark: ({ name, tokenSha256, revokedAt, expiredSeenAt }) => {
      upsertMark.run(name, tokenSha256 ?? null, revokedAt ?? null, expiredSeenAt ?? null);
    },
    [Symbol.dispose]: () => database.close(),
  };
};

type Row = Record<string, SQLOutputValue>;

const textOf = (value: SQLOutputValue | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;
const numberOf = (value: SQLOutputValue | undefined): number | undefined =>
  typeof value === "number" ? value : undefined;

const grantOf = (row: Row): StoredGrant => ({
  name: textOf(row["name"]) ?? "",
  identity: textOf(row["identity"]) ?? "",
  servers: (textOf(row["servers"]) ?? "").split(" ").filter((server) => server !== ""),
  policy: textOf(row["policy"]),
  tokenSha256: textOf(row["token_sha256"]),
  expiresAt: numberOf(row["expires_at"]),
  timezone: textOf(row["timezone"]) ?? "UTC",
  createdAt: numberOf(row["created_at"]) ?? 0,
});

const markOf = (row: Row): GrantMark => ({
  name: textOf(row["name"]) ?? "",
  tokenSha256: textOf(row["token_sha256"]),
  revokedAt: numberOf(row["revoked_at"]),
  expiredSeenAt: numberOf(row["expired_seen_at"]),
});
