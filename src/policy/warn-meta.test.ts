import { describe, expect, it } from "vitest";
import { fromPlain } from "../base/json-plain.ts";
import { toPlain } from "../base/json-plain.ts";
import { member } from "../base/json-value.ts";
import { checkPolicy } from "./compile.ts";
import { OPTIONS } from "./testing/calls.ts";
import type { MetaFacts, MetaFinder } from "./types.ts";

// Whether a tool runs others is told here by its name alone; what tells it in earnest is handed in by the command line.
const METAS: Readonly<Record<string, MetaFacts>> = {
  run_tool: { runs: "tools", arguments: ["args.tool_name"] },
  batch_exec: { runs: "tools", arguments: ["args.commands[*].command"] },
  run_either: { runs: "tools", arguments: ["args.tool", "args.tools"] },
  execute_python: { runs: "code", arguments: ["args.source"] },
  shell: { runs: "commands", arguments: ["args.line", "args.script"] },
  obscure: { runs: "commands", arguments: [] },
  run_elsewhere: { runs: "tools", arguments: ["args.tool"], namesDecide: false },
};

const metaOf: MetaFinder = (tool) => {
  const name = member(tool, "name");
  return typeof name === "string" ? METAS[name] : undefined;
};

const TEXT = { type: "string" };
const tool = (name: string, properties: object = {}, required = Object.keys(properties)) => ({
  name,
  inputSchema: { type: "object", properties, required },
});
const COMMANDS = {
  type: "array",
  items: { type: "object", properties: { command: TEXT, params: { type: "object" } }, required: ["command"] },
};
const TOOLS = [
  tool("run_tool", { tool_name: TEXT, params: { type: "object" } }, ["tool_name"]),
  tool("batch_exec", { commands: COMMANDS }),
  tool("run_either", { tool: TEXT, tools: { type: "array", items: TEXT } }, []),
  tool("execute_python", { source: TEXT }),
  tool("shell", { line: TEXT, script: TEXT }, []),
  tool("obscure", { x: {} }),
  tool("run_elsewhere", { tool: TEXT, mcp_server: TEXT }),
  tool("list"),
  tool("other"),
];

const check = (document: object, tools: readonly unknown[] = TOOLS) => {
  const { errors, warnings } = checkPolicy(JSON.stringify({ version: "1", default: "deny", ...document }), {
    ...OPTIONS,
    tools: tools.map(fromPlain),
    metaOf,
  });
  expect(errors).toEqual([]);
  return warnings;
};
const places = (document: object) => check(document).map(({ pointer }) => pointer);
const rule = (name: string, fields: object) => ({ tools: { [name]: fields, list: {} } });
const condition = (path: string, op: string, value: unknown, more: object = {}) => ({
  path,
  op,
  value,
  ...more,
});
const denyIf = (...conditions: readonly object[]) => ({ deny_if: [{ conditions }] });
const requires = (...conditions: readonly object[]) => ({ require: [{ conditions }] });

