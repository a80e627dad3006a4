import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, Upstream } from "./port.ts";

const COMMUNAL = fileURLToPath(new URL("../../test/fixtures/upstreams/communal.ts", import.meta.url));
const opened: Upstream[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each[Symbol.asyncDispose]()));
});

/** A loaded machine takes its time. */
const poll = <T>(read: () => T) => {
  return expect.poll(read, { timeout: 15_000 });
};

const upstream = (era = "legacy"): Upstream => {
  const made = openUpstream(
    {
      name: "communal",
      transport: { kind: "stdio", command: process.execPath, args: [COMMUNAL, era], env: {}, cwd: tmpdir() },
      isolation: "shared",
      startMs: 20_000,
      callMs: 20_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 1_000_000,
    },
    { version: "0", mask: (text) => text },
  );
  opened.push(made);
  return made;
};

const request = (method: string, params: Json, id: Json = 1): RequestFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id, method, params })) as RequestFrame;
const notification = (method: string, params: Json = {}): NotificationFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", method, params })) as NotificationFrame;
const response = (id: Json, result: Json = {}): ResponseFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id, result })) as ResponseFrame;
const call = (name: string, args: JsonObject = {}, id: Json = 1): RequestFrame =>
  request("tools/call", { name, arguments: args, _meta: { progressToken: 1 } }, id);
const initialize = (capabilities: Json = {}, id: Json = 1, name = "t"): RequestFrame =>
  request(
    "initialize",
    { protocolVersion: "2025-11-25", capabilities, clientInfo: { name, version: "1" } },
    id,
  );

interface Client {
  readonly channel: Channel;
  readonly answer: Answer;
  /** What it was told that belongs to no request. */
  readonly told: Frame[];
}
const join = async (made: Upstream, capabilities?: Json, id?: Json, name?: string): Promise<Client> => {
  const { channel, answer } = await made.openLegacy(initialize(capabilities, id, name));
  const told: Frame[] = [];
  channel.onMessage((frame) => void told.push(frame));
  return { channel, answer, told };
};
const joinModern = async (made: Upstream): Promise<Channel> => {
  const channel = await made.openModern();
  if (channel === undefined) {
    throw new Error("the server is not modern");
  }
  return channel;
};
const two = async (): Promise<[Client, Client, Upstream]> => {
  const made = upstream();
  return [await join(made), await join(made), made];
};
const exchange = (
  onInterim: Exchange["onInterim"] = () => {},
  signal = new AbortController().signal,
): Exchange => ({
  onInterim,
  signal,
});
const ask = (channel: Channel, frame: RequestFrame, onInterim?: Exchange["onInterim"]): Promise<Answer> =>
  channel.request(frame, exchange(onInterim));
const textOf = (answer: Answer): string => {
  const plain = JSON.parse(writeJson(answer.frame.value)) as { result: { content: [{ text: string }] } };
  return plain.result.content[0].text;
};
interface Seen {
  readonly method?: string;
  readonly id?: Json;
  readonly params?: { readonly [name: string]: Json };
  readonly result?: Json;
  readonly error?: { readonly code: number };
}
const seen = async (channel: Channel): Promise<Seen[]> =>
  JSON.parse(textOf(await ask(channel, call("seen", {}, "look")))) as Seen[];
const seenOf = async (channel: Channel, method: string): Promise<Seen[]> =>
  (await seen(channel)).filter((message) => message.method === method);
const failure = async (promise: Promise<unknown>): Promise<UpstreamFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UpstreamFailure);
  return error as UpstreamFailure;
};
const pidOf = async (channel: Channel): Promise<number> => Number(textOf(await ask(channel, call("pid"))));

