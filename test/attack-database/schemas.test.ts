import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { readAttacks } from "../../src/attack/read.ts";
import { attackSchemas } from "../../src/attack/schemas.ts";
import { ROOT } from "../support/gateway.ts";

const read = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(ROOT, path), "utf8")) as Record<string, unknown>;

describe("the page about attacks", () => {
  it("lists what nothing stops yet, and nothing else", () => {
    const page =
      readFileSync(join(ROOT, "docs/attacks.md"), "utf8").split("## What nothing stops yet")[1] ?? "";
    const listed = [...page.matchAll(/^\| `([a-z0-9-]+)` \|/gmu)].map(([, name]) => name);
    const { attacks } = readAttacks(join(ROOT, "attacks"));
    const open = attacks.filter(({ pattern }) => pattern.stops.by === "nothing").map(({ name }) => name);
    expect(open.length).toBeGreaterThan(0);
    expect(listed).toEqual(open);
  });
});

describe("the schemas of an attack's files", () => {
  it.each(Object.entries(attackSchemas()))(
    "%s is the reader's shape, written by `node scripts/attack-schemas.ts`",
    (name, schema) => {
      expect(read(`schema/${name}`)).toEqual(JSON.parse(JSON.stringify(schema)));
    },
  );

  it.each(["pattern", "scenario"])("take a %s that is right, and no other", (part) => {
    const schema = attackSchemas()[`attack-${part}.schema.json`] ?? {};
    const check = new Ajv2020({ strict: false, formats: { uri: true } }).compile(schema);
    const right = read(`attacks/tool-poisoning/${part}.json`);
    expect(check(right)).toBe(true);
    expect(check({ ...right, colour: "red" })).toBe(false);
    expect(check(Object.fromEntries(Object.entries(right).slice(1)))).toBe(false);
  });
});
