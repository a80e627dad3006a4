import { describe, expect, it } from "vitest";
import { Gateway, tokenOf } from "../support/gateway.ts";
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
