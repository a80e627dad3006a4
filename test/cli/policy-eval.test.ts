import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk, jsonLines } from "../support/command.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

type Written = Readonly<Record<string, unknown>> | string;

const evaluate = async (policy: unknown, calls: readonly Written[], ...more: readonly string[]) => {
  desk.write("policy.json", policy);
  const text = calls.map((call) => (typeof call === "string" ? call : JSON.stringify(call))).join("\n");
  const ran = await desk.run(["policy", "eval", "--policy", "policy.json", ...more], `${text}\n`);
  return { ...ran, answers: jsonLines(ran.out) };
};

const codes = async (...given: Parameters<typeof evaluate>) =>
  (await evaluate(...given)).answers.map(({ code, error }) => code ?? `error: ${String(error)}`);

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();

describe("tool.class in policy eval", () => {
  const policy = {
    version: "1",
    default: "allow",
    tools: { "*": { deny_if: [{ conditions: [{ path: "tool.class", op: "eq", value: "destructive" }] }] } },
  };
  const calls = [{ tool: "list_rows" }, { tool: "delete_rows" }];
  const tools = { tools: calls.map(({ tool }) => ({ name: tool, inputSchema: { type: "object" } })) };

  it("is missing, with a list of tools too", async () => {
    desk.write("tools.json", tools);
    expect(await codes(policy, calls)).toEqual(["deny_if_matched", "deny_if_matched"]);
    expect(await codes(policy, calls, "--tools", "tools.json")).toEqual([
      "deny_if_matched",
      "deny_if_matched",
    ]);
  });

  it("is the catalogue's with --classify, which needs a list", async () => {
    desk.write("tools.json", tools);
    expect(await codes(policy, calls, "--tools", "tools.json", "--classify")).toEqual([
      "allowed",
      "deny_if_matched",
    ]);
    expect(await evaluate(policy, calls, "--classify")).toMatchObject({
      exit: 2,
      out: "",
      err: "error: --classify needs --tools: a class is read from a definition.\n",
    });
  });

  it("is so in policy test, too", async () => {
    desk.write("tools.json", tools);
    const expectCode = (code: string) => ({ decision: code === "allowed" ? "allow" : "deny", code });
    const cases = [{ call: { tool: "list_rows" }, expect: expectCode("allowed") }];
    desk.write("a.test.json", { policy, cases });
    const run = async (...more: readonly string[]): Promise<number> =>
      (await desk.run(["policy", "test", "a.test.json", ...more])).exit;
    expect([
      await run("--tools", "tools.json"),
      await run("--tools", "tools.json", "--classify"),
      await run("--classify"),
    ]).toEqual([1, 0, 2]);
  });
});

