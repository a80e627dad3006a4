import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LedgerUnavailable } from "../../audit/port.ts";
import { decisionOf, idOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import type { Journal } from "./journal.ts";
import { JournalReader } from "./reader.ts";
import { isChained, open, recordsIn, segment } from "./testing/files.ts";

const CHECK_MS = 5;

const becomes = async (journal: Journal, health: ReturnType<Journal["health"]>): Promise<void> => {
  await expect.poll(() => journal.health(), { interval: 2, timeout: 5_000 }).toEqual(health);
};
const idsIn = (directory: string): readonly unknown[] =>
  recordsIn(directory).flatMap(({ id, act }) => (act === undefined ? [id] : []));
const actsIn = (directory: string): readonly unknown[] =>
  recordsIn(directory).flatMap(({ act }) => act ?? []);

describe.each(["process", "disk"] as const)("a journal (%s) whose file", (durability) => {
  const opened = async (directory: string, checkMs = CHECK_MS): Promise<Journal> => {
    const journal = open(directory, { durability, checkMs });
    await journal.append(decisionOf(1));
    return journal;
  };

  it("was deleted makes it anew with all its lines, and goes on in the next segment", async () => {
    const directory = temporaryDirectory();
    await using journal = await opened(directory, 20);
    rmSync(segment(directory, 1));
    // Nobody has looked yet.
    await journal.append(decisionOf(2));
    await expect
      .poll(() => readdirSync(directory), { interval: 5 })
      .toEqual(["00000001.jsonl", "00000002.jsonl"]);
    await becomes(journal, { ok: true });
    await journal.append(decisionOf(3));
    expect(idsIn(directory)).toEqual([idOf(1), idOf(2), idOf(3)]);
    expect(actsIn(directory)).toEqual(["journal.segment", "journal.recovered"]);
    expect(isChained(directory)).toBe(true);
    expect(statSync(segment(directory, 1)).mode & 0o777).toBe(0o600);
  });

  it("was deleted loses nobody who reads along", async () => {
    const directory = temporaryDirectory();
    await using journal = await opened(directory);
    using reader = new JournalReader(directory);
    expect(reader.next(10)).toHaveLength(1);
    rmSync(segment(directory, 1));
    await expect.poll(() => readdirSync(directory), { interval: 5 }).toHaveLength(2);
    await journal.append(decisionOf(2));
    const texts = reader.next(10).map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[2]).toContain(idOf(2));
  });

  it("was replaced is refused, and is well when it is back", async () => {
    const directory = temporaryDirectory();
    await using journal = await opened(directory);
    renameSync(segment(directory, 1), join(directory, "kept"));
    copyFileSync(join(directory, "kept"), segment(directory, 1));
    await becomes(journal, { ok: false, reason: "its file was replaced by another" });
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    await expect(journal.flush()).rejects.toThrow(LedgerUnavailable);
    renameSync(join(directory, "kept"), segment(directory, 1));
    await becomes(journal, { ok: true });
    await journal.append(decisionOf(3));
    expect(idsIn(directory)).toEqual([idOf(1), idOf(3)]);
    expect(isChained(directory)).toBe(true);
  });

  it.each([
    ["cut short", (file: string) => truncateSync(file, 100)],
    ["written to", (file: string) => appendFileSync(file, "{}\n")],
  ])("was %s by another program is refused for good", async (_, change) => {
    const directory = temporaryDirectory();
    await using journal = await opened(directory);
    change(segment(directory, 1));
    await becomes(journal, { ok: false, reason: "its file was changed by another program" });
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  it("is gone with its directory is refused, and is well when the directory is back", async () => {
    const root = temporaryDirectory();
    const directory = join(root, "journal");
    await using journal = await opened(directory);
    renameSync(directory, join(root, "away"));
    await becomes(journal, { ok: false, reason: "its file was removed" });
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    renameSync(join(root, "away"), directory);
    await becomes(journal, { ok: true });
    await journal.append(decisionOf(3));
    expect(idsIn(directory)).toEqual([idOf(1), idOf(3)]);
    expect(isChained(directory)).toBe(true);
  });

  it("is gone when it is full is missed before the next segment is begun", async () => {
    const directory = temporaryDirectory();
    const journal = open(directory, { durability, segmentBytes: 1_000, checkMs: 3_600_000 });
    await journal.append(decisionOf(1));
    rmSync(segment(directory, 1));
    expect(() => journal.append(decisionOf(2))).toThrow("its file was removed");
    expect(readdirSync(directory)).toEqual([]);
    await journal[Symbol.asyncDispose]();
    expect(isChained(directory)).toBe(true);
    expect(idsIn(directory)).toEqual([idOf(1)]);
  });
});

describe("what a process left that was killed while it put a file back", () => {
  it("is removed by the next start", async () => {
    const directory = temporaryDirectory();
    await open(directory)[Symbol.asyncDispose]();
    writeFileSync(`${segment(directory, 1)}.new`, "something\n");
    await using journal = open(directory);
    await journal.append(decisionOf(1));
    expect(readdirSync(directory)).toEqual(["00000001.jsonl"]);
  });
});

describe("the place of the next segment", () => {
  it("that another's file has is not written to", async () => {
    const directory = temporaryDirectory();
    await using journal = open(directory, { segmentBytes: 1_000, checkMs: CHECK_MS });
    await journal.append(decisionOf(1));
    writeFileSync(segment(directory, 2), "something\n");
    expect(() => journal.append(decisionOf(2))).toThrow(LedgerUnavailable);
    expect(statSync(segment(directory, 2)).size).toBe(10);
    rmSync(segment(directory, 2));
    await becomes(journal, { ok: true });
    mkdirSync(join(directory, "unrelated"));
    await journal.append(decisionOf(3));
    expect(isChained(directory)).toBe(true);
  });
});
