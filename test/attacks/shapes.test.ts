import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, modernHeaders, modernMeta, tokenOf } from "../support/gateway.ts";
import { discovered, listing, Puppet } from "../support/puppet.ts";

// Members of another shape than the policy reads, and members that are longer than anything honest.

let gateway: Gateway;
let puppet: Puppet;

beforeAll(async () => {
  puppet = await Puppet.start({
    "server/discover": () =>
      discovered({ tools: {}, resources: { subscribe: true, listChanged: true }, logging: {} }),
    initialize: () => ({
      result: {
        protocolVersion: "2025-11-25",
        capabilities: { tools: {}, resources: { subscribe: true } },
        serverInfo: { name: "puppet", version: "1" },
      },
    }),
    "tools/list": () => listing("act"),
    "resources/subscribe": () => ({ result: {} }),
    "subscriptions/listen": ({ message }) => {
      const _meta = { "io.modelcontextprotocol/subscriptionId": message.id };
      return { result: { resultType: "complete", _meta } };
    },
  });
  gateway = await Gateway.start({
    mcpServers: { puppet: { type: "http", url: puppet.url } },
    policies: { p: { version: "1", default: "allow", resources: ["file:///public/*"] } },
    identities: { agent: {} },
    grants: { g: { identity: "agent", server: "puppet", policy: "p", token: tokenOf("g") } },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await puppet[Symbol.asyncDispose]();
});

const SECRET = "file:///secret/keys";
const listened = (): readonly string[] =>
  puppet.of("subscriptions/listen").map((message) => JSON.stringify(message));

describe("a subscription whose filter is of another shape", () => {
  it.each([
    [{ resourceSubscriptions: SECRET }],
    [{ resourceSubscriptions: { 0: SECRET, length: 1 } }],
    [{ taskIds: "another-grants-task" }],
    [{ toolsListChanged: [SECRET] }],
    [[{ resourceSubscriptions: [SECRET] }]],
    [SECRET],
  ])("carries nothing that was not judged: %j", async (notifications) => {
    const reply = await gateway.modern("puppet", "g", "subscriptions/listen", { notifications });
    expect(reply.message.error?.code).toBe(-32602);
    expect(listened().filter((text) => text.includes("secret") || text.includes("another"))).toEqual([]);
  });

  it("is open where it is of the right one", async () => {
    const notifications = { resourceSubscriptions: ["file:///public/a", SECRET], toolsListChanged: true };
    await gateway.modern("puppet", "g", "subscriptions/listen", { notifications });
    const heard = listened().filter((text) => text.includes("public"));
    expect(heard.length).toBe(1);
    expect(heard.join()).not.toContain("secret");
  });
});

const initialize = (capabilities: object): string =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities,
      clientInfo: { name: "c", version: "1" },
    },
  });

describe("a client that says what only servers say", () => {
  it("is not heard by its server", async () => {
    const opened = await gateway.raw("puppet", initialize({}), "g");
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const tell = (method: string, params: object): ReturnType<Gateway["raw"]> =>
      gateway.raw("puppet", JSON.stringify({ jsonrpc: "2.0", method, params }), "g", session);
    await tell("notifications/message", { level: "error", data: "forged" });
    await tell("notifications/resources/updated", { uri: SECRET });
    await tell("notifications/elicitation/complete", { elicitationId: "another's" });
    await tell("notifications/roots/list_changed", {});
    const heard = puppet.taken.map(({ method = "" }) => method).filter((each) => each.startsWith("notif"));
    expect(heard).toEqual(["notifications/roots/list_changed"]);
  });
});

// What outlives the message that brought it: whoever can have thousands of these must not have them at any length.
describe("what is kept of a message for long", () => {
  const long = (characters: number): string => "x".repeat(characters);
  it("refuses an id that is as long as a book", async () => {
    const params = { name: "act", arguments: {}, _meta: modernMeta() };
    const body = JSON.stringify({ jsonrpc: "2.0", id: long(100_000), method: "tools/call", params });
    const reply = await gateway.raw("puppet", body, "g", modernHeaders("tools/call", params));
    expect([reply.status, reply.message.error?.code]).toEqual([400, -32600]);
    expect(reply.text.length).toBeLessThan(1_000);
    expect(puppet.of("tools/call")).toEqual([]);
  });

  it("refuses an initialize that is as long as a book", async () => {
    const reply = await gateway.raw("puppet", initialize({ experimental: { x: long(1_000_000) } }), "g");
    expect([reply.status, reply.message.error?.code]).toEqual([400, -32602]);
    expect(reply.headers.get("mcp-session-id")).toBeNull();
    expect(puppet.of("initialize").filter(({ params }) => JSON.stringify(params).length > 500_000)).toEqual(
      [],
    );
  });

  it("refuses a subscription to an address that is as long as a book", async () => {
    const opened = await gateway.raw("puppet", initialize({}), "g");
    const subscribe = (uri: string): ReturnType<Gateway["raw"]> =>
      gateway.raw(
        "puppet",
        JSON.stringify({ jsonrpc: "2.0", id: 2, method: "resources/subscribe", params: { uri } }),
        "g",
        { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" },
      );
    expect((await subscribe("file:///public/a")).message.result).toBeDefined();
    const reply = await subscribe(`file:///public/${long(1_000_000)}`);
    expect(reply.message.error?.code).toBe(-32602);
    expect(puppet.of("resources/subscribe").length).toBe(1);
  });
});
