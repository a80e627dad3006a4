import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, Program, temporaryDirectory, Witness, type Message } from "../support/gateway.ts";
import { LegacyClient, linesOf } from "../support/legacy.ts";
import { talker, talkerConfig } from "../support/talker.ts";

// Sessions of the revisions that have them: whose they are, and how they end.

const directory = temporaryDirectory();
const journal = join(directory, "talker.jsonl");
let gateway: Gateway;
let witness: Witness;

const servers = (): Record<string, object> => ({
  talker: talker(journal),
  other: talker(journal),
  idle: talker(journal, { idleMs: 1_000 }),
  web: { type: "http", url: witness.url },
});

beforeAll(async () => {
  witness = await Witness.start(directory, "--era", "legacy");
  const grants = { live: {}, friend: {}, narrow: { server: ["other"] } };
  gateway = await Gateway.start(talkerConfig(servers(), undefined, grants), directory);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await witness[Symbol.asyncDispose]();
});

const statusOf = async (client: LegacyClient, headers: Record<string, string> = {}): Promise<number> =>
  (await client.post({ id: 9, method: "ping" }, headers).over()).status;

/** The same session id, from somebody else or somewhere else. */
const stolen = (client: LegacyClient, server: string, grant: string): LegacyClient => {
  const thief = new LegacyClient(gateway, server, { grant });
  thief.id = client.id;
  return thief;
};

describe("a session's id", () => {
  it("cannot be guessed, and is never given twice", async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await LegacyClient.open(gateway, "web")).id));
    expect(new Set(ids).size).toBe(3);
    ids.forEach((id) => expect(id).toMatch(/^[\w-]{43}$/u));
  });

  it("is nothing in other hands or at another path", async () => {
    const client = await LegacyClient.open(gateway, "talker", { capabilities: { roots: {} } });
    for (const [server, grant, status] of [
      ["talker", "friend", 404],
      ["other", "live", 404],
      ["talker", "narrow", 403],
      ["talker", "nobody", 401],
    ] as const) {
      const thief = stolen(client, server, grant);
      using heard = await thief.listen().over();
      expect([server, grant, heard.status, await statusOf(thief), await thief.end()]).toEqual([
        server,
        grant,
        status,
        status,
        status,
      ]);
      expect(heard.text).not.toMatch(/roots|before the session/u);
    }
    expect(await statusOf(client)).toBe(200);
  });

  it("is over with DELETE", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    using heard = await client.listen().begun();
    expect(await client.end()).toBe(204);
    await heard.over();
    expect(heard.ended).toBe(true);
    expect([await client.end(), await statusOf(client), (await client.listen().over()).status]).toEqual([
      404, 404, 404,
    ]);
  });

  it("is over when nobody has used it for long, but not while somebody listens", async () => {
    const [quiet, heeded] = [
      await LegacyClient.open(gateway, "idle"),
      await LegacyClient.open(gateway, "idle"),
    ];
    using heard = await heeded.listen().begun();
    await expect.poll(async () => (await quiet.listen(undefined, { accept: "*/*" }).over()).status).toBe(404);
    expect(heard.closed).toBe(false);
    expect(await statusOf(heeded)).toBe(200);
  });
});

describe("GET", () => {
  it("without a session is 405, and 406 where no event stream is taken", async () => {
    const nobody = new LegacyClient(gateway, "talker", {});
    const refused = await nobody.listen().over();
    expect([refused.status, refused.contentType]).toEqual([405, "application/json"]);
    const client = await LegacyClient.open(gateway, "talker");
    expect((await client.listen(undefined, { accept: "application/json" }).over()).status).toBe(406);
    expect((await client.listen(undefined, { accept: "" }).over()).status).toBe(406);
  });
});

