import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Gateway,
  journalOf,
  modernHeaders,
  modernMeta,
  tokenOf,
  Witness,
  WITNESS,
} from "../support/gateway.ts";

// What changes between a request's first byte and its last: time, tokens, policies. And what has no answer.

const policy = (max: number): object => ({
  version: "1",
  default: "allow",
  methods: ["vendor/fine"],
  tools: { echo: { rate_limit: { max, window: 2 } } },
});
const SECRET = "a-key-nobody-may-see-0123456789";
let gateway: Gateway;
let witness: Witness;
let legacyJournal: string;
let askingJournal: string;

beforeAll(async () => {
  gateway = new Gateway({});
  witness = await Witness.start(gateway.directory);
  legacyJournal = join(gateway.directory, "legacy.jsonl");
  askingJournal = join(gateway.directory, "asking.jsonl");
  const asking = join(import.meta.dirname, "..", "fixtures", "upstreams", "asking.ts");
  const grant = (name: string): object => ({
    identity: "agent",
    server: ["witness", "legacy", "asking"],
    policy: "limited",
    token: tokenOf(name),
  });
  gateway.configure({
    mcpServers: {
      witness: { type: "http", url: witness.url },
      legacy: { command: process.execPath, args: [WITNESS, "--era", "legacy", "--journal", legacyJournal] },
      asking: { command: process.execPath, args: [asking, askingJournal], env: { SECRET: "${env:SECRET}" } },
    },
    policies: { limited: policy(2) },
    identities: { agent: {} },
    grants: {
      held: grant("held"),
      revoked: grant("revoked"),
      midway: grant("midway"),
      left: grant("left"),
      other: grant("other"),
    },
  });
  await gateway.serve({ SECRET });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await witness[Symbol.asyncDispose]();
});

interface Held {
  /** Sends the body and gives all that is answered. */
  readonly finish: () => Promise<string>;
}

/** A request whose head is sent at once and whose body is not. */
const hold = (grant: string, tool: string): Promise<Held> => {
  const params = { name: tool, arguments: {}, _meta: modernMeta() };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
  const head = [
    "POST /mcp/witness HTTP/1.1",
    "Host: 127.0.0.1",
    `Authorization: Bearer ${tokenOf(grant)}`,
    "Content-Type: application/json",
    "MCP-Protocol-Version: 2026-07-28",
    "Mcp-Method: tools/call",
    `Mcp-Name: ${tool}`,
    `Content-Length: ${String(body.length)}`,
    "Connection: close",
  ];
  const { hostname, port } = new URL(gateway.url);
  return new Promise((ready) => {
    const socket = connect(Number(port), hostname, () => {
      let answer = "";
      socket.on("data", (chunk: Buffer) => (answer += chunk.toString("utf8")));
      socket.write(`${head.join("\r\n")}\r\n\r\n`, () =>
        ready({
          finish: () =>
            new Promise((done) => {
              socket.on("close", () => done(answer));
              socket.write(body);
            }),
        }),
      );
    });
  });
};

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
});

const waited = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

describe("a call whose body comes late", () => {
  it("counts when it is there, so that calls held back do not fit two windows into one", async () => {
    const held = [await hold("held", "echo"), await hold("held", "echo")];
    await waited(2_500);
    const answers = [await held[0]?.finish(), await held[1]?.finish()];
    expect(answers.every((answer) => answer?.includes("did echo"))).toBe(true);
    const next = await gateway.call("witness", "held", "echo");
    expect(next.message.result?.["_meta"]).toMatchObject({ "tollgate/decision": { code: "limit_exceeded" } });
  });

  it("is refused if its grant was revoked meanwhile, and reaches nothing", async () => {
    const held = await hold("revoked", "wipe");
    await waited(200);
    expect((await gateway.command("grant", "revoke", "revoked", "--yes")).code).toBe(0);
    const answer = await held.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 401 /u);
    expect(journalOf(witness.journalFile).filter(({ name }) => name === "wipe")).toEqual([]);
  });
});

