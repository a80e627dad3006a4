import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HEADS_FILE, headLine } from "../audit/heads.ts";
import { temporaryDirectory } from "./conformance/temporary.ts";
import { requireEnd } from "./end-there.ts";
import { JournalDamaged, segmentFile } from "./journal/segments.ts";

const KEY = generateKeyPairSync("ed25519").privateKey;
const OTHER = generateKeyPairSync("ed25519").privateKey;
const AT = "2026-03-01T12:00:00.000Z";
const headAt = (segment: number, offset: number, key = KEY): string =>
  `${headLine({ at: AT, place: { segment, offset }, head: "0".repeat(64) }, key)}\n`;

/** A journal of two segments of ten bytes. */
const make = (...heads: readonly string[]) => {
  const data = temporaryDirectory();
  const journal = join(data, "journal");
  mkdirSync(journal);
  writeFileSync(segmentFile(journal, 1), "123456789\n");
  writeFileSync(segmentFile(journal, 2), "123456789\n");
  const file = join(data, HEADS_FILE);
  heads.forEach((head) => appendFileSync(file, head));
  return { journal, file, look: () => requireEnd(data, journal, KEY) };
};

describe("the end of a journal", () => {
  it("is where the newest head says, or behind it", () => {
    expect(make().look).not.toThrow();
    const here = make(headAt(1, 10), headAt(2, 10));
    expect(here.look).not.toThrow();
    appendFileSync(segmentFile(here.journal, 2), "half");
    writeFileSync(segmentFile(here.journal, 3), "");
    expect(here.look).not.toThrow();
  });

  it.each<[string, (journal: string) => void]>([
    ["cut", (journal) => truncateSync(segmentFile(journal, 2), 9)],
    [
      "cut behind an empty segment",
      (journal) => {
        truncateSync(segmentFile(journal, 2), 0);
        writeFileSync(segmentFile(journal, 3), "");
      },
    ],
    ["deleted", (journal) => rmSync(segmentFile(journal, 2))],
    ["gone with all that was before it", (journal) => rmSync(journal, { recursive: true })],
  ])("that was %s is missed", (_, damage) => {
    const { journal, file, look } = make(headAt(1, 10), headAt(2, 10), headAt(9, 10, OTHER), '{"at":"20');
    expect(look).not.toThrow();
    damage(journal);
    expect(look).toThrow(JournalDamaged);
    rmSync(file);
    expect(look).not.toThrow();
  });
});
