import { request } from "node:http";
import { InMemoryServerEventBus, McpServer } from "@modelcontextprotocol/server";
import { describe, expect, it } from "vitest";
import { listen, type Listening } from "./http.ts";

/** A server that counts who is connected to it. */
class Served implements AsyncDisposable {
  connected = 0;
  readonly #listening: Listening;

  private constructor(listening: Listening) {
    this.#listening = listening;
  }

  static async start(): Promise<Served> {
    const counted: { kept?: (server: McpServer) => void } = {};
    const listening = await listen(0, {
      make: () => new McpServer({ name: "t", version: "1" }, { capabilities: { tools: {} } }),
      kept: (server) => counted.kept?.(server),
      bus: new InMemoryServerEventBus(),
    });
    const served = new Served(listening);
    counted.kept = ({ server }) => {
      served.connected += 1;
      server.onclose = () => void (served.connected -= 1);
    };
    return served;
  }

  get url(): string {
    return this.#listening.url;
  }

  post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(this.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: BOTH, ...headers },
      body,
    });
  }

  /** The status of an answer to a request with a Host of its own, which fetch does not send. */
  hosted(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(this.url, { method: "POST", headers: { host, accept: BOTH } });
      asked.on("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on("error", reject);
      asked.end(INITIALIZE);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening.close();
  }
}

const BOTH = "application/json, text/event-stream";
const INITIALIZE = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
});

describe("over HTTP", () => {
  it.each([
    ["a page elsewhere", { origin: "http://evil.example" }],
    ["a page without an origin", { origin: "null" }],
  ])("%s is refused", async (_, headers) => {
    await using served = await Served.start();
    expect((await served.post(INITIALIZE, headers)).status).toBe(403);
    expect(served.connected).toBe(0);
  });

  it.each(["http://localhost:3000", "https://127.0.0.1", "http://[::1]:1"])(
    "a page of this machine is served: %s",
    async (origin) => {
      await using served = await Served.start();
      expect((await served.post(INITIALIZE, { origin })).status).toBe(200);
    },
  );

  it.each(["evil.example", "127.0.0.1.evil.example", "localhost@evil.example"])(
    "the host %j is refused",
    async (host) => {
      await using served = await Served.start();
      expect(await served.hosted(host)).toBe(403);
      expect(served.connected).toBe(0);
    },
  );

  it("a session lasts until its client ends it", async () => {
    await using served = await Served.start();
    const begun = await served.post(INITIALIZE);
    const id = begun.headers.get("mcp-session-id") ?? "";
    expect([begun.status, served.connected]).toEqual([200, 1]);
    await begun.text();
    const ended = await fetch(served.url, { method: "DELETE", headers: { "mcp-session-id": id } });
    expect([ended.status, served.connected]).toEqual([200, 0]);
  });

  it("a session that is refused is kept by nobody", async () => {
    await using served = await Served.start();
    const { status } = await served.post(INITIALIZE, { accept: "text/plain" });
    expect([status, served.connected]).toEqual([406, 0]);
  });

  it("a body that is too large is answered as such", async () => {
    await using served = await Served.start();
    const { status } = await served.post(JSON.stringify({ text: "x".repeat(5 * 1024 * 1024) }));
    expect(status).toBe(413);
    expect((await served.post(INITIALIZE)).status).toBe(200);
  });

  it.each(["not JSON", "[]", "{}", "null"])("the body %j is refused", async (body) => {
    await using served = await Served.start();
    expect((await served.post(body)).status).toBe(400);
  });
});
