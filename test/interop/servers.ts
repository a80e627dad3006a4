import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandOf } from "./packages.ts";
import { ROOT } from "../support/gateway.ts";

/** The servers of the matrix, one row of data each: how it is started, what it speaks, what it is asked. */

export type ListMethod = "tools/list" | "resources/list" | "resources/templates/list" | "prompts/list";
export type Method = ListMethod | "tools/call" | "resources/read" | "prompts/get";

export interface Ask {
  readonly method: Method;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Where a run keeps its files: `project` is every server's working directory. */
export interface Scratch {
  readonly directory: string;
  readonly project: string;
}

/** A program that speaks over its pipes, or listens on a port that it is told. */
export interface Started {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Legacy: up to 2025-11-25. Modern: 2026-07-28. */
export type Era = "legacy" | "modern" | "both";

export interface ServerRow {
  /** In the table's head. */
  readonly name: string;
  /** In `mcpServers` and in the names of grants. */
  readonly key: string;
  readonly era: Era;
  readonly over: "stdio" | "http" | "sse";
  readonly start: (scratch: Scratch, port: number) => Started;
  /** The path of the endpoint, where it listens. */
  readonly path?: string;
  readonly lists: readonly ListMethod[];
  /** Answers that are the same every time. The first one is what the Inspector asks. */
  readonly asks: readonly Ask[];
}

const call = (name: string, args: Readonly<Record<string, unknown>> = {}): Ask => ({
  method: "tools/call",
  params: { name, arguments: args },
});
const read = (uri: string): Ask => ({ method: "resources/read", params: { uri } });
const prompt = (name: string, args?: Readonly<Record<string, string>>): Ask => ({
  method: "prompts/get",
  params: { name, ...(args === undefined ? {} : { arguments: args }) },
});

const ALL: readonly ListMethod[] = [
  "tools/list",
  "resources/list",
  "resources/templates/list",
  "prompts/list",
];

const EVERYTHING = commandOf("@modelcontextprotocol/server-everything");
/** It would listen on every address. */
const LOOPBACK = ["--import", join(ROOT, "test/fixtures/loopback-only.ts")];

const everything = {
  era: "legacy",
  lists: ALL,
  asks: [
    call("echo", { message: 'größe, 大きさ, 🦀, \\ and "quotes"' }),
    call("get-sum", { a: 0.1, b: 0.2 }),
    call("get-structured-content", { location: "Chicago" }),
    call("get-annotated-message", { messageType: "error", includeImage: true }),
    call("get-tiny-image"),
    call("get-resource-links", { count: 4 }),
    read("demo://resource/static/document/architecture.md"),
    prompt("simple-prompt"),
    prompt("args-prompt", { city: "Zürich", state: "ZH" }),
  ],
} as const;

const FIXTURE = join(ROOT, "test/fixtures/conformance/server.ts");

const fixture = {
  name: "fixture",
  era: "modern",
  lists: ALL,
  asks: [
    call("test_simple_text"),
    call("test_image_content"),
    call("test_multiple_content_types"),
    call("test_error_handling"),
    read("test://static-text"),
    prompt("test_simple_prompt"),
    prompt("test_prompt_with_arguments", { arg1: "größe", arg2: "two" }),
  ],
} as const;

export const SERVERS: readonly ServerRow[] = [
  {
    ...everything,
    name: "everything",
    key: "everything-stdio",
    over: "stdio",
    start: () => ({ args: [EVERYTHING, "stdio"] }),
  },
  {
    ...everything,
    name: "everything",
    key: "everything-http",
    over: "http",
    path: "/mcp",
    start: (_, port) => ({ args: [...LOOPBACK, EVERYTHING, "streamableHttp"], env: { PORT: String(port) } }),
  },
  {
    ...everything,
    name: "everything",
    key: "everything-sse",
    over: "sse",
    path: "/sse",
    start: (_, port) => ({ args: [...LOOPBACK, EVERYTHING, "sse"], env: { PORT: String(port) } }),
  },
  {
    name: "filesystem",
    key: "filesystem",
    era: "legacy",
    over: "stdio",
    start: ({ project }) => ({ args: [commandOf("@modelcontextprotocol/server-filesystem"), project] }),
    lists: ["tools/list"],
    asks: [
      call("list_directory", { path: "." }),
      call("list_allowed_directories"),
      call("read_text_file", { path: "notes.txt" }),
      call("read_media_file", { path: "dot.png" }),
      call("directory_tree", { path: "." }),
      call("get_file_info", { path: "notes.txt" }),
      call("read_text_file", { path: "../elsewhere.txt" }),
    ],
  },
  {
    name: "memory",
    key: "memory",
    era: "legacy",
    over: "stdio",
    start: ({ directory }) => ({
      args: [commandOf("@modelcontextprotocol/server-memory")],
      env: { MEMORY_FILE_PATH: join(directory, "memory.jsonl") },
    }),
    lists: ["tools/list"],
    asks: [
      call("read_graph"),
      call("search_nodes", { query: "bridge" }),
      call("open_nodes", { names: ["Königsberg"] }),
    ],
  },
  {
    name: "orchestrator",
    key: "orchestrator",
    era: "legacy",
    over: "stdio",
    start: () => ({ args: [commandOf("node-server-orchestrator"), "mcp"] }),
    lists: ["tools/list"],
    asks: [call("list_servers"), call("get_server_status", { server_id: "nobody" })],
  },
  {
    // Only its definitions are asked for: a call would start a browser.
    name: "Playwright",
    key: "playwright",
    era: "legacy",
    over: "stdio",
    start: () => ({ args: [commandOf("@playwright/mcp")] }),
    lists: ["tools/list"],
    asks: [],
  },
  {
    ...fixture,
    key: "fixture-stdio",
    over: "stdio",
    start: () => ({ args: [FIXTURE, "--stdio", "--era", "modern"] }),
  },
  {
    ...fixture,
    key: "fixture-http",
    over: "http",
    path: "/mcp",
    start: (_, port) => ({ args: [FIXTURE, "--era", "modern", "--http", "--port", String(port)] }),
  },
];

const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const MEMORY: readonly object[] = [
  { type: "entity", name: "Königsberg", entityType: "city", observations: ["has seven bridges", "Pregel"] },
  { type: "entity", name: "Euler", entityType: "person", observations: ["asked about a bridge"] },
  { type: "relation", from: "Euler", to: "Königsberg", relationType: "thought of" },
];

/** What the servers find on disk. */
export const prepareScratch = (directory: string): Scratch => {
  const project = join(directory, "project");
  cpSync(join(ROOT, "test/fixtures/project"), project, { recursive: true });
  mkdirSync(join(project, "empty"));
  writeFileSync(join(project, "notes.txt"), "first line\r\nzweite Zeile: größe\n\ttabs\n");
  writeFileSync(join(project, "dot.png"), Buffer.from(DOT, "base64"));
  writeFileSync(join(directory, "memory.jsonl"), MEMORY.map((line) => JSON.stringify(line)).join("\n"));
  // The Inspector's command looks for a file of this name above the working directory, and does not start without.
  writeFileSync(join(directory, "package.json"), "{}");
  return { directory, project };
};