describe("a shared process", () => {
  it("is joined by clients that declare the same, each answered under its own id", async () => {
    const made = upstream();
    const [a, b] = await Promise.all([
      join(made, { roots: {}, sampling: {} }, 1, "a"),
      join(made, { sampling: {}, roots: {} }, "joiner", "b"),
    ]);
    expect(b.answer.frame.id).toBe("joiner");
    expect(b.answer.frame.value).toMatchObject({ id: "joiner", result: { serverInfo: { name: "c" } } });
    expect(a.channel.spoken).toEqual(b.channel.spoken);
    expect(await pidOf(a.channel)).toBe(await pidOf(b.channel));
    await a.channel.send(notification("notifications/initialized"));
    await b.channel.send(notification("notifications/initialized"));
    expect(await seenOf(a.channel, "notifications/initialized")).toHaveLength(1);
    expect(await seenOf(a.channel, "initialize")).toHaveLength(1);
  });

  it("is not joined by clients that declare other capabilities, and there are only so many kinds", async () => {
    const made = upstream();
    const [a, b] = [await join(made, {}), await join(made, { roots: {} })];
    expect(await pidOf(a.channel)).not.toBe(await pidOf(b.channel));
    const others = Array.from({ length: LIMITS.shared_kinds_max - 2 }, (_, index) =>
      join(made, { experimental: { index } }),
    );
    await Promise.all(others);
    expect(await failure(made.openLegacy(initialize({ sampling: {} })))).toMatchObject({ kind: "never_ran" });
    await b.channel[Symbol.asyncDispose]();
    await expect(join(made, { sampling: {} })).resolves.toBeDefined();
  });

  it("answers each its own, with progress, where ids and tokens are the same", async () => {
    const [a, b] = await two();
    const interim: Frame[][] = [[], []];
    const answers = [a, b].map(({ channel }, index) =>
      ask(
        channel,
        call("wait", { key: `k${String(index)}` }, 7),
        (frame) => void interim[index]?.push(frame),
      ),
    );
    await poll(() => interim.map(({ length }) => length)).toEqual([1, 1]);
    await ask(b.channel, call("finish", { key: "k0" }, 8));
    await ask(a.channel, call("finish", { key: "k1" }, 8));
    expect((await Promise.all(answers)).map(textOf)).toEqual(["k0", "k1"]);
    expect((await Promise.all(answers)).map(({ frame }) => frame.id)).toEqual([7, 7]);
    for (const frames of interim) {
      expect(frames).toMatchObject([
        { params: { progressToken: 1, progress: 1 } },
        { params: { progressToken: 1, progress: 2 } },
      ]);
    }
    expect([...a.told, ...b.told]).toEqual([]);
  });

  it("cancels the canceller's request, and not another's with its id", async () => {
    const [a, b] = await two();
    const interim: Frame[] = [];
    const [ofA, ofB] = [a, b].map(({ channel }, index) =>
      ask(channel, call("wait", { key: `k${String(index)}` }, 7), (frame) => void interim.push(frame)),
    );
    await poll(() => interim.length).toBe(2);
    await b.channel.send(notification("notifications/cancelled", { requestId: 7 }));
    await b.channel.send(notification("notifications/cancelled", { requestId: 99 }));
    const sent = (await seenOf(a.channel, "tools/call")).filter(({ params }) => params?.["name"] === "wait");
    const cancelled = await seenOf(a.channel, "notifications/cancelled");
    expect(sent.map(({ id }) => id)).toEqual([7, expect.stringMatching(/^tollgate:/)]);
    expect(cancelled.map(({ params }) => params?.["requestId"])).toEqual([sent[1]?.id]);
    await Promise.all(["k0", "k1"].map((key) => ask(a.channel, call("finish", { key }, key))));
    expect([await ofA, await ofB].map((answer) => answer && textOf(answer))).toEqual(["k0", "k1"]);
  });

  it("stays for the others when one leaves, whose calls it is told to cancel, and ends with the last", async () => {
    const [a, b] = await two();
    const closed: string[] = [];
    a.channel.onClosed((reason) => closed.push(reason));
    const interim: Frame[] = [];
    const lost = failure(
      ask(a.channel, call("wait", { key: "k" }, "mine"), (frame) => void interim.push(frame)),
    );
    await poll(() => interim.length).toBe(1);
    await a.channel[Symbol.asyncDispose]();
    expect(await lost).toMatchObject({ kind: "lost" });
    expect(closed).toEqual(["The channel was closed."]);
    expect(await failure(ask(a.channel, call("pid")))).toMatchObject({ kind: "never_ran" });
    expect(await failure(a.channel.send(notification("x/y")))).toMatchObject({ kind: "never_ran" });
    expect(await seenOf(b.channel, "notifications/cancelled")).toMatchObject([
      { params: { requestId: "mine" } },
    ]);
    const pid = await pidOf(b.channel);
    await b.channel[Symbol.asyncDispose]();
    expect(() => process.kill(-pid, 0)).toThrow("ESRCH");
  });

  it("that is killed fails the requests of all, and the next client gets another", async () => {
    const [a, b, made] = await two();
    const closed: string[] = [];
    [a, b].forEach(({ channel }) => channel.onClosed((reason) => closed.push(reason)));
    const pid = await pidOf(a.channel);
    const interim: Frame[] = [];
    const lost = [a, b].map(({ channel }) =>
      failure(ask(channel, call("wait", { key: "k" }), (frame) => void interim.push(frame))),
    );
    await poll(() => interim.length).toBe(2);
    process.kill(pid, "SIGKILL");
    expect((await Promise.all(lost)).map(({ kind }) => kind)).toEqual(["lost", "lost"]);
    expect(closed).toEqual(["The server ended (SIGKILL).", "The server ended (SIGKILL)."]);
    const next = await join(made);
    expect(await pidOf(next.channel)).not.toBe(pid);
  });
});

