import { describe, expect, it } from "vitest";
import { decide, refuseLimit } from "./decide.ts";
import { callOf, type CallOptions, offered, policyOf, validPolicy } from "./testing/calls.ts";

const gt = (path: string, value: number) => ({ path, op: "gt", value });
const predicate = (path: string, value: number, more: object = {}) => ({
  conditions: [gt(path, value)],
  ...more,
});

const judge = (document: object, tool: string, options: CallOptions = {}) =>
  decide(validPolicy({ version: "1", default: "deny", ...document }), callOf(tool, options));

const shown = (document: object, tool: string, options: CallOptions = {}) => {
  const { decision } = judge(document, tool, options);
  return [decision.decision, decision.code, decision.rule];
};

const TYPED = offered({ type: "object", properties: { n: { type: "number" } }, required: ["n"] }, ["n"]);

describe("the gates in their order", () => {
  const everything = {
    hide: ["t"],
    tools: {
      t: {
        action: "deny",
        require: [predicate("args.n", 5)],
        deny_if: [{ conditions: [] }],
        approval: {},
        limits: [{ counter: "c", window: "day", max: 0, increment_from: "args.cost" }],
      },
    },
  };
  const without = (...names: string[]) => {
    const { t } = everything.tools;
    return { tools: { t: Object.fromEntries(Object.entries(t).filter(([name]) => !names.includes(name))) } };
  };
  const bad: CallOptions = { args: '{"n":1,"x":1}', offered: "unknown" };

  it.each([
    ["frozen", everything, { ...bad, frozen: true }, undefined],
    ["hidden", everything, bad, "/hide/0"],
    ["default_deny", { tools: {} }, bad, "/default"],
    ["action_deny", without(), bad, "/tools/t/action"],
    ["unknown_tool", without("action"), bad, undefined],
    ["tool_changed", without("action"), { ...bad, offered: "changed" }, undefined],
    ["invalid_arguments", without("action"), { ...bad, offered: TYPED }, "/tools/t"],
    ["require_failed", without("action"), { args: '{"n":1}', offered: TYPED }, "/tools/t/require/0"],
    ["deny_if_matched", without("action"), { args: '{"n":9}', offered: TYPED }, "/tools/t/deny_if/0"],
    ["approval_required", without("action", "deny_if"), { args: '{"n":9}' }, "/tools/t/approval"],
    ["invalid_increment", without("action", "deny_if", "approval"), { args: '{"n":9}' }, "/tools/t/limits/0"],
    ["allowed", without("action", "deny_if", "approval"), { args: '{"n":9,"cost":1}' }, "/tools/t"],
  ] as const)("give %s before what comes later", (code, document, options, rule) => {
    const { decision, passes, charges } = judge(document, "t", options);
    expect([decision.code, decision.rule]).toEqual([code, rule]);
    expect("rule" in decision).toBe(rule !== undefined);
    expect(decision.decision).toBe(
      code === "allowed" ? "allow" : code === "approval_required" ? "hold" : "deny",
    );
    expect(passes).toBe(code === "allowed");
    expect(charges).toHaveLength(code === "allowed" ? 1 : 0);
    expect(decision).not.toHaveProperty("enforced");
  });

  it("deny without a policy, frozen first", () => {
    const none = decide(undefined, callOf("t"));
    expect(none).toMatchObject({
      passes: false,
      charges: [],
      decision: { decision: "deny", code: "no_policy" },
    });
    expect(none.decision).not.toHaveProperty("rule");
    expect(decide(undefined, callOf("t", { frozen: true })).decision.code).toBe("frozen");
  });

  it("deny every call where the policy is invalid, and say why", () => {
    const policy = policyOf({ version: "1", default: "allow", tools: { t: { limit: [] } } });
    const { decision, passes } = decide(policy, callOf("other"));
    expect([decision.code, passes]).toEqual(["no_policy", false]);
    expect(decision.message).toMatch(
      /^other is refused: the policy is not valid\. \/tools\/t\/limit: A tool rule has no field "limit"/,
    );
  });

  it("ask the tool's own rule before all_tools in every gate", () => {
    const one = { require: [predicate("args.n", 5)], deny_if: [predicate("args.n", 8)] };
    const both = (fields: object) => ({ all_tools: fields, tools: { t: fields } });
    expect(shown(both({ action: "deny" }), "t")).toEqual(["deny", "action_deny", "/tools/t/action"]);
    expect(shown({ all_tools: { action: "deny" }, tools: { t: {} } }, "t")[2]).toBe("/all_tools/action");
    expect(shown(both(one), "t", { args: '{"n":1}' })[2]).toBe("/tools/t/require/0");
    expect(shown({ all_tools: one, tools: { t: {} } }, "t", { args: '{"n":1}' })[2]).toBe(
      "/all_tools/require/0",
    );
    expect(shown(both(one), "t", { args: '{"n":9}' })[2]).toBe("/tools/t/deny_if/0");
    expect(shown({ all_tools: one, tools: { t: {} } }, "t", { args: '{"n":9}' })[2]).toBe(
      "/all_tools/deny_if/0",
    );
    expect(shown(both({ approval: {} }), "t")[2]).toBe("/tools/t/approval");
    expect(shown({ all_tools: { approval: {} }, tools: { t: {} } }, "t")[2]).toBe("/all_tools/approval");
  });

  it("ask a require of all_tools before a deny_if of the tool: gates go before owners", () => {
    const document = {
      all_tools: { require: [predicate("args.n", 5)] },
      tools: { t: { deny_if: [{ conditions: [] }] } },
    };
    expect(shown(document, "t", { args: '{"n":1}' })[1]).toBe("require_failed");
  });

  it("name the first entry that refuses, with its name", () => {
    const document = {
      hide: ["x", "t*", "tt"],
      tools: {
        a: {
          deny_if: [predicate("args.n", 5), predicate("args.n", 1, { name: "second" }), { conditions: [] }],
        },
      },
    };
    expect(shown(document, "tt")).toEqual(["deny", "hidden", "/hide/1"]);
    const { decision } = judge(document, "a", { args: '{"n":2}' });
    expect(decision).toMatchObject({ rule: "/tools/a/deny_if/1", name: "second" });
    expect(judge(document, "a", { args: '{"n":9}' }).decision).not.toHaveProperty("name");
  });

  it("lean unknown to denial", () => {
    const require = { tools: { t: { require: [predicate("args.n", 5)] } } };
    const deny = { tools: { t: { deny_if: [predicate("args.n", 5)] } } };
    const approval = { tools: { t: { approval: { conditions: [gt("args.n", 5)] } } } };
    expect(shown(require, "t")[1]).toBe("require_failed");
    expect(shown(deny, "t")[1]).toBe("deny_if_matched");
    expect(shown(approval, "t")).toEqual(["hold", "approval_required", "/tools/t/approval"]);
    expect(shown(approval, "t", { args: '{"n":1}' })[1]).toBe("allowed");
    expect(shown(approval, "t", { args: '{"n":6}' })[1]).toBe("approval_required");
  });

  it("hold by action require_approval, and name it", () => {
    const document = { tools: { t: { action: "require_approval", reason: "Ask first." } } };
    expect(judge(document, "t")).toMatchObject({
      passes: false,
      charges: [],
      decision: {
        decision: "hold",
        code: "approval_required",
        rule: "/tools/t/action",
        message: "Ask first.",
      },
    });
  });
});

