import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOOL_FACTS } from "../../servers/uefn/tool-facts.generated.ts";
import { ALL, tokenOf, type Gateway } from "../support/gateway.ts";
import { Editor, examplePolicy, type Ran } from "./editor.ts";

// A tool that shuts an editor's listener down, hidden; and the ways around that.

const editor = new Editor();
let gateway: Gateway;

const HIDE = { version: "1", default: "allow", hide: ["shutdown"] };

beforeAll(async () => {
  await editor.open();
  gateway = await editor.gate({
    hide: HIDE,
    deny: { ...HIDE, default: "deny" },
    closed: examplePolicy("uefn/closed.policy.json"),
  });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await editor[Symbol.asyncDispose]();
});

const NAMES = Object.keys(TOOL_FACTS);

/** What the editor ran because of this. */
const ranBy = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = editor.ran.length;
  await act();
  return editor.ran.slice(before).map(({ command }: Ran) => command);
};

/** The listener is gone; whoever sits at the editor starts it again. */
const startAgain = async (): Promise<void> => {
  await expect
    .poll(() =>
      fetch(`http://127.0.0.1:${editor.port}/`).then(
        () => "up",
        () => "down",
      ),
    )
    .toBe("down");
  await editor.open();
};

describe("a policy that hides one tool and allows the rest", () => {
  it("is the one that the example has", () => {
    expect(examplePolicy("uefn/hide.policy.json")).toMatchObject(HIDE);
  });

  it.each(["2025-11-25", "2026-07-28"])("leaves the other 142 in the list, in %s", async (revision) => {
    const client = new Client(
      { name: "t", version: "1" },
      { versionNegotiation: { mode: revision === "2026-07-28" ? { pin: revision } : "legacy" } },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(gateway.endpoint("uefn")), {
        requestInit: { headers: { authorization: `Bearer ${tokenOf("hide")}` } },
      }),
    );
    const { tools } = await client.listTools();
    await client.close();
    expect(tools.map(({ name }) => name)).toEqual(NAMES.filter((name) => name !== "shutdown"));
  });

  it("is in no byte of a list, also where all servers are one", async () => {
    for (const server of ["uefn", ALL]) {
      const list = await gateway.modern(server, "hide", "tools/list");
      expect(list.text).toContain("get_all_actors");
      expect(list.text).not.toContain('shutdown"');
    }
  });

  it("answers a call as one to a tool that does not exist, and the editor never hears of it", async () => {
    const ran = await ranBy(async () => {
      const hidden = await gateway.call("uefn", "hide", "shutdown");
      const missing = await gateway.call("uefn", "hide", "shutdowm");
      expect(hidden.status).toBe(missing.status);
      expect(hidden.message.error).toEqual({ code: -32602, message: "Unknown tool: shutdown" });
      expect(hidden.text).toBe(missing.text.replaceAll("shutdowm", "shutdown"));
    });
    expect(ran).toEqual([]);
  });

  it("allows nothing where its default is deny", async () => {
    const list = await gateway.modern("uefn", "deny", "tools/list");
    expect(list.message.result?.["tools"]).toEqual([]);
    const ran = await ranBy(async () => {
      for (const name of NAMES) {
        const { message } = await gateway.call("uefn", "deny", name);
        const decision = message.result?._meta as { readonly "tollgate/decision"?: object } | undefined;
        expect([name, message.error !== undefined || decision?.["tollgate/decision"] !== undefined]).toEqual([
          name,
          true,
        ]);
      }
    });
    expect(ran).toEqual([]);
  });
});

const inBatch = (...commands: readonly object[]): object => ({ commands });
const stop = { command: "run_tool", params: { tool_name: "mcp_stop" } };

