import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { configJsonSchema, configShape } from "../src/config/shape.ts";

const published: unknown = JSON.parse(
  readFileSync(new URL("../schema/config.schema.json", import.meta.url), "utf8"),
);

describe("the schema for editors", () => {
  it("is the loader's shape, written by `node scripts/config-schema.ts`", () => {
    expect(published).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });

  it("accepts and refuses what the loader's shape does", () => {
    const check = new Ajv2020({ strict: false }).compile(configJsonSchema());
    const server = (entry: object) => ({ mcpServers: { a: entry } });
    const grant = (entry: object) => ({ grants: { a: { identity: "i", server: "s", ...entry } } });
    const verdicts: readonly (readonly [unknown, boolean])[] = [
      [{}, true],
      [[], false],
      [{ $schema: "x" }, true],
      [{ unknown: 1 }, false],
      [{ gateway: { port: 0 } }, true],
      [{ gateway: { port: 65_536 } }, false],
      [{ gateway: { port: 1.5 } }, false],
      [{ gateway: { allowedHosts: ["a", 1] } }, false],
      [{ audit: { durability: "disk", arguments: "full" } }, true],
      [{ audit: { durability: "tape" } }, false],
      [server({ command: "x", args: ["a"], env: { A: "1" }, cwd: "." }), true],
      [server({ command: "" }), false],
      [server({ type: "streamable-http", url: "http://a" }), true],
      [server({ type: "websocket", url: "http://a" }), false],
      [server({ command: "x", env: { A: 1 } }), false],
      [server({ command: "x", tollgate: { callMs: 1, pin: "warn" } }), true],
      [server({ command: "x", tollgate: { callMs: 0 } }), false],
      [server({ command: "x", tollgate: { colour: 1 } }), false],
      [{ policies: { a: "p.json", b: { version: "1" } } }, true],
      [{ policies: { a: 1 } }, false],
      [{ policies: { a: "" } }, false],
      [{ identities: { a: {}, b: { kind: "person", groups: ["g"] } } }, true],
      [{ identities: { a: { kind: "robot" } } }, false],
      [grant({}), true],
      [grant({ server: ["a", "b"], policy: "p", holdMs: 0 }), true],
      [grant({ server: [] }), false],
      [grant({ identity: undefined }), false],
      [grant({ expires: "x" }), false],
    ];
    for (const [written, verdict] of verdicts) {
      const plain: unknown = JSON.parse(JSON.stringify(written));
      expect([written, configShape.safeParse(plain).success, check(plain)]).toEqual([
        written,
        verdict,
        verdict,
      ]);
    }
  });
});
