import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/gateway.ts";

const PAGE = "docs/guarantees.md";

/** Rows of the tables of promises: a sentence, its proofs, and what was measured. */
const rowsOf = (page: string): readonly (readonly string[])[] => {
  const lines = page.split("\n");
  return lines.flatMap((line, index) => {
    const isRow = line.startsWith("| ") && !/^\| promise /u.test(line);
    return isRow && lines[index - 1] !== "" ? [line.slice(2, -2).split(" | ")] : [];
  });
};

/** `test/faults/kill.test.ts` "a title": the file and the test's name in it. */
const PROOF = /`((?:src|test)\/[\w./-]+\.test\.ts)` "([^"]+)"/gu;

const proofsOf = (cell: string): readonly { readonly file: string; readonly title: string }[] =>
  [...cell.matchAll(PROOF)].map(([, file = "", title = ""]) => ({ file, title }));

const rows = rowsOf(readFileSync(join(ROOT, PAGE), "utf8"));

describe("the page of guarantees", () => {
  it("has promises", () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows.map((row) => [row[0] ?? "", row] as const))("proves: %s", (promise, row) => {
    expect(row).toHaveLength(3);
    expect(promise.match(/\.(?:\s|$)/gu), "one sentence").toHaveLength(1);
    const proofs = proofsOf(row[1] ?? "");
    expect(proofs.length, "a proof").toBeGreaterThan(0);
    for (const { file, title } of proofs) {
      const path = join(ROOT, file);
      expect(existsSync(path), file).toBe(true);
      expect(readFileSync(path, "utf8"), `${file} has a test of this name`).toContain(`"${title}"`);
    }
  });
});