describe("of a tool that runs others the checker", () => {
  it.each(Object.keys(METAS))("warns where %s is left open while others are denied", (name) => {
    expect(places(rule(name, {}))).toEqual([`/tools/${name}`]);
    expect(places({ default: "allow", tools: { other: { action: "deny" } } })).toHaveLength(7);
    expect(places({ default: "allow", hide: ["other"] })).toContain("/default");
    expect(places({ default: "allow", tools: { other: { approval: {} } } })).toContain("/default");
    expect(places({ default: "allow" })).toEqual([]);
    expect(places(rule("other", {}))).toEqual([]);
  });

  it.each([
    ["run_tool", { approval: {} }],
    ["run_tool", { action: "require_approval" }],
    ["run_tool", { action: "deny" }],
    ["run_tool", denyIf(condition("args.tool_name", "not_in", ["list"]))],
    ["run_tool", requires(condition("args.tool_name", "in", ["list"]))],
    ["run_tool", denyIf(condition("args.**", "regex", "other"))],
    ["run_tool", denyIf(condition("args.tool_name", "exists", true))],
    ["run_tool", { approval: { conditions: [condition("args.tool_name", "neq", "list")] } }],
    ["batch_exec", denyIf(condition("args.commands[*].command", "not_in", ["list"]))],
    ["batch_exec", denyIf(condition("args.commands.**", "contains", "other"))],
    ["batch_exec", requires(condition("args.commands", "contains", { command: "list" }))],
    ["execute_python", requires({ not: condition("args.source", "contains", "import") })],
    [
      "shell",
      {
        deny_if: [
          { conditions: [condition("args.line", "regex", "rm", { on_missing: "false" })] },
          { conditions: [condition("args.script", "exists", true)] },
        ],
      },
    ],
    ["obscure", denyIf(condition("args.**", "regex", "rm"))],
  ])("is content with %s under %j", (name, fields) => {
    expect(places(rule(name, fields))).toEqual([]);
  });

  it.each([
    ["run_tool", { rate_limit: { max: 1, window: 60 } }],
    ["run_tool", denyIf(condition("args.params.**", "regex", "x", { on_missing: "false" }))],
    ["run_tool", denyIf(condition("now.hour", "gt", 17))],
    ["run_tool", requires(condition("args.tool_name", "exists", true))],
    ["run_tool", requires(condition("args.tool_name", "max_length", 100))],
    ["run_tool", requires(condition("args.tool_name", "type", "string"))],
    ["run_tool", { approval: { conditions: [condition("now.hour", "gt", 17)] } }],
    ["batch_exec", denyIf(condition("args.commands[0].command", "neq", "list", { on_missing: "false" }))],
    ["shell", denyIf(condition("args.line", "regex", "rm", { on_missing: "false" }))],
    ["obscure", denyIf(condition("args.x", "regex", "rm"))],
    ["run_tool", requires(condition("args.tool_name", "regex", ".*"))],
    ["run_tool", requires(condition("args.tool_name", "neq", ""))],
    ["run_tool", requires(condition("args.tool_name", "schema", {}))],
    [
      "run_tool",
      requires({
        any: [condition("args.tool_name", "in", ["list"]), condition("args.tool_name", "exists", true)],
      }),
    ],
    ["run_tool", { approval: { conditions: [{ any: [] }] } }],
    ["run_tool", { approval: { conditions: [{ not: { all: [] } }] } }],
    ["run_tool", denyIf(condition("args.tool_name", "not_in", ["list"]), condition("now.hour", "eq", 3))],
    [
      "run_tool",
      denyIf(condition("args.tool_name", "not_in", ["list"]), condition("tool.class", "eq", "read")),
    ],
    [
      "run_tool",
      denyIf(condition("args.tool_name", "not_in", ["list"]), condition("args.params", "exists", false)),
    ],
    ["run_tool", denyIf(condition("args.tool_name", "eq", "other"))],
    ["run_tool", denyIf(condition("args.tool_name", "in", ["other"]))],
  ])("takes %s for open under %j", (name, fields) => {
    expect(places(rule(name, fields))).toEqual([`/tools/${name}`]);
  });

  it("takes a predicate for nothing that says the same of every call", () => {
    const always = { any: [condition("args.tool_name", "eq", "list"), { all: [] }] };
    expect(places(rule("run_tool", requires(always)))).toEqual([
      "/tools/run_tool",
      "/tools/run_tool/require/0",
    ]);
  });

  it("takes for withheld what a rule lets no call of through, and what the rule for all tools sorts out", () => {
    const open = { run_tool: {}, list: {} };
    const allowed = (fields: object) => places({ default: "allow", tools: { ...open, ...fields } });
    expect(allowed({})).toEqual([]);
    const zero = [{ counter: "c", window: "day", max: 0 }];
    expect(allowed({ other: { limits: zero } })).toContain("/tools/run_tool");
    expect(allowed({ other: { deny_if: [{ conditions: [{ all: [] }] }] } })).toContain("/tools/run_tool");
    for (const one of [
      condition("tool.class", "in", ["destructive"]),
      condition("tool.name", "eq", "other"),
    ]) {
      expect(places({ default: "allow", tools: open, all_tools: denyIf(one) })).toContain("/tools/run_tool");
    }
  });

  it("takes conditions for nothing that are only observed, beside tools that are hidden all the same", () => {
    const closed = rule("run_tool", denyIf(condition("args.tool_name", "not_in", ["list"])));
    expect(places({ ...closed, hide: ["other"] })).toEqual([]);
    expect(places({ ...closed, hide: ["other"], mode: "observe" })).toContain("/tools/run_tool");
    expect(places({ ...closed, mode: "observe" })).not.toContain("/tools/run_tool");
  });

  it("looks at the rule for all tools too", () => {
    expect(
      places({ ...rule("run_tool", {}), all_tools: denyIf(condition("args.**", "regex", "other")) }),
    ).toEqual([]);
    expect(places({ ...rule("run_tool", {}), all_tools: { rate_limit: { max: 1, window: 60 } } })).toEqual([
      "/tools/run_tool",
    ]);
  });

  it("says nothing without being told which tools run others", () => {
    const { warnings } = checkPolicy(
      JSON.stringify({ version: "1", default: "deny", ...rule("run_tool", {}) }),
      {
        ...OPTIONS,
        tools: TOOLS.map(fromPlain),
      },
    );
    expect(warnings).toEqual([]);
  });
});

