import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RecordQuery } from "../../audit/port.ts";
import { adminOf, decisionOf, idOf, outcomeOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { openJournal } from "../journal/open-journal.ts";
import { DatabaseTooNew } from "./database.ts";
import { RecordsDatabase } from "./records-database.ts";
import { Records } from "./records.ts";

const clock = { now: () => Date.UTC(2026, 2, 2) };
const START = Date.UTC(2026, 2, 1, 12);

/** A journal and its copy. */
const setUp = () => {
  const directory = temporaryDirectory();
  const faults: string[] = [];
  const path = join(directory, "tollgate.db");
  const journal = openJournal({ directory: join(directory, "journal"), durability: "process", clock });
  const open = (fillMs = 3_600_000): Records => {
    const records = new Records({
      path,
      journal: join(directory, "journal"),
      onFault: (message) => faults.push(message),
      fillMs,
    });
    onTestFinished(() => records[Symbol.dispose]());
    return records;
  };
  return { directory, path, journal, faults, open };
};

const idsOf = (records: Records, query: Partial<RecordQuery> = {}): readonly string[] =>
  records.search({ limit: 100, ...query }).map(({ id }) => id);

const waitFor = async (condition: () => boolean): Promise<void> => {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
};

describe("the search copy", () => {
  it("has decisions with their outcomes, newest first", async () => {
    const { journal, open } = setUp();
    const records = open();
    await journal.append(decisionOf(1));
    await journal.outcome(outcomeOf(1));
    const second = journal.position();
    await journal.append(
      decisionOf(2, { decision: "deny", code: "default_deny", rule: "/default", enforced: false }),
    );
    await journal.admin(adminOf(3));
    records.flush();
    expect(records.search({ limit: 10 })).toEqual([
      expect.objectContaining({
        id: idOf(2),
        at: START + 2,
        decision: "deny",
        code: "default_deny",
        enforced: false,
        outcome: null,
        outcomePosition: null,
        position: second,
      }),
      {
        seq: 1,
        id: idOf(1),
        at: START + 1,
        requestId: "r-1",
        server: "orchestrator",
        grant: "ci-orchestrator",
        identity: "ci",
        method: "tools/call",
        tool: "stop_all_servers",
        policy: "seed",
        decision: "allow",
        code: "allowed",
        rule: "/tools/stop_all_servers",
        enforced: true,
        outcome: "ok",
        httpStatus: 200,
        durationMs: 12,
        resultBytes: 345,
        position: { segment: 1, offset: 0 },
        outcomePosition: { segment: 1, offset: expect.any(Number) as number },
      },
    ]);
  });

  it("takes an outcome in that comes in a later batch than its decision", async () => {
    const { journal, open } = setUp();
    const records = open();
    await journal.append(decisionOf(1));
    records.flush();
    expect(records.search({ limit: 1 })[0]?.outcome).toBeNull();
    await journal.outcome(outcomeOf(1, { outcome: "timeout", http_status: null, duration_ms: 0.5 }));
    records.flush();
    expect(records.search({ limit: 1 })[0]).toMatchObject({
      outcome: "timeout",
      httpStatus: null,
      durationMs: 0.5,
    });
  });

  it("takes in many batches", async () => {
    const { journal, open } = setUp();
    const records = open();
    for (let number = 0; number < 1_000; number += 1) {
      await journal.append(decisionOf(number));
      await journal.outcome(outcomeOf(number));
    }
    records.flush();
    expect(records.search({ limit: 10_000, outcome: "ok" })).toHaveLength(1_000);
  });

  it.each<[string, Partial<RecordQuery>, readonly number[]]>([
    ["from a time on", { from: START + 3 }, [4, 3]],
    ["before a time", { to: START + 3 }, [2, 1]],
    ["of a grant", { grant: "other" }, [3]],
    ["of an identity", { identity: "someone" }, [3]],
    ["of a server", { server: "billing" }, [2]],
    ["of a tool", { tool: "refund" }, [2]],
    ["by decision", { decision: "deny" }, [3]],
    ["that were allowed", { decision: "allow" }, [4, 2, 1]],
    ["by code", { code: "default_deny" }, [3]],
    ["with the code of allowed ones", { code: "allowed" }, [4, 2, 1]],
    ["by outcome", { outcome: "ok" }, [1]],
    ["without an outcome", { outcome: "pending" }, [4, 2]],
    [
      "by all of these",
      {
        from: START,
        to: START + 9,
        grant: "ci-orchestrator",
        decision: "allow",
        code: "allowed",
        server: "billing",
      },
      [2],
    ],
    ["in a number", { limit: 2 }, [4, 3]],
  ])("finds records %s", async (_, query, numbers) => {
    const { journal, open } = setUp();
    const records = open();
    await journal.append(decisionOf(1));
    await journal.outcome(outcomeOf(1));
    await journal.append(decisionOf(2, { server: "billing", tool: "refund" }));
    await journal.append(
      decisionOf(3, { grant: "other", identity: "someone", decision: "deny", code: "default_deny" }),
    );
    await journal.append(decisionOf(4));
    records.flush();
    expect(idsOf(records, query)).toEqual(numbers.map(idOf));
  });

  it("gives pages, each record once, also of one and the same time", async () => {
    const { journal, open } = setUp();
    const records = open();
    for (let number = 0; number < 25; number += 1) {
      await journal.append(
        decisionOf(number, { at: new Date(START + Math.floor(number / 10)).toISOString() }),
      );
    }
    records.flush();
    const ids: string[] = [];
    for (let page = records.search({ limit: 4 }); page.length > 0;) {
      ids.push(...page.map(({ id }) => id));
      const last = page.at(-1);
      page = last === undefined ? [] : records.search({ limit: 4, before: last });
    }
    expect(ids).toEqual(Array.from({ length: 25 }, (_, index) => idOf(24 - index)));
  });
});

describe("the search copy's following of the journal", () => {
  it("goes on by itself, a batch at a time", async () => {
    const { journal, open } = setUp();
    const records = open(1);
    for (let number = 0; number < 350; number += 1) {
      await journal.append(decisionOf(number));
    }
    await waitFor(() => idsOf(records, { limit: 10_000 }).length === 350);
    await journal.outcome(outcomeOf(7));
    await waitFor(() => idsOf(records, { outcome: "ok" }).length === 1);
  });

  it("goes on after a restart where it was, and takes the last lines in when it closes", async () => {
    const { journal, open, faults } = setUp();
    const first = open();
    await journal.append(decisionOf(1));
    first[Symbol.dispose]();
    await journal.append(decisionOf(2));
    const second = open();
    expect(idsOf(second)).toEqual([idOf(1)]);
    second.flush();
    expect(idsOf(second)).toEqual([idOf(2), idOf(1)]);
    expect(faults).toEqual([]);
  });

  it("tells once of lines it cannot take in, and takes them in when it can", async () => {
    const { path, journal, open, faults } = setUp();
    const records = open();
    await journal.append(decisionOf(1));
    using beside = new DatabaseSync(path);
    beside.exec("CREATE TRIGGER t BEFORE INSERT ON records BEGIN SELECT RAISE(ABORT, 'no room'); END");
    records.flush();
    records.flush();
    expect(faults).toEqual(["The search copy of the record lags behind the journal: no room."]);
    beside.exec("DROP TRIGGER t");
    await journal.append(decisionOf(2));
    records.flush();
    expect(idsOf(records)).toEqual([idOf(2), idOf(1)]);
    expect(faults).toHaveLength(1);
  });

  it("is for its owner alone", () => {
    const { path, open } = setUp();
    open();
    expect([path, `${path}-wal`].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600]);
  });
});

