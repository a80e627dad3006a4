import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../base/json-value.ts";
import { definitionTokens } from "./tokens.ts";

// The figures beside the definitions are what the tokenizer o200k_base makes of their three parts.
const COUNTED: readonly (readonly [JsonObject, number])[] = [
  [
    {
      name: "list_issues",
      description: "Lists the open issues of a repository, newest first. Ask for fewer with a limit.",
      inputSchema: {
        type: "object",
        properties: {
          owner: { type: "string", description: "Who the repository belongs to" },
          limit: { type: "integer", minimum: 1, maximum: 100, default: 20 },
        },
        required: ["owner"],
        additionalProperties: false,
      },
    },
    72,
  ],
  [
    {
      name: "refundPayment",
      description: "Gives money back to a customer.",
      inputSchema: {
        $schema: "http://json-schema.org/draft-07/schema#",
        type: "object",
        properties: {
          payment_id: { type: "string" },
          amount: { type: "number", exclusiveMinimum: 0 },
          currency: { type: "string", enum: ["EUR", "USD", "GBP"] },
        },
        required: ["payment_id", "amount"],
      },
    },
    75,
  ],
];

describe("the size of a definition", () => {
  it.each(COUNTED)("%j is about as many tokens as a tokenizer makes of it", (definition, counted) => {
    expect(Math.abs(definitionTokens(definition) - counted) / counted).toBeLessThan(0.15);
  });

  it("counts what a model is sent, and nothing else", () => {
    const bare = { name: "a" };
    const more = {
      ...bare,
      annotations: { title: "much ".repeat(50) },
      outputSchema: { title: "much ".repeat(50) },
    };
    expect(definitionTokens(more)).toBe(definitionTokens(bare));
    expect(definitionTokens({ ...bare, description: "much ".repeat(50) })).toBeGreaterThan(40);
    expect(definitionTokens({ name: 7, description: null, inputSchema: [] })).toBeGreaterThan(0);
  });

  it("takes any text", () => {
    const texts = ["日本語".repeat(30), "\n".repeat(400), "\ud83d", "9".repeat(90), "{}[]:,".repeat(40)];
    for (const description of texts) {
      expect(definitionTokens({ name: "a", description })).toBeGreaterThan(7);
    }
  });
});
