import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, Program, tokenOf, type Reply } from "../support/gateway.ts";

// An upstream that echoes its credentials wherever it can, and asks for what it may not.

const SECRET = "sup3r/secret+value-9876";
const URL_OF_NO_WEB = { mode: "url", url: "javascript:alert(1)", message: "Click." };
let gateway: Gateway;
let upstream: Server;

interface Message {
  readonly id: unknown;
  readonly method: string;
  readonly params?: { readonly arguments?: { readonly ask?: object } };
}

const resultOf = ({ method, params }: Message, echoed: string): object => {
  const cached = { resultType: "complete", ttlMs: 0, cacheScope: "public" };
  if (method === "server/discover") {
    return {
      ...cached,
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: {} },
      instructions: echoed,
    };
  }
  if (method === "tools/list") {
    const inputSchema = { type: "object", properties: { ask: { description: echoed } } };
    return { ...cached, tools: [{ name: "tool", description: echoed, inputSchema }] };
  }
  const request = params?.arguments?.ask;
  return request === undefined
    ? { resultType: "complete", content: [{ type: "text", text: echoed }], [echoed]: true }
    : { resultType: "input_required", inputRequests: { one: request }, requestState: "state" };
};

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  let body = "";
  for await (const chunk of request) {
    body += String(chunk);
  }
  const message = JSON.parse(body) as Message;
  const result = resultOf(message, request.headers.authorization ?? "");
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }));
};

beforeAll(async () => {
  upstream = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => upstream.listen(0, "127.0.0.1", ready));
  const address = upstream.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  gateway = new Gateway({
    mcpServers: {
      echo: {
        type: "http",
        url: `http://127.0.0.1:${String(port)}/mcp`,
        headers: { Authorization: "Bearer ${env:UP}" },
      },
    },
    policies: { open: { version: "1", default: "allow" } },
    identities: { agent: {} },
    grants: { live: { identity: "agent", server: "echo", policy: "open", token: tokenOf("live") } },
  });
  await gateway.serve({ UP: SECRET });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream.closeAllConnections();
  upstream.close();
});

describe("a secret that a server echoes", () => {
  it.each(["server/discover", "tools/list"])("is masked in the answer to %s", async (method) => {
    const { text } = await gateway.modern("echo", "live", method);
    expect(text).toContain("Bearer [masked]");
    expect(text).not.toContain("sup3r");
  });

  it("is masked in what server scan prints", async () => {
    const given = ["--config", gateway.configFile, "--data", gateway.data];
    const scan = new Program(["src/main.ts", "server", "scan", "echo", ...given], { env: { UP: SECRET } });
    expect(await scan.closed).toBe(0);
    expect(scan.stdout).toContain("[masked]");
    expect(scan.stdout).not.toContain("sup3r");
  });

  it("is masked in a result's texts and names", async () => {
    const { text } = await gateway.call("echo", "live", "tool");
    expect(text).toContain('"Bearer [masked]":true');
    expect(text).not.toContain("sup3r");
  });
});

describe("what a modern server asks of its client", () => {
  const ask = (request: object, capabilities: object): Promise<Reply> =>
    gateway.modern("echo", "live", "tools/call", {
      name: "tool",
      arguments: { ask: request },
      _meta: { "io.modelcontextprotocol/clientCapabilities": capabilities },
    });

  it("passes where the client declared it", async () => {
    const request = { method: "elicitation/create", params: { mode: "form", message: "Who?" } };
    const { message } = await ask(request, { elicitation: {} });
    expect(message.result).toMatchObject({ resultType: "input_required", inputRequests: { one: request } });
  });

  it("does not pass where it did not", async () => {
    const { status, message } = await ask(
      { method: "sampling/createMessage", params: {} },
      { elicitation: {} },
    );
    expect([status, message.error?.code]).toEqual([400, -32021]);
  });

  it("does not pass with an address that is not of the web", async () => {
    const { message, text } = await ask(
      { method: "elicitation/create", params: URL_OF_NO_WEB },
      { elicitation: { url: {} } },
    );
    expect(message.error?.code).toBe(1003);
    expect(text).not.toContain("javascript");
  });
});
