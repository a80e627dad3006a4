import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Gateway,
  journalOf,
  modernHeaders,
  modernMeta,
  temporaryDirectory,
  tokenOf,
  Witness,
} from "../support/gateway.ts";

// What is refused before anybody looks at the policy, in the order of the contract.

const directory = temporaryDirectory();
let witness: Witness;
let gateway: Gateway;

beforeAll(async () => {
  witness = await Witness.start(directory);
  const grant = (extra: object): object => ({
    identity: "agent",
    server: "witness",
    policy: "open",
    ...extra,
  });
  gateway = await Gateway.start({
    mcpServers: { witness: { type: "http", url: witness.url }, other: { type: "http", url: witness.url } },
    policies: { open: { version: "1", default: "allow" } },
    identities: { agent: {} },
    grants: {
      live: grant({ token: tokenOf("live") }),
      expired: grant({ token: tokenOf("expired"), expiresAt: "2020-01-01T00:00:00Z" }),
      nobody: { identity: "agent", server: "witness", token: tokenOf("nobody") },
    },
  });
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await witness[Symbol.asyncDispose]();
});

interface Sent {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
}

/** Over node:http, which lets a test send what fetch would not. */
const send = ({
  path = "/mcp/witness",
  method = "POST",
  headers = {},
  body = good,
}: Sent): Promise<{ status: number; text: string; headers: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    const url = new URL(gateway.url);
    const sent = request(
      { host: url.hostname, port: url.port, path, method, headers: { ...usual, ...headers } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(method === "POST" ? body : undefined);
  });

const usual = {
  authorization: `Bearer ${tokenOf("live")}`,
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  ...modernHeaders("tools/call", { name: "echo" }),
};
const good = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: { name: "echo", arguments: {}, _meta: modernMeta() },
});

describe("refusals, each before those below it", () => {
  const broken = { authorization: "Bearer no", "content-type": "text/plain" };
  it.each<[string, number, Sent]>([
    [
      "a Host that is not ours",
      403,
      { path: "/mcp/nowhere?access_token=x", headers: { ...broken, host: "evil.example" } },
    ],
    [
      "an Origin that is not ours",
      403,
      { path: "/mcp/nowhere?token=x", headers: { ...broken, origin: "https://evil.example" } },
    ],
    ["the Origin null", 403, { headers: { origin: "null" } }],
    ["a token in the query", 400, { path: `/mcp/witness?access_token=${tokenOf("live")}` }],
    ["a token in the query under its other name", 400, { path: "/mcp/nowhere?token=x", headers: broken }],
    [
      "two Authorization headers",
      400,
      {
        path: "/mcp/nowhere",
        headers: { ...broken, authorization: ["Bearer a", `Bearer ${tokenOf("live")}`] },
      },
    ],
    ["an unknown token", 401, { path: "/mcp/nowhere", headers: broken }],
    ["an unknown token at a path that is nothing", 401, { path: "/mcp", headers: broken }],
    ["a path below /mcp that is no server's", 403, { path: "/mcp/witness/more" }],
    ["the name that the gate itself has for all servers", 403, { path: "/mcp/*" }],
    ["an empty name of a server", 403, { path: "/mcp/" }],
    ["a path elsewhere", 404, { path: "/elsewhere" }],
    ["a server of others", 403, { path: "/mcp/other", headers: { "content-type": "text/plain" } }],
    [
      "a server that does not exist",
      403,
      { path: "/mcp/nowhere", headers: { "content-type": "text/plain" } },
    ],
    [
      "a body that is too large",
      413,
      { headers: { "content-type": "text/plain" }, body: `"${"x".repeat(4 * 1024 * 1024)}"` },
    ],
    ["a body of another type", 415, { headers: { "content-type": "text/plain" }, body: "{" }],
    ["a body that cannot be read", 400, { headers: { "mcp-name": "other" }, body: "{" }],
    ["headers against the body", 400, { headers: { "mcp-name": "other" } }],
  ])("%s: %i", async (_, status, sent) => {
    expect((await send(sent)).status).toBe(status);
    expect(journalOf(witness.journalFile)).toEqual([]);
  });

  it("lets a good request through", async () => {
    expect((await send({})).status).toBe(200);
    expect(journalOf(witness.journalFile)).toHaveLength(1);
  });
});

