import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  Gateway,
  modernHeaders,
  modernMeta,
  temporaryDirectory,
  tokenOf,
  Witness,
} from "../support/gateway.ts";
import { LegacyClient, Listening } from "../support/legacy.ts";
import { talker, talkerConfig } from "../support/talker.ts";

// Streams that stay open: who hears that lists changed, how many there may be, and how they end.

const directory = temporaryDirectory();
const policyFile = join(directory, "policy.json");
let witness: Witness;
let gateway: Gateway;

const policy = (hide: readonly string[] = []): object => ({
  version: "1",
  default: "allow",
  hide,
  tools: { "*": { arguments: "any" } },
});

const config = (fixedHide: readonly string[] = []): object =>
  talkerConfig(
    {
      talker: talker(join(directory, "talker.jsonl")),
      web: { type: "http", url: witness.url },
    },
    { edited: policyFile, fixed: policy(fixedHide) },
    { live: {}, friend: { policy: "fixed" } },
  );

beforeAll(async () => {
  witness = await Witness.start(directory);
  writeFileSync(policyFile, JSON.stringify(policy()));
  gateway = await Gateway.start(config(), directory);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await witness[Symbol.asyncDispose]();
});

const TOOLS_CHANGED = "notifications/tools/list_changed";
const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

/** A client of 2026-07-28 that wants to hear of its tools. */
const subscribe = (server: string, token: string, id: unknown = "sub"): Listening => {
  const params = { notifications: { toolsListChanged: true }, _meta: modernMeta() };
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...modernHeaders("subscriptions/listen", params),
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id, method: "subscriptions/listen", params });
  return new Listening(`${gateway.url}/mcp/${server}`, "POST", headers, body);
};

const changesIn = ({ methods }: Listening): number =>
  methods.filter((method) => method === TOOLS_CHANGED).length;

describe("a policy that changes what a grant sees", () => {
  it("is heard of by all that listen for the grant, and by nobody else", async () => {
    const [own, also, others] = [
      await LegacyClient.open(gateway, "talker"),
      await LegacyClient.open(gateway, "web"),
      await LegacyClient.open(gateway, "talker", { grant: "friend" }),
    ];
    const mine = [
      own.listen(),
      also.listen(),
      subscribe("web", tokenOf("live")),
      subscribe("talker", tokenOf("live")),
    ];
    const theirs = [others.listen(), subscribe("web", tokenOf("friend"))];
    await Promise.all([...mine, ...theirs].map((each) => each.begun()));
    writeFileSync(policyFile, JSON.stringify(policy(["wipe"])));
    await expect.poll(() => mine.map(changesIn)).toEqual([1, 1, 1, 1]);
    const meta = mine[2]?.messages.at(-1)?.params?.["_meta"];
    expect(meta).toEqual({ "io.modelcontextprotocol/subscriptionId": "sub" });
    expect(mine[2]?.methods[0]).toBe(ACKNOWLEDGED);
    gateway.configure(config(["pay"]));
    await expect.poll(() => theirs.map(changesIn)).toEqual([1, 1]);
    expect(mine.map(changesIn)).toEqual([1, 1, 1, 1]);
    const listed = await also.post({ id: 2, method: "tools/list" }, { accept: "application/json" }).over();
    expect(listed.text).not.toContain("wipe");
    [...mine, ...theirs].forEach((each) => each[Symbol.dispose]());
  });

  it("is heard of on a thousand streams within seconds, in little memory", async () => {
    const before = residentBytes();
    const sessions: LegacyClient[] = [];
    const streams: Listening[] = [];
    const one = async (): Promise<void> => {
      const client = await LegacyClient.open(gateway, "web");
      sessions.push(client);
      streams.push(await client.listen().begun(), await subscribe("web", tokenOf("live")).begun());
    };
    for (let round = 0; round < 500; round += 25) {
      await Promise.all(Array.from({ length: 25 }, one));
    }
    expect(streams).toHaveLength(1_000);
    expect(new Set(streams.map(({ status }) => status))).toEqual(new Set([200]));
    const grown = residentBytes() - before;
    const started = performance.now();
    writeFileSync(policyFile, JSON.stringify(policy(["wipe", "slow"])));
    await expect.poll(() => streams.filter((each) => changesIn(each) === 1).length).toBe(1_000);
    const tookMs = performance.now() - started;
    expect(tookMs).toBeLessThan(5_000);
    expect(grown).toBeLessThan(128 * 1024 * 1024);
    streams.forEach((each) => each[Symbol.dispose]());
    expect((await sessions[0]?.post({ id: 1, method: "ping" }).over())?.status).toBe(200);
  });
});

