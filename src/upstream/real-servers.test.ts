import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../base/clock.ts";
import { isJsonArray, isJsonObject, member } from "../base/json-value.ts";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import type { Channel, Upstream } from "./port.ts";

/** Tests run in the root of the package. */
const file = (path: string): string => join(process.cwd(), "node_modules", path);
const opened: Upstream[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each[Symbol.asyncDispose]()));
});

const upstream = (...args: string[]): Upstream => {
  const made = openUpstream(
    {
      name: "real",
      transport: { kind: "stdio", command: process.execPath, args, env: {}, cwd: tmpdir() },
      isolation: "session",
      startMs: 30_000,
      callMs: 30_000,
      idleMs: 60_000,
      resultBytes: 1_000_000,
    },
    { clock: systemClock, mask: (text) => text },
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
});
