import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json-value.ts";
import { NotCarried } from "../../src/bridge/not-carried.ts";
import { UpstreamFailure, type Answer, type Channel } from "../../src/upstream/port.ts";
import type { Frame } from "../../src/wire/frame.ts";
import { ask, call, failure, open, plain, request, said, seen, type Asking } from "./talk.ts";

const LOG_LEVEL = "io.modelcontextprotocol/logLevel";
const FORM = { message: "Who?", requestedSchema: { type: "object", properties: {} } };
const ELICIT = { method: "elicitation/create", params: FORM };
const SAMPLE = { method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } };
const ROOTS = { method: "roots/list" };
const asksFor = (...asks: JsonObject[]): JsonObject => ({ arguments: { asks } });

const stateOf = (answer: Answer): string => plain(answer.frame).result?.requestState ?? "";
const keysOf = (answer: Answer): string[] => Object.keys(plain(answer.frame).result?.inputRequests ?? {});
/** The call again, with answers to what was asked. */
const retry = (
  channel: Channel,
  name: string,
  answer: Answer,
  responses: readonly JsonObject[],
  more: JsonObject,
  asking?: Asking,
): Promise<Answer> => {
  const inputResponses = Object.fromEntries(
    keysOf(answer).flatMap((key, at) => {
      const response = responses[at];
      return response === undefined ? [] : [[key, response]];
    }),
  );
  return call(channel, name, { ...more, requestState: stateOf(answer), inputResponses }, asking);
};
const ACCEPT = { action: "accept", content: { name: "Ada" } };

