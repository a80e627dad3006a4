import { createHmac, createSecretKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { DecisionRecord, Outcome } from "../audit/record.ts";
import { systemClock } from "../base/clock.ts";
import { uuidv7 } from "../base/ids.ts";
import type { MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec, Reserved } from "../meter/port.ts";
import { decisionOf } from "../store/conformance/sample-records.ts";
import { openJournal } from "../store/journal/open-journal.ts";
import type { Journal } from "../store/journal/journal.ts";
import { openCounters, saveCheckpoint } from "./checkpoint.ts";
import { OpenCharges } from "./open-charges.ts";

const LIMIT: LimitSpec = {
  policy: "p",
  counter: "c",
  scope: "grant",
  window: "lifetime",
  align: "sliding",
  timezone: "UTC",
  max: 3_000_000_000n,
};
const KEY = createSecretKey(Buffer.alloc(32, 7));

const directories: string[] = [];
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));

interface Call {
  readonly id: string;
  readonly reserved: readonly Reserved[];
}

const setUp = (limit = LIMIT) => {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-checkpoint-"));
  directories.push(directory);
  const place = { directory, key: KEY };
  const journal: Journal = openJournal({
    directory: join(directory, "journal"),
    durability: "process",
    clock: systemClock,
  });
  const log = { info: () => {}, error: () => {}, warn: () => {} };
  const open = (): MemoryCounters => openCounters(place, journal, [limit], log);
  /** Counters that live, with what the gate does to them and to the record. */
  const lived = (counters = open(), charges = new OpenCharges()) => {
    const ledger = charges.ledger(journal);
    return {
      counters,
      admit: async (): Promise<Call | undefined> => {
        const taken = counters.reserve([{ limit, whose: "g", amount: 1_000_000_000n }], 1_000);
        if (!taken.ok) {
          return undefined;
        }
        const record: DecisionRecord = { ...decisionOf(1), id: uuidv7(1_000), reserved: taken.reserved };
        await ledger.append(record);
        return { id: record.id, reserved: taken.reserved };
      },
      release: ({ reserved }: Call) => charges.counters(counters).release(reserved),
      end: ({ id }: Call, outcome: Outcome) =>
        ledger.outcome({
          id,
          outcome,
          http_status: null,
          duration_ms: 1,
          result_bytes: 0,
          at: "2026-01-01T00:00:00.000Z",
        }),
      save: () => saveCheckpoint(place, journal, counters, charges),
    };
  };
  return { open, lived, file: join(directory, "counters.json") };
};

const room = (counters: MemoryCounters): number => {
  let count = 0;
  while (counters.reserve([{ limit: LIMIT, whose: "g", amount: 1_000_000_000n }], 2_000).ok) {
    count += 1;
  }
  return count;
};

const sure = (call: Call | undefined): Call => {
  if (call === undefined) {
    throw new Error("the call was not admitted");
  }
  return call;
};

/** A checkpoint of ours that says something else. */
const change = (file: string, by: (text: string) => string): void => {
  const text = by(readFileSync(file, "utf8").split("\n")[0] ?? "");
  writeFileSync(file, `${text}\n${createHmac("sha256", KEY).update(text).digest("hex")}\n`);
};

