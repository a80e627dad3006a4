import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { freezeStoreConformance } from "../conformance/freezes.ts";
import { grantStoreConformance } from "../conformance/grants.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { DatabaseTooNew, openDatabase } from "./database.ts";
import { openDeskStore } from "./desk.ts";
import { GRANTS_MIGRATION } from "./grants.ts";

const restartable = () => {
  const path = join(temporaryDirectory(), "grants.db");
  let store = openDeskStore(path);
  return {
    desk: () => store,
    restart: () => {
      store[Symbol.dispose]();
      store = openDeskStore(path);
    },
    [Symbol.dispose]: () => store[Symbol.dispose](),
  };
};

grantStoreConformance("SQLite", () => {
  const under = restartable();
  return { ...under, store: () => under.desk().grants };
});

freezeStoreConformance("SQLite", () => {
  const under = restartable();
  return { ...under, store: () => under.desk().freezes, waiting: () => under.desk().waiting };
});

describe("the database of grants", () => {
  it("is for its owner alone, with the file beside it", () => {
    const path = join(temporaryDirectory(), "grants.db");
    using store = openDeskStore(path);
    expect(store.grants.list()).toEqual([]);
    for (const file of [path, `${path}-journal`]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  it("has every change in its file when its call returns", () => {
    const path = join(temporaryDirectory(), "grants.db");
    using store = openDeskStore(path);
    store.grants.mark({ name: "a", tokenSha256: undefined, revokedAt: 1, expiredSeenAt: undefined });
    // As a process that was killed here leaves it.
    const left = join(temporaryDirectory(), "grants.db");
    copyFileSync(path, left);
    copyFileSync(`${path}-journal`, `${left}-journal`);
    using beside = new DatabaseSync(left);
    expect(beside.prepare("SELECT count(*) AS n FROM grant_marks").get()).toEqual({ n: 1 });
  });

  it("is not touched where a newer release made it", () => {
    const path = join(temporaryDirectory(), "grants.db");
    openDeskStore(path)[Symbol.dispose]();
    using newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 1000");
    expect(() => openDeskStore(path)).toThrow(DatabaseTooNew);
  });

  it("is taken over from a release that kept it with a write-ahead log", () => {
    const path = join(temporaryDirectory(), "grants.db");
    const old = openDatabase(path, [GRANTS_MIGRATION]);
    old.exec("INSERT INTO grant_marks (name, revoked_at) VALUES ('a', 7)");
    old.close();
    using store = openDeskStore(path);
    expect(store.grants.marks()).toMatchObject([{ name: "a", revokedAt: 7 }]);
    expect(store.freezes.list()).toEqual([]);
  });

  it("grows by nothing while dozens of acts are done, and keeps its room over a restart", () => {
    const path = join(temporaryDirectory(), "grants.db");
    const sizes = () => [statSync(path).size, statSync(`${path}-journal`).size];
    const act = (store: ReturnType<typeof openDeskStore>, id: string): void => {
      store.grants.mark({ name: id, tokenSha256: undefined, revokedAt: 1, expiredSeenAt: undefined });
      const target = { server: id, grant: undefined, identity: undefined, tool: undefined };
      store.freezes.put({ ...target, id, reason: "r".repeat(900), by: "local", at: 1, until: undefined });
      const record = { v: 1, id, at: "", act: "freeze", by: "local", subject: null, before: null } as const;
      store.waiting.put({ ...record, after: { reason: "r".repeat(900) } });
    };
    const first = openDeskStore(path);
    const before = sizes();
    for (let index = 0; index < 20; index += 1) {
      act(first, `first-${String(index)}`);
    }
    expect(sizes()).toEqual(before);
    first[Symbol.dispose]();
    using second = openDeskStore(path);
    for (let index = 0; index < 20; index += 1) {
      act(second, `second-${String(index)}`);
    }
    expect(sizes()).toEqual(before);
    expect(second.waiting.list()).toHaveLength(40);
  });
});
