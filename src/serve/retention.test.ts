import { generateKeyPairSync } from "node:crypto";
import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Verifier } from "../audit/verify.ts";
import { adminOf, decisionOf, idOf, outcomeOf } from "../store/conformance/sample-records.ts";
import { DroppedSegments } from "../store/journal/dropped-segments.ts";
import { openJournal } from "../store/journal/open-journal.ts";
import { readLines } from "../store/journal/read.ts";
import { JournalDamaged } from "../store/journal/segments.ts";
import { Records } from "../store/sqlite/records.ts";
import { Retention } from "./retention.ts";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 1, 12);
const KEY = generateKeyPairSync("ed25519").privateKey;

const directories: string[] = [];
afterEach(() => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true })));
const temporary = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "tollgate-retention-"));
  directories.push(directory);
  return directory;
};

/** A gateway's journal, its search copy and its retention, whose time is told. */
const open = (root: string, keep: { days?: number; bytes?: number }, at = START) => {
  const directory = join(root, "journal");
  const time = { at };
  const clock = { now: () => time.at };
  const warnings: unknown[] = [];
  const log = { info: () => {}, error: () => {}, warn: (...said: unknown[]) => void warnings.push(said) };
  const dropped = new DroppedSegments(directory, KEY);
  const records = new Records({
    path: join(root, "tollgate.db"),
    journal: directory,
    onFault: (message) => void warnings.push(message),
    gone: () => dropped.through,
    fillMs: 1_000_000,
  });
  const journal = openJournal({ directory, durability: "process", clock, segmentBytes: 4_000, dropped });
  const retention = new Retention({
    directory,
    journal,
    dropped,
    records,
    keep: () => ({ days: keep.days, bytes: keep.bytes }),
    clock,
    log,
    everyMs: 1_000_000,
  });
  const close = async (): Promise<void> => {
    await retention[Symbol.asyncDispose]();
    await journal[Symbol.asyncDispose]();
    records[Symbol.dispose]();
  };
  return { directory, time, warnings, dropped, records, journal, retention, close };
};
type Opened = ReturnType<typeof open>;

const segmentsOf = (directory: string): readonly string[] =>
  readdirSync(directory).filter((name) => name.endsWith(".jsonl"));

const actsIn = ({ journal }: Pick<Opened, "journal">, act: string) =>
  [...journal.read()].filter((line) => line["act"] === act);

const verdict = ({ directory, dropped }: Opened) => {
  const verifier = new Verifier(dropped.head);
  for (const { text, position } of readLines(directory)) {
    verifier.line(text, position);
  }
  return verifier.end();
};

/** Calls that ended, until the journal has so many segments. */
const fill = async ({ journal, time }: Opened, segments: number, from = 0): Promise<number> => {
  let number = from;
  for (; journal.position().segment < segments; number += 1) {
    const at = new Date(time.at).toISOString();
    await journal.append(decisionOf(number, { at }));
    await journal.outcome(outcomeOf(number, { at }));
  }
  return number;
};

describe("retention by age", () => {
  it("drops whole segments whose last record is too old, and what is left verifies", async () => {
    const here = open(temporary(), { days: 10 });
    await fill(here, 4);
    here.records.flush();
    here.time.at += 9 * DAY_MS;
    await here.retention.round();
    expect(here.dropped.through).toBe(0);
    const before = verdict(here);
    here.time.at += 2 * DAY_MS;
    await here.retention.round();
    // The one that was written to is begun anew by its age, and goes when it is older, too.
    expect(segmentsOf(here.directory)).toEqual(["00000004.jsonl", "00000005.jsonl"]);
    expect(verdict(here)).toMatchObject({ ok: true, fault: undefined });
    expect(actsIn(here, "journal.drop").map(({ after }) => after)).toEqual([
      expect.objectContaining({ through: 1 }),
      expect.objectContaining({ through: 2 }),
      expect.objectContaining({ through: 3, lines: here.dropped.lines, head: here.dropped.head }),
    ]);
    expect(before.lines).toBeGreaterThan(here.dropped.lines);
    expect(here.warnings).toEqual([]);
    await here.close();
  });

  it("holds for a gateway with little to do: what is alone in its segment is not begun anew", async () => {
    const here = open(temporary(), { days: 8 });
    await here.journal.append(decisionOf(1, { at: new Date(START).toISOString(), decision: "deny" }));
    for (let day = 0; day < 40; day += 1) {
      here.time.at += DAY_MS;
      here.records.flush();
      await here.retention.round();
    }
    // What was dropped, and that it was, in one small segment or two.
    expect(segmentsOf(here.directory).length).toBeLessThanOrEqual(2);
    expect([...readLines(here.directory)].some(({ text }) => text?.includes(idOf(1)))).toBe(false);
    expect(here.journal.position().segment).toBeLessThan(45);
    await here.close();
  });

  it("keeps a segment whose records are young, where the clock was put back behind them", async () => {
    const here = open(temporary(), { days: 10 });
    await fill(here, 1);
    const at = new Date(START).toISOString();
    await here.journal.append(decisionOf(1, { at, decision: "deny" }));
    here.time.at -= 30 * DAY_MS;
    here.journal.roll();
    await here.journal.append(decisionOf(2, { at, decision: "deny" }));
    here.time.at = START + DAY_MS;
    here.records.flush();
    await here.retention.round();
    await here.retention.round();
    expect(here.dropped.through).toBe(0);
    here.time.at = START + 12 * DAY_MS;
    here.records.flush();
    await here.retention.round();
    expect(here.dropped).toMatchObject({ through: 2, until: at });
    expect(verdict(here)).toMatchObject({ ok: true });
    await here.close();
  });

  it("keeps segments with calls under way, and those that the search copy has not taken in", async () => {
    const here = open(temporary(), { days: 1 });
    await here.journal.append(decisionOf(900_000));
    await fill(here, 4);
    here.time.at += 5 * DAY_MS;
    await here.retention.round();
    expect(here.dropped.through).toBe(0);
    here.records.flush();
    await here.retention.round();
    expect(here.dropped.through).toBe(0);
    await here.journal.outcome(outcomeOf(900_000));
    here.records.flush();
    await here.retention.round();
    expect(here.dropped.through).toBeGreaterThanOrEqual(3);
    await here.close();
  });

  it("keeps a segment that is not as it was written, and says so", async () => {
    const here = open(temporary(), { days: 1 });
    await fill(here, 4);
    const file = join(here.directory, "00000002.jsonl");
    writeFileSync(file, readFileSync(file, "utf8").replace("orchestrator", "0rchestrator"));
    here.records.flush();
    here.time.at += 5 * DAY_MS;
    await expect(here.retention.round()).rejects.toThrow("not as it was written, so it is kept");
    expect(here.dropped.through).toBe(1);
    await here.close();
  });
});

