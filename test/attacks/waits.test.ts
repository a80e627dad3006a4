import { describe, expect, it } from "vitest";
import { ALL, Gateway, tokenOf, type Reply } from "../support/gateway.ts";
import { discovered, listing, Puppet, said } from "../support/puppet.ts";

// A server that takes its time, so that something else happens meanwhile.

const config = (url: string, policy: object): object => ({
  mcpServers: { puppet: { type: "http", url } },
  policies: { p: policy },
  identities: { agent: {} },
  grants: { g: { identity: "agent", server: "puppet", policy: "p", token: tokenOf("g") } },
});

describe("a policy that changes while a server is waited for", () => {
  it("judges the call that waited by the policy of now", async () => {
    const gate = Promise.withResolvers<void>();
    await using puppet = await Puppet.start({
      "server/discover": () => discovered(),
      "tools/list": async () => {
        await gate.promise;
        return listing("wipe", "look");
      },
      "tools/call": () => said("done"),
    });
    await using gateway = await Gateway.start(config(puppet.url, { version: "1", default: "allow" }));
    const calling = gateway.call("puppet", "g", "wipe");
    await expect.poll(() => puppet.of("tools/list").length).toBe(1);
    gateway.configure(
      config(puppet.url, { version: "1", default: "allow", tools: { wipe: { action: "deny" } } }),
    );
    gateway.program?.child.kill("SIGHUP");
    await expect.poll(() => gateway.program?.stderr).toMatch(/reload|configuration/iu);
    gate.resolve();
    const { message } = await calling;
    expect(puppet.of("tools/call")).toEqual([]);
    expect(message.result?.isError).toBe(true);
    expect((await gateway.call("puppet", "g", "look")).message.result?.isError).toBeUndefined();
  });
});

describe("a policy that hides a tool while a list is waited for", () => {
  it.each(["puppet", ALL])("shows it in no list any more, at %s", async (server) => {
    const gate = Promise.withResolvers<void>();
    await using puppet = await Puppet.start({
      "server/discover": () => discovered(),
      "tools/list": async () => {
        await gate.promise;
        return listing("canary", "look");
      },
    });
    await using gateway = await Gateway.start(config(puppet.url, { version: "1", default: "allow" }));
    const listed = gateway.modern(server, "g", "tools/list");
    await expect.poll(() => puppet.of("tools/list").length).toBe(1);
    gateway.configure(config(puppet.url, { version: "1", default: "allow", hide: ["canary"] }));
    gateway.program?.child.kill("SIGHUP");
    await expect.poll(() => gateway.program?.stderr).toMatch(/reload|configuration/iu);
    gate.resolve();
    const { text } = await listed;
    expect(text).toContain("look");
    expect(text).not.toContain("canary");
  });
});

const asking = { resultType: "input_required", requestState: "s-1", inputRequests: {} };
const limited = {
  version: "1",
  default: "allow",
  tools: { act: { limits: [{ counter: "acts", window: "day", max: 1 }] } },
};

/** A client of the eras before, in a session. */
const session = async (gateway: Gateway): Promise<(method: string, params?: object) => Promise<Reply>> => {
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } };
  const send = (id: string | undefined, method: string, sent: object): Promise<Reply> =>
    gateway.raw(
      "puppet",
      JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: sent }),
      "g",
      id === undefined ? {} : { "mcp-session-id": id },
    );
  const { headers } = await send(undefined, "initialize", params);
  const id = headers.get("mcp-session-id") ?? "";
  return (method, sent = {}) => send(id, method, sent);
};

const outcomesOf = async (gateway: Gateway): Promise<readonly unknown[]> =>
  (await gateway.records()).flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));

describe("a call of several rounds, whose server goes away after the first", () => {
  it("is charged and recorded as one that may have acted", async () => {
    await using puppet = await Puppet.start({
      "server/discover": () => discovered(),
      "tools/list": () => listing("act"),
      "tools/call": ({ response }) => {
        // It has acted; then nobody can reach it any more.
        response.on("finish", () => puppet.close());
        return { result: asking };
      },
    });
    await using gateway = await Gateway.start(config(puppet.url, limited));
    const send = await session(gateway);
    const { message } = await send("tools/call", { name: "act", arguments: {} });
    expect(message.error?.code).toBe(1001);
    expect(puppet.of("tools/call").length).toBe(1);
    expect(await outcomesOf(gateway)).toEqual(["unknown"]);
  });

  it("is not begun anew where a later round is told of other headers", async () => {
    await using puppet = await Puppet.start({
      "server/discover": () => discovered(),
      "tools/list": () => listing("act"),
      "tools/call": ({ nth }) =>
        nth === 0
          ? { result: asking }
          : nth === 1
            ? { error: { code: -32020, message: "No." } }
            : said("again"),
    });
    await using gateway = await Gateway.start(config(puppet.url, limited));
    const send = await session(gateway);
    const { message } = await send("tools/call", { name: "act", arguments: {} });
    expect(puppet.of("tools/call").length).toBe(2);
    expect(message.error).toBeDefined();
    expect(await outcomesOf(gateway)).toEqual(["unknown"]);
  });
});
