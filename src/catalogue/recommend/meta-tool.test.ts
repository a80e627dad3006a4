import { describe, expect, it } from "vitest";
import { toPlain } from "../../base/json-plain.ts";
import { metaFactsOf } from "./meta-tool.ts";
import { recommend } from "./recommend.ts";
import { batchExec, complaints, judge, runTool, type Sample, sample, SERVER } from "./testing/profiles.ts";

const recommended = (tools: readonly Sample[]) =>
  recommend(
    tools.map(({ profile }) => profile),
    { preset: "recommended" },
  );

const ruleFor = (tool: Sample, others: readonly Sample[] = SERVER) => {
  const { name } = tool.profile;
  const tools = [...others.filter(({ profile }) => profile.name !== name), tool];
  const recommendation = recommended(tools);
  expect(complaints(recommendation.policy, tools)).toEqual([]);
  const { tools: rules } = toPlain(recommendation.policy) as { readonly tools: Record<string, object> };
  return rules[name];
};

/** Whether the gate lets a call of the tool through, beside the tools of a whole server. */
const passes = (tool: Sample, args: object): boolean => {
  const tools = [...SERVER.filter(({ profile }) => profile.name !== tool.profile.name), tool];
  return judge(recommended(tools), tools, tool.profile.name, args).decision === "allow";
};

const TEXT = { type: "string" };
const told = (
  properties: object,
  required: readonly string[],
  facts: Parameters<typeof sample>[3],
  meta: readonly string[],
): Sample =>
  sample(
    "call",
    {
      class: "execute",
      risk: "high",
      powers: ["tools"],
      meta: { runs: "tools", arguments: meta, batch: false },
    },
    { type: "object", properties, required },
    facts,
  );

