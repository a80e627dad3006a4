import { array, assert, constantFrom, dictionary, letrec, oneof, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../base/json-read.ts";
import type { Json } from "../base/json-value.ts";
import { createSchemaCompiler } from "./input-schema.ts";

const compile = createSchemaCompiler();

/** JSON text, for where the notation matters. */
class Text {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
const text = (written: string): Text => new Text(written);

const json = (value: unknown): Json => readJson(value instanceof Text ? value.text : JSON.stringify(value));

const judge = (schema: unknown, value: unknown): boolean | "unknown" | { readonly invalid: string } => {
  const check = compile(json(schema));
  return "invalid" in check ? check : check(json(value));
};

const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
const DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema";
const DRAFT_2020 = "https://json-schema.org/draft/2020-12/schema";

describe("a schema", () => {
  it.each([
    ["0.3", "0.1", true],
    ["19.99", "0.01", true],
    ["-19.99", "0.01", true],
    ["19.995", "0.01", false],
    ["0.0075", "0.0001", true],
    ["0.00751", "0.0001", false],
    ["0", "0.7", true],
    ["-0", "3", true],
    ["7", "3.5", true],
    ["7", "2", false],
    ["1e308", "1e-300", true],
    ["1e308", "0.123456789", false],
    ["1e-300", "1e300", false],
    ["1e23", "1e22", true],
  ])("judges multiples as decimals: %s of %s", (value, divisor, is) => {
    expect(judge(text(`{ "multipleOf": ${divisor} }`), text(value))).toBe(is);
  });

  it("judges types, required members, names and ranges", () => {
    const schema = {
      type: "object",
      properties: {
        a: { type: "integer", minimum: 1 },
        b: { enum: ["x", { y: [1] }, null] },
        c: { const: { k: 1 } },
      },
      required: ["a"],
      additionalProperties: false,
    };
    expect(judge(schema, { a: 1 })).toBe(true);
    expect(judge(schema, text('{ "a": 5.0 }'))).toBe(true);
    expect(judge(schema, { a: 0 })).toBe(false);
    expect(judge(schema, { a: 1.5 })).toBe(false);
    expect(judge(schema, {})).toBe(false);
    expect(judge(schema, { a: 1, d: 1 })).toBe(false);
    expect(judge(schema, { a: 1, b: { y: [1] }, c: { k: 1 } })).toBe(true);
    expect(judge(schema, { a: 1, b: null })).toBe(true);
    expect(judge(schema, { a: 1, b: { y: [2] } })).toBe(false);
    expect(judge(schema, { a: 1, c: { k: 2 } })).toBe(false);
    expect(judge(schema, { a: 1, c: { constructor: {} } })).toBe(false);
  });

  it("finds no member that an object only inherits", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"]) {
      expect(judge({ type: "object", required: [name] }, {})).toBe(false);
      expect(judge({ type: "object", required: [name] }, text('{ "n": 1e2 }'))).toBe(false);
      expect(judge({ type: "object", required: [name] }, text(`{ "${name}": 1e2 }`))).toBe(true);
      expect(judge({ type: "object", additionalProperties: false }, text(`{ "${name}": 1 }`))).toBe(false);
    }
    expect(judge({ properties: { constructor: { type: "string" } } }, {})).toBe(true);
    expect(judge({ properties: { constructor: { type: "string" } } }, { constructor: 1 })).toBe(false);
    expect(judge(text('{ "properties": { "__proto__": { "type": "string" } } }'), {})).toMatchObject({
      invalid: expect.stringContaining("__proto__"),
    });
  });

  it("is read by its own dialect", () => {
    const tuple = { items: [{ type: "string" }], additionalItems: false };
    expect(judge({ $schema: DRAFT_07, ...tuple }, ["a", 1])).toBe(false);
    expect(judge({ $schema: DRAFT_2019, ...tuple }, ["a", 1])).toBe(false);
    expect(judge({ $schema: DRAFT_2020, ...tuple }, ["a"])).toHaveProperty("invalid");
    const prefix = { prefixItems: [{ type: "string" }], items: false };
    expect(judge(prefix, ["a", 1])).toBe(false);
    expect(judge({ $schema: DRAFT_2020, ...prefix }, ["a"])).toBe(true);
    expect(judge({ $schema: DRAFT_2019, dependentRequired: { a: ["b"] } }, { a: 1 })).toBe(false);
    expect(
      judge({ $schema: DRAFT_2020, unevaluatedProperties: false, properties: { a: {} } }, { a: 1, b: 1 }),
    ).toBe(false);
    const tree = {
      $dynamicAnchor: "node",
      properties: { child: { $dynamicRef: "#node" } },
      required: ["name"],
    };
    expect(judge(tree, { name: 1, child: { name: 2 } })).toBe(true);
    expect(judge(tree, { name: 1, child: {} })).toBe(false);
  });

  it("of an unknown dialect is refused, whole or in part", () => {
    for (const $schema of [
      "http://json-schema.org/draft-04/schema#",
      "http://json-schema.org/draft-06/schema#",
      "x",
      7,
    ]) {
      expect(judge({ $schema }, {})).toEqual({ invalid: "its dialect ($schema) is not known" });
    }
    expect(judge({ properties: { a: { $schema: DRAFT_07 } } }, {})).toHaveProperty("invalid");
    expect(judge({ properties: { a: { $schema: DRAFT_2020, type: "null" } } }, { a: 1 })).toBe(false);
  });

  it("takes local references, and no others", () => {
    const local = { $defs: { s: { type: "string" } }, properties: { a: { $ref: "#/$defs/s" } } };
    expect(judge(local, { a: "x" })).toBe(true);
    expect(judge(local, { a: 1 })).toBe(false);
    expect(
      judge({ $id: "https://a.example/s", $defs: { s: { $id: "t", type: "string" } }, $ref: "t" }, 1),
    ).toBe(false);
    for (const $ref of ["https://a.example/s.json", "other.json", "#/no/where", DRAFT_2020, DRAFT_07]) {
      expect(judge({ $ref }, {})).toEqual({ invalid: "it refers to a schema that is not part of it" });
    }
  });

  it("may have the same $id as another", () => {
    const one = { $id: "https://a.example/s", type: "string" };
    const two = { $id: "https://a.example/s", type: "number" };
    expect(judge(one, "x")).toBe(true);
    expect(judge(two, "x")).toBe(false);
  });

  it("matches patterns through RE2, each its own", () => {
    const schema = {
      properties: { a: { pattern: "^a+$" }, b: { pattern: "^b+$" } },
      patternProperties: { "^x-": { type: "number" }, "^y-": { type: "string" } },
    };
    expect(judge(schema, { a: "aa", b: "bb", "x-1": 1, "y-1": "1" })).toBe(true);
    expect(judge(schema, { a: "bb" })).toBe(false);
    expect(judge(schema, { b: "aa" })).toBe(false);
    expect(judge(schema, { "x-1": "1" })).toBe(false);
    expect(judge(schema, { "y-1": 1 })).toBe(false);
    for (const pattern of ["(?=a)", "(a)\\1", "("]) {
      expect(judge({ pattern }, "a")).toHaveProperty("invalid");
    }
    expect(judge({ pattern: "^(a+)+$" }, `${"a".repeat(10_000)}!`)).toBe(false);
  });

  it("takes what it does not know, and formats, for annotations", () => {
    expect(
      judge({ type: "string", format: "email", "x-unit": { type: "km" }, widget: true }, "no address"),
    ).toBe(true);
    expect(judge({ type: "string", nullable: true }, null)).toBe(false);
    expect(judge({ nullable: true }, null)).toBe(true);
    expect(judge({ $async: true, type: "string" }, 1)).toBe(false);
    expect(judge({ $async: true, type: "string" }, "x")).toBe(true);
    expect(judge({ default: 12_345, discriminator: { propertyName: "x" } }, {})).toBe(true);
  });

  it("that is none of its dialect does not compile", () => {
    for (const schema of [
      { type: "strng" },
      { minimum: "1" },
      { properties: [] },
      { required: "a" },
      { anyOf: [] },
      7,
      "x",
    ]) {
      expect(judge(schema, {})).toHaveProperty("invalid");
    }
  });

  it("may be a boolean", () => {
    expect(judge(true, {})).toBe(true);
    expect(judge(false, {})).toBe(false);
  });

  it("of too many bytes or levels is refused", () => {
    expect(judge({ enum: ["x".repeat(300_000)] }, "x")).toMatchObject({
      invalid: expect.stringContaining("bytes"),
    });
    const deep = `${'{"not":'.repeat(200)}{}${"}".repeat(200)}`;
    expect(judge(text(deep), "x")).toMatchObject({ invalid: expect.stringContaining("levels") });
  });

  it("that cannot end, or takes exponential time, leaves the value unknown", () => {
    expect(judge({ $ref: "#" }, {})).toBe("unknown");
    const branch = { allOf: [{ properties: { a: { $ref: "#" } } }, { required: ["b"] }] };
    const doubling = { anyOf: [branch, branch] };
    const nested = `${'{"a":'.repeat(60)}{}${"}".repeat(60)}`;
    expect(judge(doubling, text(nested))).toBe("unknown");
    expect(judge(doubling, { b: 1 })).toBe(true);
  });

  it("tells unique items apart in linear time", () => {
    expect(
      judge({ uniqueItems: true }, [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ).toBe(false);
    expect(judge({ uniqueItems: true }, [1, "1", true, null, [1], { a: 1 }])).toBe(true);
    expect(judge({ uniqueItems: true }, text("[1, 1.0]"))).toBe(false);
    expect(judge({ uniqueItems: false }, [1, 1])).toBe(true);
    expect(
      judge(
        { uniqueItems: true },
        Array.from({ length: 50_000 }, (_, index) => ({ index })),
      ),
    ).toBe(true);
  });
});

describe("numbers", () => {
  it("that a double cannot hold make the value unknown", () => {
    expect(judge({}, text("9007199254740993"))).toBe("unknown");
    expect(judge({}, text('{ "a": [1, { "b": 0.10000000000000000001 }] }'))).toBe("unknown");
    expect(judge({ type: "integer" }, text("9007199254740992"))).toBe(true);
    expect(judge({ const: 100 }, text("1e2"))).toBe(true);
  });

  it("as bounds that no double holds judge as they are written", () => {
    const at = (keyword: string, bound: string, value: string) =>
      judge(text(`{ "${keyword}": ${bound} }`), text(value));
    expect(at("maximum", "9223372036854775807", "9223372036854776000")).toBe(false);
    expect(at("maximum", "9223372036854775807", "9223372036854775000")).toBe(true);
    expect(at("exclusiveMaximum", "9007199254740993", "9007199254740992")).toBe(true);
    expect(at("exclusiveMaximum", "9007199254740993", "9007199254740994")).toBe(false);
    expect(at("minimum", "9007199254740993", "9007199254740992")).toBe(false);
    expect(at("minimum", "9007199254740993", "9007199254740994")).toBe(true);
    expect(at("exclusiveMinimum", "-9007199254740993", "-9007199254740992")).toBe(true);
    expect(at("exclusiveMinimum", "-9007199254740993", "-9007199254740994")).toBe(false);
    expect(at("minimum", "-9007199254740993", "-9007199254740994")).toBe(false);
    expect(at("multipleOf", "9007199254740993", "1")).toHaveProperty("invalid");
    expect(at("const", "9007199254740993", "1")).toHaveProperty("invalid");
    expect(at("default", "9007199254740993", "1")).toBe(true);
  });
});

describe("a compiler", () => {
  it("compiles equal schemas once", () => {
    const check = compile(json({ type: "object", properties: { a: {}, b: {} } }));
    expect(compile(json({ properties: { b: {}, a: {} }, type: "object" }))).toBe(check);
  });

  it("never throws, and a check never does, whatever they are given", () => {
    const words = [
      "type",
      "properties",
      "$ref",
      "items",
      "anyOf",
      "not",
      "const",
      "enum",
      "pattern",
      "minimum",
      "$id",
    ];
    const { value } = letrec((tie) => ({
      value: oneof(
        { maxDepth: 4 },
        constantFrom<Json>("string", "#", "#/properties/a", null, true, false, 0, 1.5, -1),
        array(tie("value"), { maxLength: 3 }),
        dictionary(constantFrom(...words, "a", "b"), tie("value"), { maxKeys: 4 }),
      ),
    }));
    assert(
      property(value, value, (schema, instance) => {
        const result = judge(schema, instance);
        expect(typeof result === "boolean" || result === "unknown" || "invalid" in result).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