describe("the rule that it proposes", () => {
  const proposed = (document: object, tools: readonly unknown[] = TOOLS): object | undefined => {
    const { proposal } = check(document, tools)[0] ?? {};
    return proposal === undefined ? undefined : (toPlain(proposal) as object);
  };

  it("lists the tools that are left open, and none that are limited, conditioned or run tools themselves", () => {
    const tools = {
      run_tool: {},
      batch_exec: { approval: {} },
      list: {},
      other: { rate_limit: { max: 1, window: 60 } },
    };
    expect(proposed({ tools })).toEqual({
      deny_if: [
        {
          conditions: [{ path: "args.tool_name", op: "not_in", value: ["list"], on_missing: "true" }],
          on_deny: expect.any(String),
        },
      ],
    });
  });

  it("reads every element of a batch, and names that stand in a list", () => {
    expect(JSON.stringify(proposed(rule("batch_exec", {})))).toContain('"args.commands[*].command"');
    const text = JSON.stringify(proposed(rule("run_either", {})));
    expect(text).toContain('"args.tools[*]"');
    expect(text).toContain('{"path":"args.tools","op":"exists","value":false}');
  });

  it("is approval where no condition can judge, or nothing may be run", () => {
    for (const name of ["execute_python", "shell", "obscure", "run_elsewhere"]) {
      expect(proposed(rule(name, {}))).toMatchObject({ action: "require_approval" });
    }
    expect(proposed({ tools: { run_tool: {} } })).toMatchObject({ action: "require_approval" });
    const vague = [tool("run_tool", { tool_name: {} }), tool("list"), tool("other")];
    expect(proposed(rule("run_tool", {}), vague)).toMatchObject({ action: "require_approval" });
    const onceAsked = { approval: { conditions: [condition("now.hour", "gt", 17)] } };
    expect(proposed(rule("shell", onceAsked))).toEqual({ approval: {} });
  });

  it.each(Object.keys(METAS))("closes %s when it is written", (name) => {
    const proposal = proposed(rule(name, {}));
    expect(check(rule(name, proposal ?? {}))).toEqual([]);
  });

  it("stands in the message as it is to be written", () => {
    const [own] = check(rule("run_tool", {}));
    expect(own?.message).toContain(
      `Write in its rule: ${JSON.stringify(proposed(rule("run_tool", {}))).slice(1, -1)}`,
    );
    const [of] = check({ tools: { "run_*": {}, list: {} } }, [
      tool("run_tool", { tool_name: TEXT }),
      tool("list"),
      tool("other"),
    ]);
    expect(of?.message).toContain('Write under "tools": "run_tool": {"deny_if":[');
    const many = Array.from({ length: 500 }, (_, at) => tool(`list_${String(at)}`));
    const [long] = check({ tools: { run_tool: {}, "list_*": {} } }, [...TOOLS, ...many]);
    expect(long?.message).toMatch(/see --json\.$/);
  });
});
