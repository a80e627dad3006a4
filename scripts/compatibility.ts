// Runs the interoperability matrix, and writes what it showed into the table of docs/clients.md and the tests' expectations.
import { readFileSync, writeFileSync } from "node:fs";
import { CAPABLE, lookAt } from "../test/interop/capabilities.ts";
import { runMatrix } from "../test/interop/matrix.ts";
import { SERVERS } from "../test/interop/servers.ts";
import {
  EXPECTED,
  outcomesOf,
  PAGE,
  readExpected,
  tableOf,
  withTable,
  type Expected,
} from "../test/interop/table.ts";
import { World } from "../test/interop/world.ts";

await using world = await World.open(SERVERS);
const run = await runMatrix(world);
const [server] = CAPABLE;
if (server === undefined) {
  throw new Error("no server shows its tools by what a client can do");
}
const { legacy, modern } = await lookAt(world, server);

const before = readExpected();
const after: Expected = {
  cells: outcomesOf(run),
  capabilities: {
    legacy: { plain: legacy.plain.length, full: legacy.full.length },
    modern: { plain: modern.plain.length, full: modern.full.length },
  },
};

// For whoever reads the change before committing it.
for (const [row, columns] of run.cells) {
  for (const [column, { outcome, detail }] of columns) {
    const was = before.cells[row]?.[column];
    if (was !== outcome) {
      console.log(
        `${row} / ${column}: ${was ?? "new"} → ${outcome}${detail === undefined ? "" : `\n${detail}`}`,
      );
    }
  }
}
writeFileSync(EXPECTED, `${JSON.stringify(after, null, 2)}\n`);
writeFileSync(PAGE, withTable(readFileSync(PAGE, "utf8"), tableOf(run)));
