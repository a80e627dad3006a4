import { describe, expect, it } from "vitest";
import { fromPlain, toPlain } from "../base/json-plain.ts";
import { member } from "../base/json-value.ts";
import { checkPolicy } from "./compile.ts";
import { OPTIONS } from "./testing/calls.ts";
import type { ToolClass } from "./tool-classes.ts";
import type { MetaFacts } from "./types.ts";

// Which conditions close a tool that runs others, and which tools it must not run though nothing denies them.

const TEXT = { type: "string" };
const ITEMS = { type: "object", properties: { tool: TEXT }, required: ["tool"] };

interface Sample {
  readonly name: string;
  readonly schema?: object;
  readonly required?: readonly string[];
  readonly is?: ToolClass;
  readonly meta?: MetaFacts;
  readonly annotations?: object;
  /** Members of the schema beside its properties. */
  readonly more?: object;
}

const LIST: Sample = { name: "list" };
const STOP: Sample = { name: "stop", schema: { id: TEXT }, required: ["id"], is: "destructive" };
const RUN: Sample = {
  name: "run",
  schema: { tool: TEXT, params: { type: "object" } },
  required: ["tool"],
  is: "execute",
  meta: { runs: "tools", arguments: ["args.tool"] },
};
const BATCH: Sample = {
  name: "run",
  schema: { calls: { type: "array", items: ITEMS } },
  required: ["calls"],
  meta: { runs: "tools", arguments: ["args.calls[*].tool"] },
};
const CHAIN: Sample = {
  ...RUN,
  schema: { tool: TEXT, chain: TEXT },
  meta: { runs: "tools", arguments: ["args.tool"], namesDecide: false, beside: ["args.chain"] },
};
const program = (runs: "commands" | "sql" | "code", more: Partial<MetaFacts> = {}): Sample => ({
  name: "run",
  schema: { text: TEXT, args: { type: "array", items: TEXT } },
  required: ["text"],
  meta: { runs, arguments: ["args.text"], ...more },
});

const check = (document: object, tools: readonly Sample[], knowsClasses = true) => {
  const samples = new Map(tools.map((tool) => [tool.name, tool]));
  const sampleOf = (definition: Parameters<typeof member>[0]) => {
    const name = member(definition, "name");
    return typeof name === "string" ? samples.get(name) : undefined;
  };
  const listed = tools.map(({ name, schema = {}, required = [], annotations = {}, more = {} }) => ({
    name,
    annotations,
    inputSchema: { type: "object", properties: schema, required, ...more },
  }));
  const text = JSON.stringify({ version: "1", default: "deny", ...document });
  const { errors, warnings } = checkPolicy(text, {
    ...OPTIONS,
    tools: listed.map(fromPlain),
    metaOf: (definition) => sampleOf(definition)?.meta,
    ...(knowsClasses ? { classOf: (definition) => sampleOf(definition)?.is ?? "read" } : {}),
  });
  expect(errors).toEqual([]);
  return warnings.filter(({ tool }) => tool === "run");
};

const leaf = (path: string, op: string, value: unknown, more: object = {}) => ({ path, op, value, ...more });
const denyIf = (...conditions: readonly object[]) => ({ deny_if: [{ conditions }] });
const requires = (...conditions: readonly object[]) => ({ require: [{ conditions }] });
const ONLY_LIST = denyIf(leaf("args.tool", "not_in", ["list"], { on_missing: "true" }));

/** Whether it is warned of the tool that runs others, under this rule, beside one that is denied. */
const isOpen = (rule: object, run: Sample = RUN, more: object = {}): boolean =>
  check({ ...more, tools: { list: {}, run: rule } }, [LIST, STOP, run]).length > 0;