describe("which rule applies", () => {
  const tools = { get_user: {}, "get_*": { action: "deny" }, "get_a*": {}, "*/~?": { action: "deny" } };

  it("is the exact name, then the pattern that says most, then the default", () => {
    expect(shown({ tools }, "get_user")).toEqual(["allow", "allowed", "/tools/get_user"]);
    expect(shown({ tools }, "get_all")).toEqual(["allow", "allowed", "/tools/get_a*"]);
    expect(shown({ tools }, "get_b")).toEqual(["deny", "action_deny", "/tools/get_*/action"]);
    expect(shown({ tools }, "Get_user")).toEqual(["deny", "default_deny", "/default"]);
    expect(shown({ default: "allow", tools }, "other")).toEqual(["allow", "allowed", "/default"]);
  });

  it("is told by the key as written, escaped", () => {
    expect(shown({ tools }, "a/~b")[2]).toBe("/tools/*~1~0?/action");
  });

  it("is the same at the second asking", () => {
    const policy = validPolicy({ version: "1", default: "deny", tools });
    const ask = (tool: string) => decide(policy, callOf(tool)).decision.rule;
    expect([ask("get_b"), ask("get_b"), ask("zzz"), ask("zzz")]).toEqual([
      "/tools/get_*/action",
      "/tools/get_*/action",
      "/default",
      "/default",
    ]);
  });

  it("is asked anew for names too long to remember", () => {
    const name = `get_${"x".repeat(1_000)}`;
    expect(shown({ tools }, name)[2]).toBe("/tools/get_*/action");
  });

  it("is right for more names than are remembered, and for names like inherited members", () => {
    const policy = validPolicy({ version: "1", default: "deny", tools });
    for (let index = 0; index < 10_000; index += 1) {
      expect(decide(policy, callOf(`get_a${index}`)).decision.code).toBe("allowed");
    }
    expect(
      ["__proto__", "constructor", "toString", ""].map((name) => decide(policy, callOf(name)).decision.code),
    ).toEqual(Array.from({ length: 4 }, () => "default_deny"));
  });

  it("lets hide win over an exact key", () => {
    expect(shown({ default: "allow", hide: ["*"], tools: { t: {} } }, "t")).toEqual([
      "deny",
      "hidden",
      "/hide/0",
    ]);
  });

  it("applies all_tools to a tool that only the default allows", () => {
    const document = { default: "allow", all_tools: { deny_if: [predicate("args.n", 5)] } };
    expect(shown(document, "t", { args: '{"n":6}' })).toEqual([
      "deny",
      "deny_if_matched",
      "/all_tools/deny_if/0",
    ]);
    expect(shown(document, "t", { args: '{"n":5}' })).toEqual(["allow", "allowed", "/default"]);
  });
});

