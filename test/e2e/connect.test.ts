import { Client as ModernClient } from "@modelcontextprotocol/client";
import { StdioClientTransport as ModernStdio } from "@modelcontextprotocol/client/stdio";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Gateway,
  journalOf,
  modernMeta,
  Program,
  ROOT,
  temporaryDirectory,
  tokenOf,
  Witness,
  WITNESS,
} from "../support/gateway.ts";
import { RelayProcess } from "../support/relay.ts";

// Clients that only start commands, on a gateway elsewhere.

let witness: Witness;
let gateway: Gateway;

beforeAll(async () => {
  const directory = temporaryDirectory();
  witness = await Witness.start(directory);
  gateway = await Gateway.start(
    {
      mcpServers: {
        far: { type: "http", url: witness.url },
        near: { command: process.execPath, args: [WITNESS] },
      },
      policies: {
        some: { version: "1", default: "allow", hide: ["wipe"], tools: { pay: { action: "deny" } } },
      },
      identities: { agent: { kind: "service" } },
      grants: {
        mine: { identity: "agent", server: ["far", "near"], policy: "some", token: tokenOf("mine") },
      },
    },
    directory,
  );
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await witness[Symbol.asyncDispose]();
});

const urlOf = (server = "far"): string => `${gateway.url}/mcp/${server}`;
const started = (env: Record<string, string> = { TOLLGATE_TOKEN: tokenOf("mine") }, url = urlOf()) => ({
  command: process.execPath,
  args: ["src/main.ts", "connect", "--url", url],
  env,
  cwd: ROOT,
  stderr: "pipe" as const,
});