describe("commands, code and SQL", () => {
  it.each<readonly [object]>([
    [requires(leaf("args.text", "regex", "^\\s*(SELECT|WITH)\\s", { flags: "i" }))],
    [requires(leaf("args.text", "regex", "^git (status|log|diff)"))],
    [requires(leaf("args.text", "schema", { type: "string", pattern: "^git status" }))],
    [requires(leaf("args", "schema", { properties: { text: { pattern: "^git status" } } }))],
    [requires(leaf("args.text", "regex", "^(git status|npm test)"))],
    [requires(leaf("args.text", "regex", "^npm run [\\w:-]+"))],
    [requires(leaf("args.text", "regex", "^git [a-z]+ "))],
    [requires(leaf("args.text", "regex", "^import (math|json)\\b"))],
    [requires(leaf("args.text", "regex", "^[0-9+*/ ().-]+$"))],
    [requires(leaf("args.text", "regex", "^git status|npm test$"))],
    [requires(leaf("args.text", "regex", "^(git|npm)*$"))],
    [requires(leaf("args.text", "regex", "^git status$", { flags: "m" }))],
    [requires(leaf("args.text", "within", ["/usr/bin"]))],
    [requires(leaf("args.text", "glob", "git *"))],
    [{ approval: { conditions: [{ not: leaf("args.text", "regex", "^git (status|log)") }] } }],
    [requires(leaf("args.text", "regex", "^(SELECT|WITH)"), { not: leaf("args.text", "contains", ";") })],
    [requires(leaf("args.text", "starts_with", "git "), { not: leaf("args.text", "regex", "[;&|$\\n]") })],
    [denyIf({ not: leaf("args.text", "regex", "^git (status|log)") })],
    [denyIf(leaf("args.**", "regex", "rm|sudo|curl"))],
  ])("are closed by no pattern that leaves anything open: %j", (rule) => {
    for (const runs of ["commands", "sql", "code"] as const) {
      expect(isOpen(rule, program(runs))).toBe(true);
    }
  });

  it.each<readonly [object]>([
    [requires(leaf("args.text", "in", ["git status", "npm test"]))],
    [requires(leaf("args.text", "eq", "git status"))],
    [requires(leaf("args.text", "regex", "^(?:git (status|log)|npm test)$"))],
    [requires(leaf("args.text", "regex", "^a\\.b\\(\\)$"))],
    [denyIf({ not: leaf("args.text", "regex", "^git (status|log)$") })],
    [{ approval: { conditions: [leaf("args.text", "not_in", ["git status"])] } }],
    [requires(leaf("args.text", "schema", { const: "git status" }))],
    [requires(leaf("args.text", "schema", { type: "string", enum: ["git status", "npm test"] }))],
    [denyIf({ not: leaf("args.text", "schema", { enum: ["git status"] }) })],
  ])("are closed by whole values: %j", (rule) => {
    expect(isOpen(rule, program("commands"))).toBe(false);
  });

  it("are open by a second argument, beside one that a list closes", () => {
    const meta: MetaFacts = { runs: "commands", arguments: ["args.text", "args.script"] };
    const two: Sample = {
      name: "run",
      schema: { text: TEXT, script: TEXT },
      meta,
      required: ["text", "script"],
    };
    const text = requires(leaf("args.text", "in", ["git status"]));
    expect(isOpen(text, two)).toBe(true);
    expect(isOpen({ ...text, ...denyIf(leaf("args.script", "neq", "")) }, two)).toBe(false);
  });

  it("are open by what a program is given beside its name", () => {
    const given = program("commands", { beside: ["args.args"] });
    expect(isOpen(requires(leaf("args.text", "in", ["git", "node"])), given)).toBe(true);
    const none = { deny_if: [{ conditions: [leaf("args.args", "exists", true)] }] };
    expect(isOpen({ ...requires(leaf("args.text", "in", ["git"])), ...none }, given)).toBe(false);
  });
});

describe("what stands beside the name of a tool", () => {
  it("opens it, whatever the list of names", () => {
    const found = check({ tools: { list: {}, run: ONLY_LIST } }, [LIST, STOP, CHAIN]);
    expect(found[0]?.message).toContain('admit run with {"chain":"stop","tool":"list"}');
    expect(toPlain(found[0]?.proposal ?? null)).toMatchObject({ action: "require_approval" });
    for (const more of [
      leaf("args.**", "regex", "stop", { flags: "i" }),
      leaf("args.chain", "regex", "stop", { on_missing: "false" }),
      leaf("args.chain", "contains", "tool", { on_missing: "false" }),
    ]) {
      expect(isOpen({ deny_if: [...ONLY_LIST.deny_if, { conditions: [more] }] }, CHAIN)).toBe(true);
    }
  });

  it("leaves it closed where it may say nothing else", () => {
    for (const more of [
      leaf("args.chain", "exists", true),
      leaf("args.chain", "not_in", ["", "none"], { on_missing: "false" }),
    ]) {
      expect(isOpen({ deny_if: [...ONLY_LIST.deny_if, { conditions: [more] }] }, CHAIN)).toBe(false);
    }
    const chosen = (values: readonly string[]) => ({
      ...CHAIN,
      schema: { tool: TEXT, chain: { type: "string", enum: values } },
    });
    expect(isOpen(ONLY_LIST, chosen(["short", "long"]))).toBe(false);
    expect(isOpen(ONLY_LIST, chosen(["list", "stop"]))).toBe(true);
  });

  it("opens it where the schema takes what it does not name", () => {
    const taking = (more: object) => isOpen(ONLY_LIST, { ...RUN, more });
    expect(taking({ patternProperties: { "^on_": TEXT } })).toBe(true);
    expect(taking({ additionalProperties: true })).toBe(true);
    expect(taking({ additionalProperties: false })).toBe(false);
    expect(taking({})).toBe(false);
    expect(isOpen({ ...ONLY_LIST, arguments: "schema" }, RUN)).toBe(true);
  });
});