describe("policy eval", () => {
  it("prints a decision a line, in order, with the contract's members", async () => {
    const { exit, answers, err } = await evaluate(
      {
        version: "1",
        default: "deny",
        hide: ["secret*"],
        tools: {
          a: { require: [{ name: "why", conditions: [{ path: "args.reason", op: "exists", value: true }] }] },
        },
      },
      [{ tool: "a", arguments: { reason: "x" } }, { tool: "a" }, { tool: "secret_b" }, { tool: "b/c" }],
    );
    expect([exit, err]).toEqual([0, ""]);
    expect(answers.map(({ message, ...rest }) => [typeof message, rest])).toEqual([
      ["string", { decision: "allow", code: "allowed", rule: "/tools/a" }],
      ["string", { decision: "deny", code: "require_failed", rule: "/tools/a/require/0", name: "why" }],
      ["string", { decision: "deny", code: "hidden", rule: "/hide/0" }],
      ["string", { decision: "deny", code: "default_deny", rule: "/default" }],
    ]);
  });

  it("answers a malformed line in its place and goes on, with exit 1 at the end", async () => {
    const { exit, answers } = await evaluate({ version: "1", default: "allow" }, [
      { tool: "a" },
      "nonsense",
      '{"tool":"a","tool":"b"}',
      { tool: 1 },
      {},
      [] as unknown as Written,
      { tool: "a", argument: {} },
      { tool: "a", arguments: [] },
      { tool: "a", arguments: null },
      { tool: "a", grant: 1 },
      { tool: "a", session: {} },
      { tool: "a", at: "yesterday" },
      { tool: "a", at: 5 },
      { tool: "a", identity: {} },
      { tool: "a", identity: "x" },
      { tool: "a", identity: { name: "x", groups: "y" } },
      { tool: "a", identity: { name: "x", groups: [1] } },
      { tool: "a", identity: { name: "x", kind: "y" } },
      { tool: "a", client: {} },
      { tool: "a", client: { name: "x", version: 1 } },
      "",
      '{"tool":"\\ud800"}',
      { tool: "a", identity: { name: "x", groups: [] }, client: { name: "y", version: "1" }, session: "s" },
    ]);
    expect(exit).toBe(1);
    expect(answers).toHaveLength(23);
    expect(answers.map((answer) => Object.keys(answer)[0])).toEqual([
      "decision",
      ...Array.from({ length: 21 }, () => "error"),
      "decision",
    ]);
    expect(answers.slice(1, -1).every((answer) => Object.keys(answer).length === 1)).toBe(true);
    expect(answers[6]?.["error"]).toContain("did you mean arguments");
  });

  it("does not need a line feed at the end, takes CRLF, and prints nothing for nothing", async () => {
    desk.write("policy.json", { version: "1", default: "allow" });
    const run = (stdin: string) => desk.run(["policy", "eval", "--policy", "policy.json"], stdin);
    expect(jsonLines((await run('{"tool":"a"}\n{"tool":"b"}')).out)).toHaveLength(2);
    expect((await run('{"tool":"a"}\r\n')).exit).toBe(0);
    expect(await run("")).toEqual({ exit: 0, out: "", err: "" });
    expect(jsonLines((await run("\n")).out)).toHaveLength(1);
  });

  it("refuses bytes that are no UTF-8 and lines that are too long, each in its place", async () => {
    desk.write("policy.json", { version: "1", default: "allow" });
    async function* bytes() {
      await Promise.resolve();
      yield Buffer.from('{"tool":"a"}\n{"tool":"');
      yield Buffer.from([0xff, 0xfe, 0x22, 0x7d, 0x0a]);
      for (let index = 0; index < 5; index += 1) {
        yield Buffer.alloc(1024 * 1024, 0x20);
      }
      yield Buffer.from('\n{"tool":"b"}\n');
    }
    const ran = await desk.run(["policy", "eval", "--policy", "policy.json"], bytes());
    expect(ran.exit).toBe(1);
    expect(jsonLines(ran.out).map((answer) => Object.keys(answer)[0])).toEqual([
      "decision",
      "error",
      "error",
      "decision",
    ]);
  });

  it("answers each line before the next is there", async () => {
    desk.write("policy.json", { version: "1", default: "allow" });
    const lines = ['{"tool":"a"}\n', '{"tool":"b"}\n'];
    const answered: number[] = [];
    async function* typed() {
      for (const line of lines) {
        yield Buffer.from(line);
        await new Promise((resolve) => setImmediate(resolve));
        answered.push(line.length);
      }
    }
    const ran = await desk.run(["policy", "eval", "--policy", "policy.json"], typed());
    expect([jsonLines(ran.out).length, answered.length]).toEqual([2, 2]);
  });

  it("prints no line where the policy does not validate, and exits 1", async () => {
    const { exit, out, err } = await evaluate({ version: "1", default: "deny", tool: {} }, [{ tool: "a" }]);
    expect([exit, out]).toEqual([1, ""]);
    expect(err).toContain("policy.json:4:3: error:");
    const missing = await desk.run(["policy", "eval", "--policy", "none.json"], '{"tool":"a"}\n');
    expect([missing.exit, missing.out]).toEqual([1, ""]);
    expect((await desk.run(["policy", "eval"])).exit).toBe(2);
  });
});