describe("a call under way", () => {
  it("ends at once when its grant is revoked, and hears nothing of its server any more, in either era", async () => {
    const opened = await gateway.raw("asking", initialize, "midway");
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const params = { name: "hang", arguments: {} };
    const hang = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params });
    const calls = [
      gateway.call("asking", "midway", "hang"),
      gateway.raw("asking", hang, "midway", session),
    ] as const;
    const reached = (): number =>
      journalOf(askingJournal).filter((line) => JSON.stringify(line).includes('"name":"hang"')).length;
    await expect.poll(reached).toBe(2);
    expect((await gateway.command("grant", "revoke", "midway", "--yes")).code).toBe(0);
    for (const { text, message } of await Promise.all(calls)) {
      expect(message.error?.code).toBe(1001);
      expect(text).not.toContain("late");
    }
  });

  it("is not forwarded if its client left while the server was being started", async () => {
    const before = journalOf(legacyJournal).length;
    const leaving = new AbortController();
    const params = { name: "wipe", arguments: {}, _meta: modernMeta() };
    const gone = fetch(`${gateway.url}/mcp/legacy`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${tokenOf("left")}`,
        "content-type": "application/json",
        ...modernHeaders("tools/call", params),
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
      signal: leaving.signal,
    });
    await waited(30);
    leaving.abort();
    await expect(gone).rejects.toThrow("abort");
    const calls = async (): Promise<unknown> =>
      (await gateway.records()).find(({ grant, decision }) => grant === "left" && decision === "allow")?.[
        "id"
      ];
    await expect.poll(calls, { timeout: 10_000 }).toBeDefined();
    const id = await calls();
    await expect
      .poll(async () => (await gateway.records()).find((line) => line["id"] === id && "outcome" in line))
      .toMatchObject({ outcome: "unavailable" });
    expect(journalOf(legacyJournal)).toHaveLength(before);
  });
});

describe("a notification of nobody's method", () => {
  it("is judged by the policy's methods like a request, and recorded", async () => {
    const opened = await gateway.raw("asking", initialize, "other");
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const notify = async (method: string): Promise<void> => {
      await gateway.raw("asking", JSON.stringify({ jsonrpc: "2.0", method }), "other", session);
    };
    await notify("vendor/wipe");
    await notify("vendor/fine");
    const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    await gateway.raw("asking", ping, "other", session);
    const reached = journalOf(askingJournal).map((line) => (line as { method?: string }).method);
    expect(reached).toContain("vendor/fine");
    expect(reached).not.toContain("vendor/wipe");
    const records = await gateway.records();
    expect(records.find(({ method }) => method === "vendor/wipe")).toMatchObject({ decision: "deny" });
    const passed = records.find(({ method }) => method === "vendor/fine");
    expect(passed).toMatchObject({ decision: "allow" });
    expect(records.filter(({ id, outcome }) => id === passed?.["id"] && outcome === "ok")).toHaveLength(1);
  });
});

describe("a legacy server behind a modern client", () => {
  it("has its secrets masked in what discovery tells of it", async () => {
    const { text } = await gateway.modern("asking", "other", "server/discover");
    expect(text).toContain("[masked]");
    expect(text).not.toContain(SECRET);
  });

  it("is answered when it asks of nobody in particular, and its call ends with what the client lacks", async () => {
    const { message, status } = await gateway.call("asking", "other", "ask");
    expect([status, message.error?.code]).toEqual([400, -32021]);
    const answers = journalOf(askingJournal) as { id?: string; result?: object; error?: object }[];
    expect(answers.find(({ id, result }) => id === "its-ping" && result !== undefined)).toBeDefined();
    expect(answers.find(({ id, error }) => id === "its-roots" && error !== undefined)).toBeDefined();
  });
});
