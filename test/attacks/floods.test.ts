import { describe, expect, it } from "vitest";
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