describe("messages", () => {
  it("are on_deny, else the reason of the rule the pointer is in, else ours", () => {
    const all = { reason: "All say no.", deny_if: [predicate("args.n", 8)], arguments: "strict" };
    const tools = {
      t: {
        reason: "T says no.",
        require: [predicate("args.n", 1, { on_deny: "More, please." }), predicate("args.n", 3)],
      },
    };
    const message = (args: string, more: CallOptions = {}) =>
      judge({ all_tools: all, tools }, "t", { args, ...more }).decision.message;
    expect(message('{"n":1}')).toBe("More, please.");
    expect(message('{"n":2}')).toBe("T says no.");
    expect(message('{"n":9}')).toBe("All say no.");
    expect(message("{}", { offered: TYPED })).toBe("All say no.");
    expect(judge({ tools: { t: { reason: "Held.", approval: {} } } }, "t").decision.message).toBe("Held.");
    expect(judge({ tools: { t: { reason: "No.", action: "deny" } } }, "t").decision.message).toBe("No.");
  });

  it("of ours name the tool and never a value from the arguments", () => {
    const secret = '{"n":9,"cost":"hunter2","hunter2":{"a":["hunter2"]}}';
    const documents: readonly [object, CallOptions][] = [
      [{ tools: {} }, {}],
      [{ hide: ["my_tool"] }, {}],
      [{ tools: { my_tool: { action: "deny" } } }, {}],
      [{ tools: { my_tool: {} } }, { offered: "unknown" }],
      [{ tools: { my_tool: {} } }, { offered: "changed" }],
      [{ tools: { my_tool: {} } }, { offered: TYPED }],
      [{ tools: { my_tool: { require: [predicate("args.n", 50)] } } }, {}],
      [{ tools: { my_tool: { deny_if: [predicate("args.n", 1)] } } }, {}],
      [{ tools: { my_tool: { approval: {} } } }, {}],
      [
        {
          tools: { my_tool: { limits: [{ counter: "c", window: 1, max: 1, increment_from: "args.cost" }] } },
        },
        {},
      ],
      [{ tools: { my_tool: {} } }, { frozen: true }],
    ];
    for (const [document, options] of documents) {
      const { message, decision } = judge(document, "my_tool", { args: secret, ...options }).decision;
      expect(decision).not.toBe("allow");
      expect(message).toContain("my_tool");
      expect(message).not.toContain("hunter2");
    }
  });
});