describe("a tool that runs the tool it is told", () => {
  it("may run what is open, and nothing else, however it is written", () => {
    expect(passes(runTool(), { tool_name: "list_servers" })).toBe(true);
    expect(passes(runTool(), { tool_name: "get_status", params: { id: "a" } })).toBe(true);
    const names = ["nowhere", "", "LIST_SERVERS", " list_servers", "list_servers ", "list_servers\u0000"]
      .concat(["list_servers;stop_server", '{"tool":"stop_server"}', "get_status/../stop_server"])
      .concat(["ｌist_servers", "stop_server", "wipe_all", "refund", "start_server", "deploy"])
      .concat(["run_tool", "batch_exec", "execute_python"]);
    expect(names.filter((tool_name) => passes(runTool(), { tool_name }))).toEqual([]);
    for (const args of [{}, { tool_name: null }, { tool_name: ["list_servers"] }, { tool_name: { a: 1 } }]) {
      expect(passes(runTool(), args)).toBe(false);
    }
  });

  it("is not told of another tool in other arguments", () => {
    const call = (params: object) => passes(runTool(), { tool_name: "get_status", params });
    expect(call({ id: "stop" })).toBe(true);
    expect(call({ tool_name: "stop_server" })).toBe(false);
    expect(call({ deep: [{ command: "Stop_Server" }] })).toBe(false);
    expect(call({ stop_server: {} })).toBe(false);
    expect(passes(runTool(), { tool_name: "list_servers", also: "x" })).toBe(false);
  });

  it("in a batch is judged by every one of them", () => {
    const call = (...commands: readonly unknown[]) => passes(batchExec(), { commands });
    expect(call({ command: "list_servers" }, { command: "get_status", params: { id: "a" } })).toBe(true);
    expect(call({ command: "list_servers" }, { command: "stop_server" })).toBe(false);
    expect(call({ command: "batch_exec", params: { commands: [{ command: "list_servers" }] } })).toBe(false);
    expect(call({ command: "list_servers", params: { commands: [{ command: "wipe_all" }] } })).toBe(false);
    expect(call({ command: "list_servers", also: "deploy" })).toBe(false);
    expect(call("stop_server")).toBe(false);
    expect(call({ command: ["stop_server"] })).toBe(false);
    expect(passes(batchExec(), { commands: { command: "stop_server" } })).toBe(false);
    expect(passes(batchExec(), { commands: '[{"command":"stop_server"}]' })).toBe(false);
  });

  it("needs approval besides where nothing may be reached", () => {
    const closed = SERVER.filter(({ profile }) => profile.class !== "read");
    expect(ruleFor(runTool(), closed)).toMatchObject({ action: "require_approval" });
    expect(ruleFor(runTool())).not.toHaveProperty("action");
  });

  it("needs approval where the name is no plain text", () => {
    for (const types of [[], ["object"], ["string", "object"], ["number"]]) {
      const vague = told(
        { tool: {} },
        ["tool"],
        [{ path: "args.tool", types, kinds: ["tool"] }],
        ["args.tool"],
      );
      expect(ruleFor(vague)).toMatchObject({ action: "require_approval" });
      expect(passes(vague, { tool: "list_servers" })).toBe(false);
    }
    const unknown = told({ tool: TEXT }, ["tool"], [], ["args.tool"]);
    expect(ruleFor(unknown)).toMatchObject({ action: "require_approval" });
    expect(ruleFor(told({ tool: TEXT }, ["tool"], [], []))).toMatchObject({ action: "require_approval" });
    expect(ruleFor(told({}, [], [], ["args.to ol"]))).toMatchObject({ action: "require_approval" });
  });

  it("needs approval where other arguments lead past the name", () => {
    const name = { path: "args.tool", kinds: ["tool"] } as const;
    for (const other of [
      { path: "args.script", kinds: ["code"] as const },
      { path: "args.query", kinds: ["sql"] as const },
      { path: "args.server_name" },
      { path: "args.mcpServer" },
      { path: "args.provider" },
    ]) {
      const property = other.path.slice("args.".length);
      const tool = told({ tool: TEXT, [property]: TEXT }, ["tool"], [name, other], ["args.tool"]);
      expect(ruleFor(tool)).toMatchObject({ action: "require_approval" });
    }
    for (const types of [["boolean"], ["integer"], ["number", "null"]]) {
      const note = { path: "args.note", types };
      const harmless = told({ tool: TEXT, note: {} }, ["tool"], [name, note], ["args.tool"]);
      expect(ruleFor(harmless)).not.toHaveProperty("action");
    }
  });

  it("needs approval where free text, a list or an object stands beside the name", () => {
    const name = { path: "args.tool", kinds: ["tool"] } as const;
    for (const types of [["string"], ["array"], ["object"], [], ["boolean", "string"]]) {
      const chain = { path: "args.chain", types, required: false };
      const tool = told({ tool: TEXT, chain: {} }, ["tool"], [name, chain], ["args.tool"]);
      expect(ruleFor(tool)).toMatchObject({ action: "require_approval" });
      expect(metaFactsOf(tool.profile)).toMatchObject({ beside: ["args.chain"], namesDecide: false });
    }
    // What the named tool is given is its own, whatever stands in it.
    for (const given of ["arguments", "params", "toolInput", "kwargs"]) {
      const facts = [
        { path: `args.${given}`, types: ["object"] },
        { path: `args.${given}.*`, types: ["string"] },
        { path: `args.${given}.count`, types: ["integer"] },
      ];
      const tool = (...more: typeof facts) =>
        told({ tool: TEXT, [given]: {} }, ["tool"], [name, ...facts, ...more], ["args.tool"]);
      expect(ruleFor(tool())).not.toHaveProperty("action");
      // But for what is there whichever tool is named.
      const note = tool({ path: `args.${given}.note`, types: ["string"] });
      expect(ruleFor(note)).toMatchObject({ action: "require_approval" });
    }
    const inBatch = { type: "object", properties: { tool: TEXT, after: TEXT } };
    const batch = told(
      { steps: { type: "array", items: inBatch } },
      ["steps"],
      [
        { path: "args.steps", types: ["array"] },
        { path: "args.steps[*].tool", kinds: ["tool"] },
        { path: "args.steps[*].after" },
      ],
      ["args.steps[*].tool"],
    );
    expect(ruleFor(batch)).toMatchObject({ action: "require_approval" });
  });

  it("has no argument beside the name that its schema does not name", () => {
    expect(passes(batchExec(), { commands: [{ command: "list_servers", fallback: "stop-server" }] })).toBe(
      false,
    );
    const base = runTool();
    const patterns = {
      type: "object",
      properties: { tool_name: TEXT, params: { type: "object" } },
      patternProperties: { "^on_": TEXT },
      additionalProperties: false,
      required: ["tool_name"],
    };
    const loose = { ...base, definition: sample("run_tool", {}, patterns).definition };
    expect(passes(loose, { tool_name: "list_servers" })).toBe(true);
    expect(passes(loose, { tool_name: "list_servers", on_end: "stop-server" })).toBe(false);
  });

  it("must name one where it may leave the name out", () => {
    const optional = told(
      { tool: TEXT },
      [],
      [{ path: "args.tool", required: false, kinds: ["tool"] }],
      ["args.tool"],
    );
    expect(ruleFor(optional)).not.toHaveProperty("action");
    expect(passes(optional, {})).toBe(false);
    expect(passes(optional, { tool: "list_servers" })).toBe(true);
    expect(passes(optional, { tool: "stop_server" })).toBe(false);
  });

  it("may name it in one of several arguments, each of which is judged", () => {
    const either = told(
      { tool: TEXT, tools: { type: "array", items: TEXT } },
      [],
      [
        { path: "args.tool", required: false, kinds: ["tool"] },
        { path: "args.tools", types: ["array"], required: false },
        { path: "args.tools[*]", required: false, kinds: ["tool"] },
      ],
      ["args.tool", "args.tools"],
    );
    expect(ruleFor(either)).not.toHaveProperty("action");
    expect(passes(either, { tool: "list_servers" })).toBe(true);
    expect(passes(either, { tools: ["list_servers", "get_status"] })).toBe(true);
    expect(passes(either, { tool: "list_servers", tools: ["stop_server"] })).toBe(false);
    expect(passes(either, { tools: ["list_servers", "stop_server"] })).toBe(false);
    expect(passes(either, {})).toBe(false);
  });

  it("is judged by an argument that names tools and that nobody listed", () => {
    const both = told(
      { tool: TEXT, fallback: TEXT },
      ["tool", "fallback"],
      [
        { path: "args.tool", kinds: ["tool"] },
        { path: "args.fallback", kinds: ["tool"] },
      ],
      ["args.tool"],
    );
    expect(passes(both, { tool: "list_servers", fallback: "get_status" })).toBe(true);
    expect(passes(both, { tool: "list_servers", fallback: "nowhere" })).toBe(false);
  });

  it("may run no tool whose name is another's but for its case", () => {
    const tools = [...SERVER, sample("Deploy", {})];
    const call = (tool_name: string) => judge(recommended(tools), tools, "run_tool", { tool_name }).decision;
    expect(judge(recommended(tools), tools, "Deploy").decision).toBe("allow");
    expect(call("Deploy")).toBe("deny");
    expect(call("list_servers")).toBe("allow");
  });

  it("keeps what its class asks for", () => {
    const base = runTool();
    const deadly = { ...base, profile: { ...base.profile, class: "destructive" } } as const;
    expect(ruleFor(deadly)).toMatchObject({ action: "require_approval", deny_if: expect.any(Array) });
    const worst = { ...base, profile: { ...base.profile, class: "destructive", risk: "critical" } } as const;
    expect(ruleFor(worst)).toBeUndefined();
  });

  it("needs approval where a tool that is withheld is called like an argument of one that is open", () => {
    const called = (name: string) => [...SERVER, sample(name, { class: "write" })];
    for (const name of ["params", "ID", "tool_name"]) {
      const rule = ruleFor(runTool(), called(name));
      expect(rule).toMatchObject({ action: "require_approval" });
      expect(rule).not.toHaveProperty("deny_if");
    }
    // Nobody hands on an argument of what may not be run.
    expect(ruleFor(runTool(), called("amount"))).not.toHaveProperty("action");
    const call = { tool_name: "get_status", params: { amount: 1 } };
    expect(judge(recommended(called("amount")), called("amount"), "run_tool", call).decision).toBe("deny");
  });

  it("needs approval where batches stand in batches, or go deeper than is looked at", () => {
    const name = (path: string) => ({ path, kinds: ["tool"] }) as const;
    const steps = { type: "array", items: { type: "object", properties: { tool: TEXT } } };
    const batch = (...deeper: NonNullable<Parameters<typeof sample>[3]>) =>
      told({ steps }, ["steps"], [name("args.steps[*].tool"), ...deeper], ["args.steps[*].tool"]);
    expect(ruleFor(batch())).not.toHaveProperty("action");
    expect(ruleFor(batch(name("args.steps[*].steps[*].tool")))).toMatchObject({ action: "require_approval" });
    for (const types of [["array"], ["object"], []]) {
      const cut = { path: "args.steps[*].a.b.c.d.e.f.g", types };
      expect(ruleFor(batch(cut))).toMatchObject({ action: "require_approval" });
    }
    expect(ruleFor(batch({ path: "args.steps[*].a.b.c.d.e.f.g", types: ["boolean"] }))).not.toHaveProperty(
      "action",
    );
  });

  it("is told to the checker with whether names decide", () => {
    const facts = (tool: Sample) => metaFactsOf(tool.profile);
    expect(facts(runTool())).toMatchObject({ runs: "tools", namesDecide: true });
    const name = { path: "args.tool", kinds: ["tool"] } as const;
    const elsewhere = told(
      { tool: TEXT, mcp_server: TEXT },
      [],
      [name, { path: "args.mcp_server" }],
      ["args.tool"],
    );
    expect(facts(elsewhere)).toMatchObject({ namesDecide: false });
    expect(facts(sample("list", {}))).toBeUndefined();
  });
});

describe("a tool that runs code, commands or SQL", () => {
  it.each(["code", "commands", "sql"] as const)("needs approval: %s", (runs) => {
    const tool = sample(
      "do",
      { class: "execute", risk: "high", meta: { runs, arguments: ["args.text"], batch: false } },
      { type: "object", properties: { text: TEXT }, required: ["text"] },
      [{ path: "args.text" }],
    );
    expect(ruleFor(tool)).toMatchObject({ action: "require_approval" });
    expect(judge(recommended([tool]), [tool], "do", { text: "list_servers" }).decision).toBe("hold");
  });

  it("counts by its powers where nothing else is known, whatever its class", () => {
    expect(ruleFor(sample("calc", { powers: ["code"] }))).toMatchObject({ action: "require_approval" });
    expect(ruleFor(sample("relay", { powers: ["tools"] }))).toMatchObject({ action: "require_approval" });
  });
});
