import { describe, expect, it } from "vitest";
import { LIMITS } from "../../base/limits.ts";
import type { Json } from "../../base/json-value.ts";
import { knowArgument } from "./argument-kinds.ts";
import { walkArguments } from "./argument-walk.ts";

const object = (properties: Record<string, Json>, more: Record<string, Json> = {}): Json => ({
  type: "object",
  properties,
  ...more,
});

const pathsOf = (schema: Json | undefined) => walkArguments(schema).arguments.map(({ path }) => path);

const kindsOf = (name: string, schema: Json = { type: "string" }) =>
  walkArguments(object({ [name]: schema })).arguments.flatMap((argument) => knowArgument(argument).kinds);

describe("arguments", () => {
  it("are found at every level, as policies write them", () => {
    const schema = object(
      {
        items: { type: "array", items: object({ url: { type: "string" } }, { required: ["url"] }) },
        "key.with.dots": { type: "number" },
        map: { type: "object", additionalProperties: object({ a: { type: "string" } }) },
        pair: { prefixItems: [object({ b: {} })] },
      },
      { required: ["items", "map"] },
    );
    expect(
      walkArguments(schema).arguments.map(({ path, types, required }) => [path, types.join(), required]),
    ).toEqual([
      ["args.items", "array", true],
      ["args.items[*].url", "string", true],
      ["args.map", "object", true],
      ["args.map.*.a", "string", false],
      ["args.pair", "", false],
      ["args.pair[*].b", "", false],
      ['args["key.with.dots"]', "number", false],
    ]);
  });

  it("are found through references and in alternatives", () => {
    const schema: Json = {
      allOf: [{ $ref: "#/$defs/a~1b" }],
      oneOf: [object({ id: { type: "string" } }, { required: ["id"] }), object({ id: { type: "integer" } })],
      $defs: {
        "a/b": object({ name: { anyOf: [{ type: "string" }, { type: "null" }] } }, { required: ["name"] }),
      },
    };
    expect(
      walkArguments(schema).arguments.map(({ path, types, required }) => [path, types.join(), required]),
    ).toEqual([
      ["args.id", "integer,string", false],
      ["args.name", "null,string", true],
    ]);
  });

  it("are none where there is no schema", () => {
    for (const schema of [undefined, null, true, "x", [], { properties: [] }, { properties: null }]) {
      expect(pathsOf(schema)).toEqual([]);
    }
  });

  it("of a schema that holds itself come to an end", () => {
    const schema: Json = {
      $ref: "#",
      properties: { child: { $ref: "#" }, next: { $ref: "#/properties/next" } },
    };
    const found = pathsOf(schema);
    expect(found).toContain("args.child.child.child.child");
    expect(found.some((path) => path.split(".").length > LIMITS.classified_argument_levels_max + 1)).toBe(
      false,
    );
  });

  it("beyond the bound are left out, and it is said", () => {
    const many = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`p${String(at)}`, { type: "string" }]),
    );
    const walk = walkArguments(object(many));
    expect(walk.partly).toBe(true);
    expect(walk.arguments.length).toBeLessThanOrEqual(LIMITS.classified_arguments_max);
  });

  it.each([
    ["a percent-encoded reference", { $ref: "#/$defs/One%20step" }],
    ["an anchor", { $ref: "#step" }],
    ["a dynamic anchor", { $dynamicRef: "#dynamic" }],
    ["then", JSON.parse('{ "if": {}, "then": { "$ref": "#step" } }') as Json],
    ["else", { else: { $ref: "#step" } }],
    ["a dependent schema", { dependentSchemas: { on: { $ref: "#step" } } }],
    ["text that holds JSON", { type: "string", contentSchema: { $ref: "#step" } }],
    ["a tuple", { items: [{ $ref: "#step" }] }],
    ["a pattern that is a name", { patternProperties: { "^tool$": { type: "string" } } }],
  ])("are found behind %s", (_what, call) => {
    const step = { $anchor: "step", $dynamicAnchor: "dynamic", properties: { tool: {} } };
    const walk = walkArguments(object({ call }, { $defs: { "One step": step } }));
    expect(walk.arguments.map(({ name }) => name)).toContain("tool");
    expect(walk.partly).toBe(false);
  });

  it.each([
    ["a reference that leads nowhere", { $ref: "#/$defs/none" }],
    ["a reference to another document", { $ref: "https://schemas.example/call.json" }],
    ["an anchor that is nowhere", { $ref: "#none" }],
    [
      "too many alternatives",
      { anyOf: Array.from({ length: 65 }, (_, at) => ({ const: `v${String(at)}` })) },
    ],
    ["too many values", { enum: Array.from({ length: 601 }, (_, at) => `v${String(at)}`) }],
    ["a name that is too long", object({ ["n".repeat(101)]: {} })],
    ["lists in lists", Array.from({ length: 50 }).reduce<Json>((items) => ({ items }), {})],
  ])("are only partly known behind %s", (_what, a) => {
    expect(walkArguments(object({ a })).partly).toBe(true);
  });

  it("are read down to eight levels, and it is said where there are more", () => {
    const nested = (levels: number): Json =>
      object(levels === 0 ? { tool: {} } : { [`l${String(levels)}`]: nested(levels - 1) });
    expect(pathsOf(nested(7))).toContain("args.l7.l6.l5.l4.l3.l2.l1.tool");
    expect(walkArguments(nested(7)).deeper).toBe(false);
    expect(walkArguments(nested(8))).toMatchObject({ deeper: true, partly: false });
  });

  it.each([
    ["required names", { required: Array.from({ length: 200_000 }, (_, at) => at.toString(36)) }],
    ["values", { enum: Array.from({ length: 200_000 }, (_, at) => at.toString(36)) }],
    ["tuples", { prefixItems: Array.from({ length: 200_000 }, () => ({})) }],
    ["alternatives", { oneOf: Array.from({ length: 200_000 }, () => ({})) }],
    [
      "properties",
      { properties: Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`p${String(at)}`, {}])) },
    ],
  ])("cost no more than their bound, however many %s there are and however often", (_what, many) => {
    const schema: Json = {
      $ref: "#/$defs/any",
      $defs: {
        any: { anyOf: Array.from({ length: 63 }, () => ({ $ref: "#/$defs/one" })) },
        one: { type: "object", properties: { a: { $ref: "#/$defs/any" } }, ...many },
      },
    };
    const walk = walkArguments(schema);
    expect(walk.steps).toBeLessThanOrEqual(LIMITS.classified_schema_steps_max);
    expect(walk.partly).toBe(true);
  });

  it("have the values that are all they may be", () => {
    const schema = object({ a: { enum: ["x", "y", 1] }, b: { oneOf: [{ const: "p" }, { const: "q" }] } });
    expect(walkArguments(schema).arguments.map(({ values }) => values)).toEqual([
      ["x", "y"],
      ["p", "q"],
    ]);
  });
});

