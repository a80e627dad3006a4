import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT, temporaryDirectory } from "../support/gateway.ts";

// What a server that runs behind `wrap` prints, told to whoever subscribed to its log.

let folder = "";

beforeAll(() => {
  folder = temporaryDirectory();
  const code = "process.stdin.resume(); setInterval(() => console.log('tick'), 200)";
  writeFileSync(
    join(folder, "orchestrator.json"),
    JSON.stringify({ servers: { clock: { command: process.execPath, args: ["-e", code] } } }),
  );
  writeFileSync(
    join(folder, "policy.json"),
    JSON.stringify({ version: "1", default: "allow", resources: ["log://*"] }),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a client of an older revision that subscribed", () => {
  it("is told through wrap that a log grew", async () => {
    const client = new Client({ name: "reader", version: "1" });
    const updated = new Promise<string>((resolve) => {
      client.setNotificationHandler("notifications/resources/updated", ({ params }) => resolve(params.uri));
    });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [
          join(ROOT, "src/main.ts"),
          "wrap",
          "--policy",
          "policy.json",
          "--data",
          join(folder, "data"),
          "--",
          process.execPath,
          join(ROOT, "servers/node-orchestrator/main.ts"),
        ],
        cwd: folder,
        stderr: "ignore",
      }),
    );
    try {
      await client.subscribeResource({ uri: "log://clock" });
      await client.callTool({ name: "start_server", arguments: { server_id: "clock" } });
      expect(await updated).toBe("log://clock");
      const { contents } = await client.readResource({ uri: "log://clock" });
      expect(JSON.stringify(contents)).toContain("tick");
    } finally {
      await client.close();
    }
  });
});