/** Ways around a hidden `shutdown`: what is called, and what the editor runs of it where the way is open. */
const DETOURS: readonly (readonly [string, object, readonly string[]])[] = [
  ["run_tool", { tool_name: "mcp_stop" }, ["run_tool", "mcp_stop"]],
  ["run_tool", { tool_name: "mcp_restart" }, ["run_tool", "mcp_restart"]],
  ["batch_exec", inBatch({ command: "shutdown" }), ["batch_exec", "shutdown"]],
  ["batch_exec", inBatch({ command: "ping" }, stop), ["batch_exec", "ping", "run_tool", "mcp_stop"]],
  [
    "batch_exec",
    inBatch({ command: "batch_exec", params: inBatch({ command: "shutdown" }) }),
    ["batch_exec", "batch_exec", "shutdown"],
  ],
  ["execute_python", { code: "unreal.stop()" }, ["execute_python"]],
  [
    "batch_exec",
    inBatch({ command: "execute_python", params: { code: "1" } }),
    ["batch_exec", "execute_python"],
  ],
];

/** Further ways that an attacker would try: names in the text of an argument, in other letters, behind escapes. */
const DISGUISED: readonly (readonly [string, object])[] = [
  ["run_tool", { tool_name: "mcp_start", kwargs: { port: 1 } }],
  ["run_tool", { tool_name: "MCP_STOP" }],
  ["run_tool", { tool_name: " mcp_stop" }],
  ["run_tool", { tool_name: "mcp_stop", kwargs: "{}" }],
  ["run_tool", { tool_name: "tag_add", kwargs: '{"tool_name":"mcp_stop"}' }],
  ["run_tool", { tool_name: "tag_add", kwargs: '{"tool_name":"mcp_\\u0073top"}' }],
  ["run_tool", { tool_name: "tag_add", kwargs: { next: [{ command: "shutdown" }] } }],
  ["batch_exec", { commands: [JSON.stringify({ command: "shutdown" })] }],
  ["batch_exec", { commands: [{ shutdown: {}, command: "shutdown" }] }],
];

const TRIED: readonly (readonly [string, object])[] = [
  ...DETOURS.map(([tool, args]) => [tool, args] as const),
  ...DISGUISED,
];

describe("the ways around it", () => {
  it.each(DETOURS)("are open under that policy: %s %j", async (tool, args, commands) => {
    expect(await ranBy(() => gateway.call("uefn", "hide", tool, args))).toEqual(commands);
    if (commands.some((name) => ["shutdown", "mcp_stop"].includes(name))) {
      await startAgain();
    }
  });

  it.each(TRIED)("are closed by the policy of the example: %s %j", async (tool, args) => {
    const ran = await ranBy(async () => {
      const { message } = await gateway.call("uefn", "closed", tool, args);
      expect(message.result?.isError ?? message.error !== undefined).toBe(true);
    });
    expect(ran).toEqual([]);
  });

  it("stay usable for everything else under it", async () => {
    const ran = await ranBy(async () => {
      await gateway.call("uefn", "closed", "run_tool", { tool_name: "mcp_status" });
      await gateway.call(
        "uefn",
        "closed",
        "batch_exec",
        inBatch({ command: "ping" }, { command: "history" }),
      );
    });
    expect(ran).toEqual(["run_tool", "mcp_status", "batch_exec", "ping", "history"]);
  });

  const closed = examplePolicy("uefn/closed.policy.json") as {
    readonly hide: readonly string[];
    readonly tools: Readonly<Record<string, object>>;
  };
  const { run_tool: runTool, batch_exec: batch } = closed.tools;
  it.each([
    ["hide.json", HIDE, ["batch_exec", "execute_python", "run_tool"]],
    ["closed.json", closed, []],
    ["run-tool.json", { ...closed, tools: { batch_exec: batch } }, ["run_tool"]],
    ["batch.json", { ...closed, tools: { run_tool: runTool } }, ["batch_exec"]],
    ["python.json", { ...closed, hide: ["shutdown"] }, ["execute_python"]],
  ])("are what `policy check --server` warns of: %s", async (name, policy, open) => {
    const file = join(editor.folder, name);
    writeFileSync(file, JSON.stringify(policy));
    const { code, stdout } = await gateway.command("policy", "check", "--json", "--server", "uefn", file);
    const { problems } = JSON.parse(stdout) as {
      readonly problems: readonly { readonly tool?: string; readonly severity: string }[];
    };
    expect(code).toBe(0);
    expect(problems.map(({ tool }) => tool ?? "").toSorted()).toEqual(open);
    expect(problems.every(({ severity }) => severity === "warning")).toBe(true);
  });
});