describe.each(["stdio", "http"] as const)("a legacy server over %s", (over) => {
  it("is told what the client declares, in its own terms, and told of as a modern one", async () => {
    const channel = await open({
      over,
      capabilities: { elicitation: { url: {} }, roots: { listChanged: true }, tasks: {}, "x/y": { z: 1 } },
      clientInfo: { name: "mine", version: "2" },
    });
    const [initialize, initialized] = await seen(channel);
    expect(initialize).toMatchObject({
      method: "initialize",
      params: { protocolVersion: "2025-11-25", clientInfo: { name: "mine", version: "2" } },
    });
    expect(initialize?.params?.["capabilities"]).toEqual({
      elicitation: { url: {} },
      roots: {},
      "x/y": { z: 1 },
    });
    expect(initialized).toEqual({ jsonrpc: "2.0", method: "notifications/initialized" });
    expect(channel.spoken).toMatchObject({ era: "modern", revision: "2026-07-28" });
    const hello = await ask(channel, "server/discover");
    expect(plain(hello.frame).result).toEqual({
      resultType: "complete",
      supportedVersions: ["2026-07-28", "2025-06-18"],
      capabilities: {
        tools: { listChanged: true },
        prompts: {},
        resources: { subscribe: true, listChanged: true },
        logging: {},
      },
      ttlMs: 0,
      cacheScope: "private",
      _meta: { "io.modelcontextprotocol/serverInfo": { name: "talkative", version: "1" } },
    });
    const listed = plain((await ask(channel, "tools/list")).frame).result;
    expect(listed).toMatchObject({ resultType: "complete", ttlMs: 0, tools: [{ name: "ask" }] });
  });

  it("gets requests without the protocol's metadata, and its results get what the revision requires", async () => {
    const channel = await open({ over });
    const echoed = await call(
      channel,
      "echo",
      { vendor: 1 },
      { id: "e", meta: { progressToken: "p", "x/y": 2 } },
    );
    expect(said(echoed)).toEqual({ name: "echo", vendor: 1, _meta: { progressToken: "p", "x/y": 2 } });
    expect(plain(echoed.frame)).toMatchObject({ id: "e", result: { resultType: "complete" } });
    expect(plain((await call(channel, "vendor")).frame).result).toEqual({
      resultType: "vendor/other",
      more: [1],
    });
    expect(plain((await ask(channel, "resources/read", { uri: "x:y" })).frame).error?.code).toBe(-32602);
    const other = await ask(channel, "vendor/thing", { a: 1 });
    expect(plain(other.frame).result).toMatchObject({ method: "vendor/thing", params: { a: 1 } });
  });

  it("is asked nothing of its session by a client: that is the bridge's", async () => {
    const channel = await open({ over });
    for (const method of ["ping", "logging/setLevel", "tasks/get", "initialize"]) {
      expect(plain((await ask(channel, method, { taskId: "t" })).frame).error?.code).toBe(-32601);
    }
    const subscribe = await ask(channel, "resources/subscribe", { uri: "x:y" });
    expect(plain(subscribe.frame).error?.code).toBe(-32601);
    const answer = channel.send({ kind: "response", value: {}, id: 1, result: {}, error: undefined });
    expect(await failure(answer)).toMatchObject({ kind: "never_ran" });
    expect((await seen(channel)).map(({ method }) => method)).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/call",
    ]);
  });

  it("may ask the client in a call, again and again; the call goes on where it was", async () => {
    const channel = await open({ over });
    const asks = asksFor(ELICIT, SAMPLE, ROOTS);
    const first = await call(channel, "ask", asks, { id: "one" });
    expect(plain(first.frame)).toEqual({
      jsonrpc: "2.0",
      id: "one",
      result: {
        resultType: "input_required",
        inputRequests: { "ask-1": ELICIT },
        requestState: expect.stringMatching(/^[\w-]{36}$/u),
      },
    });
    const second = await retry(channel, "ask", first, [ACCEPT], asks, { id: "two" });
    expect(plain(second.frame)).toMatchObject({ id: "two", result: { inputRequests: { "ask-2": SAMPLE } } });
    const third = await retry(channel, "ask", second, [{ role: "assistant", model: "m" }], asks);
    expect(plain(third.frame).result?.inputRequests).toEqual({ "ask-3": ROOTS });
    expect(new Set([first, second, third].map(stateOf)).size).toBe(3);
    const last = await retry(channel, "ask", third, [{ roots: [] }], asks, { id: "four" });
    expect(last.frame.id).toBe("four");
    expect(said(last)).toEqual([ACCEPT, { role: "assistant", model: "m" }, { roots: [] }]);
    expect((await seen(channel)).filter(({ method }) => method === "tools/call")).toHaveLength(2);
  });

  it("may ask several things at once; what is left out is asked again", async () => {
    const channel = await open({ over });
    const asks = asksFor(ELICIT, SAMPLE);
    let answer = await call(channel, "ask-together", asks);
    let rounds = 0;
    const answers: Record<string, JsonObject> = { [ELICIT.method]: ACCEPT, [SAMPLE.method]: { role: "x" } };
    while (plain(answer.frame).result?.resultType === "input_required" && rounds < 9) {
      const [asked] = Object.values(plain(answer.frame).result?.inputRequests ?? {});
      // One at a time: the others must come again.
      answer = await retry(channel, "ask-together", answer, [answers[asked?.method ?? ""] ?? {}], asks);
      rounds += 1;
    }
    expect(said(answer)).toEqual([ACCEPT, { role: "x" }]);
    expect(rounds).toBe(2);
  });

  it("is not asked on by a retry that is another request, malformed or used before; the call stays", async () => {
    const channel = await open({ over });
    const asks = asksFor(ELICIT);
    const first = await call(channel, "ask", asks);
    const refused = async (made: Promise<Answer>): Promise<void> =>
      expect(plain((await made).frame).error?.code).toBe(-32602);
    await refused(retry(channel, "other", first, [ACCEPT], asks));
    await refused(retry(channel, "ask", first, [ACCEPT], asksFor(SAMPLE)));
    await refused(ask(channel, "prompts/get", { name: "ask", ...asks, requestState: stateOf(first) }));
    await refused(call(channel, "ask", { ...asks, requestState: "made-up", inputResponses: {} }));
    await refused(call(channel, "ask", { ...asks, inputResponses: { "ask-1": ACCEPT } }));
    await refused(call(channel, "ask", { ...asks, requestState: stateOf(first), inputResponses: [] }));
    await refused(
      call(channel, "ask", { ...asks, requestState: stateOf(first), inputResponses: { "ask-1": 1 } }),
    );
    const again = await call(channel, "ask", { ...asks, requestState: stateOf(first) });
    expect(keysOf(again)).toEqual(["ask-1"]);
    await refused(retry(channel, "ask", first, [ACCEPT], asks));
    expect(said(await retry(channel, "ask", again, [ACCEPT], asks))).toEqual([ACCEPT]);
    await refused(retry(channel, "ask", again, [ACCEPT], asks));
  });

  it("is refused what the client does not declare, and the call ends", async () => {
    const channel = await open({ over, capabilities: { sampling: {} } });
    const ended = await failure(call(channel, "ask", asksFor(ROOTS), { capabilities: { sampling: {} } }));
    expect(ended).toBeInstanceOf(NotCarried);
    expect(ended).toMatchObject({ capability: "roots" });
    const messages = await seen(channel);
    expect(messages.find(({ id }) => id === "its-1")?.error?.code).toBe(-32601);
    await expect
      .poll(async () => (await seen(channel)).some(({ method }) => method === "notifications/cancelled"))
      .toBe(true);
  });

  it.each([
    [{ elicitation: {} }, { ...ELICIT, params: { ...FORM, mode: "url", url: "https://a.example" } }, -32602],
    [{ elicitation: { url: {} } }, ELICIT, -32602],
    [{ elicitation: { url: {} } }, { ...ELICIT, params: { mode: "url", url: "file:///etc" } }, -32602],
    [{ sampling: {} }, { ...SAMPLE, params: { ...SAMPLE.params, tools: [] } }, -32602],
    [{}, { method: "vendor/ask" }, -32601],
  ])("is refused a part that %j leaves out, and goes on", async (capabilities, asked, code) => {
    const channel = await open({ over, capabilities });
    const answer = await call(channel, "ask", asksFor(asked), { capabilities });
    expect(said(answer)).toMatchObject([{ code }]);
  });

  it("asks with parameters that are passed on unchanged", async () => {
    const capabilities = { elicitation: { url: {} }, sampling: { tools: {} } };
    const channel = await open({ over, capabilities });
    const url = { mode: "url", url: "https://a.example/x", elicitationId: "e1", message: "m", vendor: 1 };
    const tools = { ...SAMPLE.params, tools: [{ name: "t" }], toolChoice: { mode: "auto" } };
    const asks = asksFor({ method: ELICIT.method, params: url }, { method: SAMPLE.method, params: tools });
    const first = await call(channel, "ask", asks, { capabilities });
    expect(plain(first.frame).result?.inputRequests?.["ask-1"]?.params).toEqual(url);
    const second = await retry(channel, "ask", first, [{ action: "accept" }], asks, { capabilities });
    expect(plain(second.frame).result?.inputRequests?.["ask-2"]?.params).toEqual(tools);
  });

  it("gets its ping answered, in a call and out of one", async () => {
    const channel = await open({ over });
    expect(said(await call(channel, "ask", asksFor({ method: "ping" })))).toEqual([{}]);
    await call(channel, "say", { arguments: { says: [{ id: "its-ping", method: "ping" }] } });
    await expect
      .poll(async () => (await seen(channel)).find(({ id }) => id === "its-ping"))
      .toEqual({ jsonrpc: "2.0", id: "its-ping", result: {} });
  });

  it("may answer without waiting, or take back what it asked", async () => {
    const channel = await open({ over });
    let answer = await call(channel, "ask-and-go", asksFor(ELICIT));
    if (plain(answer.frame).result?.resultType === "input_required") {
      answer = await retry(channel, "ask-and-go", answer, [ACCEPT], asksFor(ELICIT));
    }
    expect(said(answer)).toBe("gone");
    let back = await call(channel, "take-back", asksFor(ELICIT));
    if (plain(back.frame).result?.resultType === "input_required") {
      back = await retry(channel, "take-back", back, [ACCEPT], asksFor(ELICIT));
    }
    expect(said(back)).toBe("taken back");
  });

  it("may take longer than a call may, while it waits for the client", async () => {
    const channel = await open({ over, callMs: 700 });
    const asks = asksFor(ELICIT);
    const started = performance.now();
    const first = await call(channel, "ask", asks);
    await expect.poll(() => performance.now() - started, { timeout: 5_000 }).toBeGreaterThan(1_500);
    expect(said(await retry(channel, "ask", first, [ACCEPT], asks))).toEqual([ACCEPT]);
    expect(await failure(call(channel, "hang"))).toMatchObject({ kind: "timeout" });
  });

  it("waits for a client only so long; then the call is cancelled, and a late client told", async () => {
    const channel = await open({ over, held: { callsMax: 5, msMax: 100, charactersMax: 10_000 } });
    const asks = asksFor(ELICIT);
    const first = await call(channel, "ask", asks);
    await expect
      .poll(async () => (await seen(channel)).some(({ method }) => method === "notifications/cancelled"))
      .toBe(true);
    expect((await seen(channel)).find(({ id }) => id === "its-1")?.error?.code).toBe(-32603);
    const late = await retry(channel, "ask", first, [ACCEPT], asks);
    expect(plain(late.frame).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining("too long"),
    });
  });

  it("has only so many calls that wait; one more is refused", async () => {
    const channel = await open({ over, held: { callsMax: 0, msMax: 60_000, charactersMax: 10_000 } });
    const refused = await call(channel, "ask", asksFor(ELICIT));
    expect(plain(refused.frame).error?.code).toBe(1004);
    await expect
      .poll(async () => (await seen(channel)).find(({ id }) => id === "its-1")?.error?.code)
      .toBe(-32603);
  });

  it("asks only so much at a time, of all calls; what is answered makes room", async () => {
    const channel = await open({ over, held: { callsMax: 5, msMax: 60_000, charactersMax: 1_000 } });
    const large = asksFor({ ...ELICIT, params: { ...FORM, message: "x".repeat(600) } });
    const first = await call(channel, "ask", large);
    expect(keysOf(first)).toEqual(["ask-1"]);
    const refused = await call(channel, "ask", large);
    expect(said(refused)).toMatchObject([{ code: -32603 }]);
    expect(said(await retry(channel, "ask", first, [ACCEPT], large))).toEqual([ACCEPT]);
    expect(keysOf(await call(channel, "ask", large))).toEqual(["ask-1"]);
  });

  it("is told when a call is cancelled, before it asked and after it was answered; not when its first request is over", async () => {
    const channel = await open({ over });
    const cancelled = async (): Promise<unknown[]> =>
      (await seen(channel))
        .filter(({ method }) => method === "notifications/cancelled")
        .map(({ params }) => params?.["requestId"]);
    const early = new AbortController();
    const hanging = failure(call(channel, "hang", {}, { id: "h", signal: early.signal }));
    await expect.poll(async () => JSON.stringify(await seen(channel))).toContain('"hang"');
    early.abort();
    expect(await hanging).toMatchObject({ kind: "cancelled" });
    await expect.poll(cancelled).toEqual(["h"]);
    const over1 = new AbortController();
    const asks = asksFor(ELICIT);
    const first = await call(channel, "ask-and-hang", asks, { id: "first", signal: over1.signal });
    over1.abort();
    const leaving = new AbortController();
    const second = failure(
      retry(channel, "ask-and-hang", first, [ACCEPT], asks, { id: "second", signal: leaving.signal }),
    );
    await expect.poll(async () => JSON.stringify(await seen(channel))).toContain('"accept"');
    expect(await cancelled()).toEqual(["h"]);
    leaving.abort();
    expect(await second).toMatchObject({ kind: "cancelled" });
    await expect.poll(cancelled).toEqual(["h", "first"]);
  });

  it("is told of a cancellation that names the request that waits", async () => {
    const channel = await open({ over });
    const first = await call(channel, "ask-and-hang", asksFor(ELICIT), { id: "first" });
    const second = failure(
      retry(channel, "ask-and-hang", first, [ACCEPT], asksFor(ELICIT), { id: "second" }),
    );
    const params = { requestId: "second" };
    const value = { jsonrpc: "2.0", method: "notifications/cancelled", params };
    await channel.send({ kind: "notification", value, method: "notifications/cancelled", params });
    expect(await second).toMatchObject({ kind: "cancelled" });
    await expect
      .poll(async () => (await seen(channel)).find(({ method }) => method === "notifications/cancelled"))
      .toMatchObject({ params: { requestId: "first" } });
  });

  it("gives progress to the token of the request that waits", async () => {
    const channel = await open({ over });
    const heard: Frame[] = [];
    const first = await call(channel, "progress", asksFor(ELICIT), { heard, meta: { progressToken: "a" } });
    const again: Frame[] = [];
    await retry(channel, "progress", first, [ACCEPT], asksFor(ELICIT), {
      heard: again,
      meta: { progressToken: 7 },
    });
    const tokens = (frames: Frame[]): unknown[] => frames.map((frame) => plain(frame).params);
    expect(tokens(heard)).toEqual([{ progressToken: "a", progress: 1 }]);
    expect(tokens(again)).toEqual([{ progressToken: 7, progress: 2 }]);
  });

  it("is lost with all its calls when the channel closes", async () => {
    const channel = await open({ over });
    await call(channel, "ask", asksFor(ELICIT));
    const hanging = failure(call(channel, "hang"));
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    await channel[Symbol.asyncDispose]();
    expect(await hanging).toBeInstanceOf(UpstreamFailure);
    expect(await hanging).toMatchObject({ kind: "lost" });
    await closed;
    expect(await failure(call(channel, "echo"))).toMatchObject({ kind: "never_ran" });
  });
});