describe("conditions by a schema", () => {
  const only = { enum: ["list"] };

  it.each<readonly [object]>([
    [requires(leaf("args", "schema", { required: ["params"] }))],
    [requires(leaf("args", "schema", { minProperties: 2 }))],
    [requires(leaf("args", "schema", { properties: { tool: only }, anyOf: [{ required: ["params"] }] }))],
    [requires(leaf("args", "schema", { not: { properties: { params: { maxProperties: 0 } } } }))],
    [requires(leaf("args", "schema", { const: { tool: "stop", params: {} } }))],
    [denyIf(leaf("args", "schema", { properties: { params: { const: 1 } } }))],
    [denyIf(leaf("args", "schema", { maxProperties: 1 }))],
  ])("leave it open by what else a call may have: %j", (rule) => {
    expect(isOpen(rule)).toBe(true);
  });

  it.each<readonly [object]>([
    [requires(leaf("args.tool", "schema", only))],
    [requires(leaf("args.tool", "schema", { const: "list" }))],
    [requires(leaf("args", "schema", { type: "object", properties: { tool: only } }))],
    [denyIf({ not: leaf("args", "schema", { properties: { tool: { type: "string", ...only } } }) })],
    [requires(leaf("args", "schema", { properties: { params: {} }, additionalProperties: false }))],
  ])("close it by what they list: %j", (rule) => {
    expect(isOpen(rule)).toBe(false);
  });
});

describe("of batches", () => {
  it.each<readonly [object]>([
    [
      {
        deny_if: [0, 1, 2].map((at) => ({
          conditions: [leaf(`args.calls[${String(at)}].tool`, "neq", "list", { on_missing: "false" })],
        })),
      },
    ],
    [requires(leaf("args.calls", "min_length", 3))],
    [denyIf(leaf("args.calls", "max_length", 2))],
    [
      {
        deny_if: [
          ...denyIf(leaf("args.calls", "max_length", 2)).deny_if,
          ...denyIf(leaf("args.calls[0].tool", "neq", "list")).deny_if,
        ],
      },
    ],
  ])("longer ones are tried: %j", (rule) => {
    expect(isOpen(rule, BATCH)).toBe(true);
  });

  it.each<readonly [object]>([
    [requires(leaf("args.calls", "schema", { minItems: 5 }))],
    [requires(leaf("args.calls", "schema", { prefixItems: [{}, {}, {}], minItems: 3 }))],
    [denyIf(leaf("args.calls", "max_length", 100))],
    [denyIf(leaf("args.calls", "max_length", 150))],
    [requires(leaf("args.calls", "min_length", 150))],
    [requires(leaf("args.calls[150].tool", "exists", true))],
  ])("ones of other lengths than are tried leave it open: %j", (rule) => {
    expect(isOpen(rule, BATCH)).toBe(true);
  });

  it("one alone may be all that there is", () => {
    const one = requires(leaf("args.calls", "max_length", 1), leaf("args.calls[0].tool", "eq", "list"));
    expect(isOpen(one, BATCH)).toBe(false);
  });
});

