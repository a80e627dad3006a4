import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../base/json-value.ts";
import { cleanText, cleanTool } from "./clean-tool.ts";
import { foldClashes, nameIsSafe } from "./tool-names.ts";

describe("a tool's name", () => {
  it.each(["create_refund", "a-b.c/d", "größe", "工具", "🔧"])("%j is safe", (name) => {
    expect(nameIsSafe(name)).toBe(true);
  });

  it.each([
    "",
    "a b",
    "a\tb",
    "a\u00A0b",
    "a\u200Bb",
    "a\u200Db",
    "a\u202Eb",
    "a\u{E0041}",
    "a\0",
    "a\u007F",
    "\uFEFFa",
    "a\u3164",
    "a\u00AD",
    "a\uFE0F",
  ])("%j is not", (name) => {
    expect(nameIsSafe(name)).toBe(false);
  });

  it("that folds like another is withheld, and so is the other", () => {
    expect(foldClashes(["read", "Read", "write", "ＲＥＡＤ", "stop", "ſtop"])).toEqual(
      new Set(["read", "Read", "ＲＥＡＤ", "stop", "ſtop"]),
    );
    expect(foldClashes(["a", "b"])).toEqual(new Set());
    expect(foldClashes(["a", "a"])).toEqual(new Set(["a"]));
  });
});

describe("the texts of a tool", () => {
  it.each([
    ["plain\ttext\r\nlines", "plain\ttext\r\nlines"],
    ["a\0b\u0007c\u001B[31md\u0085e", "abc[31mde"],
    ["a\u202Eb\u2066c\u200E", "abc"],
    ["hidden\u{E0068}\u{E0069}", "hidden"],
    ["zero\u200Bwidth\uFEFF\u2060", "zerowidth"],
    ["end\u200D", "end"],
    ["a \u200D b", "a  b"],
    ["a\u200D\u200Db", "ab"],
    ["می\u200Cخواهم", "می\u200Cخواهم"],
    ["क्\u200Dष", "क्\u200Dष"],
    ["👩\u200D💻 and 👩🏽\u200D🚀", "👩\u200D💻 and 👩🏽\u200D🚀"],
    ["❤\uFE0F\u200D🔥 ❤\uFE0F", "❤\uFE0F\u200D🔥 ❤\uFE0F"],
    ["x\uFE00\uFE01\uFE02", "x"],
    ["x\u{E0100}\u{E01EF}", "x"],
    ["größe 工具", "größe 工具"],
  ])("%j becomes %j", (text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned);
  });

  const tool = (inputSchema: JsonObject, more: JsonObject = {}): JsonObject => ({
    name: "t",
    inputSchema,
    ...more,
  });
  const cleaned = (value: JsonObject): JsonObject => {
    const made = cleanTool(value);
    expect(made).toHaveProperty("tool");
    return "tool" in made ? made.tool : {};
  };

  it("are cleaned at the top and in schemas, and nothing else is", () => {
    const dirty = tool(
      {
        type: "object",
        title: "T\u200B",
        properties: {
          description: { type: "string", description: "d\u202E" },
          list: {
            type: "array",
            items: { anyOf: [{ description: "e\u200B" }] },
            default: { title: "\u200B" },
          },
        },
      },
      {
        description: "D\u{E0041}",
        annotations: { title: "A\u200B", readOnlyHint: true },
        outputSchema: { description: "O\0" },
        _meta: { title: "M\u200B" },
      },
    );
    expect(cleaned(dirty)).toEqual({
      name: "t",
      inputSchema: {
        type: "object",
        title: "T",
        properties: {
          description: { type: "string", description: "d" },
          list: { type: "array", items: { anyOf: [{ description: "e" }] }, default: { title: "\u200B" } },
        },
      },
      description: "D",
      annotations: { title: "A", readOnlyHint: true },
      outputSchema: { description: "O" },
      _meta: { title: "M\u200B" },
    });
  });

  it("leave a clean tool as it is, the same object", () => {
    const clean = tool({ properties: { a: { enum: ["x\ty"], title: "❤\uFE0F" } } }, { description: "d" });
    expect(cleaned(clean)).toBe(clean);
  });

  it.each([
    { properties: { "a\u200B": {} } },
    { properties: { a: { enum: ["ok", "x\u202E"] } } },
    { properties: { a: { enum: [{ deep: ["x\0"] }] } } },
    { properties: { a: { const: "\u{E0041}" } } },
    { properties: { a: { items: { pattern: "^\u200B$" } } } },
    { patternProperties: { "^\u200B": {} } },
    { $defs: { x: { properties: { "b\uFEFF": {} } } } },
    { required: ["a\u200B"] },
  ] as Json[])("withhold the tool for %j", (schema) => {
    const made = cleanTool(tool(schema as JsonObject));
    expect(made).toHaveProperty("withheld");
  });
});