describe("a checkpoint of the counters", () => {
  it("and the lines after it count what the whole journal counts", async () => {
    const { open, lived } = setUp();
    const { admit, save, end } = lived();
    await admit();
    await save();
    const call = sure(await admit());
    expect(room(open())).toBe(1);
    await end(call, "unavailable");
    expect(room(open())).toBe(2);
  });

  it("is what a start goes by: what stands before it is not read again", async () => {
    const { file, open, lived } = setUp();
    const { admit, save } = lived();
    await admit();
    await save();
    change(file, (text) => text.replaceAll('"1"', '"2"'));
    expect(room(open())).toBe(1);
  });

  it("holds what was counted when it was taken, not what was while it was written", async () => {
    const { file, lived } = setUp();
    const { admit, save, counters } = lived();
    await admit();
    const [before, saved] = [counters.checkpoint(), save()];
    await admit();
    await saved;
    const [text = ""] = readFileSync(file, "utf8").split("\n");
    expect(JSON.parse(text)).toHaveProperty("counters", before);
  });

  it.each([
    ["of another journal", (text: string) => text.replace(/"head":"[0-9a-f]{4}/u, '"head":"0000')],
    ["beyond the journal's end", (text: string) => text.replace(/"offset":\d+/u, '"offset":99999999')],
    ["of a segment that is not there", (text: string) => text.replace(/"segment":\d+/u, '"segment":7')],
    [
      "with counters that cannot be read",
      (text: string) => text.replace('"counters":{', '"counters":{"more":1,'),
    ],
  ])("that is of no use is not used: %s", async (_, spoil) => {
    const { file, open, lived } = setUp();
    const { admit, save } = lived();
    await admit();
    await save();
    change(file, (text) => spoil(text.replaceAll('"1"', '"0.5"')));
    expect(room(open())).toBe(2);
  });

  it("that was cut off or changed anywhere is not used", async () => {
    const { file, open, lived } = setUp();
    const { admit, save } = lived();
    await admit();
    await save();
    change(file, (text) => text.replaceAll('"1"', '"0.5"'));
    const bytes = readFileSync(file);
    fc.assert(
      fc.property(
        fc.nat(bytes.indexOf(10)),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, by, cut) => {
          const spoilt = Buffer.from(bytes);
          spoilt[at] = ((bytes[at] ?? 0) + by) % 256;
          writeFileSync(file, cut ? bytes.subarray(0, at) : spoilt);
          expect(room(open())).toBe(2);
        },
      ),
      { numRuns: 200 },
    );
  });
});

type Lived = ReturnType<ReturnType<typeof setUp>["lived"]>;

/** What may happen to calls and counters, in any order. A call that was given back has yet to be told of (`late`). */
const stepsOn = (again: () => Lived) => {
  let now = again();
  const calls: Call[] = [];
  const late: Call[] = [];
  const each = async (some: readonly Call[], work: (call: Call) => unknown): Promise<void> => {
    for (const call of some) {
      await work(call);
    }
  };
  const tell = (): Promise<void> => each(late.splice(0), (call) => now.end(call, "unavailable"));
  return {
    admit: async () => {
      const made = await now.admit();
      calls.push(...(made === undefined ? [] : [made]));
    },
    ok: () => each(calls.splice(0, 1), (call) => now.end(call, "ok")),
    release: () =>
      each(calls.splice(0, 1), (call) => {
        late.push(call);
        return now.release(call);
      }),
    tell,
    save: () => now.save(),
    restart: async () => {
      await tell();
      calls.splice(0);
      now = again();
    },
  };
};

describe("a checkpoint while calls are under way", () => {
  it("lets an outcome after it give back what was taken before it", async () => {
    const { open, lived } = setUp();
    const { admit, save, release, end } = lived();
    const [first, second] = [sure(await admit()), sure(await admit())];
    await save();
    await release(first);
    await end(first, "unavailable");
    await end(second, "ok");
    expect(room(open())).toBe(2);
  });

  it("taken between what is given back and its outcome gives back once", async () => {
    const { open, lived } = setUp();
    const { admit, save, release, end } = lived();
    const [first] = [sure(await admit()), await admit()];
    await release(first);
    await save();
    await end(first, "unavailable");
    expect(room(open())).toBe(2);
  });

  it("counts what the whole journal counts, whatever happened in which order", async () => {
    const step = fc.constantFrom("admit", "release", "ok", "tell", "save", "restart");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { file, open, lived } = setUp({ ...LIMIT, max: 10_000_000_000n });
        const happening = stepsOn(() => lived());
        for (const one of steps) {
          await happening[one]();
        }
        await happening.tell();
        const fromCheckpoint = open().checkpoint();
        rmSync(file, { force: true });
        const fromJournal = open().checkpoint();
        expect(fromCheckpoint).toEqual(fromJournal);
      }),
      { numRuns: 60 },
    );
  });
});
