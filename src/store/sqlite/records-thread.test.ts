import { monitorEventLoopDelay } from "node:perf_hooks";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../base/limits.ts";
import { decisionOf, idOf } from "../conformance/sample-records.ts";
import { temporaryDirectory } from "../conformance/temporary.ts";
import { openJournal } from "../journal/open-journal.ts";
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

/** The longest turn of this thread until something is so, in nanoseconds. */
const longestTurn = async (done: () => boolean): Promise<number> => {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  while (!done()) {
    await turn();
  }
  delay.disable();
  return delay.percentile(90);
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

  it("is told of once when it dies, and started again", async () => {
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
  });

  it("leaves the turns of the gateway's thread short", async () => {
    const journal = await journalOf(LINES);
    const inside = new Records({ path: join(temporaryDirectory(), "in.db"), journal, onFault: failed });
    await using thread = new RecordsThread({
      path: join(temporaryDirectory(), "out.db"),
      journal,
      onFault: failed,
      gone: () => 0,
    });
    const end = (): boolean => (thread.position?.offset ?? 0) >= (inside.position?.offset ?? Infinity);
    inside.flush();
    inside[Symbol.dispose]();
    const beside = await longestTurn(end);
    expect(beside).toBeGreaterThan(0);
  });
});
