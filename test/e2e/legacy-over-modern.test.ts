import { afterEach, describe, expect, it } from "vitest";
import { toPlain } from "../../src/base/json-plain.ts";
import {
  CLIENT,
  client,
  closeRigs,
  failure,
  plain,
  PREFIX,
  responseOf,
  rig,
  until,
} from "../support/legacy-on-modern.ts";

afterEach(closeRigs);

type Round = { id: unknown; params: Record<string, unknown> };
const ELICIT = {
  method: "elicitation/create",
  params: { mode: "form", message: "Name?", requestedSchema: {} },
};
const SAMPLE = { method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } };
const needs = (inputRequests: object, requestState?: string): object => ({
  resultType: "input_required",
  inputRequests,
  ...(requestState === undefined ? {} : { requestState }),
});

describe.each(["stdio", "http"] as const)("a legacy client on a modern server over %s", (transport) => {
  it("gets an initialize result made of the discovery", async () => {
    const { channel, answer } = await rig(transport);
    const expected = {
      protocolVersion: "2025-11-25",
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        completions: {},
        extensions: { "com.example/own": { deep: 1 } },
        logging: {},
      },
      serverInfo: { name: "modern", version: "7" },
      instructions: "Be kind.",
      _meta: { "com.example/kept": 1 },
    };
    expect(plain(answer.frame)).toEqual({ jsonrpc: "2.0", id: "init", result: expected });
    expect(channel.spoken).toMatchObject({ era: "legacy", revision: "2025-11-25" });
    expect(toPlain(channel.spoken.hello)).toEqual(expected);
  });

  it.each([
    ["2024-11-05", "2024-11-05"],
    ["2025-03-26", "2025-03-26"],
    ["2025-06-18", "2025-06-18"],
    ["2026-07-28", "2025-11-25"],
    ["1999-01-01", "2025-11-25"],
  ])("that asks for %s is offered %s", async (asked, offered) => {
    const { channel, answer } = await rig(transport, { ...CLIENT, protocolVersion: asked });
    expect(answer.frame.result?.["protocolVersion"]).toBe(offered);
    expect(channel.spoken.revision).toBe(offered);
  });

  it("tells of itself with every request, beside its own metadata", async () => {
    const { ask, call } = await rig(transport);
    const own = { "com.example/x": 1, progressToken: "p", [`${PREFIX}protocolVersion`]: "1999-01-01" };
    const meta = {
      "com.example/x": 1,
      progressToken: "p",
      [`${PREFIX}protocolVersion`]: "2026-07-28",
      [`${PREFIX}clientInfo`]: { name: "old", version: "3" },
      [`${PREFIX}clientCapabilities`]: {
        sampling: {},
        elicitation: { form: {}, url: {} },
        roots: {},
        extensions: { "com.example/own": {} },
      },
    };
    const params = { a: 1, requestState: "forged", inputResponses: {}, _meta: own };
    expect(await ask("x/own", params, { id: "mine" })).toEqual({
      jsonrpc: "2.0",
      id: "mine",
      result: { params: { a: 1, _meta: meta } },
    });
    const { _meta } = JSON.parse(await call("echo", { n: 1 })) as { _meta: object };
    expect(Object.keys(_meta)).toEqual([
      `${PREFIX}protocolVersion`,
      `${PREFIX}clientInfo`,
      `${PREFIX}clientCapabilities`,
    ]);
  });

  it("gets lists and results in the shape it knows", async () => {
    const { ask } = await rig(transport);
    const { result } = await ask("tools/list");
    expect(result).toEqual({
      // The tool whose header marks cannot be kept to is left out, an output schema of no object too.
      tools: [
        { name: "echo", inputSchema: { type: "object" } },
        { name: "result", inputSchema: { type: "object" }, outputSchema: { type: "object" } },
      ],
      nextCursor: "two",
      other: 1,
    });
    const sent = (value: object): Promise<unknown> =>
      ask("tools/call", { name: "result", arguments: { result: value } }).then((got) => got["result"]);
    const content = [{ type: "text", text: "t" }];
    expect(await sent({ resultType: "complete", content, structuredContent: [1], x: 1 })).toEqual({
      content,
      x: 1,
    });
    expect(await sent({ content: [], structuredContent: [1] })).toEqual({
      content: [{ type: "text", text: "[1]" }],
    });
    expect(await sent({ content, structuredContent: { a: 1 }, ttlMs: 1 })).toEqual({
      content,
      structuredContent: { a: 1 },
      ttlMs: 1,
    });
    expect((await ask("resources/read", { uri: "known:a" }))["result"]).toEqual({ contents: [], other: 1 });
  });

  it("gets error codes of its revision, and no blame for what the bridge wrote", async () => {
    const { ask } = await rig(transport);
    expect(await ask("resources/read", { uri: "unknown:b" }, { id: 9 })).toEqual({
      jsonrpc: "2.0",
      id: 9,
      error: { code: -32002, message: "Resource not found", data: { uri: "unknown:b" } },
    });
    const sent = (code: number): Promise<Record<string, unknown>> =>
      ask("tools/call", { name: "error", arguments: { error: { code, message: "m" } } });
    expect((await sent(-32602))["error"]).toEqual({ code: -32602, message: "m" });
    expect((await sent(-32021))["error"]).toEqual({ code: -32021, message: "m" });
    expect((await failure(sent(-32020))).kind).toBe("nonsense");
    expect((await failure(sent(-32022))).kind).toBe("nonsense");
  });

  it("gets no result of a type that it could not know", async () => {
    const { ask } = await rig(transport);
    for (const resultType of ["task", "other", 1]) {
      const result = { resultType, content: [], taskId: "t" };
      const got = ask("tools/call", { name: "result", arguments: { result } });
      expect((await failure(got)).kind).toBe("nonsense");
    }
  });

  it("is answered by the bridge where the modern era has no such method", async () => {
    const { ask, tell, call } = await rig(transport);
    expect((await ask("ping", undefined, { id: "p" }))["result"]).toEqual({});
    for (const method of [
      "tasks/list",
      "tasks/get",
      "subscriptions/listen",
      "server/discover",
      "roots/list",
    ]) {
      expect(await ask(method, { taskId: "t" })).toMatchObject({ error: { code: -32601 } });
    }
    await tell("notifications/roots/list_changed");
    await tell("notifications/progress", { progressToken: 1, progress: 1 });
    await tell("notifications/own", { a: 1 });
    const own = (line: string): boolean => line.includes("notifications/own");
    const seen = JSON.parse(await until(() => call("seen"), own)) as { method: string; params: object }[];
    expect(
      seen.map(({ method }) => method).filter((method) => method !== "tools/call" && method !== "tools/list"),
    ).toEqual(["server/discover", "notifications/own"]);
    expect(seen.find(({ method }) => method === "notifications/own")?.params).toMatchObject({
      a: 1,
      _meta: { [`${PREFIX}protocolVersion`]: "2026-07-28" },
    });
  });

  it("sets a log level that each later request carries", async () => {
    const { ask, unasked } = await rig(transport);
    const interim: Record<string, unknown>[] = [];
    const talk = (): Promise<unknown> =>
      ask(
        "tools/call",
        { name: "talk", arguments: {}, _meta: { progressToken: "tok" } },
        { onInterim: (message) => void interim.push(plain(message)) },
      );
    await talk();
    const heard = (): unknown[] => [...interim, ...unasked].map(({ method }) => method);
    expect(heard()).toEqual(["notifications/progress"]);
    expect(interim[0]).toMatchObject({ params: { progressToken: "tok", progress: 1 } });
    expect(await ask("logging/setLevel", { level: "loud" })).toMatchObject({ error: { code: -32602 } });
    expect(await ask("logging/setLevel", {})).toMatchObject({ error: { code: -32602 } });
    expect(await ask("logging/setLevel", { level: "warning" })).toMatchObject({ result: {} });
    await talk();
    const logged = [...interim, ...unasked].filter(({ method }) => method === "notifications/message");
    expect(logged).toMatchObject([{ params: { level: "warning", data: "logged" } }]);
    // Over stdio nothing says which request a log message belongs to.
    expect(interim.includes(logged[0] ?? {})).toBe(transport === "http");
    expect(heard()).not.toContain("notifications/tasks");
    expect(heard()).not.toContain("roots/list");
  });

  it("is asked what the server needs, round by round, and answers with its own ids", async () => {
    const made = await rig(transport);
    const script = [
      needs({ who: ELICIT, what: SAMPLE }, "state one"),
      needs({ where: { method: "roots/list" } }),
      { resultType: "input_required", requestState: "state three" },
    ];
    const { onInterim, asked } = client(made, ({ method }) => ({ result: { from: method } }));
    const args = { key: "rounds", script };
    const params = { name: "script", arguments: args, _meta: { progressToken: "tok" } };
    const answer = await made.ask("tools/call", params, { id: "mine", onInterim });
    expect(answer["id"]).toBe("mine");
    const { content } = answer["result"] as { content: [{ text: string }] };
    const rounds = JSON.parse(content[0].text) as Round[];
    expect(new Set(rounds.map(({ id }) => id)).size).toBe(4);
    expect(rounds[0]?.id).toBe("mine");
    const { _meta } = rounds[0]?.params ?? {};
    expect(_meta).toMatchObject({ progressToken: "tok" });
    const base = { name: "script", arguments: args, _meta };
    expect(rounds.map(({ params: sent }) => sent)).toEqual([
      base,
      {
        ...base,
        inputResponses: { who: { from: "elicitation/create" }, what: { from: "sampling/createMessage" } },
        requestState: "state one",
      },
      { ...base, inputResponses: { where: { from: "roots/list" } } },
      { ...base, requestState: "state three" },
    ]);
    expect(asked).toMatchObject([ELICIT, SAMPLE, { method: "roots/list" }]);
    const ids = asked.map(({ id }) => id);
    expect(ids.every((id) => typeof id === "string") && new Set(ids).size === 3).toBe(true);
  });

  it("is told the id that its revision wants of an address to visit", async () => {
    const made = await rig(transport);
    const visit = (url: string): object => ({
      method: "elicitation/create",
      params: { mode: "url", message: "m", url },
    });
    const { onInterim, asked } = client(made, () => ({ result: { action: "accept" } }));
    await made.call(
      "script",
      { key: "url", script: [needs({ go: visit("https://a.example/") })] },
      { onInterim },
    );
    expect(asked).toMatchObject([
      { params: { url: "https://a.example/", elicitationId: expect.any(String) } },
    ]);
    const bad = { key: "bad", script: [needs({ go: visit("javascript:alert(1)") })] };
    expect((await failure(made.call("script", bad, { onInterim }))).kind).toBe("nonsense");
    expect(asked).toHaveLength(1);
  });

  it("that refuses one answer ends the call, and is told to leave the other questions", async () => {
    const made = await rig(transport);
    const { onInterim, asked } = client(made, ({ method }) =>
      method === "elicitation/create" ? { error: { code: -1, message: "secret" } } : undefined,
    );
    const args = { key: "refused", script: [needs({ what: SAMPLE, who: ELICIT })] };
    const text = await made.call("script", args, { onInterim });
    expect(JSON.parse(text)).toEqual({
      code: -32603,
      message: "The client did not provide what the server asked for: elicitation/create.",
    });
    expect(asked.at(-1)).toMatchObject({
      method: "notifications/cancelled",
      params: { requestId: asked[0]?.["id"] },
    });
    // An answer that comes too late finds nothing.
    await made.channel.send(responseOf({ id: asked[0]?.["id"], result: {} }));
    const seen = await made.call("seen");
    expect((JSON.parse(seen) as Round[]).filter(({ params }) => params?.["name"] === "script")).toHaveLength(
      1,
    );
  });

  it.each([
    ["sampling", { elicitation: {} }, SAMPLE, { sampling: {} }],
    ["roots", {}, { method: "roots/list" }, { roots: {} }],
    ["elicitation", { sampling: {} }, ELICIT, { elicitation: {} }],
    ["elicitation.form", { elicitation: { url: {} } }, ELICIT, { elicitation: { form: {} } }],
    [
      "elicitation.url",
      { elicitation: {} },
      { method: "elicitation/create", params: { mode: "url", message: "m", url: "https://a.example/" } },
      { elicitation: { url: {} } },
    ],
    [
      "sampling.tools",
      { sampling: {} },
      { ...SAMPLE, params: { ...SAMPLE.params, tools: [] } },
      { sampling: { tools: {} } },
    ],
  ])("is never asked for %s that it did not declare", async (name, capabilities, request, required) => {
    const made = await rig(transport, { ...CLIENT, capabilities });
    const { onInterim, asked } = client(made, () => ({ result: {} }));
    const text = await made.call("script", { key: "lacks", script: [needs({ a: request })] }, { onInterim });
    expect(JSON.parse(text)).toEqual({
      code: -32021,
      message: `The server asks for something that the client does not offer: ${name}.`,
      data: { requiredCapabilities: required },
    });
    expect(asked).toEqual([]);
  });

  it("is not asked for ever", async () => {
    const made = await rig(transport);
    const { onInterim, asked } = client(made, () => ({ result: {} }));
    const script = Array.from({ length: 40 }, () => needs({ a: ELICIT }));
    expect((await failure(made.call("script", { key: "ever", script }, { onInterim }))).kind).toBe(
      "nonsense",
    );
    expect(asked).toHaveLength(17);
  });

  it.each([
    ["nothing", { resultType: "input_required" }],
    ["an empty list", needs({})],
    ["another method", needs({ a: { method: "tools/call", params: {} } })],
    ["no object", { resultType: "input_required", inputRequests: [] }],
    ["a state that is no string", { resultType: "input_required", requestState: 1 }],
    ["too much at once", needs(Object.fromEntries(Array.from({ length: 65 }, (_, key) => [key, ELICIT])))],
  ])("gets no half result where the server needs %s", async (_, step) => {
    const made = await rig(transport);
    const { onInterim, asked } = client(made, () => ({ result: {} }));
    expect((await failure(made.call("script", { key: "x", script: [step] }, { onInterim }))).kind).toBe(
      "nonsense",
    );
    expect(asked).toEqual([]);
  });

  it.each(["signal", "notification"])("cancels a call by %s, and the server is told", async (way) => {
    const made = await rig(transport);
    const abort = new AbortController();
    const hanging = failure(made.call("hang", {}, { id: "hung", signal: abort.signal }));
    const reached = (line: string): boolean => line.includes('"id":"hung"');
    await until(() => made.call("seen"), reached);
    if (way === "signal") {
      abort.abort();
    } else {
      await made.tell("notifications/cancelled", { requestId: "hung" });
    }
    expect((await hanging).kind).toBe("cancelled");
    const told = transport === "stdio" ? '"requestId":"hung"' : '"method":"closed","id":"hung"';
    await until(
      () => made.call("seen"),
      (line) => line.includes(told),
    );
  });

  it("that cancels while it is asked ends the call at once", async () => {
    const made = await rig(transport);
    const { onInterim, asked } = client(made, () => undefined);
    const args = { key: "cancelled", script: [needs({ a: ELICIT })] };
    const waiting = failure(made.call("script", args, { id: "w", onInterim }));
    await until(
      () => asked.length,
      (count) => count > 0,
    );
    await made.tell("notifications/cancelled", { requestId: "w" });
    expect((await waiting).kind).toBe("cancelled");
  });

  it("gets nothing more from a channel that was closed", async () => {
    const made = await rig(transport);
    const { onInterim, asked } = client(made, () => undefined);
    const args = { key: "closed", script: [needs({ a: ELICIT })] };
    const waiting = failure(made.call("script", args, { onInterim }));
    await until(
      () => asked.length,
      (count) => count > 0,
    );
    const closed = new Promise((resolve) => {
      made.channel.onClosed(resolve);
    });
    await made.channel[Symbol.asyncDispose]();
    expect((await waiting).kind).toBe("lost");
    await closed;
    expect((await failure(made.ask("ping"))).kind).toBe("never_ran");
  });
});

describe("a legacy client on a modern server over HTTP", () => {
  it("has its name and arguments mirrored in headers, also of a tool that was never listed", async () => {
    const { call, ask } = await rig("http");
    const headers = JSON.parse(await call("marked", { where: "Zürich" })) as Record<string, string>;
    expect(headers).toMatchObject({ "mcp-method": "tools/call", "mcp-name": "marked" });
    const lists = async (): Promise<number> =>
      (JSON.parse(await call("seen")) as Round[]).filter(
        (seen) => "method" in seen && seen.method === "tools/list",
      ).length;
    expect(await lists()).toBe(2);
    await ask("tools/list", {});
    await call("marked", { where: "here" });
    expect(await lists()).toBe(3);
  });

  it("is served once more when the marks of a tool have changed unsaid", async () => {
    const { call } = await rig("http");
    await call("marked", { where: "here" });
    await call("remark");
    expect(JSON.parse(await call("marked", { where: "there" }))).toMatchObject({ "mcp-param-zone": "there" });
  });
});