describe("arguments", () => {
  const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const lists = (levels: number): string => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
  const OPEN = offered({ type: "object" });

  it.each(["strict", "schema", "any"])("are at most 64 levels deep under %s", (mode) => {
    const document = { tools: { t: { arguments: mode } } };
    for (const facts of [OPEN, "unchecked"] as const) {
      expect(shown(document, "t", { args: nested(64), offered: facts })[1]).toBe("allowed");
      expect(shown(document, "t", { args: lists(64), offered: facts })[1]).toBe("allowed");
      expect(shown(document, "t", { args: nested(65), offered: facts })).toEqual([
        "deny",
        "invalid_arguments",
        "/tools/t/arguments",
      ]);
      expect(shown(document, "t", { args: lists(65), offered: facts })[1]).toBe("invalid_arguments");
    }
  });

  it("are too deep whatever else is in them", () => {
    const deep = `${"[".repeat(64)}${"]".repeat(64)}`;
    for (const args of [
      `{"a":[${deep},9007199254740993]}`,
      `{"b":9007199254740993,"a":${deep},"c":9007199254740993}`,
    ]) {
      const document = { tools: { t: { arguments: "any" } } };
      expect(shown(document, "t", { args, offered: OPEN })[1]).toBe("invalid_arguments");
    }
  });

  it("are refused where they name what the schema does not, under strict only", () => {
    const options = { args: '{"n":1,"x":1}', offered: TYPED };
    expect(shown({ tools: { t: {} } }, "t", options)[1]).toBe("invalid_arguments");
    expect(shown({ tools: { t: { arguments: "schema" } } }, "t", options)[1]).toBe("allowed");
    expect(shown({ tools: { t: {} } }, "t", { args: '{"n":1}', offered: TYPED })[1]).toBe("allowed");
    expect(shown({ tools: { t: {} } }, "t", { args: '{"__proto__":1,"n":1}', offered: TYPED })[1]).toBe(
      "invalid_arguments",
    );
  });

  it("are judged by the schema under strict and schema, and not under any", () => {
    const options = { args: '{"n":"1"}', offered: TYPED };
    expect(shown({ tools: { t: { arguments: "schema" } } }, "t", options)[1]).toBe("invalid_arguments");
    expect(shown({ tools: { t: { arguments: "any" } } }, "t", options)[1]).toBe("allowed");
  });

  it("are refused with a number no double holds, but not under any", () => {
    const wide = { args: '{"n":9007199254740993}', offered: TYPED };
    const deep = { args: '{"n":1,"l":[{"x":0.1000000000000000055511151231257827}]}', offered: OPEN };
    for (const options of [wide, deep]) {
      expect(shown({ tools: { t: { arguments: "schema" } } }, "t", options)[1]).toBe("invalid_arguments");
      expect(shown({ tools: { t: { arguments: "any" } } }, "t", options)[1]).toBe("allowed");
    }
    expect(shown({ tools: { t: {} } }, "t", { args: '{"n":1.0}', offered: TYPED })[1]).toBe("allowed");
  });

  it("are refused where the schema cannot be used or judged, and that is said", () => {
    const broken = { ...OPEN, schema: { invalid: "its pattern is not RE2" } };
    const { decision } = judge({ tools: { t: {} } }, "t", { offered: broken });
    expect(decision.code).toBe("invalid_arguments");
    expect(decision.message).toMatch(/input schema cannot be used \(its pattern is not RE2\)/);
    expect(shown({ tools: { t: { arguments: "any" } } }, "t", { offered: broken })[1]).toBe("allowed");
    const unknown = { ...OPEN, schema: { check: () => "unknown" as const, named: undefined } };
    expect(shown({ tools: { t: {} } }, "t", { offered: unknown })[1]).toBe("invalid_arguments");
    const throwing = {
      ...OPEN,
      schema: {
        check: () => {
          throw new Error("no");
        },
        named: undefined,
      },
    };
    expect(shown({ tools: { t: {} } }, "t", { offered: throwing })[1]).toBe("invalid_arguments");
  });

  it.each([
    ["/tools/t/arguments", { all_tools: { arguments: "any" }, tools: { t: { arguments: "schema" } } }],
    ["/all_tools/arguments", { all_tools: { arguments: "schema" }, tools: { t: {} } }],
    ["/all_tools/arguments", { default: "allow", all_tools: { arguments: "schema" } }],
    ["/tools/t", { all_tools: {}, tools: { t: {} } }],
    ["/default", { default: "allow" }],
  ])("are refused at %s", (rule, document) => {
    expect(shown(document, "t", { args: '{"n":"x"}', offered: TYPED })).toEqual([
      "deny",
      "invalid_arguments",
      rule,
    ]);
  });
});

