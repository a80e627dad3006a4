import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import type { Channel, ServerSpec, Upstream } from "./port.ts";

/** Tests run in the root of the package. */
const file = (path: string): string => join(process.cwd(), "node_modules", path);
const opened: Upstream[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each[Symbol.asyncDispose]()));
});

const upstream = (...args: string[]): Upstream =>
  upstreamOf({ kind: "stdio", command: process.execPath, args, env: {}, cwd: tmpdir() });

const upstreamOf = (transport: ServerSpec["transport"]): Upstream => {
  const made = openUpstream(
    {
      name: "real",
      transport,
      isolation: "session",
      startMs: 30_000,
      callMs: 30_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 1_000_000,
    },
    { version: "0", mask: (text) => text },
  );
  opened.push(made);
  return made;
};

const request = (method: string, params: Json, id: Json = 1): RequestFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id, method, params })) as RequestFrame;
const open = async (made: Upstream, protocolVersion: string): Promise<Channel> => {
  const clientInfo = { name: "t", version: "1" };
  const { channel } = await made.openLegacy(
    request("initialize", { protocolVersion, capabilities: {}, clientInfo }),
  );
  await channel.send(
    readFrame('{"jsonrpc":"2.0","method":"notifications/initialized"}') as NotificationFrame,
  );
  return channel;
};
const toolNames = async (channel: Channel): Promise<unknown[]> => {
  const exchange = { onInterim: (): void => {}, signal: new AbortController().signal };
  const { frame } = await channel.request(request("tools/list", {}, "list"), exchange);
  const tools = frame.result && member(frame.result, "tools");
  return isJsonArray(tools) ? tools.map((tool) => isJsonObject(tool) && member(tool, "name")) : [];
};

/** Makes a server that would listen on all addresses listen on a free port of this machine, and say which. */
const LOOPBACK = `import { Server } from "node:net";
const { listen } = Server.prototype;
Server.prototype.listen = function (_port, then) {
  return listen.call(this, 0, "127.0.0.1", () => {
    console.error(\`listening on \${this.address().port};\`);
    then?.();
  });
};`;

/** Starts a server that is reached over HTTP; the port it listens on. */
const start = (...args: string[]): Promise<string> => {
  const preload = `data:text/javascript,${encodeURIComponent(LOOPBACK)}`;
  const child = spawn(process.execPath, ["--import", preload, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill();
    await gone;
  });
  let said = "";
  return new Promise((resolve, reject) => {
    child.stderr.on("data", (chunk) => {
      said += String(chunk);
      const port = /listening on (\d+);/.exec(said)?.[1];
      if (port !== undefined) {
        resolve(port);
      }
    });
    child.once("exit", () => reject(new Error(said)));
  });
};

describe("servers as they are", () => {
  it("node-server-orchestrator, of 2024-11-05", async () => {
    const made = upstream(file("node-server-orchestrator/dist/cli.js"), "mcp");
    expect(await made.openModern()).toBeUndefined();
    const channel = await open(made, "2024-11-05");
    expect(channel.spoken).toMatchObject({ era: "legacy", revision: "2024-11-05" });
    expect(await toolNames(channel)).toContain("stop_all_servers");
  }, 60_000);

  it("server-everything, of 2025-11-25", async () => {
    const made = upstream(file("@modelcontextprotocol/server-everything/dist/index.js"), "stdio");
    const channel = await open(made, "2025-11-25");
    expect(channel.spoken.revision).toBe("2025-11-25");
    expect(await toolNames(channel)).toContain("echo");
    const exchange = { onInterim: (): void => {}, signal: new AbortController().signal };
    const params = { name: "echo", arguments: { message: "größe" } };
    const { frame } = await channel.request(request("tools/call", params, "c"), exchange);
    expect(writeJson(frame.value)).toContain("größe");
  }, 60_000);

  it("server-everything over HTTP+SSE", async () => {
    const port = await start(file("@modelcontextprotocol/server-everything/dist/index.js"), "sse");
    const made = upstreamOf({ kind: "sse", url: `http://127.0.0.1:${port}/sse`, headers: {} });
    expect(await made.openModern()).toBeUndefined();
    const channel = await open(made, "2025-11-25");
    expect(channel.spoken.revision).toBe("2025-11-25");
    expect(await toolNames(channel)).toContain("echo");
    const interim: unknown[] = [];
    const exchange = {
      onInterim: ({ value }: { value: Json }): void => void interim.push(value),
      signal: new AbortController().signal,
    };
    const params = {
      name: "trigger-long-running-operation",
      arguments: { duration: 0.2, steps: 2 },
      _meta: { progressToken: "p" },
    };
    const { frame } = await channel.request(request("tools/call", params, "c"), exchange);
    expect(frame.error).toBeUndefined();
    expect(writeJson(frame.value)).toContain("completed");
    expect(interim).toMatchObject([
      { method: "notifications/progress", params: { progressToken: "p", progress: 1 } },
      { method: "notifications/progress", params: { progressToken: "p", progress: 2 } },
    ]);
  }, 60_000);
});
