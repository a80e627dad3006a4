import { describe, expect, it } from "vitest";
import { fromPlain, toPlain } from "../../base/json-plain.ts";
import { isJsonObject } from "../../base/json-value.ts";
import { fittedRule } from "./fitted.ts";

describe("a rule for the entries of a batch", () => {
  it("reads the member under the name that it has with the user, and shuts out others", () => {
    const rule = fromPlain({
      require: [
        {
          conditions: [
            { path: "args.ids[*].tool", op: "in", value: ["a"] },
            {
              path: "args",
              op: "schema",
              value: {
                properties: { ids: { items: { properties: { tool: {} }, additionalProperties: false } } },
                additionalProperties: false,
              },
            },
          ],
        },
      ],
    });
    const placed = { name: "commands", list: true, member: { from: "tool", to: "command" } };
    const fitted = fittedRule(isJsonObject(rule) ? rule : {}, {
      arguments: new Map([["ids", placed]]),
      swaps: [],
      schema: { properties: { commands: { type: "array", items: {} } } },
      before: { properties: { ids: { type: "array" } } },
      required: undefined,
      named: new Set(),
      runs: [],
    });
    expect(toPlain(fromPlain(fitted))).toEqual({
      require: [
        {
          conditions: [
            { path: "args.commands[*].command", op: "in", value: ["a"] },
            {
              path: "args",
              op: "schema",
              value: {
                properties: {
                  commands: { items: { properties: { command: {} }, additionalProperties: false } },
                },
                additionalProperties: false,
              },
            },
          ],
        },
      ],
    });
  });
});
