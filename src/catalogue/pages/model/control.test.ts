import { describe, expect, it } from "vitest";
import { controlFinder } from "./control.ts";

const POLICY = {
  version: "1",
  default: "deny",
  all_tools: { arguments: "schema" },
  hide: ["drop_*", "secret"],
  tools: {
    "get_*": { rate_limit: { max: 60, window: "minute" } },
    "get_user*": {},
    get_users: { action: "deny" },
    "a/b": {},
  },
};
const of = controlFinder(POLICY);

describe("the rule that controls a tool", () => {
  it("is what hides it, before all else", () => {
    expect(of("drop_table")).toEqual({
      by: "hide",
      open: false,
      asks: false,
      pointer: "/hide/0",
      rule: undefined,
      excerpt: { hide: ["drop_*"] },
    });
  });

  it("is its own name, else the key that says most, with what holds for every tool", () => {
    expect(of("get_users")).toMatchObject({
      by: "rule",
      open: false,
      pointer: "/tools/get_users",
      rule: { action: "deny" },
    });
    expect(of("get_user_by_id")).toMatchObject({ by: "rule", open: true, pointer: "/tools/get_user*" });
    expect(of("get_x").excerpt).toEqual({
      all_tools: { arguments: "schema" },
      tools: { "get_*": { rate_limit: { max: 60, window: "minute" } } },
    });
    expect(of("a/b").pointer).toBe("/tools/a~1b");
  });

  it("says where a person has to agree", () => {
    const asking = controlFinder({
      version: "1",
      default: "deny",
      tools: { a: { action: "require_approval" }, b: { approval: { conditions: [] } }, c: {} },
    });
    expect(["a", "b", "c"].map((name) => asking(name).asks)).toEqual([true, true, false]);
    expect(controlFinder({ version: "1", default: "allow", all_tools: { approval: {} } })("x").asks).toBe(
      true,
    );
  });

  it("is the default where nothing names it", () => {
    expect(of("put")).toMatchObject({ by: "default", open: false, excerpt: { default: "deny" } });
    expect(controlFinder({ version: "1", default: "allow" })("put")).toMatchObject({
      by: "default",
      open: true,
    });
    expect(of("constructor")).toMatchObject({ by: "default" });
  });
});
