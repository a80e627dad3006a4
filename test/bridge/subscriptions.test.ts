import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json-value.ts";
import { LIMITS } from "../../src/base/limits.ts";
import type { Channel, Exchange } from "../../src/upstream/port.ts";
import type { Frame } from "../../src/wire/frame.ts";
import { ask, call, exchange, failure, open, plain, request, seen, type Plain } from "./talk.ts";

const SUBSCRIPTION_ID = "io.modelcontextprotocol/subscriptionId";
const notice = (what: string, params?: JsonObject): JsonObject => ({
  method: `notifications/${what}`,
  ...(params === undefined ? {} : { params }),
});
const TOOLS = notice("tools/list_changed");
const PROMPTS = notice("prompts/list_changed");
const updated = (uri: string): JsonObject => notice("resources/updated", { uri });
const say = async (channel: Channel, ...says: JsonObject[]): Promise<void> =>
  void (await call(channel, "say", { arguments: { says } }));

interface Subscription {
  readonly heard: Frame[];
  readonly ended: Promise<unknown>;
  readonly leave: () => void;
}

const listen = (channel: Channel, id: string | number, notifications: JsonObject): Subscription => {
  const heard: Frame[] = [];
  const leaving = new AbortController();
  const ended = ask(
    channel,
    "subscriptions/listen",
    { notifications },
    { id, heard, signal: leaving.signal },
  ).then(
    (answer) => plain(answer.frame),
    (error: unknown) => error,
  );
  return { heard, ended, leave: () => leaving.abort() };
};
const told = ({ heard }: Subscription): Plain[] => heard.map(plain);
const acknowledged = async (subscription: Subscription): Promise<unknown> => {
  await expect.poll(() => subscription.heard.length).toBeGreaterThan(0);
  const [first] = told(subscription);
  expect(first?.method).toBe("notifications/subscriptions/acknowledged");
  return first?.params;
};
const asked = async (channel: Channel): Promise<unknown[]> =>
  (await seen(channel))
    .filter(({ method }) => method?.startsWith("resources/"))
    .map(({ method, params }) => `${method ?? ""} ${String(params?.["uri"])}`);

describe.each(["stdio", "http"] as const)("a subscription to a legacy server over %s", (over) => {
  it("is acknowledged with what the server can tell, and gets that alone, with its id", async () => {
    const channel = await open({ over });
    const subscription = listen(channel, 7, {
      toolsListChanged: true,
      promptsListChanged: true,
      resourcesListChanged: false,
      resourceSubscriptions: ["test://a", "test://refused", "test://b/"],
      taskIds: ["t"],
    });
    const _meta = { [SUBSCRIPTION_ID]: 7 };
    expect(await acknowledged(subscription)).toEqual({
      _meta,
      notifications: { toolsListChanged: true, resourceSubscriptions: ["test://a", "test://b/"] },
    });
    const message = notice("message", { level: "error", data: 1 });
    await say(channel, TOOLS, PROMPTS, notice("resources/list_changed"), message);
    await say(
      channel,
      updated("test://a"),
      updated("test://ab"),
      updated("test://refused"),
      updated("test://b/c"),
    );
    await expect.poll(() => subscription.heard.length).toBe(4);
    expect(told(subscription).slice(1)).toEqual([
      { jsonrpc: "2.0", method: TOOLS["method"], params: { _meta } },
      { jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: "test://a", _meta } },
      { jsonrpc: "2.0", method: "notifications/resources/updated", params: { uri: "test://b/c", _meta } },
    ]);
    subscription.leave();
    expect(await subscription.ended).toMatchObject({ kind: "cancelled" });
    await say(channel, TOOLS);
    expect(subscription.heard).toHaveLength(4);
  });

  it("shares the server's own with others; the last to leave ends it", async () => {
    const channel = await open({ over });
    const wants = { resourceSubscriptions: ["test://a"] };
    const one = listen(channel, 1, wants);
    const two = listen(channel, "two", wants);
    await acknowledged(one);
    await acknowledged(two);
    await say(channel, updated("test://a"));
    await expect.poll(() => [one.heard.length, two.heard.length]).toEqual([2, 2]);
    expect(told(two)[1]?.params).toEqual({ uri: "test://a", _meta: { [SUBSCRIPTION_ID]: "two" } });
    one.leave();
    await one.ended;
    await say(channel, updated("test://a"));
    await expect.poll(() => two.heard.length).toBe(3);
    expect(await asked(channel)).toEqual(["resources/subscribe test://a"]);
    two.leave();
    await two.ended;
    await expect.poll(() => asked(channel)).toHaveLength(2);
    const three = listen(channel, 3, wants);
    await acknowledged(three);
    expect(await asked(channel)).toEqual([
      "resources/subscribe test://a",
      "resources/unsubscribe test://a",
      "resources/subscribe test://a",
    ]);
  });

  it("ends in order when the channel is closed, and as lost when the server is gone", async () => {
    const channel = await open({ over });
    const subscription = listen(channel, 9, { toolsListChanged: true });
    await acknowledged(subscription);
    await channel[Symbol.asyncDispose]();
    expect(await subscription.ended).toEqual({
      jsonrpc: "2.0",
      id: 9,
      result: { resultType: "complete", _meta: { [SUBSCRIPTION_ID]: 9 } },
    });
  });

  it("is cancelled by a notification that names it", async () => {
    const channel = await open({ over });
    const subscription = listen(channel, 5, {});
    await acknowledged(subscription);
    const params = { requestId: 5 };
    const value = { jsonrpc: "2.0", method: "notifications/cancelled", params };
    await channel.send({ kind: "notification", value, method: "notifications/cancelled", params });
    expect(await subscription.ended).toMatchObject({ kind: "cancelled" });
  });

  it.each([
    [undefined],
    [{ toolsListChanged: 1 }],
    [{ resourceSubscriptions: "test://a" }],
    [{ resourceSubscriptions: [1] }],
    [
      {
        resourceSubscriptions: Array.from(
          { length: LIMITS.listen_resources_max + 1 },
          (_, at) => `test://${String(at)}`,
        ),
      },
    ],
  ])("is refused where it asks for what cannot be read (%#)", async (notifications) => {
    const channel = await open({ over });
    const params = notifications === undefined ? {} : { notifications };
    const answer = await ask(channel, "subscriptions/listen", params);
    expect(plain(answer.frame).error?.code).toBe(-32602);
    expect(await asked(channel)).toEqual([]);
  });
});

