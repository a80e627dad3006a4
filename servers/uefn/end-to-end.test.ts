import { createHash } from "node:crypto";
import { once } from "node:events";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, it } from "vitest";
import { done, FakeListener, say, type Received, type Reply } from "./testing/fake-listener.ts";
import { TOOL_FACTS, type ToolName } from "./tool-facts.generated.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const SECRET = "correct-horse";
const NAMES = Object.keys(TOOL_FACTS) as ToolName[];

let folder: string;
let fake: FakeListener;
let client: Client;
let reply: (received: Received) => Reply = () => done({});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "uefn-"));
  await writeFile(join(folder, "secret"), `${SECRET}\n`);
  await writeFile(join(folder, "devices.md"), "# Devices\n\nA creative_device has OnBegin.\n");
  fake = await FakeListener.start({ secret: SECRET, reply: (received) => reply(received) });
  client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [
        MAIN,
        "--editor-port",
        String(fake.port),
        "--secret-file",
        join(folder, "secret"),
        "--docs",
        folder,
      ],
    }),
  );
});

afterAll(async () => {
  await client.close();
  await fake.stop();
  await rm(folder, { recursive: true });
});

/** What a tool is called with, and what the editor's listener must get for it: nothing for the documentation. */
interface Case {
  readonly args: Record<string, unknown>;
  readonly commands: readonly { readonly command: string; readonly params: object }[];
}

const runTool = (tool: string, kwargs: object): Case["commands"][number] => ({
  command: "run_tool",
  params: { tool_name: tool, kwargs },
});

const SPECIAL: Partial<Record<ToolName, Case>> = {
  run_tool: {
    args: { tool_name: "tag_add", kwargs: '{"tag":"x"}' },
    commands: [runTool("tag_add", { tag: "x" })],
  },
  audio_set: {
    args: { actor_label: "A", volume: 0.5, radius: 10 },
    commands: [
      runTool("audio_set_volume", { actor_label: "A", volume: 0.5 }),
      runTool("audio_set_radius", { actor_label: "A", radius: 10 }),
    ],
  },
  light_bulk_adjust: {
    args: { property_name: "intensity", value: 3, light_type: "point" },
    commands: [
      runTool("light_list", {}),
      runTool("light_set", { actor_label: "L1", intensity: 3 }),
      runTool("light_set", { actor_label: "L3", intensity: 3 }),
    ],
  },
  "query-docs": { args: { query: "OnBegin" }, commands: [] },
  "fetch-doc-source": { args: { url: "https://docs.example/" }, commands: [] },
};

const SAMPLES: Readonly<Record<string, unknown>> = {
  string: "Text",
  integer: 7,
  number: 1.5,
  boolean: true,
  array: [1, 2, 3],
  object: { key: "value" },
};

interface Property {
  readonly type?: string;
  readonly anyOf?: readonly { readonly type: string }[];
}

/** Every argument that the schema names, with a value of its type. */
const sampleOf = (name: ToolName): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries((TOOL_FACTS[name].inputSchema.properties ?? {}) as Record<string, Property>).map(
      ([argument, { type, anyOf }]) => [argument, SAMPLES[type ?? anyOf?.[0]?.type ?? ""]],
    ),
  );

const caseOf = (name: ToolName): Case => {
  const { backend } = TOOL_FACTS[name];
  const args = sampleOf(name);
  const [, tool] = /^run_tool:(.*)$/u.exec(backend) ?? [];
  const command = tool === undefined ? { command: backend, params: args } : runTool(tool, args);
  return SPECIAL[name] ?? { args, commands: [command] };
};

const LIGHTS = [
  { label: "L1", type: "PointLight" },
  { label: "L2", type: "SpotLight" },
  { label: "L3", type: "PointLight" },
];

it("lists the 143 tools with names and input schemas as they are known", async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name, inputSchema }) => [name, inputSchema])).toEqual(
    NAMES.map((name) => [name, TOOL_FACTS[name].inputSchema]),
  );
  // The facts themselves: whoever changes a name, a schema or a backend changes what others know.
  const facts = NAMES.map((name) => {
    const { inputSchema, group, backend } = TOOL_FACTS[name];
    return { name, inputSchema, group, backend };
  });
  expect(facts).toHaveLength(143);
  expect(createHash("sha256").update(JSON.stringify(facts)).digest("hex")).toBe(
    "9e7c3b44a43db7566598d49647f5d317ea8f01d22319fbe29863584cabf16277",
  );
});

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

it("says of every tool what it does, in words of its own", async () => {
  const { tools } = await client.listTools();
  const untold = tools.filter(
    ({ title = "", description = "", annotations = {}, outputSchema }) =>
      title === "" ||
      !/^[A-Z].{15,}\.$/u.test(description) ||
      HINTS.some((hint) => typeof annotations[hint] !== "boolean") ||
      (annotations.readOnlyHint === true && annotations.destructiveHint === true) ||
      outputSchema?.type !== "object",
  );
  expect(untold.map(({ name }) => name)).toEqual([]);
  expect(new Set(tools.map(({ title }) => title)).size).toBe(tools.length);
  expect(new Set(tools.map(({ description }) => description)).size).toBe(tools.length);
});

