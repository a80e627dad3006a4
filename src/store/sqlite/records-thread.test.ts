import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../base/limits.ts";
import { decisionOf, idOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { openJournal } from "../journal/open-journal.ts";
import { segmentFile } from "../journal/segments.ts";
import { openCopy } from "./copy-reader.ts";
import { RecordsThread } from "./records-thread.ts";
import { Records } from "./records.ts";

const LINES = 20_000;

const journalOf = async (lines: number): Promise<string> => {
  const directory = join(temporaryDirectory(), "journal");
  await using journal = openJournal({
    directory,
    durability: "process",
    clock: { now: () => Date.UTC(2026, 2, 1) },
  });
  for (let line = 0; line < lines; line += 1) {
    await journal.append(decisionOf(line));
  }
  return directory;
};

const failed = (message: string): never => {
  throw new Error(message);
};

/** The median of this thread's turns until something is so, in milliseconds. */
const turnsUntil = async (done: () => boolean): Promise<number> => {
  const turns: number[] = [];
  while (!done()) {
    const start = performance.now();
    await sleep(1);
    turns.push(performance.now() - start);
  }
  return turns.toSorted((one, other) => one - other)[Math.floor(turns.length / 2)] ?? 0;
};

describe("the thread that fills the search copy", () => {
  it("takes in the last lines before it ends, and forgets what retention dropped", async () => {
    const journal = await journalOf(LIMITS.search_fill_lines * 2 + 1);
    const path = join(temporaryDirectory(), "records.db");
    let gone = 0;
    const thread = new RecordsThread({ path, journal, onFault: failed, gone: () => gone });
    await thread[Symbol.asyncDispose]();
    {
      using copy = openCopy(path);
      expect(copy.find(idOf(0))).toBeDefined();
      expect(copy.find(idOf(LIMITS.search_fill_lines * 2))).toBeDefined();
    }
    await using again = new RecordsThread({ path, journal, onFault: failed, gone: () => gone });
    await expect.poll(() => again.position?.offset).toBeGreaterThan(0);
    gone = 1;
    using copy = openCopy(path);
    await expect.poll(() => copy.find(idOf(0))).toBeUndefined();
  });

  it("is told of once when it dies, and started again until it lives", { timeout: 30_000 }, async () => {
    const journal = await journalOf(1);
    const faults: string[] = [];
    // No SQLite file can be there.
    const path = join(temporaryDirectory(), "none", "records.db");
    await using thread = new RecordsThread({
      path,
      journal,
      onFault: (message) => faults.push(message),
      gone: () => 0,
    });
    await expect
      .poll(() => faults, { timeout: 5_000 })
      .toEqual([expect.stringContaining("died and is started again")]);
    expect(thread.position).toBeUndefined();
    mkdirSync(dirname(path));
    await expect.poll(() => thread.position?.offset, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(faults).toHaveLength(1);
  });

  it("leaves the turns of the gateway's thread short", { timeout: 60_000 }, async () => {
    const journal = await journalOf(LINES);
    const end = statSync(segmentFile(journal, 1)).size;
    const isWhole = ({ position }: Pick<Records, "position">) =>
      position?.segment === 1 && position.offset === end;
    const options = { journal, onFault: failed };
    using inside = new Records({ ...options, path: join(temporaryDirectory(), "in.db"), fillMs: 1 });
    const here = await turnsUntil(() => isWhole(inside));
    await using thread = new RecordsThread({
      ...options,
      path: join(temporaryDirectory(), "beside.db"),
      gone: () => 0,
    });
    const there = await turnsUntil(() => isWhole(thread));
    expect(there).toBeLessThan(here / 2);
  });
});