describe("what a shared process tells", () => {
  const update = (uri: string): Json => ({ method: "notifications/resources/updated", params: { uri } });
  const uris = ({ told }: Client): unknown[] =>
    told.map(({ value }) => (value["params"] as Record<string, unknown>)["uri"]);

  it("goes to all, save progress of requests that are over", async () => {
    const [a, b] = await two();
    const messages = [
      { method: "notifications/tools/list_changed" },
      { method: "notifications/progress", params: { progressToken: "another's", progress: 1 } },
      { method: "notifications/cancelled", params: { requestId: "nothing" } },
      { method: "vendor/news" },
    ];
    await ask(a.channel, call("say", { messages }));
    for (const { told } of [a, b]) {
      expect(told).toMatchObject([{ method: "notifications/tools/list_changed" }, { method: "vendor/news" }]);
    }
  });

  it("of a resource goes to its subscribers; the server hears of the first and the last", async () => {
    const [a, b] = await two();
    const change = async ({ channel }: Client, what: string, uri: string): Promise<Answer> =>
      ask(channel, request(`resources/${what}`, { uri }, "s"));
    expect((await change(a, "subscribe", "file:///one")).frame).toMatchObject({ id: "s", result: {} });
    expect(uris(a)).toEqual(["file:///one"]);
    await ask(a.channel, call("say", { messages: [update("file:///one/part"), update("file:///other")] }));
    expect(uris(a)).toEqual(["file:///one", "file:///one/part"]);
    expect(uris(b)).toEqual([]);
    expect((await change(b, "subscribe", "file:///one")).frame).toMatchObject({ id: "s", result: {} });
    await change(a, "unsubscribe", "file:///one");
    await ask(a.channel, call("say", { messages: [update("file:///one")] }));
    expect([uris(a).length, uris(b).length]).toEqual([2, 1]);
    expect(await seenOf(a.channel, "resources/subscribe")).toHaveLength(1);
    expect(await seenOf(a.channel, "resources/unsubscribe")).toHaveLength(0);
    await change(b, "unsubscribe", "file:///one");
    expect(await seenOf(a.channel, "resources/unsubscribe")).toHaveLength(1);
    expect((await change(a, "subscribe", "bad:1")).frame.error).toMatchObject({ code: -32002 });
    expect((await change(b, "subscribe", "bad:1")).frame.error).toMatchObject({ code: -32002 });
  });

  it("is no longer wanted by a client that left: its subscriptions and its level are released", async () => {
    const [a, b] = await two();
    await ask(a.channel, request("resources/subscribe", { uri: "file:///a" }));
    await ask(a.channel, request("logging/setLevel", { level: "debug" }));
    await ask(b.channel, request("logging/setLevel", { level: "error" }));
    await a.channel[Symbol.asyncDispose]();
    await poll(() => seenOf(b.channel, "resources/unsubscribe")).toHaveLength(1);
    const levels = async (): Promise<unknown[]> =>
      (await seenOf(b.channel, "logging/setLevel")).map(({ params }) => params?.["level"]);
    await poll(levels).toEqual(["debug", "error"]);
  });

  it("in its log goes to those whose level admits it; the server knows the most verbose", async () => {
    const [a, b, made] = await two();
    const c = await join(made);
    const set = ({ channel }: Client, level: string): Promise<Answer> =>
      ask(channel, request("logging/setLevel", { level }, "l"));
    await set(a, "warning");
    await set(b, "debug");
    expect((await set(a, "error")).frame).toMatchObject({ id: "l", result: {} });
    const levels = (await seenOf(a.channel, "logging/setLevel")).map(({ params }) => params?.["level"]);
    expect(levels).toEqual(["warning", "debug"]);
    const messages = ["debug", "warning", "error", "loud"].map((level) => ({
      method: "notifications/message",
      params: { level, data: 1 },
    }));
    await ask(a.channel, call("say", { messages }));
    expect([a, b, c].map(({ told }) => told.length)).toEqual([2, 4, 4]);
  });
});

