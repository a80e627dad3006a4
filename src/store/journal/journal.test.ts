import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { checkLine } from "../../audit/chain.ts";
import { LedgerUnavailable } from "../../audit/port.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import { ledgerConformance } from "../conformance/ledger.ts";
import { adminOf, decisionOf, idOf, outcomeOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { type Journal, openJournal } from "./journal.ts";
import { readLines } from "./read.ts";
import { JournalDamaged } from "./segments.ts";
import { type JournalIo, SYSTEM_IO } from "./segment-writer.ts";

const clock = { now: () => Date.UTC(2026, 2, 2) };
const open = (
  directory: string,
  options: { segmentBytes?: number; durability?: "process" | "disk"; io?: Partial<JournalIo> } = {},
): Journal => openJournal({ directory, durability: "process", clock, ...options });

const textsIn = (directory: string): readonly string[] =>
  [...readLines(directory)].map(({ text }) => text ?? "");
const recordsIn = (directory: string): readonly JsonObject[] =>
  textsIn(directory).map((text) => {
    const checked = checkLine(text);
    const value = checked.ok ? readJson(text) : null;
    return isJsonObject(value) ? value : {};
  });
const isChained = (directory: string): boolean => {
  let head = "0".repeat(64);
  return textsIn(directory).every((text) => {
    const checked = checkLine(text);
    const follows = checked.ok && checked.prev === head;
    head = checked.ok ? checked.hash : "";
    return follows;
  });
};
const segment = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(8, "0")}.jsonl`);

/** A disk that is full from the given number of bytes of the next write on. */
const fullDisk = (): { readonly io: Partial<JournalIo>; room: number } => {
  const disk = {
    room: Number.POSITIVE_INFINITY,
    io: {
      write: (file: number, data: string | Uint8Array) => {
        const bytes = Buffer.from(data);
        const some = bytes.subarray(0, Math.min(bytes.length, disk.room));
        disk.room -= some.length;
        if (some.length === 0) {
          throw Object.assign(new Error("ENOSPC: no space left on device, write '/secret/path'"), {
            code: "ENOSPC",
          });
        }
        return SYSTEM_IO.write(file, some);
      },
    },
  };
  return disk;
};

for (const durability of ["process", "disk"] as const) {
  ledgerConformance(`the journal (${durability})`, () => {
    const directory = temporaryDirectory();
    const disk = fullDisk();
    const journal = open(directory, { durability, io: disk.io, segmentBytes: 4_000_000 });
    return {
      ledger: journal,
      lines: () => textsIn(directory),
      fail: (failing) => {
        disk.room = failing ? 100 : Number.POSITIVE_INFINITY;
      },
      [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
    };
  });
}

describe("the journal's files", () => {
  it("are for their owner alone", async () => {
    const directory = join(temporaryDirectory(), "journal");
    await using journal = open(directory);
    await journal.append(decisionOf(1));
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(segment(directory, 1)).mode & 0o777).toBe(0o600);
  });

  it("hold a record when append returns, without anything to wait for", () => {
    const directory = temporaryDirectory();
    const journal = open(directory);
    expect(journal.append(decisionOf(1))).toBeUndefined();
    expect(readFileSync(segment(directory, 1), "utf8")).toContain(idOf(1));
  });

  it("are one chain over segments and restarts", async () => {
    const directory = temporaryDirectory();
    for (let run = 0; run < 3; run += 1) {
      await using journal = open(directory, { segmentBytes: 3_000 });
      for (let number = 0; number < 10; number += 1) {
        await journal.append(decisionOf(run * 10 + number));
        await journal.outcome(outcomeOf(run * 10 + number));
      }
    }
    expect(readdirSync(directory).length).toBeGreaterThan(5);
    expect(isChained(directory)).toBe(true);
    expect(recordsIn(directory).filter((record) => record["v"] === 1 && "decision" in record)).toHaveLength(
      30,
    );
  });

  it("tell where the next line will be", async () => {
    const directory = temporaryDirectory();
    await using journal = open(directory);
    await journal.append(decisionOf(1));
    expect(journal.position()).toEqual({ segment: 1, offset: statSync(segment(directory, 1)).size });
    expect(journal.head()).toBe(recordsIn(directory)[0]?.["hash"]);
  });
});

describe("opening after a kill", () => {
  const half = (journal: Journal): string =>
    `{"approval_id":null,"args":null,"prev":"${journal.head().slice(0, 9)}`;

  it("cuts a half-written last line, and says so", async () => {
    const directory = temporaryDirectory();
    const before = open(directory);
    await before.append(decisionOf(1, { decision: "deny", code: "default_deny" }));
    appendFileSync(segment(directory, 1), half(before));
    await using journal = open(directory);
    expect(journal.notes).toEqual([expect.stringContaining("half-written last line (49 bytes)")]);
    await journal.append(decisionOf(2));
    expect(recordsIn(directory).map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
    expect(isChained(directory)).toBe(true);
  });

  it.each([1, 5, 500])("cuts a first line of which %i bytes were written", async (bytes) => {
    const directory = temporaryDirectory();
    await open(directory).append(decisionOf(1));
    truncateSync(segment(directory, 1), bytes);
    await using journal = open(directory);
    await journal.append(decisionOf(2));
    expect(recordsIn(directory).map(({ id }) => id)).toEqual([idOf(2)]);
    expect(isChained(directory)).toBe(true);
  });

  it("goes on with the segment before one that was never written to", async () => {
    const directory = temporaryDirectory();
    const before = open(directory);
    await before.append(decisionOf(1));
    for (const rest of ["", half(before)]) {
      writeFileSync(segment(directory, 2), rest);
      await using journal = open(directory);
      await journal.append(decisionOf(2));
      expect(readdirSync(directory)).toEqual(["00000001.jsonl"]);
    }
    expect(isChained(directory)).toBe(true);
  });

  it("writes an unknown outcome for each forwarded call that has none, once", async () => {
    const directory = temporaryDirectory();
    const before = open(directory);
    await before.append(decisionOf(1));
    await before.append(decisionOf(2, { decision: "deny", code: "default_deny" }));
    await before.append(decisionOf(3));
    await before.append(decisionOf(4, { decision: "deny", code: "require_failed", enforced: false }));
    await before.append(decisionOf(5, { decision: "hold", code: "approval_required" }));
    await before.admin(adminOf(6));
    await before.outcome(outcomeOf(3));
    const journal = open(directory);
    const unknown = { outcome: "unknown", http_status: null, duration_ms: 0, at: "2026-03-02T00:00:00.000Z" };
    expect(recordsIn(directory).slice(7)).toEqual([
      expect.objectContaining({ id: idOf(1), ...unknown }),
      expect.objectContaining({ id: idOf(4), ...unknown }),
    ]);
    expect(journal.notes).toEqual([expect.stringContaining("killed: 2.")]);
    expect(open(directory).notes).toEqual([]);
    expect(textsIn(directory)).toHaveLength(9);
    expect(isChained(directory)).toBe(true);
  });

  it("knows open calls of earlier segments from the last one alone", async () => {
    const directory = temporaryDirectory();
    const before = open(directory, { segmentBytes: 3_000 });
    await before.append(decisionOf(1));
    await before.append(decisionOf(2));
    for (let number = 10; number < 30; number += 1) {
      await before.append(decisionOf(number, { decision: "deny", code: "default_deny" }));
    }
    await before.outcome(outcomeOf(2));
    const segments = readdirSync(directory).length;
    expect(segments).toBeGreaterThan(4);
    // What earlier segments hold is not looked at, so that a start takes the same time whatever their number.
    writeFileSync(segment(directory, 2), "x");
    await using journal = open(directory);
    expect(journal.notes).toEqual([expect.stringContaining("killed: 1.")]);
    const last = recordsIn(directory).at(-1);
    expect(last).toMatchObject({ id: idOf(1), outcome: "unknown" });
  });

  it("begins a segment with the calls that are open then: forwarded, and without an outcome", async () => {
    const directory = temporaryDirectory();
    await using journal = open(directory, { segmentBytes: 4_000 });
    await journal.append(decisionOf(1));
    await journal.append(decisionOf(2, { decision: "deny", code: "require_failed", enforced: false }));
    await journal.append(decisionOf(3));
    await journal.outcome(outcomeOf(3));
    for (let number = 10; journal.position().segment === 1; number += 1) {
      await journal.append(decisionOf(number, { decision: "deny", code: "default_deny" }));
    }
    expect(recordsIn(directory).filter(({ act }) => act !== undefined)).toEqual([
      expect.objectContaining({
        act: "journal.segment",
        by: "gateway",
        subject: "2",
        after: { open: [idOf(1), idOf(2)] },
      }),
    ]);
  });

  it("writes nothing behind a last record that was changed", async () => {
    const directory = temporaryDirectory();
    await open(directory).append(decisionOf(1));
    const text = readFileSync(segment(directory, 1), "utf8");
    for (const damaged of [text.replace("seed", "weed"), "{}\n", "\n", Buffer.from([0xff, 0x0a])]) {
      writeFileSync(segment(directory, 1), damaged);
      expect(() => open(directory)).toThrow(JournalDamaged);
    }
  });

  it("opens on a full disk, and is well when there is room", async () => {
    const directory = temporaryDirectory();
    await open(directory).append(decisionOf(1));
    const disk = fullDisk();
    disk.room = 0;
    await using journal = open(directory, { io: disk.io });
    expect(journal.notes).toEqual([expect.stringContaining("Calls are refused until it can")]);
    expect(journal.health().ok).toBe(false);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.append(decisionOf(2));
    expect(journal.health().ok).toBe(true);
    expect(isChained(directory)).toBe(true);
  });
});

