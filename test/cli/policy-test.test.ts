import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

const POLICY = {
  version: "1",
  default: "deny",
  hide: ["x*"],
  tools: {
    list: {},
    "a/b": { action: "deny" },
    stop: {
      limits: [{ counter: "c", window: "minute", max: 1 }],
      require: [{ conditions: [{ path: "args.why", op: "exists", value: true }] }],
    },
  },
};

const stop = (why: boolean, expected: object) => ({
  call: { tool: "stop", arguments: why ? { why: "x" } : {} },
  expect: expected,
});

describe("policy test", () => {
  it("runs the cases of a file one after the other, and tells the share of rules that they exercise", async () => {
    desk.write("policies/seed.json", POLICY);
    desk.write("policies/seed.test.json", {
      policy: "./seed.json",
      cases: [
        { call: { tool: "list" }, expect: { decision: "allow", rule: "/tools/list" } },
        stop(true, { decision: "allow", code: "allowed" }),
        stop(true, { decision: "deny", code: "limit_exceeded", rule: "/tools/stop/limits/0" }),
        { call: { tool: "a/b" }, expect: { decision: "deny", rule: "/tools/a~1b/action" } },
      ],
    });
    expect(await desk.run(["policy", "test", "policies/seed.test.json"])).toEqual({
      exit: 0,
      err: "",
      out: [
        "ok   policies/seed.test.json: 4 of 4 cases passed, 5 of 8 rules exercised (63 %)",
        "  not exercised: /hide/0 /default /tools/stop/require/0",
        "",
      ].join("\n"),
    });
  });

  it("prints a difference for each failure, exit 1", async () => {
    desk.write("t.test.json", {
      policy: POLICY,
      cases: [
        { call: { tool: "list" }, expect: { decision: "deny", code: "hidden" } },
        stop(false, { decision: "deny", code: "limit_exceeded", rule: "/tools/stop/limits/0" }),
        stop(true, { decision: "allow" }),
      ],
    });
    const { exit, out } = await desk.run(["policy", "test", "t.test.json"]);
    expect(exit).toBe(1);
    expect(out.split("\n").map((line) => line.replace(/(case \d \w+: ).*/, "$1"))).toEqual([
      "FAIL t.test.json: 1 of 3 cases passed, 3 of 8 rules exercised (38 %)",
      "  case 1 list: ",
      "    - decision: deny",
      "    + decision: allow",
      "    - code: hidden",
      "    + code: allowed",
      "  case 2 stop: ",
      "    - code: limit_exceeded",
      "    + code: require_failed",
      "    - rule: /tools/stop/limits/0",
      "    + rule: /tools/stop/require/0",
      "  not exercised: /hide/0 /default /tools/a~1b /tools/a~1b/action /tools/stop/limits/0",
      "",
    ]);
    const json = await desk.run(["policy", "test", "t.test.json", "--json"]);
    expect([json.exit, JSON.parse(json.out)]).toMatchObject([
      1,
      {
        files: [
          {
            file: "t.test.json",
            passed: 1,
            failed: 2,
            rules: 8,
            exercised: 3,
            failures: [{ case: 1 }, { case: 2 }],
          },
        ],
      },
    ]);
  });

  it("goes on with other files where one cannot be run", async () => {
    desk.write("good.test.json", { policy: POLICY, cases: [] });
    const bad: readonly (readonly [string, unknown, string])[] = [
      ["json", "{", "json.test.json:1:2:"],
      ["shape", { policy: POLICY, case: [] }, 'json: /case: unknown field "case". Did you mean "cases"?'],
      ["cases", { policy: POLICY }, "/cases: must be a list"],
      ["policy", { policy: 5, cases: [] }, "/policy: must be a path or a policy document"],
      ["none", { policy: "none.json", cases: [] }, "none.json: there is no such file"],
      [
        "call",
        { policy: POLICY, cases: [{ call: { tol: "x" }, expect: { decision: "allow" } }] },
        "/cases/0/call: ",
      ],
      [
        "missing",
        { policy: POLICY, cases: [{ expect: { decision: "allow" } }] },
        "/cases/0/call: a call must be an object",
      ],
      [
        "expect",
        { policy: POLICY, cases: [{ call: { tool: "x" }, expect: { decision: "yes" } }] },
        "/cases/0/expect/decision",
      ],
      [
        "code",
        { policy: POLICY, cases: [{ call: { tool: "x" }, expect: { decision: "deny", code: 1 } }] },
        "/cases/0/expect/code",
      ],
      ["invalid", { policy: { version: "1" }, cases: [] }, "the policy is not valid"],
    ];
    for (const [name, content, message] of bad) {
      desk.write(`${name}.test.json`, content);
      const { exit, out } = await desk.run(["policy", "test", `${name}.test.json`, "good.test.json"]);
      expect([name, exit]).toEqual([name, 1]);
      expect(out).toContain(message);
      expect(out).toContain("ok   good.test.json");
    }
  });

  it("judges arguments by schemas where it is given tools", async () => {
    desk.write("tools.json", { tools: [{ name: "list", inputSchema: { type: "object" } }] });
    desk.write("t.test.json", {
      policy: POLICY,
      cases: [
        {
          call: { tool: "list", arguments: { a: 1 } },
          expect: { decision: "deny", code: "invalid_arguments" },
        },
      ],
    });
    expect((await desk.run(["policy", "test", "t.test.json"])).exit).toBe(1);
    expect((await desk.run(["policy", "test", "t.test.json", "--tools", "tools.json"])).exit).toBe(0);
  });
});