describe("what a shared process asks", () => {
  const roots = { id: "r", method: "roots/list" };
  const replies = async ({ channel }: Client): Promise<Seen[]> =>
    (await seen(channel)).filter(({ method }) => method === undefined);

  it("goes to the one client that has a request under way, and only that one can answer", async () => {
    const [a, b] = await two();
    const done = ask(a.channel, call("say", { messages: [roots] }));
    await poll(() => a.told).toMatchObject([{ id: "r", method: "roots/list" }]);
    await done;
    expect(b.told).toEqual([]);
    expect(await failure(b.channel.send(response("r", { roots: ["b's"] })))).toMatchObject({
      kind: "never_ran",
    });
    await a.channel.send(response("r", { roots: ["a's"] }));
    expect(await failure(a.channel.send(response("r")))).toMatchObject({ kind: "never_ran" });
    expect(await replies(a)).toMatchObject([{ id: "r", result: { roots: ["a's"] } }]);
  });

  it("goes to the only client, is refused by us where it could be any's, and a ping is answered", async () => {
    const made = upstream();
    const a = await join(made);
    await ask(a.channel, call("sayLater", { messages: [roots] }));
    await poll(() => a.told).toHaveLength(1);
    await a.channel.send(response("r"));
    const b = await join(made);
    const interim: Frame[] = [];
    const waiting = [a, b].map(({ channel }) =>
      failure(ask(channel, call("wait", { key: "k" }, 7), (frame) => void interim.push(frame))),
    );
    await poll(() => interim.length).toBe(2);
    const messages = [
      { id: "s", method: "sampling/createMessage", params: {} },
      { id: "p", method: "ping" },
    ];
    await ask(a.channel, call("say", { messages }));
    expect((await replies(b)).slice(1)).toMatchObject([
      { id: "s", error: { code: -32601 } },
      { id: "p", result: {} },
    ]);
    await Promise.all([a, b].map(({ channel }) => channel[Symbol.asyncDispose]()));
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(["lost", "lost"]);
    expect([a.told.length, b.told.length]).toEqual([1, 0]);
  });

  it("is refused by us where another's abandoned request may ask it, until that is answered", async () => {
    const [a, b, made] = await two();
    const leaving = new AbortController();
    const interim: Frame[] = [];
    const wait = (key: string, signal: AbortSignal): Promise<UpstreamFailure> =>
      failure(
        a.channel.request(
          call("wait", { key }, key),
          exchange((frame) => void interim.push(frame), signal),
        ),
      );
    const left = wait("k", leaving.signal);
    await poll(() => interim.length).toBe(1);
    leaving.abort();
    expect(await left).toMatchObject({ kind: "cancelled" });
    await ask(b.channel, call("say", { messages: [roots] }));
    expect(await replies(b)).toMatchObject([{ id: "r", error: { code: -32601 } }]);
    await ask(b.channel, call("finish", { key: "k" }));
    await ask(b.channel, call("say", { messages: [{ ...roots, id: "r2" }] }));
    expect(b.told).toMatchObject([{ id: "r2" }]);
    // Its client is gone, but the server may not have stopped.
    const lost = wait("l", new AbortController().signal);
    await poll(() => interim.length).toBe(2);
    await a.channel[Symbol.asyncDispose]();
    expect(await lost).toMatchObject({ kind: "lost" });
    const c = await join(made);
    await b.channel[Symbol.asyncDispose]();
    await ask(c.channel, call("say", { messages: [{ ...roots, id: "r3" }] }));
    expect([a.told, c.told]).toEqual([[], []]);
    await poll(() => replies(c)).toContainEqual(
      expect.objectContaining({ id: "r3", error: expect.anything() }),
    );
  });

  it("is refused by us where a message too long for us failed the requests of all", async () => {
    const [a, b] = await two();
    const interim: Frame[] = [];
    const failed = failure(ask(a.channel, call("wait", { key: "k" }), (frame) => void interim.push(frame)));
    await poll(() => interim.length).toBe(1);
    const long = { method: "vendor/long", params: { text: "x".repeat(1_100_000) } };
    expect(await failure(ask(b.channel, call("say", { messages: [long] }, 2)))).toMatchObject({
      kind: "nonsense",
    });
    expect(await failed).toMatchObject({ kind: "nonsense" });
    await ask(b.channel, call("say", { messages: [roots] }, 3));
    expect([a.told, b.told]).toEqual([[], []]);
  });

  it("is withdrawn only from who was asked, and answered by us when that one leaves", async () => {
    const [a, b] = await two();
    const withdrawn = { method: "notifications/cancelled", params: { requestId: "r" } };
    await ask(a.channel, call("say", { messages: [roots, withdrawn, { ...roots, id: "r2" }] }));
    expect(a.told).toMatchObject([{ id: "r" }, withdrawn, { id: "r2" }]);
    expect(b.told).toEqual([]);
    await a.channel[Symbol.asyncDispose]();
    await poll(() => replies(b)).toMatchObject([{ id: "r2", error: { code: -32601 } }]);
  });

  it("out of band is complete for who was asked, by a question or in an answer, and for nobody else", async () => {
    const [a, b] = await two();
    const complete = (elicitationId: string): JsonObject => ({
      method: "notifications/elicitation/complete",
      params: { elicitationId },
    });
    const url = { mode: "url", url: "https://a.example", message: "m" };
    const question = { id: "e", method: "elicitation/create", params: { ...url, elicitationId: "one" } };
    await ask(a.channel, call("say", { messages: [question, complete("one"), complete("unheard")] }));
    await poll(() => a.told).toMatchObject([{ id: "e" }, complete("one")]);
    const error = {
      code: -32042,
      message: "m",
      data: { elicitations: [{ ...url, elicitationId: "two" }, 7] },
    };
    // In one go: the answer and what follows it may be read at once.
    const lines = [{ id: "needs", error }, complete("two"), complete("two")];
    const refused = await ask(b.channel, call("inOneGo", { messages: lines }, "needs"));
    expect(refused.frame.error).toMatchObject({ code: -32042 });
    await poll(() => b.told).toMatchObject([complete("two")]);
    await ask(a.channel, call("say", { messages: [complete("one"), complete("two")] }));
    expect([a.told.length, b.told.length]).toEqual([2, 1]);
  });

  it("hears of progress only from who was asked", async () => {
    const [a, b] = await two();
    const asked = { ...roots, params: { _meta: { progressToken: "t" } } };
    await ask(a.channel, call("say", { messages: [asked] }));
    for (const [client, progress] of [
      [b, 1],
      [a, 2],
    ] as const) {
      await client.channel.send(notification("notifications/progress", { progressToken: "t", progress }));
    }
    expect(await seenOf(a.channel, "notifications/progress")).toMatchObject([{ params: { progress: 2 } }]);
  });
});