describe("a token", () => {
  it.each([
    ["none", ""],
    ["an unknown one", `Bearer ${"x".repeat(40)}`],
    ["an expired one", `Bearer ${tokenOf("expired")}`],
    ["another scheme", "Basic abc"],
  ])("gets the same answer: %s", async (_, authorization) => {
    const reply = await send({ headers: { authorization } });
    expect(reply.status).toBe(401);
    expect(reply.headers["www-authenticate"]).toMatch(/^Bearer/u);
    expect(reply.text).toBe((await send({ headers: { authorization: "Bearer unknown" } })).text);
  });

  it("is in none of what the gateway says or writes", async () => {
    await send({});
    expect(gateway.program?.stderr).not.toContain("test-token");
    expect((await gateway.command("audit", "export", "--json")).stdout).not.toContain("test-token");
  });
});

describe("a grant without a policy", () => {
  it("passes nothing and says why", async () => {
    const reply = await gateway.call("witness", "nobody", "echo");
    expect(reply.message.result).toMatchObject({
      isError: true,
      _meta: { "tollgate/decision": { code: "no_policy" } },
    });
    expect((await gateway.modern("witness", "nobody", "tools/list")).message.result?.["tools"]).toEqual([]);
  });
});

describe("methods", () => {
  it("of nobody's are unknown under default deny and passed under default allow", async () => {
    const reply = await gateway.modern("witness", "nobody", "vendor/thing");
    expect({ status: reply.status, code: reply.message.error?.code }).toEqual({ status: 404, code: -32601 });
    const passed = await gateway.modern("witness", "live", "vendor/thing");
    expect(passed.message.error?.message).toBe("Method not found");
  });

  it("of another revision are unknown: ping in 2026-07-28", async () => {
    expect((await gateway.modern("witness", "live", "ping")).message.error?.code).toBe(-32601);
  });

  it("of HTTP other than POST and DELETE are 405", async () => {
    expect((await send({ method: "GET" })).status).toBe(405);
    expect((await send({ method: "PUT" })).status).toBe(405);
  });
});

describe("revisions", () => {
  it("that nobody knows are refused with those that are", async () => {
    const meta = { ...modernMeta(), "io.modelcontextprotocol/protocolVersion": "2030-01-01" };
    const reply = await gateway.modern(
      "witness",
      "live",
      "tools/list",
      { _meta: meta },
      { "mcp-protocol-version": "2030-01-01" },
    );
    expect(reply.status).toBe(400);
    expect(reply.message.error).toMatchObject({
      code: -32022,
      data: { requested: "2030-01-01", supported: ["2026-07-28"] },
    });
  });

  it("need the client's capabilities", async () => {
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 7,
      method: "tools/list",
      params: { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } },
    });
    const reply = await gateway.raw("witness", body, "live", modernHeaders("tools/list", {}));
    expect({ status: reply.status, code: reply.message.error?.code, id: reply.message.id }).toEqual({
      status: 400,
      code: -32602,
      id: 7,
    });
  });

  it("before 2026-07-28 need a session", async () => {
    const reply = await gateway.raw("witness", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', "live");
    expect(reply.status).toBe(400);
    const unknown = await gateway.raw("witness", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', "live", {
      "mcp-session-id": "nope",
    });
    expect(unknown.status).toBe(404);
  });
});

describe("health", () => {
  it("is told without a token", async () => {
    expect(await (await fetch(`${gateway.url}/healthz`)).json()).toMatchObject({ status: "ok" });
    expect(await (await fetch(`${gateway.url}/readyz`)).json()).toMatchObject({
      status: "ready",
      parts: { audit: "ok", snapshot: "ok" },
    });
  });
});
