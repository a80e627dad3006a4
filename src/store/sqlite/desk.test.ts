import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { freezeStoreConformance } from "../conformance/freezes.ts";
import { overrideStoreConformance } from "../conformance/overrides.ts";
import { grantStoreConformance } from "../conformance/grants.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { DatabaseTooNew, openDatabase } from "./database.ts";
import { openDeskStore } from "./desk.ts";
import { FREEZES_MIGRATION } from "./freezes.ts";
import { GRANTS_MIGRATION } from "./grants.ts";
import { withSeals } from "./seal.ts";

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

overrideStoreConformance("SQLite", () => {
  const under = restartable();
  return { ...under, store: () => under.desk().overrides };
});

describe("the overrides in the database of grants", () => {
  const given = {
    server: "billing",
    tool: "sweep",
    digest: "ab".repeat(32),
    class: "financial",
    risk: undefined,
    was: { class: "execute", risk: "high" },
    reason: "it moves money",
    by: "local:ana",
    at: 1,
  } as const;
  const kept = (): string => {
    const path = join(temporaryDirectory(), "grants.db");
    using store = openDeskStore(path);
    store.overrides.put(given);
    return path;
  };
  const edit = (path: string, sql: string): void => {
    using beside = new DatabaseSync(path);
    withSeals(beside);
    beside.exec(sql);
  };
  const found = (path: string) => {
    using store = openDeskStore(path);
    return store.overrides.list();
  };

  it.each([
    "UPDATE overrides SET class = 'read'",
    "UPDATE overrides SET risk = 'low'",
    "UPDATE overrides SET digest = replace(digest, 'ab', 'cd')",
    "UPDATE overrides SET tool = 'other'",
    "UPDATE overrides SET server = 'crm'",
    "UPDATE overrides SET reason = ''",
    "INSERT INTO overrides SELECT 'crm', tool, digest, 'read', risk, was_class, was_risk, reason, made_by, made_at, seal FROM overrides",
  ])("are found out to be edited by hand: %s", (sql) => {
    const path = kept();
    expect(found(path)).toEqual([given]);
    edit(path, sql);
    expect(() => found(path)).toThrow("not as they were written");
  });

  it("are none of ours where they have a class that there is not, whatever their seal says", () => {
    const columns = "server, tool, digest, class, risk, was_class, was_risk, reason, made_by, made_at";
    for (const change of ["class = 'harmless'", "risk = 'none'", "was_class = ''"]) {
      const path = kept();
      edit(path, `UPDATE overrides SET ${change}; UPDATE overrides SET seal = seal(${columns})`);
      expect(() => found(path)).toThrow("not as they were written");
    }
  });

  it("find their place in a database of a release that had none, with all that it held", () => {
    const path = join(temporaryDirectory(), "grants.db");
    using old = openDatabase(path, [GRANTS_MIGRATION, FREEZES_MIGRATION]);
    old.exec("INSERT INTO grant_marks (name, revoked_at) VALUES ('a', 7)");
    old.exec("INSERT INTO freezes (id, reason, made_by, made_at) VALUES ('f', 'r', 'b', 1)");
    old.close();
    using store = openDeskStore(path);
    expect([store.grants.marks().length, store.freezes.list().length]).toEqual([1, 1]);
    store.overrides.put(given);
    expect(store.overrides.list()).toEqual([given]);
  });
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