describe("retention by size", () => {
  it("drops the oldest segments while the journal is larger", async () => {
    const here = open(temporary(), { bytes: 13_000 });
    const number = await fill(here, 8);
    here.records.flush();
    await here.retention.round();
    const sizes = segmentsOf(here.directory).map((name) => readFileSync(join(here.directory, name)).length);
    const sum = sizes.reduce((all, size) => all + size, 0);
    expect(sum).toBeLessThan(13_000 + 1_000);
    expect(sizes.length).toBeGreaterThan(2);
    here.records.flush();
    const rows = here.records.search({ limit: 1_000 });
    expect(rows.length).toBeLessThan(number);
    expect(rows.every(({ position }) => position.segment > here.dropped.through)).toBe(true);
    await here.close();
  });
});

describe("a drop that was cut short", () => {
  /** A directory as a kill leaves it, with the statement written for the first two segments. */
  const killed = async (after: "statement" | "act" | "one file") => {
    const root = temporary();
    const whole = open(root, {});
    await fill(whole, 4);
    whole.records.flush();
    await whole.close();
    const backup = temporary();
    cpSync(root, backup, { recursive: true });
    const here = open(root, { bytes: 9_000 });
    await here.retention.round();
    expect(here.dropped.through).toBe(2);
    await here.close();
    const names = after === "one file" ? ["00000002.jsonl"] : ["00000001.jsonl", "00000002.jsonl"];
    for (const name of names) {
      copyFileSync(join(backup, "journal", name), join(root, "journal", name));
    }
    if (after === "statement") {
      copyFileSync(join(backup, "journal", "00000004.jsonl"), join(root, "journal", "00000004.jsonl"));
    }
    return root;
  };

  it.each(["statement", "act", "one file"] as const)("behind the %s is finished", async (after) => {
    const root = await killed(after);
    const here = open(root, {});
    const ids = [...readLines(here.directory)].length;
    expect([...readLines(here.directory)].every(({ position }) => position.segment > 2)).toBe(true);
    await here.retention.round();
    expect(segmentsOf(here.directory)[0]).toBe("00000003.jsonl");
    expect(
      actsIn(here, "journal.drop").filter((act) => JSON.stringify(act).includes('"through":2')),
    ).toHaveLength(1);
    expect([...readLines(here.directory)].length).toBe(ids + (after === "statement" ? 1 : 0));
    expect(verdict(here).ok).toBe(true);
    await here.close();
  });

  it("leaves a statement that must be believed: a start without it is refused", async () => {
    const root = await killed("act");
    const file = join(root, "journal", "dropped.json");
    const text = readFileSync(file, "utf8");
    rmSync(join(root, "journal", "00000001.jsonl"));
    for (const spoilt of [undefined, text.slice(0, 90), text.replace('"through":2', '"through":3')]) {
      if (spoilt === undefined) {
        rmSync(file);
      } else {
        writeFileSync(file, spoilt);
      }
      expect(() => new DroppedSegments(join(root, "journal"), KEY)).toThrow(JournalDamaged);
    }
    writeFileSync(file, text);
    const another = generateKeyPairSync("ed25519").privateKey;
    expect(() => new DroppedSegments(join(root, "journal"), another)).toThrow(
      "not signed by this gateway's key",
    );
    rmSync(join(root, "journal", "00000003.jsonl"));
    expect(() => new DroppedSegments(join(root, "journal"), KEY)).toThrow("00000003.jsonl is missing");
  });
});

describe("readers of a place that is gone", () => {
  it("go on with the first segment there is, and a search copy made anew begins there", async () => {
    const root = temporary();
    const here = open(root, { bytes: 9_000 });
    await fill(here, 6);
    here.records.flush();
    await here.retention.round();
    const first = here.dropped.through + 1;
    const [line] = readLines(here.directory, { segment: 1, offset: 700 });
    expect(line?.position).toEqual({ segment: first, offset: 0 });
    await here.close();
    rmSync(join(root, "tollgate.db"));
    const again = open(root, {});
    again.records.flush();
    expect(again.warnings).toEqual([]);
    const rows = again.records.search({ limit: 1_000 });
    expect(rows.at(-1)?.position.segment).toBe(first);
    await again.journal.admin(adminOf(1));
    again.records.flush();
    expect(again.warnings).toEqual([]);
    await again.close();
  });
});