describe("a server that ends in the middle", () => {
  const outcomes = async (): Promise<unknown[]> =>
    (await gateway.records()).flatMap(({ outcome }) => outcome ?? []);

  it("leaves the call answered with 1001 on its stream, unknown in the record, and no session", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    using heard = await client.listen().begun();
    using call = client.call(1, "hang");
    await call.until((events) => events.length === 1);
    process.kill(Number(call.messages[0]?.params?.["progress"]), "SIGKILL");
    await call.over();
    expect(call.ended).toBe(true);
    expect(call.messages.at(-1)).toMatchObject({ id: 1, error: { code: 1001 } });
    await heard.over();
    expect(heard.ended).toBe(true);
    expect(await statusOf(client)).toBe(404);
    expect((await outcomes()).at(-1)).toBe("unknown");
  });

  it("leaves a call answered that is under way when the client ends the session", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    using call = client.call(1, "hang");
    await call.until((events) => events.length === 1);
    expect(await client.end()).toBe(204);
    await call.over();
    expect([call.ended, call.messages.at(-1)]).toMatchObject([true, { id: 1, error: { code: 1001 } }]);
  });

  it("and forgets its sessions is never taken for one that has nothing", async () => {
    const own = await Witness.start(directory, "--era", "legacy");
    const port = new URL(own.url).port;
    const config = talkerConfig({ web: { type: "http", url: own.url } });
    await using apart = await Gateway.start(config);
    const client = await LegacyClient.open(apart, "web");
    expect(await client.did(1, "echo")).toMatchObject({ result: { isError: false } });
    expect((await apart.call("web", "live", "echo")).message.result?.isError).toBe(false);
    await own[Symbol.asyncDispose]();
    await using again = await Witness.start(directory, "--era", "legacy", "--port", port);
    expect(again.url).toBe(own.url);
    expect((await client.did(2, "echo")).error?.code).toBe(1001);
    expect((await client.post({ id: 3, method: "tools/list" }).over()).status).toBe(404);
    const modern = async (): Promise<Message> => (await apart.call("web", "live", "echo")).message;
    await expect.poll(async () => (await modern()).result?.isError).toBe(false);
  });

  it("is a session's own on a pipe, and ends when the pipe does", async () => {
    const lines = join(directory, "shared.jsonl");
    await using first = wrapped(lines);
    await expect
      .poll(() => first.stdout + first.stderr + String(existsSync(`${lines}.data/wrap.sock`)))
      .toMatch(/true$/u);
    await using second = wrapped(lines);
    const say = (message: object): void =>
      void second.child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const clientInfo = { name: "t", version: "1" };
    say({
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo },
    });
    say({ id: 2, method: "tools/call", params: { name: "pid", arguments: {} } });
    const pid = Number(await second.printed(/"text":"(\d+)"/u));
    expect(isAlive(pid)).toBe(true);
    second.child.stdin?.end();
    expect(await second.closed).toBe(0);
    await expect.poll(() => isAlive(pid)).toBe(false);
    first.child.stdin?.end();
    expect(await first.closed).toBe(0);
  });

  it("is begun with anew on a pipe, by the client's own initialize", async () => {
    const lines = join(directory, "wrapped.jsonl");
    await using program = wrapped(lines);
    const say = (message: object): void =>
      void program.child.stdin?.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
    const answer = async (id: number): Promise<Message> =>
      JSON.parse(await program.printed(new RegExp(`^(\\{.*"id":${String(id)}[,}].*)$`, "mu"))) as Message;
    const call = (id: number, name: string): void =>
      say({ id, method: "tools/call", params: { name, arguments: {}, _meta: { progressToken: id } } });
    const clientInfo = { name: "piper", version: "7" };
    const params = { protocolVersion: "2025-06-18", capabilities: { roots: {}, vendor: {} }, clientInfo };
    say({ id: 1, method: "initialize", params });
    await answer(1);
    say({ method: "notifications/initialized" });
    call(2, "hang");
    const pid = await program.printed(/"progress":(\d+)/u);
    process.kill(Number(pid), "SIGKILL");
    expect((await answer(2)).error?.code).toBe(1001);
    call(3, "pid");
    const text = (await answer(3)).result?.content?.[0]?.text;
    expect(text).toMatch(/^\d+$/u);
    expect(text).not.toBe(pid);
    const begun = linesOf(lines).filter(({ method }) => method === "initialize");
    expect(begun.map((line) => line.params)).toEqual([params, params]);
    program.child.stdin?.end();
    expect(await program.closed).toBe(0);
  });
});

/** A process that ended and that nobody has asked after yet is not alive. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${String(pid)}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
};

/** A gate between two pipes in front of a talker. */
const wrapped = (lines: string): Program => {
  const policy = join(directory, "policy.json");
  writeFileSync(policy, JSON.stringify({ version: "1", default: "allow" }));
  const own = ["--policy", policy, "--name", "w"];
  const { command, args } = talker(lines) as { command: string; args: string[] };
  return new Program(["src/main.ts", "wrap", ...own, "--data", `${lines}.data`, "--", command, ...args]);
};