describe("a search copy that cannot be gone on with", () => {
  /** A copy of three records that is closed, harmed and opened again. */
  const reopened = async (harm: (at: ReturnType<typeof setUp>) => void) => {
    const at = setUp();
    const before = at.open();
    for (const number of [1, 2, 3]) {
      await at.journal.append(decisionOf(number));
    }
    before[Symbol.dispose]();
    harm(at);
    const records = at.open();
    records.flush();
    records.flush();
    return { ...at, records };
  };

  it("is made anew where it is lost", async () => {
    const { records, faults } = await reopened(({ path }) => rmSync(path));
    expect(idsOf(records)).toHaveLength(3);
    expect(faults).toEqual([]);
  });

  it("is set aside and made anew where it is no database", async () => {
    const { records, faults, path } = await reopened(({ path }) => writeFileSync(path, "x".repeat(8_192)));
    expect(idsOf(records)).toHaveLength(3);
    expect(faults).toEqual([expect.stringContaining("made anew")]);
    expect(readFileSync(`${path}.damaged`, "utf8")).toMatch(/^x+$/);
  });

  it("is made anew where its pages are damaged", async () => {
    const { records } = await reopened(({ path }) => {
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 4_096 + 100);
      writeFileSync(path, bytes);
    });
    expect(idsOf(records)).toHaveLength(3);
  });

  it("is made anew where it is further than the journal", async () => {
    const { records, faults } = await reopened(({ path }) => {
      using database = new DatabaseSync(path);
      database.exec("UPDATE filled SET segment = 2, offset = 77; DELETE FROM records");
    });
    expect(idsOf(records)).toHaveLength(3);
    expect(faults).toEqual([expect.stringContaining("further than the journal")]);
  });

  it("is made anew where it is of another journal", async () => {
    const { records, faults } = await reopened(({ path, journal }) => {
      using database = new DatabaseSync(path);
      database.exec(`UPDATE filled SET head = '${"ab".repeat(32)}'`);
      void journal.append(decisionOf(4));
    });
    expect(idsOf(records)).toHaveLength(4);
    expect(faults).toEqual([expect.stringContaining("another journal")]);
  });

  it("is made anew where it was open when the machine went down, not where only the process did", async () => {
    for (const [boot, anew] of [
      ["this", false],
      ["another", true],
    ] as const) {
      const { path } = setUp();
      // Never closed: what a killed process leaves.
      const killed = new RecordsDatabase(path, "this");
      onTestFinished(() => killed[Symbol.dispose]());
      const again = (): RecordsDatabase => new RecordsDatabase(path, boot);
      if (anew) {
        expect(again).toThrow("went down");
      } else {
        again()[Symbol.dispose]();
      }
    }
  });

  it("is gone on with after the machine went down, where it had been closed", () => {
    const { path } = setUp();
    new RecordsDatabase(path, "this")[Symbol.dispose]();
    expect(() => new RecordsDatabase(path, "another")[Symbol.dispose]()).not.toThrow();
  });

  it("is not trusted where the system does not tell one start from another", () => {
    const { path } = setUp();
    const killed = new RecordsDatabase(path, "");
    onTestFinished(() => killed[Symbol.dispose]());
    expect(() => new RecordsDatabase(path, "")).toThrow("went down");
  });

  it("is not touched where a newer release made it", () => {
    const { path, open } = setUp();
    open()[Symbol.dispose]();
    using newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 1000");
    expect(() => open()).toThrow(DatabaseTooNew);
    expect(existsSync(`${path}.damaged`)).toBe(false);
  });
});