const residentBytes = (): number => {
  const status = readFileSync(`/proc/${String(gateway.program?.child.pid)}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1]) * 1024;
};

describe("what a client declares", () => {
  it("decides what its server shows it, and shows nothing to the grant's other clients", async () => {
    const [rooted, sampling] = [
      await LegacyClient.open(gateway, "talker", { capabilities: { roots: {} } }),
      await LegacyClient.open(gateway, "talker", { capabilities: { sampling: {} } }),
    ];
    const ofLegacy = async (client: LegacyClient): Promise<unknown> => {
      const { text } = await client
        .post({ id: 1, method: "tools/list" }, { accept: "application/json" })
        .over();
      return namesIn(JSON.parse(text));
    };
    const declaring = (capabilities: object): object => ({
      _meta: { "io.modelcontextprotocol/clientCapabilities": capabilities },
    });
    const ofModern = async (capabilities: object): Promise<unknown> =>
      namesIn((await gateway.modern("talker", "live", "tools/list", declaring(capabilities))).message);
    const all = await Promise.all([
      ofLegacy(rooted),
      ofLegacy(sampling),
      ofModern({ elicitation: { form: {} } }),
      ofModern({}),
      ofModern({ roots: {} }),
      ofLegacy(rooted),
    ]);
    expect(all).toEqual([
      ["for-roots"],
      ["for-sampling"],
      ["for-elicitation"],
      [],
      ["for-roots"],
      ["for-roots"],
    ]);
    expect(await rooted.did(2, "for-roots")).toMatchObject({ result: { content: [{ text: "for-roots" }] } });
    expect((await rooted.did(3, "for-sampling")).error?.message).toMatch(/unknown tool/iu);
    const params = { name: "for-roots", arguments: {}, ...declaring({ elicitation: { form: {} } }) };
    expect((await gateway.modern("talker", "live", "tools/call", params)).message.error?.message).toMatch(
      /unknown tool/iu,
    );
  });
});

const namesIn = (message: unknown): unknown => {
  const { result } = message as { result?: { tools?: { name: string }[] } };
  return result?.tools?.map(({ name }) => name).filter((name) => name.startsWith("for-"));
};

describe("streams that stay open", () => {
  it("end within a second when their grant is revoked, and no other's do", async () => {
    const servers = ["--server", "web", "--server", "talker"];
    const whose = ["--identity", "agent", ...servers, "--policy", "fixed", "--json"];
    const created = await gateway.command("grant", "create", "made", ...whose);
    const { token } = JSON.parse(created.stdout) as { token: string };
    const client = await LegacyClient.open(gateway, "talker", { token });
    const call = client.call(1, "hang");
    const theirs = [client.listen(), subscribe("web", token), call];
    const friend = await LegacyClient.open(gateway, "talker", { grant: "friend" });
    const others = [friend.listen(), subscribe("web", tokenOf("friend"))];
    await Promise.all([...theirs, ...others].map((each) => each.begun()));
    expect([...theirs, ...others].map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await gateway.command("grant", "revoke", "made", "--yes")).code).toBe(0);
    const revoked = performance.now();
    await expect.poll(() => theirs.every(({ closed }) => closed)).toBe(true);
    expect(performance.now() - revoked).toBeLessThan(1_000);
    expect(theirs.map(({ ended }) => ended)).toEqual([true, true, true]);
    expect(call.messages.at(-1)?.error?.code).toBe(1001);
    expect(others.map(({ closed }) => closed)).toEqual([false, false]);
    expect((await client.listen().over()).status).toBe(401);
    others.forEach((each) => each[Symbol.dispose]());
  });

  it("do not hold a stop up, and a subscription is told that it is over", async () => {
    const client = await LegacyClient.open(gateway, "talker");
    using heard = await client.listen().begun();
    using subscribed = await subscribe("web", tokenOf("live"), 77).begun();
    await subscribed.until(() => subscribed.methods.includes(ACKNOWLEDGED));
    const before = performance.now();
    expect(await gateway.stop()).toBe(0);
    expect(performance.now() - before).toBeLessThan(8_000);
    await subscribed.over();
    expect(subscribed.ended).toBe(true);
    expect(subscribed.messages.at(-1)).toMatchObject({
      id: 77,
      result: { resultType: "complete", _meta: { "io.modelcontextprotocol/subscriptionId": 77 } },
    });
    await heard.until(() => heard.closed);
  });
});
