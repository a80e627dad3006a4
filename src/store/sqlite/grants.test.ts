import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { grantStoreConformance } from "../conformance/grants.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { DatabaseTooNew } from "./database.ts";
import { openGrantStore } from "./grants.ts";

grantStoreConformance("SQLite", () => {
  const path = join(temporaryDirectory(), "grants.db");
  let store = openGrantStore(path);
  return {
    store: () => store,
    restart: () => {
      store[Symbol.dispose]();
      store = openGrantStore(path);
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
});

describe("the database of grants", () => {
  it("is for its owner alone, with the files beside it", () => {
    const path = join(temporaryDirectory(), "grants.db");
    using store = openGrantStore(path);
    expect(store.list()).toEqual([]);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it("has every change on stable storage when its call returns", () => {
    const path = join(temporaryDirectory(), "grants.db");
    using store = openGrantStore(path);
    store.mark({ name: "a", tokenSha256: undefined, revokedAt: 1, expiredSeenAt: undefined });
    using beside = new DatabaseSync(path, { readOnly: true });
    expect(beside.prepare("SELECT count(*) AS n FROM grant_marks").get()).toEqual({ n: 1 });
  });

  it("is not touched where a newer release made it", () => {
    const path = join(temporaryDirectory(), "grants.db");
    openGrantStore(path)[Symbol.dispose]();
    using newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 1000");
    expect(() => openGrantStore(path)).toThrow(DatabaseTooNew);
  });
});
