import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";

// Tools that run others are found by their definitions, and a policy that leaves one open is found out.

const TEXT = { type: "string" };
const tool = (
  name: string,
  description: string,
  properties: object = {},
  required = Object.keys(properties),
) => ({
  name,
  description,
  inputSchema: { type: "object", properties, required },
});

const RUN_TOOL = tool(
  "run_tool",
  "Runs a tool of this server by its name.",
  { tool_name: TEXT, params: { type: "object" } },
  ["tool_name"],
);
const BATCH_EXEC = tool("batch_exec", "Runs several commands, one after the other.", {
  commands: {
    type: "array",
    items: {
      type: "object",
      properties: { command: TEXT, params: { type: "object" } },
      required: ["command"],
    },
  },
});
const EXECUTE_PYTHON = tool("execute_python", "Runs Python code.", { code: TEXT });
const METAS = [RUN_TOOL, BATCH_EXEC, EXECUTE_PYTHON];
const LIST = tool("list_servers", "Lists the servers.");
const TOOLS = [...METAS, LIST, tool("delete_server", "Deletes a server for good.", { id: TEXT })];

interface Problem {
  readonly pointer: string;
  readonly message: string;
  readonly proposal?: object;
}

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.write("tools.json", { tools: TOOLS });
});

afterEach(() => {
  desk[Symbol.dispose]();
});

const check = async (policy: object): Promise<readonly Problem[]> => {
  desk.write("policy.json", { version: "1", default: "deny", ...policy });
  const { out } = await desk.run(["policy", "check", "policy.json", "--tools", "tools.json", "--json"]);
  return (JSON.parse(out) as { readonly problems: readonly Problem[] }).problems;
};

describe("policy check", () => {
  it.each(METAS)("warns of $name left open, and is content with what it proposes", async ({ name }) => {
    const [found, ...others] = await check({ tools: { [name]: {}, list_servers: {} } });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ pointer: `/tools/${name}`, message: expect.stringContaining("left open") });
    expect(found?.proposal).toHaveProperty(name === "execute_python" ? "action" : "deny_if");
    expect(await check({ tools: { [name]: found?.proposal, list_servers: {} } })).toEqual([]);
  });

  it("shows the rule ready to be pasted", async () => {
    desk.write("policy.json", { version: "1", default: "allow", hide: ["delete_server"] });
    const { out } = await desk.run(["policy", "check", "policy.json", "--tools", "tools.json"]);
    expect(out).toContain('Write the proposed rule for run_tool under "tools".');
    expect(out).toContain('"args.commands[*].command"');
  });

  it("prints rules of which each can be pasted as it is, and is then content", async () => {
    const policy = { version: "1", default: "allow", hide: ["delete_server"], tools: {} };
    desk.write("policy.json", policy);
    const { out } = await desk.run(["policy", "check", "policy.json", "--tools", "tools.json"]);
    const rules = out.split(/^policy\.json:.*\n|^\d+ errors.*\n/m).filter((text) => text.startsWith("  "));
    expect(rules).toHaveLength(METAS.length);
    const pasted = JSON.stringify(policy).replace('"tools":{}', `"tools":{${rules.join(",")}}`);
    desk.write("pasted.json", JSON.parse(pasted) as object);
    const again = await desk.run(["policy", "check", "pasted.json", "--tools", "tools.json", "--strict"]);
    expect(again).toMatchObject({ exit: 0, out: "1 file checked, nothing wrong\n" });
  });

  it("shows nothing of a server's text that could turn a terminal round", async () => {
    const name = "wipe_\u202eall\u001b[2J";
    desk.write("tools.json", { tools: [...METAS, LIST, tool(name, "Wipes all.")] });
    desk.write("policy.json", { version: "1", default: "allow", hide: ["wipe_*"] });
    const { out } = await desk.run(["policy", "check", "policy.json", "--tools", "tools.json"]);
    expect(out).toContain("wipe_");
    expect(out).not.toContain("\u202e");
    expect(out).not.toContain("\u001b");
  });

  it("says nothing of an ordinary tool", async () => {
    expect(await check({ tools: { list_servers: {} } })).toEqual([]);
  });
});

describe("policy recommend", () => {
  /** Decisions of the recommended policy, in the order of the calls. */
  const decisions = async (preset: string, calls: readonly object[]): Promise<readonly string[]> => {
    await desk.run([
      "policy",
      "recommend",
      "--tools",
      "tools.json",
      "--preset",
      preset,
      "--out",
      "p.json",
      "--yes",
    ]);
    const lines = calls.map((call) => JSON.stringify(call)).join("\n");
    const { out } = await desk.run(["policy", "eval", "--policy", "p.json", "--tools", "tools.json"], lines);
    return out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { readonly decision: string }).decision);
  };
  const run = (tool_name: unknown, params: object = {}) => ({
    tool: "run_tool",
    arguments: { tool_name, params },
  });
  const batch = (...commands: readonly unknown[]) => ({ tool: "batch_exec", arguments: { commands } });

  it("lets a tool that runs others run what is open, and nothing else", async () => {
    const passing = [run("list_servers"), batch({ command: "list_servers" }, { command: "list_servers" })];
    expect(await decisions("recommended", passing)).toEqual(["allow", "allow"]);
    const refused = [
      run("delete_server", { id: "a" }),
      run("DELETE_SERVER"),
      run("batch_exec", { commands: [{ command: "delete_server" }] }),
      run("list_servers", { tool_name: "delete_server" }),
      batch({ command: "list_servers" }, { command: "delete_server" }),
      batch({ command: "execute_python", params: { code: "1" } }),
      { tool: "execute_python", arguments: { code: "delete_server('a')" } },
    ];
    for (const preset of ["recommended", "strict", "permissive"]) {
      const found = await decisions(preset, refused);
      expect(found).toHaveLength(refused.length);
      expect(found).not.toContain("allow");
    }
  });
});
