import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, temporaryDirectory, tokenOf, type Message } from "../support/gateway.ts";
import { ask, Legacy, Scripted } from "../support/peers.ts";

// All servers of a grant as one (contract of the gate, "Endpoints"): what they are called, whose a thing is, what is
// withheld. The policy and the record know the servers' own names.

const region = { type: "object", properties: { region: { type: "string", "x-mcp-header": "Region" } } };
const free = { type: "object", additionalProperties: true };
const policy = {
  version: "1",
  default: "allow",
  hide: ["admin_*"],
  resources: ["one://*", "two://*", "shared://*", "made://*"],
  prompts: ["greet"],
  tools: {
    limited: { limits: [{ counter: "limited", window: "day", max: 1 }] },
    second: {
      require: [
        {
          conditions: [{ path: "session.tools[*]", op: "exists", value: true }],
          on_deny: "Something must have been called before.",
        },
      ],
    },
  },
};

let gateway: Gateway;
let one: Scripted;
let two: Scripted;
let foreign: Scripted;

beforeAll(async () => {
  const directory = temporaryDirectory();
  [one, two, foreign] = await Promise.all([
    Scripted.start(directory, "one", {
      tools: [
        { name: "echo" },
        { name: "admin_wipe" },
        { name: "odd__name" },
        { name: "_led" },
        { name: "mirrored", inputSchema: region },
        { name: "limited" },
        { name: "second" },
      ],
      resources: [
        { uri: "one://a", name: "a" },
        { uri: "shared://x", name: "x" },
        { uri: "refused://one", name: "no" },
        { uri: "made://by/two", name: "one says it has what two makes" },
      ],
      resourceTemplates: [
        { uriTemplate: "one://t/{id}", name: "t" },
        { uriTemplate: "shared://t/{id}", name: "st" },
      ],
      prompts: [{ name: "greet" }, { name: "secret" }],
      instructions: "Be one.",
    }),
    Scripted.start(directory, "two", {
      tools: [{ name: "echo", inputSchema: free }, { name: "limited" }, { name: "admin_two" }],
      resources: [
        { uri: "two://a", name: "a" },
        { uri: "shared://x", name: "x" },
      ],
      resourceTemplates: [
        { uriTemplate: "two://t/{id}", name: "t" },
        { uriTemplate: "shared://t/{id}", name: "st" },
        { uriTemplate: "made://by/{who}", name: "makes" },
      ],
      prompts: [{ name: "greet" }],
    }),
    Scripted.start(directory, "foreign", { tools: [{ name: "echo" }] }),
  ]);
  const grant = (name: string, server: string | readonly string[], of = "p"): object => ({
    identity: "a",
    server,
    policy: of,
    token: tokenOf(name),
  });
  gateway = await Gateway.start(
    {
      mcpServers: { one: one.entry, two: two.entry, foreign: foreign.entry },
      policies: { p: policy, q: policy },
      identities: { a: {} },
      grants: {
        both: grant("both", ["one", "two"]),
        metered: grant("metered", ["one", "two"], "q"),
        other: grant("other", "foreign"),
      },
    },
    directory,
  );
});

afterAll(async () => {
  await Promise.all([gateway, one, two, foreign].map((each) => each[Symbol.asyncDispose]()));
});

/** One way of asking, whatever the era. */
type Asking = (method: string, params?: Record<string, unknown>) => Promise<Message>;

const asModern =
  (grant: string): Asking =>
  async (method, params = {}) =>
    (await ask(gateway, [ALL, grant], method, params)).answer();

const asLegacy = async (grant: string): Promise<Asking> => {
  const session = await Legacy.open(gateway, [ALL, grant]);
  return (method, params) => session.request(method, params);
};

const namesIn = (message: Message, list: string, key = "name"): readonly unknown[] =>
  ((message.result?.[list] ?? []) as Record<string, unknown>[]).map((item) => item[key]);
const textIn = (message: Message): string => JSON.stringify(message.result ?? message.error);