describe("limits", () => {
  const limit = (counter: string, more: object = {}) => ({ counter, window: "minute", max: 10, ...more });

  it("charge the tool's own limits, its rate limit, then those of all_tools", () => {
    const document = {
      all_tools: { rate_limit: { max: 9, window: 60 }, limits: [limit("all", { increment: 2.5 })] },
      tools: {
        "t*": { rate_limit: { max: 10, window: "hour" }, limits: [limit("a"), limit("b", { increment: 0 })] },
      },
    };
    const { charges } = judge(document, "t1");
    expect(charges.map(({ limit, amount }) => [limit.counter, amount])).toEqual([
      ["a", 1_000_000_000n],
      ["b", 0n],
      ["rate:t*", 1_000_000_000n],
      ["all", 2_500_000_000n],
      ["rate:*all*", 1_000_000_000n],
    ]);
    expect(charges[2]?.limit).toEqual({
      policy: "p",
      counter: "rate:t*",
      scope: "grant",
      window: { seconds: 3600 },
      align: "sliding",
      timezone: "UTC",
      max: 10_000_000_000n,
    });
  });

  it("name whose counter it is", () => {
    const scopes = ["grant", "identity", "session", "server", "global"];
    const document = { tools: { t: { limits: scopes.map((scope) => limit(scope, { scope })) } } };
    const whose = (subject: CallOptions["subject"]) =>
      judge(document, "t", subject === undefined ? {} : { subject }).charges.map((charge) => charge.whose);
    expect(whose({})).toEqual(["g", "ann", "s1", "billing", ""]);
    expect(whose({ grant: "h", session: { id: "s2", tools: new Set() } })).toEqual([
      "h",
      "ann",
      "s2",
      "billing",
      "",
    ]);
    expect(whose({ grant: undefined, identity: undefined, session: undefined, server: undefined })[0]).toBe(
      "",
    );
  });

  it("share one counter a grant among calls without a session, which no session can be", () => {
    const policy = validPolicy({
      version: "1",
      default: "deny",
      tools: { t: { limits: [limit("c", { scope: "session" })] } },
    });
    const whose = (grant: string, id?: string) =>
      decide(
        policy,
        callOf("t", { subject: { grant, session: id === undefined ? undefined : { id, tools: new Set() } } }),
      ).charges[0]?.whose ?? "";
    expect(whose("a")).toBe(whose("a"));
    const shared = whose("a");
    expect(shared).not.toBe(whose("b"));
    expect([whose("a", shared), whose("a", whose("a", shared)), whose("a", "a")]).not.toContain(shared);
    expect(whose("a", "s")).toBe("s");
  });

  it.each([
    ['{"a":12.5}', 12_500_000_000n],
    ['{"a":1e2}', 100_000_000_000n],
    ['{"a":-0}', 0n],
    ['{"a":0}', 0n],
    ['{"a":1.0000000000}', 1_000_000_000n],
    ['{"a":0.000000001}', 1n],
    ['{"a":9007199254740993}', 9_007_199_254_740_993_000_000_000n],
  ])("take the cost that %s gives", (args, amount) => {
    const document = { tools: { t: { limits: [limit("c", { increment_from: "args.a" })] } } };
    expect(judge(document, "t", { args }).charges[0]?.amount).toBe(amount);
  });

  it.each([
    "{}",
    '{"a":"1"}',
    '{"a":-1}',
    '{"a":-0.1}',
    '{"a":0.0000000001}',
    '{"a":null}',
    '{"a":[1]}',
    '{"a":true}',
  ])("refuse the cost of %s", (args) => {
    const document = { tools: { t: { limits: [limit("b"), limit("c", { increment_from: "args.a" })] } } };
    expect(shown(document, "t", { args })).toEqual(["deny", "invalid_increment", "/tools/t/limits/1"]);
  });

  it("refuse for the charge that had no room, with when to come back", () => {
    const policy = validPolicy({
      version: "1",
      default: "deny",
      all_tools: { limits: [limit("all")] },
      tools: { t: { reason: "Slow down.", limits: [limit("a")], rate_limit: { max: 1, window: 1 } } },
    });
    const verdict = decide(policy, callOf("t"));
    expect(refuseLimit(policy, verdict, 0, "limit_exceeded", 1500)).toEqual({
      passes: false,
      charges: [],
      decision: {
        decision: "deny",
        code: "limit_exceeded",
        rule: "/tools/t/limits/0",
        message: "Slow down.",
        retry_after_ms: 1500,
      },
    });
    expect(refuseLimit(policy, verdict, 1, "limit_exceeded", undefined).decision).not.toHaveProperty(
      "retry_after_ms",
    );
    expect(refuseLimit(policy, verdict, 1, "limit_exceeded", 1).decision.rule).toBe("/tools/t/rate_limit");
    const last = refuseLimit(policy, verdict, 2, "counter_unavailable", undefined).decision;
    expect(last).toMatchObject({ code: "counter_unavailable", rule: "/all_tools/limits/0" });
    expect(last.message).toContain("t is refused");
  });
});

