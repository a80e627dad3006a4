import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { orchestratorJsonSchema, orchestratorShape } from "./shape.ts";

const published: unknown = JSON.parse(
  readFileSync(new URL("../../schema/orchestrator.schema.json", import.meta.url), "utf8"),
);

describe("the schema of orchestrator.json", () => {
  it("is the shape that is read, written by `node scripts/orchestrator-schema.ts`", () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(orchestratorJsonSchema())));
  });

  it("accepts and refuses what the shape does", () => {
    const check = new Ajv2020({ strict: false }).compile(published as object);
    const one = (entry: object) => ({ servers: { a: { command: "node", ...entry } } });
    const many = (count: number) => ({
      servers: Object.fromEntries(
        Array.from({ length: count }, (_, at) => [`s${String(at)}`, { command: "x" }]),
      ),
    });
    const verdicts: readonly (readonly [unknown, boolean])[] = [
      [{ servers: {} }, true],
      [{}, false],
      [[], false],
      [{ $schema: "x", servers: {} }, true],
      [{ servers: {}, colour: 1 }, false],
      [{ servers: { a: {} } }, false],
      [{ servers: { "a b": { command: "x" } } }, false],
      [{ servers: { "../a": { command: "x" } } }, false],
      [{ servers: { [`a${"b".repeat(64)}`]: { command: "x" } } }, false],
      [many(100), true],
      [many(101), false],
      [one({}), true],
      [one({ command: "" }), false],
      [one({ command: ["node"] }), false],
      [one({ args: ["a", ""], cwd: ".", env: { A: "1" }, name: "A" }), true],
      [one({ args: "a" }), false],
      [one({ env: { A: 1 } }), false],
      [one({ port: 3000, healthPath: "/health" }), true],
      [one({ healthPath: "/health" }), false],
      [one({ port: 3000, healthPath: "health" }), false],
      [one({ port: 3000, healthPath: "/a b" }), false],
      [one({ port: 0 }), false],
      [one({ port: 65_536 }), false],
      [one({ startTimeoutMs: 99 }), false],
      [one({ startTimeoutMs: 600_000, stopTimeoutMs: 0 }), true],
      [one({ stopTimeoutMs: -1 }), false],
      [one({ shell: true }), false],
    ];
    for (const [written, verdict] of verdicts) {
      const judged = [written, orchestratorShape.safeParse(written).success, check(written)];
      expect(judged).toEqual([written, verdict, verdict]);
    }
  });
});