describe("a slow client of a shared process", () => {
  const BYTES = 65_536;
  /** More than may wait for one client. */
  const COUNT = (4 * LIMITS.shared_wait_bytes_max) / BYTES;

  it("loses its request over the bound, and holds nobody up", async () => {
    const [a, b] = await two();
    const { promise, resolve } = Promise.withResolvers<void>();
    let taken = 0;
    const slow = failure(
      ask(a.channel, call("pour", { count: COUNT, bytes: BYTES }, "slow"), () => {
        taken += 1;
        return promise;
      }),
    );
    expect(await slow).toMatchObject({
      kind: "lost",
      detail: expect.stringContaining("too slowly") as string,
    });
    expect(taken).toBe(1);
    await poll(() => seenOf(b.channel, "notifications/cancelled")).toHaveLength(1);
    resolve();
    expect(await pidOf(a.channel)).toBe(await pidOf(b.channel));
    expect(taken).toBe(1);
  });

  it("misses what belongs to no request over the bound, which is noted; others get all", async () => {
    const [a, b, made] = await two();
    const { channel } = await made.openLegacy(initialize());
    const { promise, resolve } = Promise.withResolvers<void>();
    let taken = 0;
    channel.onMessage(() => {
      taken += 1;
      return promise;
    });
    await ask(a.channel, call("pourForAll", { count: COUNT, bytes: BYTES }));
    expect([a.told.length, b.told.length]).toEqual([COUNT, COUNT]);
    expect(taken).toBe(1);
    expect(made.stderrTail()).toContain("Messages are dropped");
    const answer = ask(channel, call("pid"));
    resolve();
    await answer;
    expect(taken).toBeGreaterThan(LIMITS.shared_wait_bytes_max / BYTES / 2);
    expect(taken).toBeLessThanOrEqual(LIMITS.shared_wait_bytes_max / BYTES);
    await channel[Symbol.asyncDispose]();
    expect(made.stderrTail()).toContain(`${String(COUNT - taken)} messages were dropped`);
  });

  it("gets its answer after what belongs to it, however slowly it takes that", async () => {
    const [a] = await two();
    const order: string[] = [];
    const answer = await ask(a.channel, call("pour", { count: 3, bytes: 10 }), async () => {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      order.push("interim");
    });
    order.push(textOf(answer));
    expect(order).toEqual(["interim", "interim", "interim", "poured"]);
  });
});

