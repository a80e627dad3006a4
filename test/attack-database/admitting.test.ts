import { describe, expect, it } from "vitest";
import { admitting } from "../../src/attack/bind/admitting.ts";
import { codesOf, ownTool } from "./bound-support.ts";

// A scenario's own tools are admitted, and nothing else of the policy changes.

const one = (path: string, op: string, value: unknown) => ({ conditions: [{ path, op, value }] });
const text = { type: "object", properties: { text: { type: "string" } } };
const tools = [
  ownTool({ name: "save_note", description: "Saves a note.", inputSchema: text }),
  ownTool({ name: "save_file", description: "Saves a file.", inputSchema: text }),
  ownTool({ name: "save_more", description: "Saves more.", inputSchema: text }),
  ownTool({ name: "read_file", description: "Reads a file.", inputSchema: text }),
];
const NAMES = tools.map(({ profile }) => profile.name);

const judged = async (policy: object, given = {}) => {
  const before = JSON.stringify({ version: "1", default: "deny", ...policy });
  const after = admitting(before, ["save_note"], NAMES);
  const asked = async (of: string) =>
    Object.fromEntries(
      await Promise.all(
        NAMES.map(async (tool) => [tool, (await codesOf(of, tools)([{ tool, given }]))[0]] as const),
      ),
    );
  return { before: await asked(before), after: await asked(after) };
};

describe("a scenario's own tool is admitted, and the user's are what they were", () => {
  it.each([
    {},
    { tools: { save_note: { action: "deny" }, "save_*": {} } },
    { hide: ["save_*"], tools: { "*": {} } },
    { hide: ["read_file", "save_note", "*"], default: "allow" },
    { default: "allow", all_tools: { deny_if: [one("tool.class", "in", ["write"])] } },
    { default: "allow", all_tools: { require: [one("tool.class", "in", ["read"])] } },
    { default: "allow", all_tools: { require: [one("tool.annotations.readOnlyHint", "eq", true)] } },
    { default: "allow", all_tools: { approval: {} } },
    { default: "allow", all_tools: { approval: one("tool.class", "eq", "write") } },
  ])("%j", async (policy) => {
    const { before, after } = await judged(policy);
    expect(before["save_note"]).not.toBe("allowed");
    expect(after).toEqual({ ...before, save_note: "allowed" });
  });

  it("but for what is said of all that passes", async () => {
    const policy = { default: "allow", all_tools: { deny_if: [one("args.**", "contains", "KEY")] } };
    expect(await judged(policy, { text: "KEY" })).toMatchObject({
      after: { save_note: "deny_if_matched", read_file: "deny_if_matched" },
    });
    expect(await judged(policy, { text: "x" })).toMatchObject({ after: { save_note: "allowed" } });
  });

  it("and the places of what hides stay", () => {
    const hide = ["a*", "save_*", "b"];
    const policy = JSON.stringify({ version: "1", default: "allow", hide });
    expect(JSON.parse(admitting(policy, ["save_note"], NAMES))).toMatchObject({
      hide: ["a*", "save_file", "b", "save_more"],
    });
  });
});
