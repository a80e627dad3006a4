import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decisionOf, idOf, outcomeOf } from "./conformance/sample-records.ts";
import { temporaryDirectory } from "./conformance/temporary.ts";
import { DataDirectoryHeld } from "./lock.ts";
import { openCopy } from "./sqlite/copy-reader.ts";
import { openStore, type Store } from "./open.ts";

const open = (dataDirectory: string, sqlitePath?: string): Store =>
  openStore({
    dataDirectory,
    sqlitePath,
    durability: "process",
    search: true,
    clock: { now: () => Date.UTC(2026, 2, 1) },
    onFault: (message) => {
      throw new Error(message);
    },
  });

describe("the store", () => {
  it("keeps records, grants and the key over a restart", async () => {
    const directory = join(temporaryDirectory(), "data");
    const keys: Buffer[] = [];
    for (let run = 0; run < 2; run += 1) {
      await using store = open(directory);
      keys.push(store.auditKey.export());
      await store.journal.append(decisionOf(run));
      await store.journal.outcome(outcomeOf(run));
      store.grants.mark({
        name: String(run),
        tokenSha256: undefined,
        revokedAt: run,
        expiredSeenAt: undefined,
      });
    }
    await using store = open(directory);
    expect([...store.journal.read()].map(({ id }) => id)).toEqual([0, 0, 1, 1].map(idOf));
    // A stop took in the last lines.
    using copy = openCopy(join(directory, "tollgate.db"));
    expect(copy.search({ limit: 10 }).map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
    expect(store.grants.marks()).toHaveLength(2);
    expect(store.journal.notes).toEqual([]);
    expect(keys[0]).toEqual(keys[1]);
  });

  it.each(["gone", "empty"])(
    "does not begin anew where its grants are %s, unless somebody says so",
    async (how) => {
      const directory = join(temporaryDirectory(), "data");
      await using first = open(directory);
      await first.journal.append(decisionOf(1));
      await first[Symbol.asyncDispose]();
      const grants = join(directory, "grants.db");
      rmSync(grants);
      if (how === "empty") {
        writeFileSync(grants, "");
      }
      expect(() => open(directory)).toThrow("grants.db is gone");
      expect(() => open(directory)).toThrow("grants.db is gone");
      writeFileSync(join(directory, "grants.anew"), "");
      const second = open(directory);
      expect(second.grants.list()).toEqual([]);
      await second[Symbol.asyncDispose]();
      rmSync(grants);
      expect(() => open(directory)).toThrow("grants.db is gone");
    },
  );

  it("is in files for the owner alone", async () => {
    const directory = join(temporaryDirectory(), "data");
    await using store = open(directory);
    await store.journal.append(decisionOf(1));
    const files = readdirSync(directory, { recursive: true, encoding: "utf8" });
    expect(files).toContain(join("journal", "00000001.jsonl"));
    for (const file of files) {
      expect([file, statSync(join(directory, file)).mode & 0o077]).toEqual([file, 0]);
    }
  });

  it("has one owner, who gives it back when closing", async () => {
    const directory = temporaryDirectory();
    const store = open(directory);
    expect(() => open(directory)).toThrow(DataDirectoryHeld);
    await store[Symbol.asyncDispose]();
    await open(directory)[Symbol.asyncDispose]();
  });

  it("gives the lock back where the rest cannot be opened", async () => {
    const directory = temporaryDirectory();
    expect(() => open(directory, join(directory, "none", "x.db"))).toThrow("ENOENT");
    await open(directory)[Symbol.asyncDispose]();
  });

  it("has the search copy where the configuration says", async () => {
    const directory = temporaryDirectory();
    const path = join(temporaryDirectory(), "search.db");
    await using store = open(directory, path);
    await store.journal.append(decisionOf(1));
    await expect.poll(() => store.records.position?.offset).toBeGreaterThan(0);
    expect(statSync(path).size).toBeGreaterThan(0);
  });
});