describe("a tool that runs others is closed", () => {
  const allowing = (document: object, run: Sample = RUN) =>
    check({ default: "allow", ...document }, [LIST, STOP, run]);

  it("by its class and by what its server says of it", () => {
    const hurting = leaf("tool.class", "in", ["execute", "destructive", "financial"]);
    expect(allowing({ all_tools: denyIf(hurting) })).toEqual([]);
    expect(allowing({ all_tools: requires(leaf("tool.class", "eq", "read")) })).toEqual([]);
    expect(allowing({ hide: ["stop"], tools: { run: denyIf(hurting) } })).toEqual([]);
    expect(allowing({ all_tools: { approval: { conditions: [hurting] } } })).toEqual([]);
    const readOnly = { all_tools: requires(leaf("tool.annotations.readOnlyHint", "eq", true)) };
    expect(allowing(readOnly)).toEqual([]);
    expect(allowing(readOnly, { ...RUN, annotations: { readOnlyHint: true } })).toHaveLength(1);
    // It is not of the class that is denied.
    expect(allowing({ all_tools: denyIf(leaf("tool.class", "eq", "destructive")) })).toHaveLength(1);
  });

  it("not by a class that nobody tells", () => {
    const rule = { tools: { list: {}, run: denyIf(leaf("tool.class", "eq", "execute")) } };
    expect(check(rule, [LIST, STOP, RUN], false)).toHaveLength(1);
    expect(check(rule, [LIST, STOP, RUN])).toEqual([]);
  });

  it("by its own schema, and by conditions that no call of it fulfils", () => {
    const chosen = (values: readonly string[]): Sample => ({
      ...RUN,
      schema: { tool: { type: "string", enum: values } },
    });
    expect(isOpen({}, chosen(["list"]))).toBe(false);
    expect(isOpen({}, { ...RUN, schema: { tool: { const: "list" } } })).toBe(false);
    expect(isOpen({}, { ...RUN, schema: { tool: { const: "stop" } } })).toBe(true);
    expect(isOpen({}, { ...RUN, schema: { tool: { enum: ["list", null] } } })).toBe(false);
    expect(isOpen({}, chosen(["list", "stop"]))).toBe(true);
    expect(isOpen({ arguments: "any" }, chosen(["list"]))).toBe(true);
    expect(isOpen(requires(leaf("args.zzz", "exists", true)))).toBe(false);
    expect(isOpen({ ...requires(leaf("args.zzz", "exists", true)), arguments: "any" })).toBe(true);
    expect(isOpen(requires(leaf("args.params", "exists", true)))).toBe(true);
  });

  it("by approval, without a call that is tried", () => {
    const arguments_ = Array.from({ length: 10 }, (_, at) => `args.a${String(at)}`);
    const vague: Sample = {
      ...RUN,
      schema: Object.fromEntries(arguments_.map((path) => [path.slice(5), {}])),
      meta: { runs: "tools", arguments: arguments_, namesDecide: false },
    };
    const many = Array.from({ length: 400 }, (_, at) => ({ ...STOP, name: `stop_${String(at)}` }));
    const runs = Array.from({ length: 10 }, (_, at) => ({ ...vague, name: `run_${String(at)}` }));
    const tools = Object.fromEntries(runs.map(({ name }) => [name, { approval: {} }]));
    const started = performance.now();
    expect(check({ tools }, [...many, ...runs])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("tools that are not for every call", () => {
  const beside = (rule: object, run: object = {}, more: object = {}) =>
    check({ default: "allow", tools: { stop: rule, run }, ...more }, [LIST, STOP, RUN]).map(
      ({ message }) => message,
    );
  const UNDER = expect.stringContaining("while stop may be called only under conditions");
  const WITHHELD = expect.stringContaining("while stop is withheld or needs approval");

  it("are withheld where no call of them passes", () => {
    expect(beside(denyIf(leaf("args", "exists", true)))).toEqual([WITHHELD]);
    expect(beside(denyIf(leaf("args.id", "exists", true)))).toEqual([WITHHELD]);
    expect(beside(requires(leaf("args.zzz", "eq", 1)))).toEqual([WITHHELD]);
  });

  it("are named as such where some callers, or some arguments, pass", () => {
    const admins = leaf("identity.groups[*]", "eq", "admins");
    expect(beside(requires(admins))).toEqual([UNDER]);
    expect(beside(requires(leaf("identity.name", "eq", "ann")))).toEqual([UNDER]);
    expect(beside(denyIf(leaf("grant.name", "neq", "g")))).toEqual([UNDER]);
    expect(beside(requires(leaf("args.id", "in", ["test-1"])))).toEqual([UNDER]);
    expect(beside({ approval: { conditions: [leaf("args.id", "neq", "test-1")] } })).toEqual([UNDER]);
    expect(beside({ limits: [{ counter: "c", window: "day", max: 5 }] })).toEqual([]);
  });

  it("are closed by a list without them, and by the same conditions on who calls", () => {
    const admins = requires(leaf("identity.groups[*]", "eq", "admins"));
    expect(beside(admins, ONLY_LIST)).toEqual([]);
    expect(beside(admins, admins)).toEqual([]);
    const both = denyIf(leaf("args.tool", "not_in", ["list", "stop"], { on_missing: "true" }));
    expect(beside(admins, both)).toEqual([UNDER]);
    expect(beside(admins, { deny_if: both.deny_if, require: admins.require })).toEqual([]);
  });

  it("are not those that the rule for all tools holds no more than the tool that runs them", () => {
    for (const all of [
      denyIf(leaf("now.hour", "gt", 17)),
      denyIf(leaf("args.**", "regex", "secret")),
      requires(leaf("identity.name", "eq", "ann")),
    ]) {
      expect(beside({}, {}, { all_tools: all })).toEqual([]);
    }
    const all = denyIf(leaf("args.id", "eq", "prod", { on_missing: "false" }));
    expect(beside({}, {}, { all_tools: all })).toEqual([UNDER]);
  });
});

describe("the list that is proposed", () => {
  const READ: Sample = { name: "read_file", schema: { path: TEXT }, required: ["path"] };
  const proposed = (all: object) => {
    const tools = { list: {}, read_file: {}, run: {} };
    const [found] = check({ tools, all_tools: all }, [LIST, READ, STOP, RUN]);
    return JSON.stringify(toPlain(found?.proposal ?? null));
  };

  it("has no tool that the rule for all tools limits or conditions", () => {
    const path = (value: string) => leaf("args.path", "starts_with", value, { on_missing: "false" });
    expect(proposed(denyIf(path("/etc")))).toContain('"op":"not_in","value":["list"]');
    expect(proposed(denyIf(leaf("args.**", "contains", "/etc")))).toContain('["list","read_file"]');
    expect(proposed({ rate_limit: { max: 5, window: 60 } })).toContain("require_approval");
  });
});

describe("a tool that is given its arguments as text", () => {
  const READ: Sample = { name: "read_file", schema: { path: TEXT }, required: ["path"] };
  const all = { all_tools: denyIf(leaf("args.**", "contains", "shadow")) };
  const textual: Sample = {
    ...RUN,
    schema: { tool: TEXT, arguments: TEXT },
    meta: { runs: "tools", arguments: ["args.tool"], givenAsText: true },
  };
  const found = (run: Sample, open: readonly string[], more: object = {}) => {
    const rule = { ...denyIf(leaf("args.tool", "not_in", open, { on_missing: "true" })), ...more };
    return check({ tools: { list: {}, read_file: {}, run: rule }, ...all }, [LIST, READ, STOP, run]);
  };

  it("runs none for which all_tools looks into all arguments", () => {
    const [warning] = found(textual, ["list", "read_file"]);
    expect(warning?.message).toContain("while read_file may be called only under conditions");
    expect(warning?.message).toContain('{"tool":"read_file"}');
    const proposal = JSON.stringify(toPlain(warning?.proposal ?? null));
    expect(proposal).toContain('"op":"not_in","value":["list"]');
    expect(found({ ...RUN, schema: { tool: TEXT, arguments: {} } }, ["list", "read_file"])).toEqual([]);
    expect(found(textual, [], { approval: {} })).toEqual([]);
  });

  it("runs those of which all_tools asks who calls", () => {
    const who = { all_tools: requires(leaf("identity.name", "eq", "ann")) };
    const rule = denyIf(leaf("args.tool", "not_in", ["list", "read_file"], { on_missing: "true" }));
    const tools = { list: {}, read_file: {}, run: rule };
    expect(check({ tools, ...who }, [LIST, READ, STOP, textual])).toEqual([]);
  });
});

describe("a schema that refers to itself", () => {
  it("is gone through once", () => {
    const self = { anyOf: Array.from({ length: 40 }, () => ({ $ref: "#/$defs/e" })) };
    const nest: Sample = {
      ...RUN,
      schema: { tool: { anyOf: Array.from({ length: 6 }, () => ({ $ref: "#/properties/tool" })) } },
    };
    const filter: Sample = {
      name: "find",
      schema: { filter: { $ref: "#/$defs/e" } },
      more: { $defs: { e: self } },
    };
    const document = {
      default: "allow",
      hide: ["stop"],
      tools: { find: requires(leaf("args.filter.a.b", "eq", 1)) },
    };
    const started = performance.now();
    expect(check(document, [LIST, STOP, nest, filter])).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