describe("the time of a call", () => {
  const limited = {
    version: "1",
    default: "deny",
    tools: { a: { limits: [{ counter: "c", window: "minute", max: 2 }] }, free: {} },
  };

  it("is its own, or that of the last well-formed line", async () => {
    expect(
      await codes(limited, [
        { tool: "a", at: at(0) },
        { tool: "a" },
        { tool: "a" },
        { tool: "free", at: at(120) },
        { tool: "a", at: "malformed" },
        { tool: "a" },
      ]),
    ).toEqual([
      "allowed",
      "allowed",
      "limit_exceeded",
      "allowed",
      "error: at must be an RFC 3339 time such as 2026-07-28T12:00:00Z",
      "allowed",
    ]);
  });

  it("never frees room by going back", async () => {
    const calls = [0, 0, 100, 100, 50, 0].map((seconds) => ({ tool: "a", at: at(seconds) }));
    expect(await codes(limited, calls)).toEqual([
      "allowed",
      "allowed",
      "allowed",
      "allowed",
      "limit_exceeded",
      "limit_exceeded",
    ]);
  });

  it("is the latest that anything was decided at, for limits", async () => {
    const calls = [
      { tool: "a", at: at(0) },
      { tool: "a", at: at(0) },
      { tool: "denied", at: at(120) },
      { tool: "a", at: at(30) },
    ];
    expect(await codes(limited, calls)).toEqual(["allowed", "allowed", "default_deny", "allowed"]);
  });

  it("says when a call would pass, and then it does", async () => {
    const { answers } = await evaluate(limited, [
      { tool: "a", at: at(0) },
      { tool: "a", at: at(0) },
      { tool: "a", at: at(1) },
    ]);
    const wait = Number(answers[2]?.["retry_after_ms"]);
    expect(Number.isInteger(wait)).toBe(true);
    expect(
      await codes(limited, [
        { tool: "a", at: at(0) },
        { tool: "a", at: at(0) },
        { tool: "a", at: at(1) },
        { tool: "a", at: at(1 + wait / 1_000) },
      ]),
    ).toEqual(["allowed", "allowed", "limit_exceeded", "allowed"]);
  });

  it("without any is now", async () => {
    const now = {
      version: "1",
      default: "allow",
      all_tools: {
        require: [
          { conditions: [{ path: "now.date", op: "eq", value: new Date().toISOString().slice(0, 10) }] },
        ],
      },
    };
    expect(await codes(now, [{ tool: "a" }])).toEqual(["allowed"]);
  });
});

describe("what a call may say of who asks", () => {
  it("is what the policy sees", async () => {
    const policy = {
      version: "1",
      default: "deny",
      tools: {
        who: {
          require: [
            {
              conditions: [
                { path: "grant.name", op: "eq", value: "g" },
                { path: "identity.name", op: "eq", value: "ann" },
                { path: "identity.groups[*]", op: "eq", value: "ops" },
                { path: "client.version", op: "eq", value: "2" },
                { path: "server.name", op: "eq", value: "billing" },
              ],
            },
          ],
        },
      },
    };
    const call = {
      tool: "who",
      grant: "g",
      identity: { name: "ann", groups: ["ops"] },
      client: { name: "c", version: "2" },
    };
    expect(await codes(policy, [call], "--server", "billing")).toEqual(["allowed"]);
    expect(await codes(policy, [call])).toEqual(["require_failed"]);
    expect(await codes(policy, [{ ...call, identity: { name: "ann" } }], "--server", "billing")).toEqual([
      "require_failed",
    ]);
  });

  it("remembers per session which tools were allowed", async () => {
    const policy = {
      version: "1",
      default: "deny",
      tools: {
        read: {},
        send: { deny_if: [{ conditions: [{ path: "session.tools[*]", op: "eq", value: "read" }] }] },
        no: { action: "deny" },
      },
    };
    expect(
      await codes(policy, [
        { tool: "send", session: "s" },
        { tool: "no", session: "s" },
        { tool: "read", session: "s" },
        { tool: "send", session: "s" },
        { tool: "send", session: "t" },
        { tool: "send" },
      ]),
    ).toEqual(["allowed", "action_deny", "allowed", "deny_if_matched", "allowed", "deny_if_matched"]);
  });

  it("is whose limit it is", async () => {
    const policy = {
      version: "1",
      default: "deny",
      tools: { a: { limits: [{ counter: "c", window: "hour", max: 1 }] } },
    };
    const call = (grant?: string) => ({ tool: "a", at: at(0), ...(grant === undefined ? {} : { grant }) });
    expect(await codes(policy, [call("g"), call("h"), call("g"), call(), call()])).toEqual([
      "allowed",
      "allowed",
      "limit_exceeded",
      "allowed",
      "limit_exceeded",
    ]);
  });
});

