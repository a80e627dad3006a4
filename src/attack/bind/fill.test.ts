import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { filledArguments } from "./fill.ts";

describe("what a schema requires besides", () => {
  it.each([
    { type: "string", minLength: 3 },
    { type: "string", enum: ["a", "b"] },
    { const: 4 },
    { type: "integer", minimum: 5 },
    { type: "number", exclusiveMinimum: 5 },
    { type: "boolean" },
    { type: "array", minItems: 2, items: { type: "integer" } },
    { type: "object", required: ["x"], properties: { x: { type: "string" } } },
    { anyOf: [{ type: "null" }, { type: "string" }] },
    { type: ["null", "string"] },
    { type: "string", default: "d" },
    {},
  ])("is filled with something that it takes: %j", (schema) => {
    const whole = { type: "object", required: ["a", "b"], properties: { a: schema, b: { type: "string" } } };
    const filled = filledArguments(whole, { b: "given" });
    expect(new Ajv2020({ strict: false }).validate(whole, filled)).toBe(true);
    expect(filled).toMatchObject({ b: "given" });
  });

  it("ends where a schema has no end", () => {
    const deep: Record<string, unknown> = { type: "object", required: ["a"] };
    deep["properties"] = { a: deep };
    expect(filledArguments(deep, {})).toHaveProperty(["a", "a", "a"]);
  });
});