describe("a shared process of the modern era", () => {
  const listen = request("subscriptions/listen", { notifications: {} }, 5);

  it("serves all, each subscription under its own id", async () => {
    const made = upstream("modern");
    const [a, b] = await Promise.all([joinModern(made), joinModern(made)]);
    const told: Frame[][] = [[], []];
    const controller = new AbortController();
    const subscriptions = [a, b].map((channel, index) =>
      failure(
        channel.request(
          listen,
          exchange((frame) => void told[index]?.push(frame), controller.signal),
        ),
      ),
    );
    await poll(() => told.map(({ length }) => length)).toEqual([1, 1]);
    const { id } = (await seenOf(a, "subscriptions/listen"))[1] ?? {};
    const news = {
      method: "notifications/tools/list_changed",
      params: { _meta: { "io.modelcontextprotocol/subscriptionId": id ?? null } },
    };
    await ask(a, call("say", { messages: [news] }));
    expect(told.map(({ length }) => length)).toEqual([1, 2]);
    expect(told[1]?.[1]).toMatchObject({
      params: { _meta: { "io.modelcontextprotocol/subscriptionId": 5 } },
    });
    controller.abort();
    expect((await Promise.all(subscriptions)).map(({ kind }) => kind)).toEqual(["cancelled", "cancelled"]);
    await a[Symbol.asyncDispose]();
    expect(await pidOf(b)).toBeGreaterThan(0);
  });

  it("gives log messages only to who has a request under way that asks for them", async () => {
    const made = upstream("modern");
    const [a, b] = [await joinModern(made), await joinModern(made)];
    const told: Frame[][] = [[], []];
    [a, b].forEach((channel, index) => channel.onMessage((frame) => void told[index]?.push(frame)));
    const messages = ["debug", "error"].map((level) => ({
      method: "notifications/message",
      params: { level, data: 1 },
    }));
    const _meta = { "io.modelcontextprotocol/logLevel": "warning" };
    await ask(a, request("tools/call", { name: "say", arguments: { messages }, _meta }));
    expect(told).toMatchObject([[{ params: { level: "error" } }], []]);
  });

  it("is not there where the server is of the other era", async () => {
    const made = upstream();
    expect(await Promise.all([made.openModern(), made.openModern()])).toEqual([undefined, undefined]);
    expect((await join(made)).channel.spoken.era).toBe("legacy");
  });
});
