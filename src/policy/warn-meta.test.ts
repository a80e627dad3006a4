import { describe, expect, it } from "vitest";
import { fromPlain } from "../base/json-plain.ts";
import { toPlain } from "../base/json-plain.ts";
import { member } from "../base/json-value.ts";
import { checkPolicy } from "./compile.ts";
import { decide } from "./decide.ts";
import { callOf, OPTIONS, validPolicy } from "./testing/calls.ts";
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

/** All that this policy withholds beside "list", and what runs others. */
const WITHHELD = [...Object.keys(METAS), "other"];
const ALMOST = WITHHELD.filter((name) => name !== "other");

/** Conditions that seem to close a tool, and let a call through that names what is withheld. */
const OPEN_ALL_THE_SAME: readonly (readonly [string, object])[] = [
  // A list of what may not be run that lacks one, in every way to write it …
  ["run_tool", denyIf(condition("args.**", "regex", ALMOST.join("|")))],
  ["run_tool", denyIf({ any: ALMOST.map((name) => condition("args.tool_name", "glob", `*${name}*`)) })],
  ["run_tool", denyIf({ any: ALMOST.map((name) => condition("args.tool_name", "contains", name)) })],
  ["run_tool", denyIf(condition("args.tool_name", "starts_with", "batch"))],
  ["run_tool", requires({ not: condition("args.tool_name", "regex", ALMOST.join("|")) })],
  ["run_tool", requires({ not: condition("args.tool_name", "contains", "_") })],
  // … or lacks names that stand in JSON text …
  ["run_tool", denyIf(condition("args.tool_name", "in", WITHHELD))],
  ["run_tool", denyIf(condition("args.tool_name", "regex", `^(${WITHHELD.join("|")})$`))],
  ["run_tool", denyIf(condition("args.tool_name", "regex", `^(${WITHHELD.join("|")})$|":"`))],
  ["run_tool", denyIf(condition("args.tool_name", "regex", `^(${WITHHELD.join("|")})$|": ?"`))],
  // … or is looked for in one element of a batch.
  ["batch_exec", denyIf(condition("args.commands[0].command", "regex", WITHHELD.join("|")))],
  ["batch_exec", denyIf(condition("args.commands[1].command", "not_in", ["list"], { on_missing: "false" }))],
  ["batch_exec", requires(condition("args.commands", "contains", { command: "list" }))],
  ["run_either", denyIf(condition("args.tool", "not_in", ["list"], { on_missing: "false" }))],
  // A list of what may be run that has too much on it.
  ["run_tool", denyIf(condition("args.tool_name", "not_in", ["list", "other"]))],
  ["run_tool", requires(condition("args.tool_name", "in", ["list", "other"]))],
  ["run_tool", requires(condition("args.tool_name", "in", ["list", "batch_exec"]))],
  ["run_tool", requires(condition("args.tool_name", "in", ["list", "run_tool"]))],
  ["run_tool", requires(condition("args.tool_name", "glob", "*"))],
  ["batch_exec", denyIf(condition("args.commands[*].command", "not_in", ["list", "run_tool"]))],
  // Approval that is not asked for where it should be.
  ["run_tool", { approval: { conditions: [condition("args.tool_name", "eq", "batch_exec")] } }],
  ["run_tool", { approval: { conditions: [condition("args.tool_name", "in", WITHHELD)] } }],
  ["run_tool", { approval: { conditions: [condition("args.params", "exists", true)] } }],
  ["execute_python", { approval: { conditions: [condition("args.source", "contains", "import")] } }],
  // No list closes what is given code.
  ["execute_python", denyIf(condition("args.source", "regex", `import|exec|eval|${WITHHELD.join("|")}`))],
  ["execute_python", requires({ not: condition("args.source", "contains", "import") })],
  ["execute_python", requires(condition("args.source", "starts_with", "print("))],
  ["execute_python", requires(condition("args.source", "contains", "json"))],
  ["execute_python", requires(condition("args.source", "max_length", 20))],
  ["execute_python", requires(condition("args.source", "min_length", 20))],
  [
    "shell",
    {
      require: [{ conditions: [condition("args.line", "regex", "^(ls|pwd)", { on_missing: "true" })] }],
      deny_if: [{ conditions: [condition("args.script", "exists", true)] }],
    },
  ],
  [
    "shell",
    {
      require: [{ conditions: [condition("args.line", "glob", "git *", { on_missing: "true" })] }],
      deny_if: [{ conditions: [condition("args.script", "exists", true)] }],
    },
  ],
  ["obscure", requires(condition("args.x", "in", ["ls"], { on_missing: "true" }))],
  ["obscure", denyIf(condition("args.**", "regex", "rm"))],
];

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
    ["run_tool", { limits: [{ counter: "c", window: "day", max: 0 }] }],
    ["run_tool", denyIf(condition("args.tool_name", "not_in", ["list"]))],
    ["run_tool", requires(condition("args.tool_name", "in", ["list"]))],
    ["run_tool", requires(condition("args.tool_name", "regex", "^(list|other_list)$"))],
    ["run_tool", requires(condition("args.tool_name", "glob", "lis?"))],
    ["run_tool", denyIf(condition("args.**", "regex", WITHHELD.join("|")))],
    ["run_tool", denyIf(condition("args.tool_name", "regex", "[_eo]"))],
    ["run_tool", denyIf(condition("args.tool_name", "exists", true))],
    ["run_tool", { approval: { conditions: [condition("args.tool_name", "neq", "list")] } }],
    ["run_tool", denyIf(condition("tool.name", "eq", "run_tool"))],
    ["batch_exec", denyIf(condition("args.commands[*].command", "not_in", ["list"]))],
    ["batch_exec", denyIf({ any: WITHHELD.map((name) => condition("args.commands.**", "contains", name)) })],
    ["execute_python", denyIf(condition("args.source", "not_in", ["print(1)"]))],
    ["execute_python", requires(condition("args.source", "regex", "^(?:1\\+1|print\\((a|b)\\))$"))],
    ["execute_python", requires(condition("args.source", "glob", "1+1"))],
    [
      "shell",
      {
        require: [{ conditions: [condition("args.line", "in", ["ls", "pwd"], { on_missing: "true" })] }],
        deny_if: [{ conditions: [condition("args.script", "exists", true)] }],
      },
    ],
    ["shell", requires(condition("args.**", "in", ["line", "script", "ls"]))],
    ["obscure", requires(condition("args.**", "in", ["x", "ls"]))],
  ])("is content with %s under %j", (name, fields) => {
    expect(places(rule(name, fields))).toEqual([]);
  });

  it.each<readonly [string, object]>([
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
    ...OPEN_ALL_THE_SAME,
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
    expect(places(rule(name, fields))).toContain(`/tools/${name}`);
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
    // What the default denies is denied all the same.
    expect(places({ ...closed, mode: "observe" })).toContain("/tools/run_tool");
    const allowed = { ...closed, default: "allow", mode: "observe" };
    expect(places(allowed)).toEqual([]);
    expect(places({ ...allowed, tools: { ...closed.tools, other: { action: "deny" } } })).toContain(
      "/tools/run_tool",
    );
    expect(places({ ...allowed, tools: { ...closed.tools, other: { approval: {} } } })).toEqual([]);
  });

  it("looks at the rule for all tools too", () => {
    expect(
      places({
        ...rule("run_tool", {}),
        all_tools: denyIf(condition("args.**", "regex", WITHHELD.join("|"))),
      }),
    ).toEqual([]);
    expect(
      places({ ...rule("run_tool", {}), all_tools: denyIf(condition("args.**", "regex", "other")) }),
    ).toEqual(["/tools/run_tool"]);
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
  const first = (document: object, tools: readonly unknown[] = TOOLS) => check(document, tools)[0];
  const proposed = (document: object, tools: readonly unknown[] = TOOLS): object | undefined => {
    const { proposal } = first(document, tools) ?? {};
    return proposal === undefined ? undefined : (toPlain(proposal) as object);
  };
  const denyingAll = { deny_if: expect.any(Array) };

  it("lists the tools that are left open, and none that are limited, conditioned or run tools themselves", () => {
    const tools = {
      run_tool: {},
      batch_exec: { approval: {} },
      list: {},
      other: { rate_limit: { max: 1, window: 60 } },
    };
    const closed = TOOLS.map(({ name }) => name).filter((name) => name !== "list");
    expect(proposed({ tools })).toEqual({
      deny_if: [
        {
          conditions: [{ path: "args.tool_name", op: "not_in", value: ["list"], on_missing: "true" }],
          on_deny: expect.any(String),
        },
        {
          conditions: [
            {
              any: [
                { path: "args.**", op: "in", value: closed, fold: true },
                { path: "args.**", op: "regex", value: `"(?:${closed.join("|")})\\\\*"`, flags: "i" },
              ],
            },
          ],
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
    const onceAsked = { approval: { conditions: [condition("now.hour", "gt", 17)], timeout: "5m" } };
    expect(proposed(rule("shell", onceAsked))).toEqual({ approval: { timeout: "5m" } });
    // The name of what is withheld would stand in every honest call.
    const alike = [...TOOLS, tool("Params")];
    expect(proposed(rule("run_tool", {}), alike)).toMatchObject({ action: "require_approval" });
  });

  it.each(Object.keys(METAS))("closes %s when it is written", (name) => {
    const proposal = proposed(rule(name, {}));
    expect(check(rule(name, proposal ?? {}))).toEqual([]);
  });

  it.each(OPEN_ALL_THE_SAME.map(([name, fields]) => [name, fields] as const))(
    "closes %s in place of %j",
    (name, fields) => {
      const found = check(rule(name, fields)).find(({ pointer }) => pointer === `/tools/${name}`);
      expect(found).toMatchObject({
        tool: name,
        message: expect.stringMatching(/left open.*Its conditions admit/),
      });
      const mended = check(rule(name, toPlain(found?.proposal ?? {}) as object));
      expect(mended.map(({ pointer }) => pointer)).not.toContain(`/tools/${name}`);
    },
  );

  it("denies a call by every way that names what is withheld, and lets through what names what is open", () => {
    const judged = (name: string) => {
      const policy = validPolicy({
        version: "1",
        default: "deny",
        ...rule(name, proposed(rule(name, {})) ?? {}),
      });
      return (args: unknown) =>
        decide(policy, callOf(name, { args: JSON.stringify(args) })).decision.decision;
    };
    const run = judged("run_tool");
    const batch = judged("batch_exec");
    const either = judged("run_either");
    expect(run({ tool_name: "list", params: { note: "the other run_tool, please" } })).toBe("allow");
    expect(batch({ commands: [{ command: "list" }, { command: "list", params: {} }] })).toBe("allow");
    expect(either({ tools: ["list", "list"] })).toBe("allow");
    for (const target of WITHHELD) {
      const json = JSON.stringify({ tool: target });
      const texts = [target, target.toUpperCase(), json, `[ ${json} ]`, JSON.stringify({ params: json })];
      for (const text of texts) {
        expect(run({ tool_name: text })).toBe("deny");
        expect(run({ tool_name: "list", params: { deep: [{ text }] } })).toBe("deny");
        expect(batch({ commands: [{ command: text }] })).toBe("deny");
        expect(batch({ commands: [{ command: "list" }, { command: text }] })).toBe("deny");
        expect(batch({ commands: [{ command: "list", params: { commands: [{ command: text }] } }] })).toBe(
          "deny",
        );
        expect(batch({ commands: JSON.stringify([{ command: text }]) })).toBe("deny");
        expect(either({ tool: "list", tools: [text] })).toBe("deny");
        expect(either({ tool: text, tools: ["list"] })).toBe("deny");
      }
      expect(run({ tool_name: "list", params: { [target]: {} } })).toBe("deny");
    }
  });

  it("keeps what the rule has, and has what a pattern's rule has", () => {
    const own = {
      reason: "No.",
      deny_if: [{ conditions: [condition("args.tool_name", "eq", "other")] }],
      rate_limit: { max: 1, window: 60 },
    };
    const closing = [...own.deny_if, expect.any(Object), expect.any(Object)];
    expect(proposed(rule("run_tool", own))).toEqual({ ...own, deny_if: closing });
    const found = first({ tools: { "run_t*": own, list: {} } });
    expect(found).toMatchObject({ pointer: "/tools/run_t*", tool: "run_tool" });
    expect(found?.message).toMatch(/Write the proposed rule for run_tool under "tools"\.$/);
    expect(toPlain(found?.proposal ?? null)).toEqual({ ...own, deny_if: closing });
    expect(first(rule("run_tool", {}))?.message).toMatch(/Write the proposed rule in place of its own\.$/);
    const allowed = { action: "allow", reason: "Python." };
    expect(proposed(rule("execute_python", allowed))).toEqual({ ...allowed, action: "require_approval" });
  });

  it("denies the tool where the names are too long for a condition or a policy, and says so", () => {
    const long = [...TOOLS, tool("x".repeat(1_000))];
    expect(first(rule("run_tool", {}), long)?.message).toContain("too long for a condition: deny the tool");
    const many = [
      ...TOOLS,
      ...Array.from({ length: 3_000 }, (_, at) => tool(`x${String(at)}`.padEnd(60, "y"))),
    ];
    expect(first(rule("run_tool", {}), many)?.message).toContain(
      "larger than a policy may be: deny the tool",
    );
    for (const tools of [long, many]) {
      const proposal = proposed(rule("run_tool", {}), tools);
      expect(proposal).toMatchObject({ action: "deny" });
      expect(check(rule("run_tool", proposal ?? {}), tools)).toEqual([]);
    }
    // Names that do not fit into one pattern are in several.
    const some = [
      ...TOOLS,
      ...Array.from({ length: 300 }, (_, at) => tool(`x${String(at)}`.padEnd(60, "y"))),
    ];
    const proposal = proposed(rule("run_tool", {}), some);
    expect(proposal).toEqual(denyingAll);
    expect(JSON.stringify(proposal).match(/"regex"/g)?.length).toBeGreaterThan(10);
    expect(check(rule("run_tool", proposal ?? {}), some)).toEqual([]);
  });

  it("is told with a call that is admitted", () => {
    const lists = (...names: readonly string[]) =>
      first(rule("run_tool", denyIf(condition("args.tool_name", "not_in", names))))?.message;
    expect(lists("list", "other")).toContain(
      'while other is denied: it may do what others must not. Its conditions admit run_tool with {"tool_name":"other"}.',
    );
    const { message } = first({
      tools: {
        list: {},
        run_tool: denyIf(condition("args.tool_name", "not_in", ["list", "batch_exec"])),
        batch_exec: denyIf(condition("args.commands[*].command", "not_in", ["list"])),
      },
    }) ?? { message: "" };
    expect(message).toContain('{"tool_name":"batch_exec"}, and batch_exec runs others itself.');
    expect(first(rule("run_tool", {}))?.message).not.toContain("admit");
  });

  it("denies the tool where the policy only observes", () => {
    const document = { ...rule("run_tool", {}), hide: ["other"], mode: "observe" };
    expect(first(document)?.message).toContain("only observes");
    expect(proposed(document)).toMatchObject({ action: "deny" });
    const mended = { ...document, ...rule("run_tool", proposed(document) ?? {}) };
    expect(places(mended)).not.toContain("/tools/run_tool");
  });

  it("holds names with marks of patterns and of JSON as they are", () => {
    const odd = 'a"b.(c)|\\d';
    const proposal = proposed(rule("run_tool", {}), [...TOOLS, tool(odd)]);
    const policy = validPolicy({ version: "1", default: "deny", ...rule("run_tool", proposal ?? {}) });
    const call = (note: string) =>
      decide(policy, callOf("run_tool", { args: JSON.stringify({ tool_name: "list", params: { note } }) }))
        .decision.decision;
    expect(call(JSON.stringify({ tool: odd }))).toBe("deny");
    expect(call(odd)).toBe("deny");
    expect(call('{"tool":"axb"}')).toBe("allow");
  });
});

describe("of tools that are withheld by what they are", () => {
  const sorted = (value: readonly string[], mayRun: readonly string[]) => {
    const document = {
      version: "1",
      default: "allow",
      all_tools: denyIf(condition("tool.class", "in", value)),
      tools: { run_tool: denyIf(condition("args.tool_name", "not_in", mayRun)) },
    };
    const { warnings } = checkPolicy(JSON.stringify(document), {
      ...OPTIONS,
      tools: TOOLS.map(fromPlain),
      metaOf,
      classOf: (definition) => (member(definition, "name") === "other" ? "destructive" : "read"),
    });
    return warnings.map(({ pointer }) => pointer);
  };

  it("the checker knows the names, where it is told what tools are", () => {
    expect(sorted(["destructive"], ["list"])).not.toContain("/tools/run_tool");
    expect(sorted(["destructive"], ["list", "other"])).toContain("/tools/run_tool");
    expect(sorted(["financial"], ["list", "other"])).not.toContain("/tools/run_tool");
  });
});
