import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, modernMeta, Program, temporaryDirectory, type Message } from "../support/gateway.ts";
import { LegacyClient, linesOf } from "../support/legacy.ts";
import { talker, talkerConfig } from "../support/talker.ts";

// Arrays of messages, which 2025-03-26 has and no other revision.

const directory = temporaryDirectory();
const journal = join(directory, "talker.jsonl");
let gateway: Gateway;

const policy = {
  version: "1",
  default: "allow",
  hide: ["wonder"],
  tools: {
    pid: { action: "deny" },
    release: { limits: [{ counter: "released", window: "day", max: 3 }] },
    "*": { arguments: "any" },
  },
};

beforeAll(async () => {
  gateway = await Gateway.start(talkerConfig({ talker: talker(journal) }, { policy }), directory);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const open = (revision = "2025-03-26"): Promise<LegacyClient> =>
  LegacyClient.open(gateway, "talker", { revision });
const request = (id: unknown, method: string, params: object = {}): object => ({
  jsonrpc: "2.0",
  id,
  method,
  params,
});
const call = (id: unknown, name: string): object => request(id, "tools/call", { name, arguments: {} });
const note = (method: string): object => ({ jsonrpc: "2.0", method });
type Answers = readonly Message[];
const sent = async (client: LegacyClient, batch: unknown): Promise<{ status: number; answers: Answers }> => {
  using listening = await client.post(batch as object).over();
  const { status, text } = listening;
  const read: unknown = text === "" ? [] : JSON.parse(text);
  return { status, answers: Array.isArray(read) ? (read as Answers) : [read as Message] };
};
const codeOf = (message: Message | undefined): unknown =>
  (message?.result?.["_meta"] as Record<string, { code?: unknown }> | undefined)?.["tollgate/decision"]?.code;
const byId = (answers: Answers, id: unknown): Answers => answers.filter((answer) => answer.id === id);
const only = (answers: Answers, id: unknown): Required<Pick<Message, "result" | "error">> => {
  const [answer, ...more] = byId(answers, id);
  expect(more).toEqual([]);
  return { result: {}, error: { code: 0, message: "" }, ...answer };
};
const called = (): unknown[] =>
  linesOf(journal).flatMap(({ method, params }) => (method === "tools/call" ? [params?.["name"]] : []));

describe("a batch of 2025-03-26", () => {
  it("is judged, answered and recorded element by element", async () => {
    const client = await open();
    const { status, answers } = await sent(client, [
      call(1, "pid"),
      call(2, "wonder"),
      call(3, "echo"),
      { jsonrpc: "2.0", id: 4, method: "tools/call", params: { name: 7 } },
      { jsonrpc: "1.0", id: 5, method: "ping" },
      note("notifications/roots/list_changed"),
      note("notifications/unheard/of"),
      { jsonrpc: "2.0", id: "unasked", result: {} },
      call(6, "echo"),
      call(6, "echo"),
      request(7, "initialize", { protocolVersion: "2025-03-26", capabilities: {} }),
      request(8, "ping"),
    ]);
    expect(status).toBe(200);
    expect(codeOf(byId(answers, 1)[0])).toBe("action_deny");
    expect(only(answers, 2).error.message).toMatch(/unknown tool/iu);
    expect(only(answers, 3).result).toMatchObject({ content: [{ text: "echoed" }] });
    expect(only(answers, 4).error.code).toBe(-32602);
    expect(only(answers, 5).error.code).toBe(-32600);
    expect(byId(answers, 6).map(({ result }) => result?.isError)).toEqual([false, false]);
    expect(only(answers, 7).error.code).toBe(-32600);
    expect(only(answers, 8).result).toEqual({});
    expect(answers).toHaveLength(9);
    expect(called()).toEqual(["echo", "echo", "echo"]);
    const reached = linesOf(journal).map(({ method }) => method);
    expect(reached.filter((method) => method === "notifications/roots/list_changed")).toHaveLength(1);
    const records = await gateway.records();
    const decided = records.filter(({ tool }) => tool !== undefined && tool !== null);
    const decisionsOf = (tool: string): unknown[] =>
      decided.filter((record) => record["tool"] === tool).map(({ decision }) => decision);
    expect(decisionsOf("pid")).toEqual(["deny"]);
    expect(decisionsOf("wonder")).toEqual(["deny"]);
    expect(decisionsOf("echo")).toEqual(["allow", "allow", "allow"]);
    const own = decided.filter(({ tool }) => tool === "echo").map((record) => record["request_id"]);
    expect(new Set(own).size).toBe(3);
  });

  it("counts each element against a limit", async () => {
    const client = await open();
    const { answers } = await sent(
      client,
      [1, 2, 3, 4, 5].map((id) => call(id, "release")),
    );
    expect(answers.filter((answer) => answer.result?.isError === false)).toHaveLength(3);
    expect(answers.filter((answer) => codeOf(answer) === "limit_exceeded")).toHaveLength(2);
    expect(called().filter((name) => name === "release")).toHaveLength(3);
  });

  it("of notifications and responses alone has no answer", async () => {
    const client = await open();
    const aside = [note("notifications/roots/list_changed"), { jsonrpc: "2.0", id: 1, result: {} }];
    expect(await sent(client, aside)).toEqual({ status: 202, answers: [] });
    expect(await sent(client, [note("notifications/unheard/of")])).toEqual({ status: 202, answers: [] });
  });

  it("that is empty, too long, nested or no JSON is refused", async () => {
    const client = await open();
    for (const batch of [[], Array.from({ length: 101 }, (_, id) => call(id, "echo"))]) {
      const { status, answers } = await sent(client, batch);
      expect([status, answers[0]?.error?.code]).toEqual([400, -32600]);
    }
    const before = called().length;
    const { answers } = await sent(client, [[call(1, "echo")], [[]], "text", 7, null]);
    expect(answers.map(({ error }) => error?.code)).toEqual([-32600, -32600, -32600, -32600, -32600]);
    for (const text of ["[", `[${JSON.stringify(call(1, "echo"))},]`, "\u{FEFF}[]", '[{"id":1,"id":2}]']) {
      const { status } = await gateway.raw("talker", text, "live", {
        "mcp-session-id": client.id,
        "mcp-protocol-version": "2025-03-26",
      });
      expect(status).toBe(400);
    }
    expect(called().length).toBe(before);
  });

  it("holds nothing of the revision without sessions", async () => {
    const client = await open();
    const before = called().length;
    const modern = { name: "echo", arguments: {}, _meta: modernMeta() };
    const { answers } = await sent(client, [
      request(1, "tools/call", modern),
      request(2, "subscriptions/listen", { notifications: {}, _meta: modernMeta() }),
      call(3, "echo"),
    ]);
    expect([1, 2].map((id) => byId(answers, id)[0]?.error?.code)).toEqual([-32600, -32600]);
    expect(only(answers, 3).result.isError).toBe(false);
    expect(called().length).toBe(before + 1);
  });
});

describe("an array", () => {
  it.each(["2024-11-05", "2025-06-18", "2025-11-25"])("is no message of %s", async (revision) => {
    const client = await open(revision);
    const before = called().length;
    for (const batch of [[call(1, "echo")], [], [note("notifications/roots/list_changed")]]) {
      const { status, answers } = await sent(client, batch);
      expect([status, answers[0]?.error?.code]).toEqual([400, -32600]);
    }
    expect(called().length).toBe(before);
  });

  it("opens no session, and says nothing outside of one", async () => {
    const outside = new LegacyClient(gateway, "talker", { revision: "2025-03-26" });
    const params = { protocolVersion: "2025-03-26", capabilities: {} };
    const { status, answers } = await sent(outside, [request(1, "initialize", params)]);
    expect([status, answers[0]?.error?.code]).toEqual([400, -32600]);
  });

  it("is a batch on a pipe too, answered with one line", async () => {
    const file = join(directory, "policy.json");
    const lines = join(directory, "piped.jsonl");
    writeFileSync(file, JSON.stringify(policy));
    const { command, args } = talker(lines) as { command: string; args: string[] };
    const own = ["--policy", file, "--name", "w", "--data", join(directory, "w")];
    await using program = new Program(["src/main.ts", "wrap", ...own, "--", command, ...args]);
    const say = (message: unknown): void => void program.child.stdin?.write(`${JSON.stringify(message)}\n`);
    const clientInfo = { name: "t", version: "1" };
    say(request(1, "initialize", { protocolVersion: "2025-03-26", capabilities: {}, clientInfo }));
    say([note("notifications/initialized")]);
    say([call(2, "pid"), call(3, "echo"), [call(4, "echo")], note("notifications/unheard/of")]);
    const answers = JSON.parse(await program.printed(/^(\[.*\])$/mu)) as Answers;
    expect(codeOf(byId(answers, 2)[0])).toBe("action_deny");
    expect(only(answers, 3).result.isError).toBe(false);
    expect(answers).toHaveLength(3);
    program.child.stdin?.end();
    expect(await program.closed).toBe(0);
    const names = linesOf(lines).flatMap(({ params }) => params?.["name"] ?? []);
    expect(names).toEqual(["echo"]);
  });
});
