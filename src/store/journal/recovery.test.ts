import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LedgerUnavailable } from "../../audit/port.ts";
import type { Json } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { adminOf, decisionOf, idOf, outcomeOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { type JournalIo, SYSTEM_IO } from "./io.ts";
import type { Journal } from "./journal.ts";
import type { JournalOptions } from "./journal-options.ts";
import { EIO, fullDisk, heldSyncs, isChained, open, recordsIn, segment } from "./testing/files.ts";

const CHECK_MS = 5;

/** A disk whose syncs fail while told to; then, like some kernels, it may lose what it could not write. */
const failingDisk = (directory: string) => {
  const synced = new Map<number, number>();
  const disk = {
    failing: false,
    loses: false,
    syncs: 0,
    io: {
      sync: (file, done) => {
        const { ino, size } = fstatSync(file);
        if (!disk.failing) {
          disk.syncs += 1;
          synced.set(ino, size);
          SYSTEM_IO.sync(file, done);
          return;
        }
        if (disk.loses) {
          zeroes(directory, ino, synced.get(ino) ?? 0);
        }
        setImmediate(() => done(EIO()));
      },
    } satisfies Partial<JournalIo>,
  };
  return disk;
};

const zeroes = (directory: string, inode: number, from: number): void => {
  for (const name of readdirSync(directory)) {
    const { ino, size } = statSync(join(directory, name));
    if (ino === inode) {
      const file = openSync(join(directory, name), "r+");
      writeSync(file, Buffer.alloc(size - from), 0, size - from, from);
      closeSync(file);
    }
  }
};

const isWell = async (journal: Journal): Promise<void> => {
  await expect.poll(() => journal.health(), { interval: 5, timeout: 5_000 }).toEqual({ ok: true });
};
const outcomesIn = (directory: string): readonly unknown[] =>
  recordsIn(directory).flatMap(({ id, outcome }) => (outcome === undefined ? [] : [[id, outcome]]));
const recoveredIn = (directory: string): readonly (Json | undefined)[] =>
  recordsIn(directory).flatMap(({ act, after }) => (act === "journal.recovered" ? [after] : []));
const refused = (append: void | Promise<void>): Promise<void> =>
  expect(Promise.resolve(append)).rejects.toThrow(LedgerUnavailable);

describe("a journal on disk whose sync failed", () => {
  const broken = async (directory: string, options: { loses?: boolean; segmentBytes?: number } = {}) => {
    const disk = failingDisk(directory);
    const { loses = false, ...rest } = options;
    disk.loses = loses;
    const journal = open(directory, { durability: "disk", checkMs: CHECK_MS, io: disk.io, ...rest });
    await journal.append(decisionOf(1));
    disk.failing = true;
    await Promise.all([refused(journal.append(decisionOf(2))), refused(journal.outcome(outcomeOf(1)))]);
    return { journal, disk };
  };

  it("refuses everything and says why, without a path", async () => {
    const { journal } = await broken(temporaryDirectory());
    expect(journal.health()).toEqual({ ok: false, reason: "not brought to stable storage (EIO)" });
    expect(() => journal.append(decisionOf(3))).toThrow(LedgerUnavailable);
    expect(() => journal.outcome(outcomeOf(2))).toThrow(LedgerUnavailable);
    await expect(journal.flush()).rejects.toThrow("not brought to stable storage (EIO)");
  });

  it.each([false, true])(
    "is well by itself when the disk is (lines lost by the kernel: %s)",
    async (loses) => {
      const directory = temporaryDirectory();
      const { journal, disk } = await broken(directory, { loses });
      const before = disk.syncs;
      disk.failing = false;
      await isWell(journal);
      expect(disk.syncs).toBeGreaterThan(before);
      expect(isChained(directory)).toBe(true);
      await journal.append(decisionOf(4));
      expect(recordsIn(directory).map(({ id, act }) => act ?? id)).toEqual([
        idOf(1),
        idOf(2),
        idOf(1),
        idOf(2),
        "journal.recovered",
        idOf(4),
      ]);
      await journal[Symbol.asyncDispose]();
      expect(isChained(directory)).toBe(true);
    },
  );

  it("says of calls that were refused that they never ran, and a start does not ask about them again", async () => {
    const directory = temporaryDirectory();
    const { journal, disk } = await broken(directory);
    disk.failing = false;
    await isWell(journal);
    expect(outcomesIn(directory)).toEqual([
      [idOf(1), "ok"],
      [idOf(2), "unavailable"],
    ]);
    await journal[Symbol.asyncDispose]();
    await using again = open(directory);
    expect(again.notes).toEqual([]);
  });

  it("writes outcomes that it could not, as they were, before anything new", async () => {
    const directory = temporaryDirectory();
    const disk = fullDisk();
    await using journal = open(directory, { io: disk.io, checkMs: CHECK_MS });
    await journal.append(decisionOf(1));
    disk.room = 0;
    const ended = outcomeOf(1, { outcome: "tool_error", duration_ms: 77 });
    expect(() => journal.outcome(ended)).toThrow(LedgerUnavailable);
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    disk.room = Number.POSITIVE_INFINITY;
    await journal.append(decisionOf(3));
    expect(recordsIn(directory).map(({ id, act, outcome }) => [act ?? id, outcome])).toEqual([
      [idOf(1), undefined],
      [idOf(1), "tool_error"],
      ["journal.recovered", undefined],
      [idOf(3), undefined],
    ]);
    expect(recordsIn(directory)[1]).toMatchObject(ended);
  });

  it("writes since when and how many decisions are missing", async () => {
    const directory = temporaryDirectory();
    const { journal, disk } = await broken(directory);
    for (let number = 10; number < 13; number += 1) {
      expect(() => journal.append(decisionOf(number))).toThrow(LedgerUnavailable);
    }
    disk.failing = false;
    await isWell(journal);
    expect(recoveredIn(directory)).toEqual([
      { since: "2026-03-02T00:00:00.000Z", reason: "not brought to stable storage (EIO)", unrecorded: 3 },
    ]);
  });

  it("brings the segment that was full meanwhile over as well", async () => {
    const directory = temporaryDirectory();
    const held = heldSyncs();
    const disk = failingDisk(directory);
    disk.loses = true;
    let sync: JournalIo["sync"] = disk.io.sync;
    const io: Partial<JournalIo> = { sync: (file, done) => sync(file, done) };
    const journal = open(directory, { durability: "disk", checkMs: CHECK_MS, segmentBytes: 2_500, io });
    await journal.append(decisionOf(1));
    sync = held.io.sync ?? sync;
    const appends = Array.from({ length: 10 }, (_, number) =>
      refused(journal.append(decisionOf(10 + number))),
    );
    expect(readdirSync(directory).length).toBeGreaterThan(3);
    sync = disk.io.sync;
    disk.failing = true;
    await held.end(EIO());
    await Promise.all(appends);
    // Nothing of what was not synced is in any file now.
    readdirSync(directory).forEach((name) =>
      zeroes(directory, statSync(join(directory, name)).ino, name.startsWith("00000001") ? 1_200 : 0),
    );
    expect(isChained(directory)).toBe(false);
    disk.failing = false;
    await isWell(journal);
    expect(isChained(directory)).toBe(true);
    expect(outcomesIn(directory)).toHaveLength(10);
    await journal[Symbol.asyncDispose]();
  });

  it("stays refused while it cannot be mended", async () => {
    const directory = temporaryDirectory();
    let tries = 0;
    const disk = failingDisk(directory);
    const rewrite: JournalIo["rewrite"] = () => {
      tries += 1;
      throw Object.assign(new Error("EROFS"), { code: "EROFS" });
    };
    await using journal = open(directory, {
      durability: "disk",
      checkMs: CHECK_MS,
      io: { ...disk.io, rewrite },
    });
    await journal.append(decisionOf(1));
    disk.failing = true;
    await refused(journal.append(decisionOf(2)));
    disk.failing = false;
    await expect.poll(() => tries, { interval: 5 }).toBeGreaterThan(2);
    expect(journal.health()).toEqual({ ok: false, reason: "not brought to stable storage (EROFS)" });
    expect(() => journal.append(decisionOf(3))).toThrow(LedgerUnavailable);
  });
});

describe("a flush", () => {
  it("has everything on stable storage when it resolves, full segments too, where calls do not wait for that", async () => {
    const directory = temporaryDirectory();
    const synced = new Map<number, number>();
    const sync: JournalIo["sync"] = (file, done) => {
      const { ino, size } = fstatSync(file);
      SYSTEM_IO.sync(file, (error) => {
        synced.set(ino, size);
        done(error);
      });
    };
    await using journal = open(directory, { segmentBytes: 2_000, io: { sync } });
    for (let number = 0; number < 20; number += 1) {
      expect(journal.append(decisionOf(number))).toBeUndefined();
    }
    await journal.flush();
    const files = readdirSync(directory).map((name) => statSync(join(directory, name)));
    expect(files.length).toBeGreaterThan(5);
    expect(files.map(({ ino }) => synced.get(ino))).toEqual(files.map(({ size }) => size));
  });

  it("comes by itself in the background after so many bytes", async () => {
    const directory = temporaryDirectory();
    const disk = failingDisk(directory);
    await using journal = open(directory, { checkMs: 3_600_000, io: disk.io });
    await journal.append(decisionOf(1));
    expect(disk.syncs).toBe(0);
    await journal.append(decisionOf(2, { message: "m".repeat(LIMITS.background_sync_bytes) }));
    expect(disk.syncs).toBe(1);
  });

  it("that fails stops the journal, which is mended from what can be read back", async () => {
    const directory = temporaryDirectory();
    const disk = failingDisk(directory);
    await using journal = open(directory, { checkMs: CHECK_MS, io: disk.io });
    await journal.append(decisionOf(1));
    disk.failing = true;
    await expect(journal.flush()).rejects.toThrow(LedgerUnavailable);
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    disk.failing = false;
    await isWell(journal);
    await journal.append(decisionOf(3));
    await journal.flush();
    expect(isChained(directory)).toBe(true);
  });

  it("whose lines are lost says so, and nothing is written behind them", async () => {
    const directory = temporaryDirectory();
    const disk = failingDisk(directory);
    disk.loses = true;
    await using journal = open(directory, { checkMs: CHECK_MS, io: disk.io });
    await journal.append(decisionOf(1));
    disk.failing = true;
    await expect(journal.flush()).rejects.toThrow(LedgerUnavailable);
    disk.failing = false;
    await expect
      .poll(() => journal.health().reason, { interval: 5 })
      .toBe("not brought to stable storage (lines cannot be read back as they were written)");
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
  });
});

describe("a journal that could not be written", () => {
  it.each(["process", "disk"] as const)(
    "is well without a call when there is room (%s)",
    async (durability) => {
      const directory = temporaryDirectory();
      const disk = fullDisk();
      const told: string[] = [];
      const onFault = (message: string): void => void told.push(message);
      await using journal = open(directory, { durability, checkMs: CHECK_MS, io: disk.io, onFault });
      await journal.append(decisionOf(1));
      disk.room = 0;
      for (let number = 2; number < 6; number += 1) {
        expect(() => journal.append(decisionOf(number))).toThrow(LedgerUnavailable);
      }
      disk.room = Number.POSITIVE_INFINITY;
      await isWell(journal);
      expect(recoveredIn(directory)).toEqual([
        { since: "2026-03-02T00:00:00.000Z", reason: "not writable (ENOSPC)", unrecorded: 4 },
      ]);
      expect(told).toEqual([
        "The journal cannot be written: not writable (ENOSPC). Calls are refused until it can.",
        "The journal can be written again. Decisions that could not be recorded: 4.",
      ]);
      expect(isChained(directory)).toBe(true);
    },
  );

  it("ends what a crash left open once there is room", async () => {
    const directory = temporaryDirectory();
    await open(directory).append(decisionOf(1));
    const disk = fullDisk();
    disk.room = 0;
    await using journal = open(directory, { checkMs: CHECK_MS, io: disk.io });
    disk.room = Number.POSITIVE_INFINITY;
    await isWell(journal);
    expect(outcomesIn(directory)).toEqual([[idOf(1), "unknown"]]);
  });

  it("because no segment can be begun is well when one can", async () => {
    const directory = temporaryDirectory();
    await using journal = open(directory, { checkMs: CHECK_MS, segmentBytes: 1_000 });
    await journal.append(decisionOf(1));
    mkdirSync(segment(directory, 2));
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    expect(journal.health()).toEqual({ ok: false, reason: "not writable (EISDIR)" });
    rmdirSync(segment(directory, 2));
    await isWell(journal);
    expect(isChained(directory)).toBe(true);
  });
});

describe("syncs that hang", () => {
  const hanging = async (directory: string, options: Partial<JournalOptions> = {}) => {
    const held = heldSyncs();
    const journal = open(directory, { durability: "disk", checkMs: CHECK_MS, io: held.io, ...options });
    const first = journal.append(decisionOf(0));
    await held.end();
    await held.end();
    await first;
    return { journal, ...held };
  };

  it("keep nothing but their own callers waiting", async () => {
    const { journal, end } = await hanging(temporaryDirectory());
    const waiting = journal.append(decisionOf(1));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await expect.poll(() => turns, { interval: 1 }).toBeGreaterThan(20);
    clearInterval(timer);
    await turn();
    await end();
    await waiting;
  });

  it("are waited for by so many lines and no more", async () => {
    const directory = temporaryDirectory();
    const { journal, waiting, end } = await hanging(directory, { checkMs: 3_600_000 });
    const message = "m".repeat(LIMITS.unsynced_bytes_max / 8);
    const appends = Array.from({ length: 8 }, async (_, number) =>
      journal.append(decisionOf(number + 1, { message })),
    );
    const from = journal.position();
    expect(() => journal.append(decisionOf(9))).toThrow("the queue is full");
    expect(journal.health()).toEqual({ ok: false, reason: "the queue is full" });
    // Calls under way end in the record all the same.
    const others = [journal.outcome(outcomeOf(0)), journal.admin(adminOf(20))];
    await end();
    await end();
    await Promise.all([...appends, ...others]);
    expect(waiting).toHaveLength(0);
    const after = journal.append(decisionOf(10));
    expect(journal.health()).toEqual({ ok: true });
    await end();
    await after;
    expect(recordsIn(directory, from).map(({ id, act }) => act ?? id)).toEqual([
      idOf(0),
      "grant.revoke",
      "journal.recovered",
      idOf(10),
    ]);
    expect(recordsIn(directory, from)[2]).toMatchObject({
      after: { reason: "the queue is full", unrecorded: 1 },
    });
  });

  it("count as a disk that does not answer after a while", async () => {
    const directory = temporaryDirectory();
    const { journal, end } = await hanging(directory, { syncMsMax: 20 });
    const waiting = journal.append(decisionOf(1));
    await expect.poll(() => journal.health().reason, { interval: 5 }).toBe("stable storage does not answer");
    expect(() => journal.append(decisionOf(2))).toThrow("stable storage does not answer");
    await end();
    await waiting;
    await isWell(journal);
    expect(recordsIn(directory).map(({ id, act }) => act ?? id)).toEqual([
      idOf(0),
      idOf(1),
      "journal.recovered",
    ]);
  });

  it("may end after their call was refused: its record says that it never ran", async () => {
    const directory = temporaryDirectory();
    const { journal, waiting, end } = await hanging(directory);
    const late = journal.append(decisionOf(1));
    journal.abandon(idOf(1));
    await expect.poll(() => outcomesIn(directory), { interval: 5 }).toEqual([[idOf(1), "unavailable"]]);
    await end();
    await late;
    await expect.poll(() => waiting.length, { interval: 5 }).toBe(1);
    await end();
    expect(readFileSync(segment(directory, 1), "utf8").endsWith("\n")).toBe(true);
    expect(journal.health()).toEqual({ ok: true });
  });
});