it.each(NAMES)("calls %s, and the right command arrives", async (name) => {
  const { args, commands } = caseOf(name);
  const before = fake.received.length;
  reply = ({ params }) =>
    done(params["tool_name"] === "light_list" && name !== "light_list" ? { lights: LIGHTS } : { ok: name });
  const result = await client.callTool({ name, arguments: args });
  const arrived = fake.received.slice(before).map(({ command, params }) => ({ command, params }));
  expect(arrived).toEqual(commands);
  if (name === "fetch-doc-source") {
    // Nothing is allowed where no host is named.
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result.content)).toContain("--docs-hosts");
    return;
  }
  expect(result.isError ?? false).toBe(false);
  expect(result.content).toEqual([{ type: "text", text: JSON.stringify(result.structuredContent) }]);
  if (SPECIAL[name] === undefined) {
    expect(result.structuredContent).toEqual({ result: { ok: name } });
  }
});

it("sends the schema's defaults, and nothing for null", async () => {
  reply = () => done({});
  await client.callTool({ name: "pattern_circle", arguments: { asset_path: "/Game/A", center: null } });
  expect(fake.received.at(-1)?.params).toEqual({
    tool_name: "pattern_circle",
    kwargs: { asset_path: "/Game/A", count: 8, radius: 500 },
  });
});

it("sends nothing for arguments that the schema refuses", async () => {
  const before = fake.received.length;
  const result = await client.callTool({ name: "spawn_actor", arguments: { class_path: 7 } });
  expect(result.isError).toBe(true);
  expect(fake.received).toHaveLength(before);
});

it("says of arguments that a tool does not have that they were not sent", async () => {
  reply = () => done({ ok: true });
  const result = await client.callTool({ name: "get_log", arguments: { lines: 3, level: "error" } });
  expect(fake.received.at(-1)?.params).toEqual({ lines: 3 });
  expect(result.structuredContent).toEqual({
    result: { ok: true },
    note: "Not arguments of this tool, so not sent: level.",
  });
});

it("says so too beside an answer in steps", async () => {
  const result = await client.callTool({
    name: "audio_set",
    arguments: { actor_label: "A", volume: 1, pitch: 2 },
  });
  expect(result.structuredContent).toMatchObject({ complete: true });
  expect(result.content.at(-1)).toEqual({
    type: "text",
    text: "Not arguments of this tool, so not sent: pitch.",
  });
});

it("says of an answer without a result what it can mean", async () => {
  reply = () => done(null);
  const result = await client.callTool({ name: "run_tool", arguments: { tool_name: "no_such_tool" } });
  expect(fake.received.at(-1)?.params).toEqual({ tool_name: "no_such_tool", kwargs: {} });
  expect(result.structuredContent).toMatchObject({
    result: null,
    note: expect.stringContaining("tool failed"),
  });
});

it("does not run kwargs that are no object", async () => {
  const before = fake.received.length;
  for (const kwargs of ["[1]", "{", '"x"']) {
    const result = await client.callTool({ name: "run_tool", arguments: { tool_name: "tag_add", kwargs } });
    expect(result.isError).toBe(true);
  }
  expect(fake.received).toHaveLength(before);
});

it("is honest about a shutdown whose answer does not come", async () => {
  const before = fake.received.length;
  reply = () => say({ success: false, error: "Timeout: shutdown" }, 504);
  const result = await client.callTool({ name: "shutdown", arguments: {} });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain("It is not known whether shutdown ran");
  expect(fake.received.slice(before).map(({ command }) => command)).toEqual(["shutdown"]);
});

const started = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });

const said = async (stream: Readable | null): Promise<string> => {
  let text = "";
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    if (/\n/u.test(text)) {
      break;
    }
  }
  return text;
};

it("serves the same over HTTP, gives up after its time, and ends when it is told to", async () => {
  reply = () => ({ kind: "hang" });
  const editor = ["--editor-port", String(fake.port), "--secret-file", join(folder, "secret")];
  const child = started(["--http", "--timeout", "1", ...editor]);
  const [, url = ""] = /^uefn listens on (http:\S+)$/mu.exec(await said(child.stdout)) ?? [];
  const http = new Client({ name: "test", version: "1" });
  await http.connect(new StreamableHTTPClientTransport(new URL(url)));
  expect((await http.listTools()).tools).toHaveLength(143);
  const result = await http.callTool({ name: "undo", arguments: {} });
  expect(JSON.stringify(result.content)).toContain("It is not known whether undo ran");
  await http.close();
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

it("lists its tools before the editor's secret is there, and its calls say that it is not", async () => {
  const early = new Client({ name: "test", version: "1" });
  const args = [MAIN, "--editor-port", String(fake.port), "--secret-file", join(folder, "later")];
  await early.connect(new StdioClientTransport({ command: process.execPath, args }));
  const before = fake.received.length;
  expect((await early.listTools()).tools).toHaveLength(143);
  const result = await early.callTool({ name: "undo", arguments: {} });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain("The file that --secret-file names cannot be read");
  expect(fake.received.length).toBe(before);
  await early.close();
});

it("says what is wrong with how it is started, and ends", async () => {
  const child = started(["--editor-ports", "9-8"]);
  const ended = once(child, "exit");
  expect(await said(child.stderr)).toContain("--editor-ports is A-B");
  expect(await ended).toEqual([2, null]);
});