describe("a request of a legacy server that names no call", () => {
  it("is refused where two calls are under way: neither's client may be asked in the other's place", async () => {
    const channel = await open();
    const leaving = new AbortController();
    const hanging = failure(call(channel, "hang", {}, { signal: leaving.signal }));
    expect(said(await call(channel, "ask", asksFor(ELICIT)))).toMatchObject([{ code: -32603 }]);
    leaving.abort();
    await hanging;
    expect(plain((await call(channel, "ask", asksFor(ELICIT))).frame).result?.resultType).toBe(
      "input_required",
    );
  });

  it("belongs to the one call that may ask, whatever else is under way", async () => {
    const channel = await open();
    const listening = failure(ask(channel, "subscriptions/listen", { notifications: {} }));
    expect(keysOf(await call(channel, "ask", asksFor(ELICIT)))).toHaveLength(1);
    await channel[Symbol.asyncDispose]();
    expect(await listening).toBeUndefined();
  });
});

describe("a modern request's log messages", () => {
  const message = (level: string, data: string): JsonObject => ({
    method: "notifications/message",
    params: { level, data },
  });
  const says = { arguments: { says: [message("debug", "a"), message("warning", "b"), message("odd", "c")] } };

  it("come where it asked for a level, at that level and above; the session is set to it once", async () => {
    const channel = await open();
    const heard: Frame[] = [];
    const meta = { [LOG_LEVEL]: "info" };
    await call(channel, "say", says, { heard, meta });
    expect(heard.map((frame) => plain(frame).params)).toEqual([{ level: "warning", data: "b" }]);
    const silent: Frame[] = [];
    await call(channel, "say", says, { heard: silent });
    expect(silent).toEqual([]);
    await call(channel, "say", says, { meta });
    const levels = (await seen(channel)).filter(({ method }) => method === "logging/setLevel");
    expect(levels.map(({ params }) => params)).toEqual([{ level: "info" }]);
  });

  it("go to one request alone, the last that takes them; the session has the least of the levels", async () => {
    const channel = await open();
    const early: Frame[] = [];
    const leaving = new AbortController();
    const hanging = failure(
      call(channel, "hang", {}, { heard: early, signal: leaving.signal, meta: { [LOG_LEVEL]: "debug" } }),
    );
    const late: Frame[] = [];
    await call(channel, "say", says, { heard: late, meta: { [LOG_LEVEL]: "error" } });
    await call(channel, "say", says, { heard: late, meta: { [LOG_LEVEL]: "warning" } });
    leaving.abort();
    await hanging;
    const data = (frames: Frame[]): unknown[] => frames.map((frame) => plain(frame).params?.["data"]);
    expect(data(late)).toEqual(["b"]);
    expect(data(early)).toEqual(["a", "b", "a"]);
    const levels = (await seen(channel)).filter(({ method }) => method === "logging/setLevel");
    expect(levels.map(({ params }) => params)).toEqual([{ level: "debug" }]);
  });

  it("are not asked for at an unknown level, nor of a server that declares no logging", async () => {
    const channel = await open({ manner: "plain" });
    const odd = await call(channel, "echo", {}, { meta: { [LOG_LEVEL]: "loud" } });
    expect(plain(odd.frame).error?.code).toBe(-32602);
    await call(channel, "echo", {}, { meta: { [LOG_LEVEL]: "debug" } });
    expect((await seen(channel)).map(({ method }) => method)).not.toContain("logging/setLevel");
  });
});

it("a request that was cancelled before it was sent never ran", async () => {
  const channel = await open();
  const made = channel.request(request("tools/call", { name: "echo" }), {
    onInterim: () => {},
    signal: AbortSignal.abort(),
  });
  expect(await failure(made)).toMatchObject({ kind: "never_ran" });
});
