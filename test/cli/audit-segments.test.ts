import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { droppedLine, type Dropped } from "../../src/audit/dropped.ts";
import { headLine } from "../../src/audit/heads.ts";
import type { JournalPosition } from "../../src/audit/port.ts";
import { decisionOf, idOf, outcomeOf } from "../../src/store/conformance/sample-records.ts";
import { signingKeyIn } from "../../src/store/data-dir.ts";
import { openJournal } from "../../src/store/journal/open-journal.ts";
import { segmentFile, segmentsIn } from "../../src/store/journal/segments.ts";
import { Desk } from "../support/command.ts";

interface Kept {
  readonly desk: Desk;
  readonly journal: string;
  readonly key: KeyObject;
  /** A head was signed behind each record. */
  readonly places: readonly { readonly place: JournalPosition; readonly head: string }[];
  readonly verify: (...more: readonly string[]) => Promise<Record<string, unknown>>;
  /** Puts a statement on dropped segments, as retention does. */
  readonly drop: (through: number, changes?: Partial<Dropped>, key?: KeyObject) => void;
}

const AT = "2026-03-01T12:00:00.000Z";

/** A data directory whose journal has several short segments, as no gateway has: its segments are long. */
const kept = async (): Promise<Kept> => {
  const desk = new Desk();
  onTestFinished(() => desk[Symbol.dispose]());
  const data = join(desk.directory, "data");
  mkdirSync(data, { mode: 0o700 });
  const key = signingKeyIn(data);
  const directory = join(data, "journal");
  const places: Kept["places"][number][] = [];
  {
    await using journal = openJournal({
      directory,
      durability: "process",
      clock: { now: () => Date.UTC(2026, 2, 1, 12) },
      segmentBytes: 4_000,
    });
    for (let number = 0; number < 20; number += 1) {
      await journal.append(decisionOf(number));
      await journal.outcome(outcomeOf(number));
      places.push({ place: journal.position(), head: journal.head() });
    }
  }
  writeFileSync(
    join(data, "heads.jsonl"),
    places.map((one) => `${headLine({ at: AT, ...one }, key)}\n`).join(""),
  );
  return {
    desk,
    journal: directory,
    key,
    places,
    verify: async (...more) => {
      const { exit, out, err } = await desk.run(["audit", "verify", "--json", "--data", data, ...more]);
      expect(err).toBe("");
      return { exit, ...(JSON.parse(out) as object) };
    },
    drop: (through, changes = {}, signer = key) => {
      const lines = linesUpTo(directory, through);
      const { hash, at } = JSON.parse(lines.at(-1) ?? "") as { hash: string; at: string };
      const said = { at: AT, through, head: hash, lines: lines.length, until: at, carried: [], ...changes };
      writeFileSync(join(directory, "dropped.json"), `${droppedLine(said, signer)}\n`);
    },
  };
};

const linesUpTo = (directory: string, through: number): readonly string[] =>
  segmentsIn(directory)
    .filter((segment) => segment <= through)
    .flatMap((segment) => readFileSync(segmentFile(directory, segment), "utf8").split("\n").slice(0, -1));

const remove = (journal: string, through: number): void =>
  segmentsIn(journal)
    .filter((segment) => segment <= through)
    .forEach((segment) => rmSync(segmentFile(journal, segment)));