describe("a search copy that is lost or damaged while it is open", () => {
  it("is made anew where its file is deleted", async () => {
    const { path, journal, open, faults } = setUp();
    const records = open(5);
    await journal.append(decisionOf(1));
    await waitFor(() => idsOf(records).length === 1);
    rmSync(path);
    await journal.append(decisionOf(2));
    await waitFor(() => existsSync(path) && records.position?.offset === journal.position().offset);
    using beside = new DatabaseSync(path, { readOnly: true });
    expect(beside.prepare("SELECT id FROM records ORDER BY seq").all()).toEqual([
      expect.objectContaining({ id: idOf(1) }),
      expect.objectContaining({ id: idOf(2) }),
    ]);
    expect(faults).toEqual([expect.stringContaining("its file is gone")]);
  });

  it("is set aside and made anew where its pages are overwritten", async () => {
    const { path, journal, open, faults } = setUp();
    const records = open(5);
    // More than SQLite keeps in memory.
    for (let number = 0; number < 8_000; number += 1) {
      await journal.append(decisionOf(number));
    }
    await waitFor(() => records.position?.offset === journal.position().offset);
    {
      using beside = new DatabaseSync(path);
      beside.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(statSync(path).size - 4_096, 0xa5), 0, undefined, 4_096);
    closeSync(file);
    const oldest = (): readonly string[] => idsOf(records, { to: START + 10, tool: "stop_all_servers" });
    expect(oldest).toThrow("malformed");
    await waitFor(() => records.position?.offset === journal.position().offset);
    expect(oldest()).toHaveLength(10);
    expect(existsSync(`${path}.damaged`)).toBe(true);
    expect(faults).toEqual([expect.stringContaining("malformed"), expect.stringContaining("made anew")]);
  });
});

describe("a journal with lines that cannot be read", () => {
  it("does not keep the copy from the others", async () => {
    const { directory, journal, open } = setUp();
    await journal.append(decisionOf(1));
    await journal.append(decisionOf(2));
    await journal.append(decisionOf(3));
    const file = join(directory, "journal", "00000001.jsonl");
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, [lines[0], "garbage", lines[2], ""].join("\n"));
    const records = open();
    records.flush();
    expect(idsOf(records)).toEqual([idOf(3), idOf(1)]);
  });
});
