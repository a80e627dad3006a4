import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./support/gateway.ts";

const PAGE = "docs/guarantees.md";

/** Rows of the tables of promises: a sentence, its proofs, and what was measured. */
const rowsOf = (page: string): readonly (readonly string[])[] => {
  const lines = page.split("\n");
  return lines.flatMap((line, index) => {
    const isRow = line.startsWith("| ") && !line.startsWith("| promise ");
    return isRow && lines[index - 1] !== "" ? [line.slice(2, -2).split(" | ")] : [];
  });
};

/** `test/faults/kill.test.ts` "a title": the file and the test's name in it. */
const PROOF = /`((?:src|test)\/[\w./-]+\.test\.ts)` "([^"]+)"/gu;

const proofsOf = (cell: string): readonly { readonly file: string; readonly title: string }[] =>
  [...cell.matchAll(PROOF)].map(([, file = "", title = ""]) => ({ file, title }));

const hasTest = (path: string, title: string): boolean =>
  existsSync(path) && readFileSync(path, "utf8").includes(`"${title}"`);

const rows = rowsOf(readFileSync(join(ROOT, PAGE), "utf8"));

describe("the page of guarantees", () => {
  it("has promises", () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows.map((row) => [row[0] ?? "", row] as const))("proves: %s", (promise, row) => {
    expect(row).toHaveLength(3);
    expect(promise.match(/\.(?:\s|$)/gu)).toHaveLength(1); // One sentence.
    const proofs = proofsOf(row[1] ?? "");
    expect(proofs).not.toEqual([]);
    expect(proofs.filter(({ file, title }) => !hasTest(join(ROOT, file), title))).toEqual([]);
  });
});