describe("a write that fails", () => {
  it.each([0, 1, 700])("after %i bytes leaves nothing behind", async (room) => {
    const directory = temporaryDirectory();
    const disk = fullDisk();
    await using journal = open(directory, { io: disk.io });
    await journal.append(decisionOf(1));
    const size = statSync(segment(directory, 1)).size;
    disk.room = room;
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    expect(statSync(segment(directory, 1)).size).toBe(size);
    expect(journal.health()).toEqual({ ok: false, reason: "the journal cannot be written (ENOSPC)" });
  });

  it("is finished where the system wrote a part", async () => {
    const directory = temporaryDirectory();
    const io = {
      write: (file: number, data: string | Uint8Array) =>
        SYSTEM_IO.write(file, Buffer.from(data).subarray(0, 100)),
    };
    await using journal = open(directory, { io });
    await journal.append(decisionOf(1, { message: "é😀".repeat(200) }));
    await journal.append(decisionOf(2));
    expect(isChained(directory)).toBe(true);
    expect(textsIn(directory)).toHaveLength(2);
  });

  it("and cannot be taken back stops all writing until it is", async () => {
    const directory = temporaryDirectory();
    const disk = fullDisk();
    let locked = true;
    const truncate = (file: number, bytes: number): void => {
      if (locked) {
        throw new Error("EIO");
      }
      SYSTEM_IO.truncate(file, bytes);
    };
    await using journal = open(directory, { io: { ...disk.io, truncate } });
    await journal.append(decisionOf(1));
    disk.room = 50;
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    disk.room = Number.POSITIVE_INFINITY;
    expect(() => journal.append(decisionOf(3))).toThrow(LedgerUnavailable);
    expect(textsIn(directory)).toHaveLength(1);
    locked = false;
    await journal.append(decisionOf(4));
    expect(recordsIn(directory).map(({ id }) => id)).toEqual([idOf(1), idOf(4)]);
  });

  it("at the beginning of a segment leaves no such segment", async () => {
    const directory = temporaryDirectory();
    const disk = fullDisk();
    await using journal = open(directory, { io: disk.io, segmentBytes: 1_000 });
    await journal.append(decisionOf(1));
    disk.room = 20;
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    expect(readdirSync(directory)).toEqual(["00000001.jsonl"]);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.append(decisionOf(3));
    expect(readdirSync(directory)).toHaveLength(2);
    expect(isChained(directory)).toBe(true);
  });

  it("does not count its call as open", async () => {
    const directory = temporaryDirectory();
    const disk = fullDisk();
    const before = open(directory, { io: disk.io, segmentBytes: 3_000 });
    disk.room = 10;
    expect(() => before.append(decisionOf(1))).toThrow(LedgerUnavailable);
    disk.room = Number.POSITIVE_INFINITY;
    for (let number = 10; number < 15; number += 1) {
      await before.append(decisionOf(number, { decision: "deny", code: "default_deny" }));
    }
    expect(open(directory).notes).toEqual([]);
  });
});

