import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { DecisionRecord } from "../audit/record.ts";
import { systemClock } from "../base/clock.ts";
import { uuidv7 } from "../base/ids.ts";
import type { MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec } from "../meter/port.ts";
import { openJournal, type Journal } from "../store/journal/journal.ts";
import { decisionOf } from "../store/conformance/sample-records.ts";
import { openCounters, saveCheckpoint } from "./checkpoint.ts";

const LIMIT: LimitSpec = {
  policy: "p",
  counter: "c",
  scope: "grant",
  window: "lifetime",
  align: "sliding",
  timezone: "UTC",
  max: 3_000_000_000n,
};

const directories: string[] = [];
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));

const setUp = (): { directory: string; journal: Journal; warnings: string[]; open: () => MemoryCounters } => {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-checkpoint-"));
  directories.push(directory);
  const journal = openJournal({
    directory: join(directory, "journal"),
    durability: "process",
    clock: systemClock,
  });
  const warnings: string[] = [];
  const log = { info: () => {}, error: () => {}, warn: (message: string) => void warnings.push(message) };
  return { directory, journal, warnings, open: () => openCounters(directory, journal, [LIMIT], log) };
};

const charge = { limit: LIMIT, whose: "g", amount: 1_000_000_000n };

/** Takes one and records it, as the gate does. */
const admit = async (counters: MemoryCounters, journal: Journal): Promise<string> => {
  const taken = counters.reserve([charge], 1_000);
  const record: DecisionRecord = {
    ...decisionOf(1),
    id: uuidv7(1_000),
    reserved: taken.ok ? taken.reserved : [],
  };
  await journal.append(record);
  return record.id;
};

const room = (counters: MemoryCounters): number => {
  let count = 0;
  while (counters.reserve([charge], 2_000).ok) {
    count += 1;
  }
  return count;
};

describe("a checkpoint of the counters", () => {
  it("and the lines after it count what the whole journal counts", async () => {
    const { directory, journal, open } = setUp();
    const counters = open();
    await admit(counters, journal);
    saveCheckpoint(directory, journal, counters);
    const id = await admit(counters, journal);
    expect(room(open())).toBe(1);
    await journal.outcome({
      id,
      outcome: "unavailable",
      http_status: null,
      duration_ms: 1,
      result_bytes: 0,
      at: "2026-01-01T00:00:00.000Z",
    });
    expect(room(open())).toBe(2);
  });

  it("is what a start goes by: what stands before it is not read again", async () => {
    const { directory, journal, open } = setUp();
    const counters = open();
    await admit(counters, journal);
    saveCheckpoint(directory, journal, counters);
    const file = join(directory, "counters.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll('"1"', '"2"'));
    expect(room(open())).toBe(1);
  });

  it.each([
    ["of another journal", (text: string) => text.replace(/"head":"[0-9a-f]{4}/u, '"head":"0000')],
    ["beyond the journal's end", (text: string) => text.replace(/"offset":\d+/u, '"offset":99999999')],
    ["of a segment that is not there", (text: string) => text.replace(/"segment":\d+/u, '"segment":7')],
    ["that is half written", (text: string) => text.slice(0, 40)],
    [
      "with counters that cannot be read",
      (text: string) => text.replace('"counters":{', '"counters":{"more":1,'),
    ],
  ])("that is of no use is not used: %s", async (_, spoil) => {
    const { directory, journal, open } = setUp();
    const counters = open();
    await admit(counters, journal);
    saveCheckpoint(directory, journal, counters);
    const file = join(directory, "counters.json");
    writeFileSync(file, spoil(readFileSync(file, "utf8").replaceAll('"1"', '"0"')));
    expect(room(open())).toBe(2);
  });
});
