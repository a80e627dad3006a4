import { describe, expect, it } from "vitest";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, type JsonObject } from "../base/json-value.ts";
import { createSchemaCompiler } from "./input-schema.ts";
import { profiled } from "./profiled.ts";
import { toolFacts, withClass } from "./tool-facts.ts";

const object = (value: unknown): JsonObject => {
  const read = readJson(JSON.stringify(value));
  if (!isJsonObject(read)) {
    throw new Error("no object");
  }
  return read;
};

const factsOf = (tool: object) => {
  const definition = object({ name: "t", ...tool });
  return toolFacts(definition, createSchemaCompiler(), profiled(definition));
};

const namedBy = (inputSchema: unknown) => {
  const { schema } = factsOf({ inputSchema });
  return "invalid" in schema ? schema : schema.named;
};

describe("a tool's facts", () => {
  it("are its name, its annotations and its schema", () => {
    const facts = factsOf({
      annotations: { readOnlyHint: true },
      inputSchema: { properties: { a: { type: "string" } } },
    });
    expect(facts).toMatchObject({ name: "t", annotations: { readOnlyHint: true } });
    expect("check" in facts.schema && facts.schema.check(object({ a: 1 }))).toBe(false);
    expect(factsOf({ annotations: [] }).annotations).toBeUndefined();
  });

  it("have the catalogue's class, whatever the server says of itself, and another where it is given one", () => {
    const facts = factsOf({ name: "delete_records", annotations: { readOnlyHint: true } });
    expect(facts.class).toBe("destructive");
    expect(factsOf({ name: "list_records" }).class).toBe("read");
    expect(withClass(facts, "write")).toEqual({
      name: "delete_records",
      class: "write",
      annotations: { readOnlyHint: true },
      schema: facts.schema,
    });
    expect(withClass(facts, undefined).class).toBeUndefined();
  });

  it("have the schema of an object where it gives none, and refuse where it is no schema", () => {
    const { schema } = factsOf({});
    expect("check" in schema && schema.named).toEqual(new Set());
    expect("check" in schema && schema.check(object({ a: 1 }))).toBe(true);
    for (const inputSchema of [null, true, [], "x", { type: "nothing" }]) {
      expect(factsOf({ inputSchema }).schema).toHaveProperty("invalid");
    }
  });
});

describe("the names that strict allows", () => {
  it("are those of the schema's properties", () => {
    expect(namedBy({ type: "object", properties: { a: {}, b: false } })).toEqual(new Set(["a", "b"]));
    expect(namedBy({ type: "object" })).toEqual(new Set());
    expect(namedBy({ properties: { a: { additionalProperties: false } }, dependentSchemas: {} })).toEqual(
      new Set(["a"]),
    );
  });

  it("are the schema's own affair where it says more of them", () => {
    const saying = [
      { additionalProperties: true },
      { additionalProperties: { type: "string" } },
      { patternProperties: {} },
      { $ref: "#/$defs/a", $defs: { a: {} } },
      { allOf: [{}] },
      { anyOf: [{}] },
      { oneOf: [{}] },
      { if: {} },
      { not: { type: "null" } },
    ];
    for (const schema of saying) {
      expect(namedBy(schema)).toBeUndefined();
    }
  });
});
