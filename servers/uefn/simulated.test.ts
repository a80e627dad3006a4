import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterEach, expect, it } from "vitest";
import { running, type Running } from "../uefn-simulator/testing/wire.ts";
import { TOOL_FACTS, type ToolName } from "./tool-facts.generated.ts";

// The server's process with the simulator behind it. What was done is read from the simulator's journal.

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const NAMES = Object.keys(TOOL_FACTS) as ToolName[];
const ERAS = ["2025-11-25", "2026-07-28"] as const;
const CLASS = { class_path: "/Game/Meshes/SM_Rock" };

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) {
    await end();
  }
});

const simulated = async (...args: readonly string[]): Promise<Running> => {
  const simulator = await running(args);
  ends.push(simulator.end);
  return simulator;
};

const clientOf = (era: (typeof ERAS)[number]): Client => {
  const mode = era === "2026-07-28" ? { pin: era } : "legacy";
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  ends.push(() => client.close());
  return client;
};

const overStdio = async (port: number, era: (typeof ERAS)[number] = "2025-11-25"): Promise<Client> => {
  const client = clientOf(era);
  const args = [MAIN, "--editor-port", String(port)];
  await client.connect(new StdioClientTransport({ command: process.execPath, args }));
  return client;
};

const urlOf = async (child: ChildProcess): Promise<URL> => {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    const [, url] = /on (http:\S+)/u.exec(text) ?? [];
    if (url !== undefined) {
      return new URL(url);
    }
  }
  throw new Error(text);
};

const served = async (port: number): Promise<URL> => {
  const child = spawn(process.execPath, [MAIN, "--http", "--editor-port", String(port)], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  ends.push(async () => {
    const ended = once(child, "exit");
    child.kill();
    await ended;
  });
  return urlOf(child);
};

const overHttp = async (url: URL, era: (typeof ERAS)[number]): Promise<Client> => {
  const client = clientOf(era);
  await client.connect(new StreamableHTTPClientTransport(url));
  return client;
};

const ran = ({ journal }: Running, name: string): number =>
  journal().filter(({ command }) => command === name).length;

const FACES = {
  stdio: overStdio,
  "Streamable HTTP": async (port: number, era: (typeof ERAS)[number]): Promise<Client> =>
    overHttp(await served(port), era),
} as const;

const CASES = Object.entries(FACES).flatMap(([face, connect]) => ERAS.map((era) => ({ face, era, connect })));

it.each(CASES)(
  "lists the 143 tools as they are over $face in $era, and calls them",
  async ({ era, connect }) => {
    const simulator = await simulated();
    const client = await connect(simulator.port, era);
    expect(client.getNegotiatedProtocolVersion()).toBe(era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name, inputSchema }) => [name, inputSchema])).toEqual(
      NAMES.map((name) => [name, TOOL_FACTS[name].inputSchema]),
    );
    // The client holds the structured content to the output schema.
    const result = await client.callTool({ name: "spawn_actor", arguments: CLASS });
    expect(result.structuredContent).toMatchObject({ result: { label: "SM_Rock" } });
    expect(ran(simulator, "spawn_actor")).toBe(1);
  },
);

it("runs every command of several clients once", async () => {
  const simulator = await simulated();
  const url = await served(simulator.port);
  const clients = await Promise.all([...ERAS, ...ERAS].map((era) => overHttp(url, era)));
  const calls = clients.flatMap((client) =>
    Array.from({ length: 5 }, () => client.callTool({ name: "spawn_actor", arguments: CLASS })),
  );
  const labels = (await Promise.all(calls)).map(({ structuredContent }) => JSON.stringify(structuredContent));
  expect(new Set(labels).size).toBe(20);
  expect(ran(simulator, "spawn_actor")).toBe(20);
});

it.each([
  ["504", 1],
  ["cut", 1],
  ["garbage", 1],
  ["huge", 1],
  ["cut-before", 0],
] as const)("does not send again what met %s", async (fault, times) => {
  const simulator = await simulated("--fault", `${fault}:spawn_actor:1`, "--timeout-ms", "50");
  const client = await overStdio(simulator.port);
  const result = await client.callTool({ name: "spawn_actor", arguments: CLASS });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain("It is not known whether spawn_actor ran");
  // What is called after it is run after it: all that was sent before is in the journal by then.
  await client.callTool({ name: "ping", arguments: {} });
  expect(ran(simulator, "spawn_actor")).toBe(times);
});

it("says what to do after a shutdown", async () => {
  const simulator = await simulated();
  const client = await overStdio(simulator.port);
  expect((await client.callTool({ name: "shutdown", arguments: {} })).isError ?? false).toBe(false);
  await simulator.stopped;
  const result = await client.callTool({ name: "ping", arguments: {} });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain("start the listener inside the editor");
  expect(ran(simulator, "shutdown")).toBe(1);
});