describe.each(["legacy", "modern"])("all servers as one, for a %s client", (era) => {
  let asking: Asking;

  beforeAll(async () => {
    asking = era === "modern" ? asModern("both") : await asLegacy("both");
  });

  it("lists the tools of each under its name, without those that the policy hides", async () => {
    const listed = await asking("tools/list");
    expect(namesIn(listed, "tools")).toEqual([
      "one__echo",
      "one__odd__name",
      "one___led",
      "one__mirrored",
      "one__limited",
      "one__second",
      "two__echo",
      "two__limited",
    ]);
    expect(listed.result).not.toHaveProperty("nextCursor");
  });

  it("lists prompts and templates likewise, and resources under their own URIs", async () => {
    expect(namesIn(await asking("prompts/list"), "prompts")).toEqual(["one__greet", "two__greet"]);
    const templates = await asking("resources/templates/list");
    expect(namesIn(templates, "resourceTemplates", "uriTemplate")).toEqual([
      "one://t/{id}",
      "two://t/{id}",
      "made://by/{who}",
    ]);
    expect(namesIn(await asking("resources/list"), "resources", "uri")).toEqual(["one://a", "two://a"]);
  });

  it("knows one page of each list", async () => {
    const answers = await Promise.all(
      ["tools/list", "prompts/list", "resources/list"].map((method) => asking(method, { cursor: "2" })),
    );
    expect(answers.map(({ error }) => error?.code)).toEqual([-32602, -32602, -32602]);
  });

  it("calls a tool by its server's name, however many separators its own has", async () => {
    const called = await Promise.all(
      ["one__echo", "two__echo", "one__odd__name", "one___led"].map((name) => asking("tools/call", { name })),
    );
    expect(called.map(({ result }) => result?.content?.[0]?.text)).toEqual([
      "one did echo",
      "two did echo",
      "one did odd__name",
      "one did _led",
    ]);
  });

  it("answers hidden, unknown, unprefixed and foreign names with the same bytes but for the name", async () => {
    const names = [
      "one__nothing",
      "one__admin_wipe",
      "two__admin_wipe",
      "echo",
      "admin_wipe",
      "__echo",
      "one__",
      "One__echo",
      "foreign__echo",
      "foreign__nothing",
      "nowhere__echo",
      "one_echo",
    ];
    const before = foreign.journal().length;
    const answers = await Promise.all(names.map((name) => asking("tools/call", { name })));
    const bytes = answers.map(({ error, result }, index) =>
      JSON.stringify({ error, result }).replace(names[index] ?? "", "NAME"),
    );
    expect(new Set(bytes).size).toBe(1);
    expect(answers[0]?.error).toEqual({ code: -32602, message: "Unknown tool: one__nothing" });
    expect(foreign.journal()).toHaveLength(before);
    expect(one.got("tools/call").map(({ params }) => params?.["name"])).not.toContain("admin_wipe");
  });

  it("gets a prompt of the server in its name, and answers refused ones like unknown ones", async () => {
    expect(textIn(await asking("prompts/get", { name: "two__greet" }))).toContain("two says greet");
    const names = ["one__secret", "two__secret", "greet", "foreign__greet", "nowhere__greet"];
    const answers = await Promise.all(names.map((name) => asking("prompts/get", { name })));
    expect(new Set(answers.map(textIn)).size).toBe(1);
    expect(answers[0]?.error?.code).toBe(-32602);
  });

  it("reads a resource of the server whose list or template has it", async () => {
    const uris = ["one://a", "two://a", "one://t/5", "two://t/6", "made://by/one"];
    const read = await Promise.all(uris.map((uri) => asking("resources/read", { uri })));
    expect(read.map((each) => /(\w+) has/u.exec(textIn(each))?.[1])).toEqual([
      "one",
      "two",
      "one",
      "two",
      "two",
    ]);
  });

  it("withholds what two servers have, listed or made by a template, and reports it", async () => {
    const uris = ["shared://x", "shared://t/1", "made://by/two", "refused://one", "unknown://x"];
    const answers = await Promise.all(uris.map((uri) => asking("resources/read", { uri })));
    expect(new Set(answers.map(textIn)).size).toBe(1);
    expect(answers[0]?.error?.code).toBe(era === "modern" ? -32602 : -32002);
    const reads = [...one.got("resources/read"), ...two.got("resources/read")];
    expect(reads.filter(({ params }) => uris.includes(String(params?.["uri"])))).toEqual([]);
    expect(gateway.program?.stderr).toContain("shared://x");
  });

  it("completes for the server that a prompt or resource is of", async () => {
    const complete = (ref: object) =>
      asking("completion/complete", { ref, argument: { name: "id", value: "" } });
    expect(textIn(await complete({ type: "ref/prompt", name: "two__greet" }))).toContain("by two");
    expect(textIn(await complete({ type: "ref/resource", uri: "one://t/{id}" }))).toContain("by one");
    expect(two.got("completion/complete").at(-1)?.params?.["ref"]).toEqual({
      type: "ref/prompt",
      name: "greet",
    });
    const refused = await Promise.all([
      complete({ type: "ref/prompt", name: "one__secret" }),
      complete({ type: "ref/prompt", name: "greet" }),
      complete({ type: "ref/prompt", name: "foreign__greet" }),
      complete({ type: "ref/resource", uri: "shared://t/{id}" }),
      complete({ type: "ref/resource", uri: "nowhere://{id}" }),
    ]);
    expect(new Set(refused.map(textIn)).size).toBe(1);
    expect(refused[0]?.error?.code).toBe(-32602);
  });

  it("knows no methods of nobody's", async () => {
    expect((await asking("vendor/do", { name: "one__echo" })).error?.code).toBe(-32601);
  });
});