const legacyClient = async (...how: Parameters<typeof started>): Promise<Client> => {
  const client = new Client({ name: "legacy", version: "1" });
  await client.connect(new StdioClientTransport(started(...how)));
  return client;
};
const modernClient = async (...how: Parameters<typeof started>): Promise<ModernClient> => {
  const client = new ModernClient(
    { name: "modern", version: "1" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  await client.connect(new ModernStdio(started(...how)));
  return client;
};

const textOf = (result: unknown): string =>
  (result as { content: { text: string }[] }).content[0]?.text ?? "";
const codeOf = (result: unknown): unknown =>
  (result as { _meta?: Record<string, { code?: unknown }> })._meta?.["tollgate/decision"]?.code;
/** The outcomes of the calls that a client made, once there are so many. */
const outcomesOf = async (client: string): Promise<readonly unknown[]> => {
  const records = await gateway.records();
  const ids = new Set(
    records
      .filter((line) => (line["client"] as { name?: string } | null)?.name === client)
      .map(({ id }) => id),
  );
  return records.filter((line) => "outcome" in line && ids.has(line["id"])).map(({ outcome }) => outcome);
};

/** The gateway again, on the port it had. */
const restart = async (): Promise<void> => {
  const { port } = new URL(gateway.url);
  await gateway.stop();
  gateway.program = new Program([
    "src/main.ts",
    "serve",
    "--config",
    gateway.configFile,
    "--data",
    gateway.data,
    "--port",
    port,
  ]);
  await gateway.program.printed(/^tollgate ready on (\S+)$/mu);
};

interface Options {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { readonly progress: number }) => void;
}
/** The two clients take their options in different places. */
const call = (client: Client | ModernClient, name: string, args: object = {}, options?: Options) => {
  const params = { name, arguments: { ...args } };
  return client instanceof Client
    ? client.callTool(params, undefined, options)
    : client.callTool(params, options);
};
const reached = (text: string): boolean =>
  journalOf(witness.journalFile).some((entry) => entry.arguments?.["text"] === text);

describe.each([
  ["legacy", legacyClient],
  ["modern", modernClient],
])("a %s client that starts the command", (era, connect) => {
  it("lists and calls what its grant admits, and is denied the rest", async () => {
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain("echo");
    expect(tools.map((tool) => tool.name)).not.toContain("wipe");
    const done = await call(client, "echo", { text: "Größe — 大" });
    expect(textOf(done)).toBe("did echo");
    expect(done).toMatchObject({ structuredContent: { kept: true } });
    expect(reached("Größe — 大")).toBe(true);
    expect(codeOf(await call(client, "pay", { amount: 1 }))).toBe("action_deny");
    await expect(call(client, "wipe")).rejects.toThrow("Unknown tool: wipe");
    await client.close();
  });

  it("hears of the progress of a call", async () => {
    const client = await connect(undefined, urlOf("near"));
    const heard: number[] = [];
    // The older client forgets who waits for progress that comes in one piece with the answer.
    await call(client, "slow", {}, { onprogress: ({ progress }) => heard.push(progress) });
    expect(heard).toEqual([1]);
    await client.close();
  });

  it("cancels a call, which the gateway learns", async () => {
    const client = await connect();
    const controller = new AbortController();
    const text = `slowly ${era}`;
    const told = call(client, "slow", { text }, { signal: controller.signal }).then(textOf, String);
    await expect.poll(() => reached(text), { timeout: 20_000 }).toBe(true);
    controller.abort("enough");
    expect(await told).toContain("enough");
    expect(textOf(await call(client, "echo"))).toBe("did echo");
    await expect.poll(() => outcomesOf(era), { timeout: 20_000 }).toContain("cancelled");
    await client.close();
  });

  it("goes on after the gateway was started anew", async () => {
    const client = await connect();
    expect(textOf(await call(client, "echo"))).toBe("did echo");
    await restart();
    expect(textOf(await call(client, "echo"))).toBe("did echo");
    expect(codeOf(await call(client, "pay", { amount: 1 }))).toBe("action_deny");
    await client.close();
  });

  it("is told that the token is wrong, or that nobody is there", async () => {
    await expect(connect({ TOLLGATE_TOKEN: tokenOf("nobody") })).rejects.toThrow(
      era === "legacy" ? /valid token/u : /negotiation failed/u,
    );
    await expect(connect({}, "http://127.0.0.1:9/mcp/far")).rejects.toThrow(
      era === "legacy" ? /cannot be reached/u : /negotiation failed/u,
    );
  });
});

const hello = { id: 1, method: "server/discover", params: { _meta: modernMeta() } };

describe("the command", () => {
  it("ends with 0 when its input ends, and has answered everything before", async () => {
    await using relay = new RelayProcess(urlOf(), tokenOf("mine"));
    for (let id = 1; id <= 20; id += 1) {
      relay.say({ id, method: "tools/call", params: { name: "echo", arguments: {}, _meta: modernMeta() } });
    }
    expect(await relay.end()).toBe(0);
    expect(relay.messages.map(({ id }) => Number(id)).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    expect(relay.program.stderr).toBe("");
  });

  it("ends with 4 where the token is refused, each request with an error, the token nowhere", async () => {
    const wrong = tokenOf("wrong");
    await using relay = new RelayProcess(urlOf(), wrong);
    relay.say(hello);
    relay.say({ id: "two", method: "tools/list" });
    expect(await relay.end()).toBe(4);
    expect(new Set(relay.messages.map(({ id }) => id))).toEqual(new Set([1, "two"]));
    expect(relay.lines).toHaveLength(2);
    expect(relay.messages.every(({ error }) => error?.message.includes("token"))).toBe(true);
    expect(relay.program.stderr.trim().split("\n")).toHaveLength(1);
    expect(relay.program.stdout + relay.program.stderr).not.toContain(wrong);
  });

  it("goes on where the gateway is not there, and ends with 3 if it never was", async () => {
    await using relay = new RelayProcess("http://127.0.0.1:9/mcp/far", tokenOf("mine"));
    relay.say(hello);
    expect((await relay.answer(1)).error).toMatchObject({
      code: 1001,
      message: expect.stringContaining("ECONNREFUSED"),
    });
    relay.say({ ...hello, id: 2 });
    await relay.answer(2);
    expect(await relay.end()).toBe(3);
    expect(relay.program.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("ends in order when it is told to", async () => {
    await using relay = new RelayProcess(urlOf(), tokenOf("mine"));
    relay.say(hello);
    await relay.answer(1);
    expect(await relay.program.stop("SIGTERM")).toBe(0);
  });

  it.each([
    [["--url", "ftp://gate.example.com/mcp"], "http or https"],
    [["--url", "http://gate.example.com/mcp/x", "--token", "t".repeat(40)], "plain http"],
    [["--url", "https://user:word@gate.example.com/mcp/x"], "user"],
    [["--url", "http://127.0.0.1:1/mcp/x", "--token", "a b"], "token"],
    [[], "--url"],
  ])("is used wrongly with %j", async (args, what) => {
    await using program = new Program(["src/main.ts", "connect", ...args], { env: { TOLLGATE_TOKEN: "" } });
    program.child.stdin?.end();
    expect(await program.closed).toBe(2);
    expect(program.stderr).toContain(what);
    expect(program.stderr).not.toMatch(/ttttt|a b/u);
  });
});