describe("a record of several segments", () => {
  it("is verified with the heads of all of them", async () => {
    const { journal, verify } = await kept();
    expect(segmentsIn(journal).length).toBeGreaterThan(4);
    expect(await verify()).toMatchObject({ exit: 0, heads: { checked: 20, before: 0, behind: 0 } });
  });

  it("is verified from where retention left it, by the statement that it signed", async () => {
    const { journal, verify, drop } = await kept();
    drop(2);
    // A gateway that was killed between the statement and the removal left the segments lying.
    const sound = { exit: 0, dropped: { until: expect.any(String) as unknown } };
    expect(await verify()).toMatchObject(sound);
    remove(journal, 1);
    expect(await verify()).toMatchObject(sound);
    remove(journal, 2);
    const { lines, heads, dropped } = await verify();
    expect(lines).toBe(linesUpTo(journal, 99).length);
    expect(heads).toMatchObject({ behind: 0 });
    const { checked, before } = heads as { checked: number; before: number };
    expect([checked + before, before > 2, checked > 2]).toEqual([20, true, true]);
    expect(dropped).toMatchObject({ lines: expect.any(Number) as unknown });
  });

  it("misses what no statement stands for", async () => {
    const { journal, verify, drop } = await kept();
    remove(journal, 2);
    const first = JSON.parse(linesUpTo(journal, 3)[0] ?? "") as { id: string };
    const fault = {
      kind: "removed",
      id: first.id,
      message: expect.stringContaining("nothing signed") as unknown,
    };
    expect(await verify()).toMatchObject({ exit: 1, fault });
    expect(await verify("--from", "100w")).toMatchObject({ exit: 0 });
    // One segment more is gone than the statement says.
    const other = await kept();
    other.drop(2);
    remove(other.journal, 3);
    expect(await other.verify()).toMatchObject({ exit: 1, fault: { kind: "removed" } });
    drop(5, { head: "ab".repeat(32) });
    remove(journal, 5);
    expect(await verify()).toMatchObject({ exit: 1, fault: { kind: "removed" } });
  });

  it("takes no statement that was changed, or signed by another", async () => {
    const { journal, verify, drop } = await kept();
    drop(2, {}, generateKeyPairSync("ed25519").privateKey);
    expect(await verify()).toMatchObject({ exit: 1, fault: { kind: "changed" } });
    remove(journal, 2);
    expect(await verify()).toMatchObject({ exit: 1, fault: { kind: "removed" } });
    drop(3);
    const file = join(journal, "dropped.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"through":3', '"through":2'));
    expect(await verify()).toMatchObject({
      exit: 1,
      fault: {
        kind: "removed",
        message: expect.stringContaining("dropped records is not signed") as unknown,
      },
    });
  });

  it("misses segments in the middle and at the end", async () => {
    const { journal, verify } = await kept();
    const numbers = segmentsIn(journal);
    const last = segmentFile(journal, numbers.at(-1) ?? 0);
    renameSync(last, `${last}.away`);
    expect(await verify()).toMatchObject({
      exit: 1,
      fault: { kind: "removed" },
      heads: { behind: expect.any(Number) as unknown },
    });
    copyFileSync(`${last}.away`, last);
    expect(await verify()).toMatchObject({ exit: 0 });
    rmSync(segmentFile(journal, 3));
    expect(await verify()).toMatchObject({ exit: 1, fault: { kind: "removed" } });
  });

  it("is verified from a time on, with the heads behind it", async () => {
    const { verify } = await kept();
    const { lines, heads } = await verify("--from", "2026-03-01T12:00:00.025Z");
    expect(lines).toBeLessThan(20);
    const { checked, before } = heads as { checked: number; before: number };
    expect([checked + before, before]).toEqual([20, 13]);
    const { journal, verify: again } = await kept();
    const file = segmentFile(journal, segmentsIn(journal).at(-1) ?? 0);
    writeFileSync(file, readFileSync(file, "utf8").split("\n").slice(0, 2).join("\n").concat("\n"));
    expect(await again("--from", "2026-03-01T12:00:00.025Z")).toMatchObject({
      exit: 1,
      fault: { kind: "removed" },
    });
    expect(await again("--from", "2027-01-01T00:00:00Z")).toMatchObject({
      exit: 1,
      lines: 0,
      fault: { kind: "removed" },
    });
  });

  it("is held against heads in any order, given more than once", async () => {
    const { desk, key, places, verify } = await kept();
    const heads = places.map((one) => headLine({ at: AT, ...one }, key)).toReversed();
    const file = desk.write("other.jsonl", heads.join("\n"));
    expect(await verify("--heads", file, "--heads", file)).toMatchObject({ exit: 0, heads: { checked: 20 } });
    const wrong = { ...places[3], place: { segment: 1, offset: 1 }, head: places[3]?.head ?? "" };
    const more = desk.write("more.jsonl", headLine({ at: AT, ...wrong }, key));
    expect(await verify("--heads", file, "--heads", more)).toMatchObject({
      exit: 1,
      fault: { kind: "changed", id: idOf(0) },
    });
  });
});
