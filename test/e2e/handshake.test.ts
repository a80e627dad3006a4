import { describe, expect, it } from "vitest";
import { Gateway, tokenOf } from "../support/gateway.ts";

// What a server says to `initialize`, beside what it should.

const answering = (result: object): object => {
  const reply = JSON.stringify({ jsonrpc: "2.0", id: 0, result });
  return {
    command: "sh",
    args: ["-c", `while read -r line; do printf '%s\\n' '${reply}'; done`],
    tollgate: { startMs: 3_000 },
  };
};
const serverInfo = { name: "s", version: "1" };

describe("a server that agrees to a revision", () => {
  it.each(["1999-01-01", "2026-07-28"])(
    "which is none of a session (%s) gets no session",
    async (revision) => {
      await using gateway = await Gateway.start({
        mcpServers: { odd: answering({ protocolVersion: revision, capabilities: {}, serverInfo }) },
        policies: { p: { version: "1", default: "allow" } },
        identities: { agent: {} },
        grants: { g: { identity: "agent", server: "odd", policy: "p", token: tokenOf("g") } },
      });
      const params = {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "t", version: "1" },
      };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
      const { message, headers } = await gateway.raw("odd", body, "g");
      expect(message.error?.code).toBe(1001);
      expect(headers.get("mcp-session-id")).toBeNull();
    },
  );
});