describe("a subscription", () => {
  it("promises nothing that a server does not declare", async () => {
    const channel = await open({ manner: "plain" });
    const wants = { toolsListChanged: true, resourceSubscriptions: ["test://a"] };
    const subscription = listen(channel, 1, wants);
    expect(await acknowledged(subscription)).toMatchObject({ notifications: {} });
    await say(channel, TOOLS, updated("test://a"));
    expect(subscription.heard).toHaveLength(1);
    expect(await asked(channel)).toEqual([]);
  });

  it("is lost with its server", async () => {
    const channel = await open();
    const subscription = listen(channel, 1, { toolsListChanged: true });
    await acknowledged(subscription);
    expect(await failure(call(channel, "die"))).toMatchObject({ kind: "lost" });
    expect(await subscription.ended).toMatchObject({ kind: "lost" });
  });

  it("is one of so many at most", async () => {
    const channel = await open();
    const all = Array.from({ length: LIMITS.listens_max }, (_, at) => listen(channel, at, {}));
    const refused = await ask(channel, "subscriptions/listen", { notifications: {} });
    expect(plain(refused.frame).error?.code).toBe(1004);
    all[0]?.leave();
    await all[0]?.ended;
    const next = listen(channel, "next", {});
    await acknowledged(next);
  });

  it("that is slow hears the same notice once, and makes nobody wait", async () => {
    const channel = await open();
    const heard: Frame[] = [];
    const gate = Promise.withResolvers<void>();
    const slowly: Exchange = {
      ...exchange(),
      onInterim: async (frame) => {
        heard.push(frame);
        await gate.promise;
      },
    };
    const wants = { toolsListChanged: true, resourceSubscriptions: ["test://a"] };
    const ended = failure(channel.request(request("subscriptions/listen", { notifications: wants }), slowly));
    await expect.poll(() => heard.length).toBe(1);
    await say(channel, TOOLS, TOOLS, updated("test://a"), TOOLS);
    expect(heard).toHaveLength(1);
    gate.resolve();
    await expect.poll(() => heard.length).toBe(3);
    expect(heard.map((frame) => plain(frame).method)).toEqual([
      "notifications/subscriptions/acknowledged",
      "notifications/tools/list_changed",
      "notifications/resources/updated",
    ]);
    await channel[Symbol.asyncDispose]();
    expect(await ended).toBeUndefined();
  });

  it.each([
    ["many", LIMITS.listen_pending_max + 1, 1],
    ["large", 4, LIMITS.listen_pending_characters_max / 2],
  ])("that takes too few of its notices is ended: too %s", async (_, count, size) => {
    const channel = await open();
    const never = new Promise<void>(() => {});
    const stuck: Exchange = { ...exchange(), onInterim: () => never };
    const wants = { resourceSubscriptions: ["test://a/"] };
    const ended = failure(channel.request(request("subscriptions/listen", { notifications: wants }), stuck));
    await expect.poll(() => asked(channel)).toHaveLength(1);
    const many = Array.from({ length: count }, (__, at) =>
      notice("resources/updated", { uri: `test://a/${String(at)}`, more: "x".repeat(size) }),
    );
    await say(channel, ...many);
    expect(await ended).toMatchObject({ kind: "lost" });
  });
});

describe("what a legacy server says to nobody's request", () => {
  it("is heard on the channel, but for log messages and progress", async () => {
    const channel = await open();
    const heard: Frame[] = [];
    channel.onMessage((frame) => void heard.push(frame));
    const progress = notice("progress", { progressToken: "x", progress: 1 });
    await say(
      channel,
      TOOLS,
      notice("message", { level: "error", data: 1 }),
      progress,
      notice("vendor/thing"),
    );
    expect(heard.map((frame) => plain(frame).method)).toEqual([
      "notifications/tools/list_changed",
      "notifications/vendor/thing",
    ]);
  });

  it("reaches the call that asked for the elicitation that is complete", async () => {
    const capabilities = { elicitation: { url: {} } };
    const channel = await open({ capabilities });
    const params = { mode: "url", url: "https://a.example", elicitationId: "e1", message: "m" };
    const more = { arguments: { asks: [{ method: "elicitation/create", params }] } };
    const first = plain((await call(channel, "ask-and-hang", more, { capabilities })).frame);
    const heard: Frame[] = [];
    const inputResponses = { "ask-1": { action: "accept" } };
    const requestState = first.result?.requestState ?? "";
    const retried = { ...more, requestState, inputResponses };
    const leaving = new AbortController();
    const asking = { heard, capabilities, signal: leaving.signal };
    const second = failure(call(channel, "ask-and-hang", retried, asking));
    await say(channel, notice("elicitation/complete", { elicitationId: "e1" }));
    await say(channel, notice("elicitation/complete", { elicitationId: "e2" }));
    expect(heard.map(plain)).toMatchObject([{ params: { elicitationId: "e1" } }]);
    leaving.abort();
    await second;
  });
});