describe("observe mode", () => {
  const observed = (document: object, options: CallOptions = {}) =>
    judge({ mode: "observe", ...document }, "t", options);

  it.each([
    ["hidden", { hide: ["t"] }, {}],
    ["default_deny", {}, {}],
    ["action_deny", { tools: { t: { action: "deny" } } }, {}],
    ["unknown_tool", { tools: { t: {} } }, { offered: "unknown" as const }],
    ["tool_changed", { tools: { t: {} } }, { offered: "changed" as const }],
    ["invalid_arguments", { tools: { t: {} } }, { offered: TYPED }],
    ["frozen", { tools: { t: {} } }, { frozen: true }],
  ])("enforces %s and says nothing of it", (code, document, options) => {
    const { decision, passes } = observed(document, options);
    expect([decision.code, passes, "enforced" in decision]).toEqual([code, false, false]);
  });

  it.each([
    ["require_failed", "deny", { require: [predicate("args.n", 5)] }],
    ["deny_if_matched", "deny", { deny_if: [{ conditions: [] }] }],
    ["approval_required", "hold", { approval: {} }],
    [
      "invalid_increment",
      "deny",
      { limits: [{ counter: "c", window: 1, max: 1, increment_from: "args.n" }] },
    ],
  ])("decides %s, lets it pass and charges nothing", (code, truth, rule) => {
    const limits = [{ counter: "d", window: 1, max: 1 }];
    const { decision, passes, charges } = observed({ tools: { t: { limits, ...rule } } });
    expect(decision).toMatchObject({ decision: truth, code, enforced: false });
    expect([passes, charges.length]).toEqual([true, 0]);
  });

  it("charges what is allowed, and says that it is not enforced", () => {
    const rule = { limits: [{ counter: "c", window: 1, max: 1 }] };
    const { decision, passes, charges } = observed({ tools: { t: rule } });
    expect(decision).toMatchObject({ decision: "allow", code: "allowed", enforced: false, rule: "/tools/t" });
    expect([passes, charges.length]).toEqual([true, 1]);
  });

  it.each(["limit_exceeded", "counter_unavailable"] as const)("lets %s pass", (code) => {
    const policy = validPolicy({
      version: "1",
      default: "deny",
      mode: "observe",
      tools: { t: { rate_limit: { max: 0, window: "day" } } },
    });
    const refused = refuseLimit(policy, decide(policy, callOf("t")), 0, code, undefined);
    expect(refused).toMatchObject({
      passes: true,
      charges: [],
      decision: { decision: "deny", code, enforced: false },
    });
  });
});
