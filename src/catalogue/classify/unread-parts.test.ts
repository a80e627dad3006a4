import { describe, expect, it } from "vitest";
import type { Json } from "../../base/json-value.ts";
import { profileTool } from "../profile.ts";

const profileOf = (properties: Record<string, Json>) =>
  profileTool({
    name: "get_notes",
    description: "Gets notes. Returns a list.",
    inputSchema: { type: "object", properties },
  });

const deep = (levels: number): Json =>
  levels === 0 ? {} : { type: "object", properties: { [`l${String(levels)}`]: deep(levels - 1) } };

describe("what was not read of a schema", () => {
  it.each([
    ["parts that are elsewhere", { a: { $ref: "https://schemas.example/a.json" } }],
    [
      "more values than are read",
      { action: { enum: Array.from({ length: 601 }, (_, at) => `get_${String(at)}`) } },
    ],
    ["more alternatives", { a: { anyOf: Array.from({ length: 65 }, () => ({ type: "string" })) } }],
  ])("may run anything: %s", (_what, properties) => {
    expect(profileOf(properties)).toMatchObject({
      class: "execute",
      meta: { runs: "tools", arguments: [], batch: true },
    });
  });

  it("says nothing of a filter that is only deep", () => {
    expect(profileOf({ filter: deep(12) })).toMatchObject({ class: "read", meta: undefined });
  });

  it("may run anything where a list of things to do is deep", () => {
    expect(profileOf({ steps: deep(12) }).meta).toEqual({ runs: "tools", arguments: [], batch: true });
    expect(profileOf({ filter: deep(12), tool_name: { type: "string" } }).class).toBe("execute");
  });
});