describe("what an argument carries", () => {
  it.each([
    ["amount", { type: "number" }, ["money"]],
    ["unit_amount", { type: "integer" }, ["money"]],
    ["amount", { type: "boolean" }, []],
    ["file_path", { type: "string" }, ["path"]],
    ["json_path", { type: "string" }, []],
    ["paths", { type: "array", items: { type: "string" } }, ["path"]],
    ["imageUrl", { type: "string" }, ["url"]],
    ["target", { type: "string", format: "uri" }, ["url"]],
    ["hostname", { type: "string" }, ["host"]],
    ["bcc", { type: "array", items: { type: "string" } }, ["recipient"]],
    ["code", { type: "string" }, ["code"]],
    ["country_code", { type: "string" }, []],
    ["code", { type: "string", description: "ISO country code" }, []],
    ["command", { type: "string" }, ["command"]],
    ["command", { enum: ["start", "stop"] }, []],
    ["sql", { type: "string" }, ["sql"]],
    ["tool_name", { type: "string" }, ["tool"]],
    ["issueId", { type: "string" }, ["identifier"]],
    ["api_key", { type: "string" }, ["secret"]],
    ["page_token", { type: "string" }, []],
    ["max_tokens", { type: "integer" }, []],
    ["query", { type: "string" }, []],
  ])("%s %j", (name, schema, kinds) => {
    expect(kindsOf(name, schema as Json)).toEqual(kinds);
  });
});