/** Syncs that end when they are told to. */
const heldSyncs = () => {
  const waiting: ((error: Error | null) => void)[] = [];
  const io: Partial<JournalIo> = { sync: (_, done) => void waiting.push(done) };
  const end = async (error: Error | null = null): Promise<void> => {
    waiting.shift()?.(error);
    await turn();
  };
  return { io, waiting, end };
};

describe("a journal on disk", () => {
  /** Without the sync of the directory, which the first one brings. */
  const opened = async (directory: string) => {
    const syncs = heldSyncs();
    const journal = open(directory, { durability: "disk", io: syncs.io });
    const first = journal.append(decisionOf(0));
    await syncs.end();
    await syncs.end();
    await first;
    return { journal, ...syncs };
  };
  const settledOf = (appends: readonly (void | Promise<void>)[]): (number | "failed")[] => {
    const settled: (number | "failed")[] = [];
    appends.forEach((append, index) => {
      void Promise.resolve(append).then(
        () => settled.push(index),
        () => settled.push("failed"),
      );
    });
    return settled;
  };

  it("syncs for a lone record at once, and waits for that", async () => {
    const { journal, waiting, end } = await opened(temporaryDirectory());
    const settled = settledOf([journal.append(decisionOf(1))]);
    expect(waiting).toHaveLength(1);
    await turn();
    expect(settled).toEqual([]);
    await end();
    expect(settled).toEqual([0]);
  });

  it("lets all who come while a sync runs share the next", async () => {
    const { journal, waiting, end } = await opened(temporaryDirectory());
    const numbers = Array.from({ length: 50 }, (_, number) => number + 1);
    const settled = settledOf(numbers.map((number) => journal.append(decisionOf(number))));
    expect(waiting).toHaveLength(1);
    await end();
    expect(settled).toEqual([0]);
    expect(waiting).toHaveLength(1);
    await end();
    expect(settled).toHaveLength(50);
    expect(waiting).toHaveLength(0);
  });

  it("has the segments' names on stable storage too", async () => {
    const syncs = heldSyncs();
    const journal = open(temporaryDirectory(), { durability: "disk", io: syncs.io });
    const settled = settledOf([journal.append(decisionOf(0))]);
    await syncs.end();
    expect([settled, syncs.waiting.length]).toEqual([[], 1]);
    await syncs.end();
    expect(settled).toEqual([0]);
  });

  it("syncs a full segment before any record of the next counts as kept", async () => {
    const directory = temporaryDirectory();
    const files: number[] = [];
    const sync: JournalIo["sync"] = (file, done) => {
      files.push(file);
      SYSTEM_IO.sync(file, done);
    };
    await using journal = open(directory, { durability: "disk", segmentBytes: 2_000, io: { sync } });
    await Promise.all(Array.from({ length: 20 }, async (_, number) => journal.append(decisionOf(number))));
    expect(readdirSync(directory).length).toBeGreaterThan(5);
    // Every segment, at least: the first is synced for the first record, all others by the sync that the rest share.
    expect(files.length).toBeGreaterThanOrEqual(readdirSync(directory).length);
    expect(files.length).toBeLessThan(20 + 4);
    expect(isChained(directory)).toBe(true);
  });

  it("refuses everything after a sync that failed: what the kernel dropped then, a later sync does not bring", async () => {
    const { journal, end } = await opened(temporaryDirectory());
    const settled = settledOf([journal.append(decisionOf(1)), journal.append(decisionOf(2))]);
    await end(Object.assign(new Error("EIO: i/o error, fsync"), { code: "EIO" }));
    expect(settled).toEqual(["failed", "failed"]);
    expect(journal.health().reason).toBe(
      "the journal cannot be brought to stable storage (EIO); restart the gateway",
    );
    expect(() => journal.append(decisionOf(3))).toThrow(LedgerUnavailable);
  });
});

describe("a closed journal", () => {
  it("takes no record", async () => {
    const journal = open(temporaryDirectory());
    await journal[Symbol.asyncDispose]();
    await journal[Symbol.asyncDispose]();
    expect(() => journal.append(decisionOf(1))).toThrow(LedgerUnavailable);
    expect(journal.health()).toEqual({ ok: false, reason: "closed" });
  });
});
