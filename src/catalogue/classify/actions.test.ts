import { describe, expect, it } from "vitest";
import type { Json } from "../../base/json-value.ts";
import { profileTool } from "../profile.ts";

const choice = (values: string): Json => ({ type: "string", enum: values.split(" ") });

const classOf = (properties: Record<string, Json>) =>
  profileTool({
    name: "get_notes",
    description: "Gets notes.",
    inputSchema: { type: "object", properties },
  }).class;

const within = (name: string, inner: Record<string, Json>): Record<string, Json> => ({
  [name]: { type: "object", properties: inner },
});

describe("a choice of what is done", () => {
  it.each([
    ["at the top", { action: choice("list delete") }],
    ["below", within("params", { action: choice("list delete") })],
    ["far below", within("a", within("b", within("c", within("d", { operation: choice("get purge") }))))],
    ["of a mode", { mode: choice("show purge") }],
    ["of a type", { type: choice("view delete") }],
    ["of a verb", { verb: choice("get drop") }],
    ["of things that came to pass", { action: choice("list delete_archived") }],
    ["of what is unused", { action: choice("list purge_unused") }],
  ])("makes a tool as dangerous as the worst: %s", (_what, properties) => {
    expect(classOf(properties)).toBe("destructive");
  });

  it.each(["d\u0435lete", "ｄｅｌｅｔｅ", "del\u200bete", "délete", "рurge"])("is disguised: %s", (value) => {
    expect(classOf({ action: choice(`list ${value}`) })).toBe("execute");
  });

  it.each([
    ["what came to pass", { action: choice("created deleted archived") }],
    ["a filter", within("filter", { action: choice("create update delete") })],
    ["a type of things", { type: choice("active deleted all") }],
    ["a mode of showing", { mode: choice("full summary") }],
    ["words of another language", { type: choice("größe länge") }],
  ])("is none: %s", (_what, properties) => {
    expect(classOf(properties)).toBe("read");
  });
});
