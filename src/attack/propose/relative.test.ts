import { describe, expect, it } from "vitest";
import { RELATIVE_PATH, takesRelative } from "./relative.ts";

const text = { type: "string" };
const tool = (...others: readonly string[]) => ({
  type: "object",
  properties: { path: text, ...Object.fromEntries(others.map((name) => [name, text])) },
});
const said = (op: string, value: string | readonly string[], path = "args.path") => [{ path, op, value }];
const described = (description: string) => ({ properties: { path: { ...text, description } } });

describe("a path", () => {
  it.each([
    ["stands beside a repository", tool("owner", "repo"), []],
    ["has no folder in the user's rule", tool(), said("starts_with", "docs/")],
    ["has none on the user's list", tool(), said("in", ["a.md", "b.md"])],
    ["is said to be so", described("Relative to the root."), []],
  ])("is relative where it %s", (_, schema, leaves) => {
    expect(takesRelative(schema, "path", leaves)).toBe(true);
  });

  it.each([
    ["nothing is said of it", tool(), []],
    ["a rule is for another argument", tool("other"), said("eq", "x", "args.other")],
    ["the user's rule names a folder", tool("owner"), said("starts_with", "/home/ana")],
    ["the user's pattern begins with one", tool("owner"), said("regex", "^/home/ana/")],
    ["the user's rule names one of Windows", tool("owner"), said("within", ["C:\\work"])],
  ])("is not where %s", (_, schema, leaves) => {
    expect(takesRelative(schema, "path", leaves)).toBe(false);
  });

  it("that is relative climbs nowhere and has no hidden part", () => {
    const pattern = new RegExp(RELATIVE_PATH, "u");
    expect(["README.md", "src/a-b/c.ts"].every((path) => pattern.test(path))).toBe(true);
    const others = ["../x", "a/../../x", "/etc/x", ".git/config", "a//b", "a\\b", "%2e%2e/x", "a/\n"];
    expect(others.filter((path) => pattern.test(path))).toEqual([]);
  });
});
