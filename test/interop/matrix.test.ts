import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CAPABLE, lookAt, type Looks } from "./capabilities.ts";
import { CLIENTS, FACES } from "./clients.ts";
import { rowOf, runMatrix, type Run } from "./matrix.ts";
import { SERVERS } from "./servers.ts";
import { PAGE, readExpected, tableIn, tableOf } from "./table.ts";
import { leftBehind, World } from "./world.ts";

// Clients and servers as people have them, with an allow-all policy between. What is seen is in `expected.json` and in
// docs/clients.md; `npm run compatibility` writes both.

const PATIENCE_MS = 600_000;
const EXPECTED = readExpected();

let world: World;
let run: Run;
let looks: readonly Looks[];

beforeAll(async () => {
  world = await World.open(SERVERS);
  run = await runMatrix(world);
  looks = await Promise.all(CAPABLE.map((server) => lookAt(world, server)));
}, PATIENCE_MS);

afterAll(() => world[Symbol.asyncDispose](), PATIENCE_MS);

describe("through the gate", () => {
  it.each(CLIENTS.flatMap((client) => FACES.map((face) => rowOf(client, face))))(
    "each server is to %s what is expected",
    (row) => {
      const expected = EXPECTED.cells[row] ?? {};
      // What was seen is shown where it is not what was expected.
      const seen = [...(run.cells.get(row) ?? [])].map(([column, { outcome, detail }]) => [
        column,
        outcome === expected[column] || detail === undefined ? outcome : `${outcome}\n${detail}`,
      ]);
      expect(Object.fromEntries(seen)).toEqual(expected);
    },
  );

  it("no cell is expected that nobody tried", () => {
    expect(Object.keys(EXPECTED.cells)).toEqual([...run.cells.keys()]);
  });

  it("every cell is as docs/clients.md shows it", () => {
    expect(tableIn(readFileSync(PAGE, "utf8"))).toBe(tableOf(run));
  });
});

describe("what a client declared decides what it sees", () => {
  it.each(CAPABLE.map(({ over }, index) => [over, index] as const))(
    "of a server over %s, for two clients of one grant at once",
    (_, index) => {
      const { direct, legacy, modern } = looks[index] ?? expect.unreachable();
      expect([direct.plain.length, direct.full.length]).toEqual([13, 16]);
      expect({
        legacy: { plain: legacy.plain.length, full: legacy.full.length },
        modern: { plain: modern.plain.length, full: modern.full.length },
      }).toEqual(EXPECTED.capabilities);
      expect(legacy).toEqual(direct);
      expect(modern.plain).toEqual(direct.plain);
      expect(direct.full).toEqual(expect.arrayContaining([...modern.full]));
    },
  );
});

describe("afterwards", () => {
  it("no process of the run is left", async () => {
    await world[Symbol.asyncDispose]();
    expect(await leftBehind(world.mark)).toEqual([]);
  });
});
