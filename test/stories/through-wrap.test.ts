import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, describe, expect, it } from "vitest";
import { TOOL_FACTS } from "../../servers/uefn/tool-facts.generated.ts";
import { ROOT, temporaryDirectory } from "../support/gateway.ts";
import { Editor } from "./editor.ts";

// A hidden tool and a limit, where the gate is `wrap` in front of one server.

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) {
    await close();
  }
});

const wrapped = async (folder: string, policy: string, server: readonly string[]): Promise<Client> => {
  const client = new Client({ name: "wrapped", version: "1" });
  closing.push(() => client.close());
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [
        join(ROOT, "src/main.ts"),
        "wrap",
        "--policy",
        join(ROOT, "examples", policy),
        "--data",
        join(folder, "data"),
        "--",
        process.execPath,
        ...server,
      ],
      cwd: folder,
      stderr: "ignore",
    }),
  );
  return client;
};

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve((socket.destroy(), true)));
    socket.once("error", () => resolve(false));
  });

describe("wrap", () => {
  it("hides a tool of the bridge, and the editor never hears of it", async () => {
    const editor = new Editor();
    closing.push(() => editor[Symbol.asyncDispose]());
    await editor.open();
    const client = await wrapped(editor.folder, "uefn/hide.policy.json", [
      join(ROOT, "servers/uefn/main.ts"),
      "--editor-port",
      editor.port,
    ]);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      Object.keys(TOOL_FACTS).filter((name) => name !== "shutdown"),
    );
    await expect(client.callTool({ name: "shutdown", arguments: {} })).rejects.toThrow(
      "Unknown tool: shutdown",
    );
    await client.callTool({ name: "ping", arguments: {} });
    expect(editor.ran.map(({ command }) => command)).toEqual(["ping"]);
  });

  it("stops all servers ten times a minute, and no more", async () => {
    const folder = temporaryDirectory();
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    const code = `require("node:http").createServer((q, a) => a.end("well")).listen(0, "127.0.0.1", function () {
      require("node:fs").writeFileSync(${JSON.stringify(join(folder, "port"))}, String(this.address().port)) })`;
    writeFileSync(
      join(folder, "orchestrator.json"),
      JSON.stringify({ servers: { web: { command: process.execPath, args: ["-e", code] } } }),
    );
    const client = await wrapped(folder, "node-orchestrator/orchestrator.policy.json", [
      join(ROOT, "servers/node-orchestrator/main.ts"),
    ]);
    for (let count = 0; count < 10; count += 1) {
      const { isError } = await client.callTool({ name: "stop_all_servers", arguments: {} });
      expect(isError ?? false).toBe(false);
    }
    await client.callTool({ name: "start_server", arguments: { server_id: "web" } });
    const port = async (): Promise<boolean> => {
      try {
        return await isOpen(Number(readFileSync(join(folder, "port"), "utf8")));
      } catch {
        return false;
      }
    };
    await expect.poll(port, { timeout: 10_000 }).toBe(true);
    const denied = await client.callTool({ name: "stop_all_servers", arguments: {} });
    expect(denied._meta).toMatchObject({ "tollgate/decision": { code: "limit_exceeded" } });
    expect(await port()).toBe(true);
  });
});