describe("all servers as one", () => {
  it("checks Mcp-Name against the merged name, and sends each server its own", async () => {
    const params = { name: "one__mirrored", arguments: { region: "north" } };
    const send = (headers: Record<string, string>) =>
      gateway.modern(ALL, "both", "tools/call", params, { "mcp-param-region": "north", ...headers });
    expect((await send({ "mcp-name": "mirrored" })).message.error?.code).toBe(-32020);
    expect((await send({ "mcp-param-region": "south" })).message.error?.code).toBe(-32020);
    const before = one.got("tools/call").length;
    expect((await send({})).message.result?.content?.[0]?.text).toBe("one did mirrored");
    const arrived = one.got("tools/call").slice(before);
    expect(arrived.map(({ headers, params: sent }) => [headers?.["mcp-name"], sent?.["name"]])).toEqual([
      ["mirrored", "mirrored"],
    ]);
    expect(arrived[0]?.headers?.["mcp-param-region"]).toBe("north");
  });

  it("records the server and the server's own name of the tool", async () => {
    const asking = asModern("both");
    await asking("tools/call", { name: "two__echo", arguments: { marked: 1 } });
    await asking("tools/call", { name: "one__admin_wipe" });
    await asking("resources/read", { uri: "refused://one" });
    const records = await gateway.records();
    const found = (tool: string) => records.findLast((record) => record["tool"] === tool);
    const echoed = records.findLast(({ server, tool }) => server === "two" && tool === "echo");
    expect(echoed).toMatchObject({ grant: "both", decision: "allow", args: { keys: ["marked"] } });
    expect(records.find(({ id, outcome }) => id === echoed?.["id"] && outcome !== undefined)).toMatchObject({
      outcome: "ok",
    });
    expect(found("admin_wipe")).toMatchObject({ server: "one", code: "hidden", decision: "deny" });
    expect(found("refused://one")).toMatchObject({ code: "default_deny", decision: "deny" });
  });

  it("counts the calls to all servers against the limits of the one policy", async () => {
    const asking = asModern("metered");
    expect((await asking("tools/call", { name: "one__limited" })).result?.isError).not.toBe(true);
    const over = await asking("tools/call", { name: "two__limited" });
    expect(textIn(over)).toContain("limit_exceeded");
  });

  it("knows which tools were called before in a session", async () => {
    const session = await Legacy.open(gateway, [ALL, "metered"]);
    expect(textIn(await session.call("one__second"))).toContain("require_failed");
    await session.call("two__echo");
    expect((await session.call("one__second")).result?.isError).not.toBe(true);
  });

  it("says once for all what the servers say of themselves", async () => {
    const { hello } = await Legacy.open(gateway, [ALL, "both"]);
    expect(hello.result).toMatchObject({
      protocolVersion: "2025-11-25",
      serverInfo: { name: "tollgate" },
      instructions: "one: Be one.",
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true },
      },
    });
    const discovered = await asModern("both")("server/discover");
    expect(discovered.result).toMatchObject({
      resultType: "complete",
      supportedVersions: ["2026-07-28", "2025-11-25"],
      instructions: "one: Be one.",
      cacheScope: "private",
    });
  });

  it("is a path of its own: its sessions are no server's, and nothing else is served below it", async () => {
    const raw = (server: string, session: string) =>
      gateway.raw(server, JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }), "both", {
        "mcp-session-id": session,
      });
    const begun = await gateway.raw(
      ALL,
      JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "x", version: "1" } },
      }),
      "both",
    );
    const session = begun.headers.get("mcp-session-id") ?? "";
    expect((await raw(ALL, session)).status).toBe(200);
    expect((await raw("one", session)).status).toBe(404);
    expect((await raw("*", session)).status).toBe(403);
  });

  it("is read by the client of the official SDK", async () => {
    const client = new Client({ name: "test", version: "1" });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(gateway.endpoint(ALL)), {
        requestInit: { headers: { authorization: `Bearer ${tokenOf("both")}` } },
      }),
    );
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("two__echo");
    expect(await client.callTool({ name: "two__echo" })).toMatchObject({
      content: [{ type: "text", text: "two did echo" }],
    });
    expect(await client.readResource({ uri: "one://t/9" })).toMatchObject({
      contents: [{ uri: "one://t/9" }],
    });
    expect(await client.getPrompt({ name: "one__greet" })).toMatchObject({ description: "one says greet" });
    await expect(client.callTool({ name: "one__admin_wipe" })).rejects.toThrow("Unknown tool");
    await client.close();
  });

  it("is read by the modern client of the official SDK", async () => {
    const client = new ModernClient(
      { name: "test", version: "1" },
      { versionNegotiation: { mode: { pin: "2026-07-28" } } },
    );
    await client.connect(
      new ModernTransport(new URL(gateway.endpoint(ALL)), {
        requestInit: { headers: { authorization: `Bearer ${tokenOf("both")}` } },
      }),
    );
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain("one__odd__name");
    expect(await client.callTool({ name: "one__odd__name" })).toMatchObject({
      content: [{ type: "text", text: "one did odd__name" }],
    });
    await expect(client.callTool({ name: "echo" })).rejects.toThrow("Unknown tool");
    await client.close();
  });
});
