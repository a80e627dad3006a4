import { describe, expect, it } from "vitest";
import { doubtOf, withoutDoubted } from "./doubt.ts";

interface Given {
  readonly code?: string;
  readonly rule?: string;
  readonly policy?: object;
  readonly recommended?: Readonly<Record<string, unknown>>;
  readonly by?: "policy" | "nothing";
}

const REQUIRE = "/tools/read/require/0";

/** A policy with one predicate where `place` says. */
const withRule = (conditions: readonly object[], place = "require"): Record<string, unknown> => ({
  tools: { read: { [place]: [{ conditions }] } },
});

const doubt = ({ code = "require_failed", rule = REQUIRE, policy = {}, recommended, by = "policy" }: Given) =>
  doubtOf({
    refused: { asked: "tools/call read", code, rule, message: "" },
    policy,
    stops: { by, says: "", ...(recommended === undefined ? {} : { policy: recommended }) },
  });

const when = (path: string, op: string, value: unknown): object => ({ path, op, value });

describe("a refusal", () => {
  it.each(["regex", "contains", "starts_with", "ends_with", "glob"])(
    "by how a value is written (%s) is of one spelling",
    (op) => {
      expect(doubt({ policy: withRule([when("args.path", op, "x")]) })).toContain(`(${op})`);
      expect(doubt({ policy: withRule([{ any: [when('args["path"]', op, "x")] }]) })).toContain(`(${op})`);
      expect(
        doubt({
          code: "deny_if_matched",
          rule: "/tools/read/deny_if/0",
          policy: withRule([when("args.**", op, "x")], "deny_if"),
        }),
      ).toContain(`(${op})`);
    },
  );

  it.each(["in", "eq", "within", "host_in", "lte"])("by what a value is (%s) is of every spelling", (op) => {
    expect(doubt({ policy: withRule([when("args.path", op, "x")]) })).toBeUndefined();
  });

  it("by a list of forbidden folders says nothing of others", () => {
    const policy = withRule([when("args.path", "within", ["/etc"])], "deny_if");
    expect(doubt({ code: "deny_if_matched", rule: "/tools/read/deny_if/0", policy })).toContain("folders");
  });

  it.each([
    ["now.hour", "time"],
    ["client.name", "says of itself"],
  ])("by %s is of this moment, or of this client", (path, says) => {
    expect(doubt({ policy: withRule([when(path, "eq", 1)]) })).toContain(says);
  });

  it("by what the page itself recommends is what it says, whatever the argument is called", () => {
    const recommended = { all_tools: { require: [{ conditions: [when("args.name", "regex", "^a$")] }] } };
    const rule = when("args.id", "regex", "^a$");
    expect(doubt({ recommended, policy: withRule([rule]) })).toBeUndefined();
    expect(doubt({ recommended, policy: withRule([rule, when("args.id", "regex", "b")]) })).toContain(
      "regex",
    );
  });

  it.each([
    [1, "a second"],
    [30, "30 seconds"],
  ])("by a limit of %i s is over soon", (window, says) => {
    const policy = { tools: { read: { rate_limit: { max: 3, window }, limits: [{ window }] } } };
    for (const rule of ["/tools/read/rate_limit", "/tools/read/limits/0"]) {
      expect(doubt({ code: "limit_exceeded", rule, policy })).toContain(says);
    }
  });

  it.each(["minute", 60, "lifetime"])("by a limit of %s is a refusal", (window) => {
    const policy = { tools: { read: { rate_limit: { max: 3, window } } } };
    expect(doubt({ code: "limit_exceeded", rule: "/tools/read/rate_limit", policy })).toBeUndefined();
  });

  it("of an attack that nothing stops is believed only where the tool itself is closed", () => {
    const policy = withRule([when("args.path", "within", ["/srv"])]);
    expect(doubt({ by: "nothing", policy })).toContain("Nothing in this release");
    for (const code of ["hidden", "default_deny", "action_deny"]) {
      expect(doubt({ by: "nothing", policy, code })).toBeUndefined();
    }
  });

  it.each(["not a pointer", "/tools/other/require/0", "/tools/read/require/7"])(
    "by a rule that is not there (%s) proves nothing",
    (rule) => {
      expect(doubt({ rule, policy: withRule([when("args.path", "in", ["x"])]) })).toContain("not found");
    },
  );
});

describe("the rest of a policy", () => {
  const stops = { by: "policy", says: "", policy: withRule([when("args.to", "regex", "^a$")]) } as const;
  const exact = { conditions: [when("args.path", "within", ["/srv"])] };
  const spelled = { conditions: [when("args.path", "starts_with", "/srv/")] };
  const known = { conditions: [when("args.id", "regex", "^a$")] };

  it("has what proves something, in the rules of tools and of all tools", () => {
    const rule = { require: [spelled, exact, known], deny_if: [spelled], limits: [{ max: 1 }] };
    const left = { require: [exact, known], deny_if: [], limits: [{ max: 1 }] };
    expect(
      withoutDoubted({ default: "deny", all_tools: rule, tools: { read: rule, "*": {} } }, stops),
    ).toEqual({ default: "deny", all_tools: left, tools: { read: left, "*": {} } });
  });

  it("is asked for only where something is left away", () => {
    expect(withoutDoubted({ tools: { read: { require: [exact, known] } } }, stops)).toBeUndefined();
    expect(withoutDoubted("none", stops)).toBeUndefined();
  });

  it("keeps the page's own operator beside its pattern, with a user's value", () => {
    const page = {
      by: "policy",
      says: "",
      policy: withRule([when("args.to", "ends_with", "@example.com"), when("args.to", "regex", "^b$")]),
    } as const;
    const both = [when("args.cc", "ends_with", "@corp.ch"), when("args.cc", "regex", "^b$")];
    expect(withoutDoubted(withRule(both), page)).toBeUndefined();
    expect(withoutDoubted(withRule(both.slice(0, 1)), page)).toBeDefined();
  });
});
