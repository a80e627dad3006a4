import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Verifier, type Verdict } from "../src/audit/verify.ts";
import { decisionOf, idOf, outcomeOf } from "../src/store/conformance/sample-records.ts";
import { openJournal } from "../src/store/journal/open-journal.ts";
import { JournalReader } from "../src/store/journal/reader.ts";

const verify = (directory: string): Verdict => {
  using reader = new JournalReader(directory);
  const verifier = new Verifier();
  for (let lines = reader.next(100); lines.length > 0; lines = reader.next(100)) {
    lines.forEach(({ text, position }) => verifier.line(text, position));
  }
  return verifier.end(reader.rest());
};

let directory = "";
let files: readonly { readonly path: string; readonly bytes: Buffer }[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "tollgate-journal-"));
  await using journal = openJournal({
    directory,
    durability: "process",
    clock: { now: () => 0 },
    segmentBytes: 5_000,
  });
  for (let number = 0; number < 6; number += 1) {
    // U+FFFD is what a lenient reader makes of broken bytes: here it is what was written.
    await journal.append(decisionOf(number, { message: "é \ufffd 😀" }));
    await journal.outcome(outcomeOf(number));
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const restore = (): void => files.forEach(({ path, bytes }) => writeFileSync(path, bytes));

describe("a journal of two segments on the disk", () => {
  it("verifies as it was written", () => {
    files = readdirSync(directory).map((name) => ({
      path: join(directory, name),
      bytes: readFileSync(join(directory, name)),
    }));
    expect(files).toHaveLength(2);
    expect(verify(directory)).toMatchObject({ ok: true, lines: 13, partial: false });
  });

  it("does not verify with any one byte changed, and names the line that it is in", () => {
    const change = fc.record({ file: fc.nat(1), place: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(change, ({ file, place, by }) => {
        const { path, bytes } = files[file] ?? { path: "", bytes: Buffer.alloc(1) };
        const changed = Buffer.from(bytes);
        const at = place % changed.length;
        changed[at] = ((changed[at] ?? 0) + by) % 256;
        writeFileSync(path, changed);
        const { ok, fault } = verify(directory);
        const earlier = file === 0 ? 0 : linesIn(files[0]?.bytes ?? Buffer.alloc(0));
        expect([ok, fault?.line]).toEqual([false, earlier + linesIn(bytes.subarray(0, at)) + 1]);
        writeFileSync(path, bytes);
      }),
      { numRuns: 1_000 },
    );
    restore();
  });

  it("verifies with its end cut at any byte, but tells of half a line", () => {
    const { path, bytes } = files[1] ?? { path: "", bytes: Buffer.alloc(0) };
    for (let end = 0; end < bytes.length; end += 7) {
      writeFileSync(path, bytes.subarray(0, end));
      expect(verify(directory)).toMatchObject({ ok: true, partial: end > 0 && bytes[end - 1] !== 10 });
    }
    restore();
  });

  it("does not verify without its first segment, or with them exchanged", () => {
    const [first, second] = [
      files[0] ?? { path: "", bytes: Buffer.alloc(0) },
      files[1] ?? { path: "", bytes: Buffer.alloc(0) },
    ];
    rmSync(first.path);
    expect(verify(directory).fault).toMatchObject({ kind: "removed", line: 1 });
    writeFileSync(first.path, second.bytes);
    writeFileSync(second.path, first.bytes);
    expect(verify(directory).fault).toMatchObject({ kind: "reordered", line: 1 });
    restore();
    expect(verify(directory).ok).toBe(true);
  });

  it("names the first record that was removed, put in or moved, in either segment", () => {
    const { path, bytes } = files[0] ?? { path: "", bytes: Buffer.alloc(0) };
    const lines = bytes.toString("utf8").split("\n").slice(0, -1);
    const written = (changed: readonly (string | undefined)[]): Verdict => {
      writeFileSync(path, `${changed.join("\n")}\n`);
      return verify(directory);
    };
    expect(written(lines.toSpliced(2, 1)).fault).toMatchObject({ kind: "removed", line: 3, id: idOf(1) });
    expect(written(lines.slice(0, -1)).fault).toMatchObject({ kind: "removed", line: lines.length });
    expect(written(lines.toSpliced(2, 0, lines[0] ?? "")).fault).toMatchObject({ kind: "inserted", line: 3 });
    expect(written(lines.with(2, lines[3] ?? "").with(3, lines[2] ?? "")).fault).toMatchObject({
      kind: "reordered",
      line: 3,
    });
    restore();
  });
});

const linesIn = (bytes: Uint8Array): number => bytes.filter((byte) => byte === 10).length;
