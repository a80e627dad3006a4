import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/base/limits.ts";
import { Gateway, tokenOf } from "../support/gateway.ts";
import { discovered, Puppet } from "../support/puppet.ts";

// A server that says more than anybody can keep.

const MEGABYTE = "x".repeat(1024 * 1024);

const config = (url: string): object => ({
  mcpServers: { puppet: { type: "http", url } },
  policies: { p: { version: "1", default: "allow" } },
  identities: { agent: {} },
  grants: { g: { identity: "agent", server: "puppet", policy: "p", token: tokenOf("g") } },
});

describe("a list without an end", () => {
  it("is no list once it is longer than is kept", async () => {
    await using puppet = await Puppet.start({
      "server/discover": () => discovered(),
      "tools/list": ({ nth }) => ({
        result: {
          resultType: "complete",
          tools: [
            { name: `t${String(nth)}`, description: MEGABYTE.repeat(8), inputSchema: { type: "object" } },
          ],
          nextCursor: `after-${String(nth)}`,
          ttlMs: 0,
          cacheScope: "private",
        },
      }),
    });
    await using gateway = await Gateway.start(config(puppet.url));
    const { message } = await gateway.call("puppet", "g", "t0");
    expect(message.error?.code).toBe(1003);
    expect(puppet.of("tools/list").length).toBeLessThan(16);
  });
});

describe("a subscription that is told much before it is acknowledged", () => {
  it("keeps what fits, and no more", async () => {
    const uri = "file:///a";
    await using puppet = await Puppet.start({
      "server/discover": () => discovered({ resources: { subscribe: true } }),
      "subscriptions/listen": ({ message, response }) => {
        const _meta = { "io.modelcontextprotocol/subscriptionId": message.id };
        const write = (sent: object): boolean =>
          response.write(`data: ${JSON.stringify({ jsonrpc: "2.0", ...sent })}\n\n`);
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (let nth = 0; nth < 24; nth += 1) {
          write({ method: "notifications/resources/updated", params: { uri, x: MEGABYTE, _meta } });
        }
        const notifications = { resourceSubscriptions: [uri] };
        write({ method: "notifications/subscriptions/acknowledged", params: { notifications, _meta } });
        write({ id: message.id, result: { resultType: "complete", _meta } });
        response.end();
        return undefined;
      },
    });
    await using gateway = await Gateway.start(config(puppet.url));
    const notifications = { resourceSubscriptions: [uri] };
    const reply = await gateway.modern("puppet", "g", "subscriptions/listen", { notifications });
    const [first] = reply.events;
    expect(first?.method).toBe("notifications/subscriptions/acknowledged");
    expect(reply.events.filter(({ method }) => method === "notifications/resources/updated").length).toBe(3);
    expect(reply.message.result?.["resultType"]).toBe("complete");
  });
});

describe("a client that tells its server more than that takes", () => {
  it("has so many messages on their way, and no more", async () => {
    const taken = Promise.withResolvers<undefined>();
    await using puppet = await Puppet.start({
      initialize: () => ({
        result: {
          protocolVersion: "2025-11-25",
          capabilities: {},
          serverInfo: { name: "puppet", version: "1" },
        },
      }),
      "notifications/roots/list_changed": () => taken.promise,
    });
    await using gateway = await Gateway.start(config(puppet.url));
    const send = (message: object, headers = {}): ReturnType<Gateway["raw"]> =>
      gateway.raw("puppet", JSON.stringify({ jsonrpc: "2.0", ...message }), "g", headers);
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "c", version: "1" },
    };
    const opened = await send({ id: 1, method: "initialize", params });
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const refused: number[] = [];
    const all = Array.from({ length: 160 }, async () => {
      const { message } = await send({ method: "notifications/roots/list_changed" }, session);
      refused.push(...(message.error === undefined ? [] : [message.error.code]));
    });
    await expect.poll(() => refused.length).toBe(160 - 64);
    // What it asks has places of its own.
    expect((await send({ id: 2, method: "tools/list" }, session)).message.error?.code).not.toBe(1004);
    taken.resolve(undefined);
    await Promise.all(all);
    expect(new Set(refused)).toEqual(new Set([1004]));
    expect((await send({ method: "notifications/roots/list_changed" }, session)).status).toBe(202);
  });
});

describe("sessions on a command", () => {
  it("are processes, of which a grant has only so many", async () => {
    const reply =
      '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"s","version":"1"}}}';
    const script = `read -r line; printf '%s\\n' '${reply}'; exec cat > /dev/null`;
    await using gateway = await Gateway.start({
      ...config("http://127.0.0.1:1/mcp"),
      mcpServers: { puppet: { command: "sh", args: ["-c", script] } },
    });
    const params = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
    const open = async (): Promise<number | undefined> =>
      (await gateway.raw("puppet", body, "g")).message.error?.code;
    for (let made = 0; made < LIMITS.grant_processes_max; made += 16) {
      expect(await Promise.all(Array.from({ length: 16 }, open))).toEqual(
        Array.from({ length: 16 }, () => undefined),
      );
    }
    expect(await open()).toBe(1004);
  });
});
