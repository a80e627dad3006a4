import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, modernHeaders, modernMeta, ROOT, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { LegacyClient, Listening } from "../support/legacy.ts";
import { talkerConfig } from "../support/talker.ts";

// A client that takes no event stream in answer to a request: nothing hangs on it that it never hears of.

const ONLY = { accept: "application/json" };
// What the stdio server speaks.
const OPENING = { capabilities: { sampling: {} }, revision: "2025-06-18" };
const ASKING = join(ROOT, "test", "fixtures", "upstreams", "asking.ts");

type Said = { id?: unknown; method?: string; params?: { protocolVersion?: string }; error?: object };

/** A legacy server over HTTP whose tool asks on the call's own stream, and answers with what became of that. */
const open: { id: unknown; response: ServerResponse }[] = [];
const event = (message: object): string => `data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;
const answer = ({ id, method, params }: Said, response: ServerResponse): void => {
  const capabilities = { tools: {} };
  const serverInfo = { name: "asking", version: "1" };
  const results: Readonly<Record<string, object>> = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities, serverInfo },
    "tools/list": { tools: [{ name: "ask", inputSchema: { type: "object" } }] },
  };
  const session = method === "initialize" ? { "mcp-session-id": "one" } : {};
  response.writeHead(200, { "content-type": "text/event-stream", ...session });
  if (method === "tools/call") {
    open.push({ id, response });
    response.write(event({ id: "its-sampling", method: "sampling/createMessage", params: {} }));
  } else {
    response.end(event({ id, result: results[method ?? ""] ?? {} }));
  }
};
const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
  }
  const message = (body === "" ? {} : JSON.parse(body)) as Said;
  if (message.id !== undefined && message.method !== undefined) {
    answer(message, response);
    return;
  }
  response.writeHead(request.method === "POST" ? 202 : 405).end();
  if (message.id === "its-sampling") {
    const text = message.error === undefined ? "sampled" : "refused";
    const asked = open.pop();
    asked?.response.end(event({ id: asked.id, result: { content: [{ type: "text", text }] } }));
  }
};
const upstream = createServer((request, response) => void take(request, response));

const directory = temporaryDirectory();
let gateway: Gateway;

beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const url = `http://127.0.0.1:${String((upstream.address() as AddressInfo).port)}/mcp`;
  const servers = {
    http: { type: "http", url },
    stdio: { command: process.execPath, args: [ASKING, join(directory, "asking.jsonl")] },
  };
  const policies = {
    open: { version: "1", default: "allow", tools: { "*": { arguments: "any" } } },
    strict: { version: "1", default: "allow", methods: ["vendor/*"] },
  };
  const grants = { live: {}, strict: { policy: "strict" } };
  gateway = await Gateway.start(talkerConfig(servers, policies, grants), directory);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream.closeAllConnections();
  upstream.close();
});

describe.each(["http", "stdio"])(
  "a question during a call of a client that takes answers only (%s)",
  (server) => {
    it("is refused for it at once, where it does not listen either", async () => {
      const client = await LegacyClient.open(gateway, server, OPENING);
      using call = client.call(1, "ask", {}, ONLY);
      await call.over();
      expect(JSON.parse(call.text)).toMatchObject({ id: 1, result: { content: [{ text: "refused" }] } });
      await client.end();
    });

    it("comes by GET, where it listens", async () => {
      const client = await LegacyClient.open(gateway, server, OPENING);
      using heard = client.listen();
      await heard.begun();
      using call = client.call(1, "ask", {}, ONLY);
      await heard.until(() => heard.methods.includes("sampling/createMessage"));
      await client.post({ id: "its-sampling", result: { role: "assistant" } }).over();
      await call.over();
      expect(JSON.parse(call.text)).toMatchObject({ id: 1, result: { content: [{ text: "sampled" }] } });
      await client.end();
    });
  },
);

describe("what has no answer", () => {
  it("has a status that says whether it was taken, and no length where there is nothing", async () => {
    const client = await LegacyClient.open(gateway, "http", { grant: "strict" });
    const refused = await client.post({ method: "notifications/unheard-of" }).over();
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: -32601 } });
    expect((await client.post({ method: "notifications/roots/list_changed" }).over()).status).toBe(202);
    const { status, headers } = await fetch(client.url, { method: "DELETE", headers: client.headers() });
    expect(status).toBe(204);
    expect(headers.get("content-length")).toBeNull();
  });
});

describe("subscriptions/listen", () => {
  it("of a client that takes no event stream is refused, not held open in silence", async () => {
    const params = { notifications: { toolsListChanged: true }, _meta: modernMeta() };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params });
    const headers = {
      authorization: `Bearer ${tokenOf("live")}`,
      "content-type": "application/json",
      ...modernHeaders("subscriptions/listen", params),
    };
    const listen = (accept: string): Listening =>
      new Listening(`${gateway.url}/mcp/stdio`, "POST", { ...headers, accept }, body);
    using refused = await listen("application/json").over();
    expect(refused.status).toBe(406);
    expect(JSON.parse(refused.text)).toMatchObject({ id: 1, error: { code: -32600 } });
    // Media types are compared without case (RFC 9110 section 8.3.1).
    using heard = await listen("Application/JSON, Text/Event-Stream").begun();
    await heard.until(() => heard.methods.includes("notifications/subscriptions/acknowledged"));
  });
});
