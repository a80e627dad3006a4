import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, temporaryDirectory } from "../support/gateway.ts";
import { LegacyClient, linesOf } from "../support/legacy.ts";
import { talker, talkerConfig } from "../support/talker.ts";

// One process of a stdio server for the clients of two grants.

let gateway: Gateway;
let journal: string;

beforeAll(async () => {
  const directory = temporaryDirectory();
  journal = join(directory, "shared.jsonl");
  const servers = { shared: talker(journal, { isolation: "shared" }) };
  gateway = await Gateway.start(talkerConfig(servers, undefined, { one: {}, two: {} }), directory);
});

afterAll(() => gateway[Symbol.asyncDispose]());

const pidFor = async (client: LegacyClient): Promise<string | undefined> =>
  (await client.did("pid", "pid")).result?.content?.[0]?.text;

describe("one process for two grants", () => {
  it("is one for clients that declare the same, and another for one that does not", async () => {
    const [one, two, able] = await Promise.all([
      LegacyClient.open(gateway, "shared", { grant: "one" }),
      LegacyClient.open(gateway, "shared", { grant: "two" }),
      LegacyClient.open(gateway, "shared", { grant: "two", capabilities: { roots: {} } }),
    ]);
    const pid = await pidFor(one);
    expect(Number(pid)).toBeGreaterThan(0);
    expect(await pidFor(two)).toBe(pid);
    expect(await pidFor(able)).not.toBe(pid);
  });

  it("gives each its own progress and answer where ids and tokens are equal, and cancels only the canceller's", async () => {
    const one = await LegacyClient.open(gateway, "shared", { grant: "one" });
    const two = await LegacyClient.open(gateway, "shared", { grant: "two" });
    const first = await one.call(7, "hold").until((events) => events.length === 2);
    const second = await two.call(7, "hold").until((events) => events.length === 2);
    await one.call(8, "release").over();
    await second.over();
    const answer = second.messages.find(({ id }) => id === 7);
    expect(answer).toMatchObject({ id: 7, result: { content: [{ text: "held" }] } });
    const steps = (heard: typeof first): unknown[] =>
      heard.messages
        .filter(({ method }) => method === "notifications/progress")
        .map(({ params }) => [params?.["progressToken"], params?.["progress"]]);
    expect(steps(second)).toEqual([1, 2, 3, 4].map((step) => ["token-7", step]));
    expect(steps(first)).toEqual([1, 2].map((step) => ["token-7", step]));
    await one.post({ method: "notifications/cancelled", params: { requestId: 7 } }).over();
    const holds = linesOf(journal).filter(({ params }) => params?.["name"] === "hold");
    expect(new Set(holds.map(({ id }) => id)).size).toBe(2);
    await expect
      .poll(() =>
        linesOf(journal)
          .filter(({ method }) => method === "notifications/cancelled")
          .map(({ params }) => params?.["requestId"]),
      )
      .toEqual([holds[0]?.id]);
  });
});