describe("observe mode and approvals", () => {
  it("print the true decision, marked, and charge and remember only what it allows", async () => {
    const policy = {
      version: "1",
      mode: "observe",
      default: "deny",
      tools: {
        a: { limits: [{ counter: "c", window: "hour", max: 1 }] },
        b: { deny_if: [{ conditions: [] }] },
        c: { deny_if: [{ conditions: [{ path: "session.tools[*]", op: "eq", value: "b" }] }] },
        d: { approval: {} },
      },
    };
    const { answers } = await evaluate(
      policy,
      ["a", "a", "b", "c", "d", "e"].map((tool) => ({ tool, session: "s", at: at(0) })),
    );
    expect(answers.map(({ decision, code, enforced }) => [decision, code, enforced])).toEqual([
      ["allow", "allowed", false],
      ["deny", "limit_exceeded", false],
      ["deny", "deny_if_matched", false],
      ["allow", "allowed", false],
      ["hold", "approval_required", false],
      ["deny", "default_deny", undefined],
    ]);
  });

  it("hold a call without charging it", async () => {
    const policy = {
      version: "1",
      default: "deny",
      tools: {
        a: {
          approval: { conditions: [{ path: "args.big", op: "eq", value: true }] },
          limits: [{ counter: "c", window: "hour", max: 1 }],
        },
      },
    };
    const big = { tool: "a", arguments: { big: true }, at: at(0) };
    const small = { tool: "a", arguments: { big: false }, at: at(0) };
    expect(await codes(policy, [big, big, small, small])).toEqual([
      "approval_required",
      "approval_required",
      "allowed",
      "limit_exceeded",
    ]);
  });
});

describe("with a list of tools", () => {
  const policy = {
    version: "1",
    default: "allow",
    tools: { open: { arguments: "any" }, loose: { arguments: "schema" } },
  };
  const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
  const tools = [
    { name: "add", inputSchema: schema },
    { name: "open", inputSchema: schema },
    { name: "loose", inputSchema: schema },
    { name: "none" },
    { name: "remote", inputSchema: { $ref: "https://a.example/s" } },
    { name: "twice" },
    { name: "twice", inputSchema: { type: "object" } },
  ];

  it("arguments and names are judged by it; without, only the depth is", async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(65)}1${"}".repeat(65)}`) as object;
    const calls = [
      { tool: "add", arguments: { a: "x" } },
      { tool: "add", arguments: { a: 1 } },
      { tool: "add", arguments: { a: "x", b: 1 } },
      { tool: "add" },
      { tool: "loose", arguments: { a: "x", b: 1 } },
      { tool: "open", arguments: { b: 1 } },
      { tool: "none", arguments: { b: 1 } },
      { tool: "none" },
      { tool: "remote" },
      { tool: "twice" },
      { tool: "missing" },
      { tool: "open", arguments: deep },
    ];
    const listed = [
      "allowed",
      "invalid_arguments",
      "invalid_arguments",
      "invalid_arguments",
      "allowed",
      "allowed",
      "invalid_arguments",
      "allowed",
      "invalid_arguments",
      "unknown_tool",
      "unknown_tool",
      "invalid_arguments",
    ];
    desk.write("tools.json", { tools });
    expect(await codes(policy, calls, "--tools", "tools.json")).toEqual(listed);
    desk.write("response.json", { jsonrpc: "2.0", id: 1, result: { tools } });
    expect(await codes(policy, calls, "--tools", "response.json")).toEqual(listed);
    expect(await codes(policy, calls)).toEqual([
      ...Array.from({ length: 11 }, () => "allowed"),
      "invalid_arguments",
    ]);
  });

  it("that is none, nothing is judged", async () => {
    for (const content of [
      { tools: [{ title: "x" }] },
      { tools: {} },
      [1],
      "nonsense",
      '{"tools":[],"tools":[]}',
    ]) {
      desk.write("tools.json", content);
      const { exit, out, err } = await evaluate(policy, [{ tool: "add" }], "--tools", "tools.json");
      expect([exit, out]).toEqual([1, ""]);
      expect(err).toContain("tools.json");
    }
  });
});
