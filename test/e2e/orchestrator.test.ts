import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, ROOT, tokenOf } from "../support/gateway.ts";

// The first story: a real orchestrator from npm, which speaks 2024-11-05 over stdio and nothing newer, behind the
// policy of the quick start, with real clients of both generations.

const policy = JSON.parse(
  readFileSync(join(ROOT, "examples/node-orchestrator/orchestrator.policy.json"), "utf8"),
) as object;
const orchestrator = {
  command: process.execPath,
  args: [join(ROOT, "node_modules/node-server-orchestrator/dist/cli.js"), "mcp"],
  cwd: join(ROOT, "test/fixtures/project"),
};

let gateway: Gateway;

beforeAll(async () => {
  const grant = (name: string, named: string): object => ({
    identity: "agent",
    server: "orchestrator",
    policy: named,
    token: tokenOf(name),
  });
  gateway = await Gateway.start({
    mcpServers: { orchestrator },
    policies: {
      quickstart: policy,
      hiding: { version: "1", default: "allow", hide: ["stop_all_servers"] },
      hidingDeny: { version: "1", default: "deny", hide: ["stop_all_servers"], tools: { list_servers: {} } },
    },
    identities: { agent: { kind: "service" } },
    grants: {
      first: grant("first", "quickstart"),
      second: grant("second", "quickstart"),
      hiding: grant("hiding", "hiding"),
      hidingDeny: grant("hidingDeny", "hidingDeny"),
    },
  });
});

afterAll(() => gateway[Symbol.asyncDispose]());

const connect = async (grant: string): Promise<Client> => {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp/orchestrator`), {
    requestInit: { headers: { authorization: `Bearer ${tokenOf(grant)}` } },
  });
  await client.connect(transport);
  return client;
};

const textOf = (result: unknown): string =>
  (result as { content: { text: string }[] }).content[0]?.text ?? "";
const decisionOf = (result: unknown): Record<string, unknown> | undefined =>
  (result as { _meta?: Record<string, Record<string, unknown>> })._meta?.["tollgate/decision"];

describe("the orchestrator behind the quick start's policy", () => {
  it("stops all servers ten times a minute, and an eleventh time after retry_after_ms", async () => {
    const client = await connect("first");
    expect(client.getServerVersion()?.name).toBe("project-server-manager");
    for (let count = 0; count < 10; count += 1) {
      expect(textOf(await client.callTool({ name: "stop_all_servers", arguments: {} }))).toContain(
        "Stopping All Servers",
      );
    }
    const eleventh = await client.callTool({ name: "stop_all_servers", arguments: {} });
    expect(textOf(eleventh)).toMatch(/^\[POLICY DENIED\] /u);
    expect(decisionOf(eleventh)).toMatchObject({
      decision: "deny",
      code: "limit_exceeded",
      rule: "/tools/stop_all_servers/limits/0",
    });
    const wait = Number(decisionOf(eleventh)?.["retry_after_ms"]);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(61_000);

    const other = await connect("second");
    for (let count = 0; count < 10; count += 1) {
      expect(textOf(await other.callTool({ name: "stop_all_servers", arguments: {} }))).toContain(
        "Stopping All Servers",
      );
    }
    expect(decisionOf(await other.callTool({ name: "stop_all_servers", arguments: {} }))?.["code"]).toBe(
      "limit_exceeded",
    );

    await new Promise((done) => setTimeout(done, wait));
    expect(textOf(await client.callTool({ name: "stop_all_servers", arguments: {} }))).toContain(
      "Stopping All Servers",
    );
    await client.close();
    await other.close();
  }, 120_000);

  it("denies stop_server, which it lists nowhere and which never reaches the child", async () => {
    const client = await connect("first");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "start_server",
      "get_server_status",
      "list_servers",
      "stop_all_servers",
    ]);
    const started = textOf(
      await client.callTool({ name: "start_server", arguments: { server_id: "example-backend" } }),
    );
    expect(started).toContain("started successfully");
    const pid = Number(/PID: (\d+)/u.exec(started)?.[1]);
    const denied = await client.callTool({
      name: "stop_server",
      arguments: { server_id: "example-backend" },
    });
    expect(decisionOf(denied)).toMatchObject({ decision: "deny", code: "default_deny", rule: "/default" });
    expect(() => process.kill(pid, 0)).not.toThrow();
    expect(
      textOf(
        await client.callTool({ name: "get_server_status", arguments: { server_id: "example-backend" } }),
      ),
    ).toContain(String(pid));
    await client.close();
    process.kill(-pid, "SIGKILL");
  });

  it.each(["hiding", "hidingDeny"])(
    "hides a tool in every byte and answers a call like one that does not exist: %s",
    async (grant) => {
      const list = await gateway.modern("orchestrator", grant, "tools/list");
      expect(list.status).toBe(200);
      expect(list.text).toContain("list_servers");
      expect(list.text).not.toContain("stop_all_servers");
      const hidden = await gateway.call("orchestrator", grant, "stop_all_servers");
      const missing = await gateway.call("orchestrator", grant, "stop_all_serverz");
      expect(hidden.text).toBe(
        '{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Unknown tool: stop_all_servers"}}',
      );
      expect(hidden.text.replaceAll("serverz", "servers")).toBe(
        missing.text.replaceAll("serverz", "servers"),
      );
    },
  );

  it("serves a client of 2026-07-28, which the orchestrator does not know", async () => {
    const client = new ModernClient(
      { name: "test", version: "1" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } } },
    );
    await client.connect(
      new ModernTransport(new URL(`${gateway.url}/mcp/orchestrator`), {
        requestInit: { headers: { authorization: `Bearer ${tokenOf("first")}` } },
      }),
    );
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      "start_server",
      "get_server_status",
      "list_servers",
      "stop_all_servers",
    ]);
    expect(textOf(await client.callTool({ name: "list_servers", arguments: {} }))).toContain(
      "Available Servers",
    );
    await client.close();
  });

  it("records each of these calls once, with its outcome", async () => {
    const records = await gateway.records();
    const calls = records.filter(({ method }) => method === "tools/call");
    const outcomes = new Map(
      records.filter((line) => "outcome" in line).map((line) => [line["id"], line["outcome"]]),
    );
    expect(calls.length).toBeGreaterThan(20);
    for (const call of calls) {
      expect(outcomes.get(call["id"])).toBe(call["decision"] === "allow" ? "ok" : undefined);
    }
    expect((await gateway.command("audit", "verify")).code).toBe(0);
  });
});
