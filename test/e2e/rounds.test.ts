import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, temporaryDirectory, tokenOf, type Message } from "../support/gateway.ts";
import { ask, Scripted } from "../support/peers.ts";

// A modern server asks its client in its answer (2026-07-28 "Multi Round-Trip Requests"). A retry is a call like any
// other, and the state that comes with it opens nothing but what it was given for.

const free = { type: "object", additionalProperties: true };
const form = {
  method: "elicitation/create",
  params: { mode: "form", message: "Well?", requestedSchema: { type: "object" } },
};
const things = {
  tools: ["round", "round_other", "round_limited", "round_judged", "echo"].map((name) => ({
    name,
    inputSchema: free,
  })),
  resources: [
    { uri: "x://round", name: "r" },
    { uri: "x://round/2", name: "r2" },
  ],
  prompts: [{ name: "round" }, { name: "round_other" }],
};
const elicits = { elicitation: { form: {} } };
const answers = { well: { action: "accept", content: {} } };
const badUrl = (url: string) => ({
  well: { method: "elicitation/create", params: { mode: "url", message: "Go", url, elicitationId: "1" } },
});

const SERVERS = {
  twice: { ...things, rounds: 2, asks: { well: form } },
  again: { ...things, rounds: 1, asks: { well: form } },
  samples: {
    ...things,
    asks: { well: { method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } } },
  },
  tooled: {
    ...things,
    asks: { well: { method: "sampling/createMessage", params: { messages: [], maxTokens: 1, tools: [] } } },
  },
  script: { ...things, asks: badUrl("javascript:alert(1)") },
  file: { ...things, asks: badUrl("file:///etc/passwd") },
  web: { ...things, asks: badUrl("https://example.com/go") },
  strange: { ...things, asks: { well: { method: "vendor/ask", params: {} } } },
  listing: { ...things, asks: [form] as unknown as Record<string, object> },
} as const;
type Name = keyof typeof SERVERS;
const names = Object.keys(SERVERS) as Name[];

let gateway: Gateway;
const servers = new Map<string, Scripted>();

beforeAll(async () => {
  const directory = temporaryDirectory();
  await Promise.all(
    names.map(async (name) =>
      servers.set(name, await Scripted.start(directory, name, SERVERS[name], "modern")),
    ),
  );
  gateway = await Gateway.start(configOf(), directory);
});

const configOf = (rules: object = {}): object => {
  const grant = (name: string): object => ({
    identity: "a",
    server: names,
    policy: "p",
    token: tokenOf(name),
  });
  return {
    mcpServers: Object.fromEntries([...servers].map(([name, { entry }]) => [name, entry])),
    policies: {
      p: {
        version: "1",
        default: "allow",
        tools: { round_limited: { limits: [{ counter: "rounds", window: "day", max: 1 }] }, ...rules },
      },
    },
    identities: { a: {} },
    grants: { one: grant("one"), two: grant("two") },
  };
};

afterAll(async () => {
  await Promise.all([gateway, ...servers.values()].map((each) => each[Symbol.asyncDispose]()));
});

const serverOf = (name: string): Scripted => servers.get(name) as Scripted;

interface Way {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly other: Record<string, unknown>;
}
const WAYS: readonly Way[] = [
  {
    method: "tools/call",
    params: { name: "round", arguments: { a: 1 } },
    other: { name: "round_other", arguments: { a: 1 } },
  },
  { method: "prompts/get", params: { name: "round" }, other: { name: "round_other" } },
  { method: "resources/read", params: { uri: "x://round" }, other: { uri: "x://round/2" } },
];

const send = async (
  server: string,
  method: string,
  params: Record<string, unknown>,
  { grant = "one", capabilities = elicits }: { grant?: string; capabilities?: object } = {},
): Promise<Message> => (await ask(gateway, [server, grant], method, params, { capabilities })).answer();

const stateOf = (message: Message): string => {
  expect(message.result?.["resultType"]).toBe("input_required");
  return String(message.result?.["requestState"]);
};

const retry = (params: Record<string, unknown>, requestState: unknown): Record<string, unknown> => ({
  ...params,
  requestState,
  inputResponses: answers,
});

describe.each(WAYS)("$method in rounds", ({ method, params, other }) => {
  it("carries question, answers and state, round by round", async () => {
    const first = await send("twice", method, params);
    expect(first.result?.["inputRequests"]).toEqual({ well: form });
    const second = await send("twice", method, retry(params, stateOf(first)));
    const done = await send("twice", method, retry(params, stateOf(second)));
    expect(done.result?.["resultType"]).toBe("complete");
    expect(serverOf("twice").got(method).at(-1)?.params).toMatchObject({
      inputResponses: answers,
      requestState: stateOf(second),
    });
  });

  it("takes a state for nothing but what it was given for, and sends nothing else on", async () => {
    const state = stateOf(await send("again", method, params));
    const before = serverOf("again").journal().length;
    const elsewhere = serverOf("twice").journal().length;
    const changed = { ...params, ...("arguments" in params ? { arguments: { a: 2 } } : { more: 1 }) };
    const refused = await Promise.all([
      send("again", method, retry(other, state)),
      send("again", method, retry(changed, state)),
      send("again", method, retry(params, state), { grant: "two" }),
      send("twice", method, retry(params, state)),
      send("again", method, retry(params, "made up")),
      send("again", method, retry(params, { not: "text" })),
      send("again", method, retry(params, null)),
      send("again", "tools/call", retry({ name: "echo", arguments: {} }, state)),
    ]);
    expect(refused.map(({ error }) => error?.code)).toEqual(refused.map(() => -32602));
    // The gate listens to the server's lists for itself; nothing else comes.
    const arrived = serverOf("again").journal().slice(before);
    expect(arrived.filter((each) => each.method !== "subscriptions/listen")).toEqual([]);
    expect(
      serverOf("twice")
        .journal()
        .slice(elsewhere)
        .filter((each) => each.method === method),
    ).toEqual([]);
    expect((await send("again", method, retry(params, state))).result?.["resultType"]).toBe("complete");
  });

  it("keeps from a client what it did not declare", async () => {
    const refused = await send("again", method, params, { capabilities: {} });
    expect(refused.error).toMatchObject({
      code: -32021,
      data: { requiredCapabilities: { elicitation: {} } },
    });
    expect(JSON.stringify(refused)).not.toContain("Well?");
    expect((await send("samples", method, params)).error?.code).toBe(-32021);
    expect((await send("samples", method, params, { capabilities: { sampling: {} } })).result).toHaveProperty(
      "inputRequests",
    );
    expect((await send("strange", method, params)).error?.code).toBe(-32021);
    expect(JSON.stringify(await send("listing", method, params))).not.toContain("Well?");
  });

  it("keeps from a client the parts of a capability that it did not declare", async () => {
    const sampling = { capabilities: { sampling: {} } };
    expect((await send("tooled", method, params, sampling)).error?.code).toBe(-32021);
    const tooled = { capabilities: { sampling: { tools: {} } } };
    expect((await send("tooled", method, params, tooled)).result).toHaveProperty("inputRequests");
    expect((await send("web", method, params)).error?.code).toBe(-32021);
  });

  it("names only addresses of the web", async () => {
    const capabilities = { elicitation: { form: {}, url: {} } };
    for (const name of ["script", "file"]) {
      const refused = await send(name, method, params, { capabilities });
      expect(refused.error?.code).toBe(1003);
      expect(JSON.stringify(refused)).not.toMatch(/javascript|passwd/u);
    }
    expect((await send("web", method, params, { capabilities })).result).toHaveProperty("inputRequests");
  });
});

describe("a retry", () => {
  it("is judged anew, by the policy of its own moment", async () => {
    const params = { name: "round_judged", arguments: { amount: 5 } };
    const state = stateOf(await send("again", "tools/call", params));
    const before = serverOf("again").got("tools/call").length;
    gateway.configure(configOf({ round_judged: { action: "deny", reason: "Not any more." } }));
    await expect
      .poll(async () => JSON.stringify(await send("again", "tools/call", retry(params, state))))
      .toContain("Not any more.");
    const arrived = serverOf("again").got("tools/call").slice(before);
    gateway.configure(configOf());
    await expect
      .poll(async () => JSON.stringify(await send("again", "tools/call", retry(params, state))))
      .toContain("done by again");
    expect(serverOf("again").got("tools/call").slice(before).length).toBe(arrived.length + 1);
  });

  it("counts against limits like any call", async () => {
    const params = { name: "round_limited", arguments: {} };
    const state = stateOf(await send("again", "tools/call", params));
    const before = serverOf("again").got("tools/call").length;
    const over = await send("again", "tools/call", retry(params, state));
    expect(JSON.stringify(over.result?.["_meta"])).toContain("limit_exceeded");
    expect(serverOf("again").got("tools/call")).toHaveLength(before);
  });

  it("is made at the endpoint of all servers too, of the server that asked", async () => {
    const params = { name: "again__round", arguments: {} };
    const state = stateOf(await send(ALL, "tools/call", params));
    expect(
      (await send(ALL, "tools/call", retry({ name: "twice__round", arguments: {} }, state))).error?.code,
    ).toBe(-32602);
    const done = await send(ALL, "tools/call", retry(params, state));
    expect(done.result?.content?.[0]?.text).toBe("done by again");
  });

  it("is recorded each time", async () => {
    const records = await gateway.records();
    const judged = records.filter((each) => each["tool"] === "round_limited");
    expect(judged.map(({ decision, code }) => [decision, code])).toEqual([
      ["allow", "allowed"],
      ["deny", "limit_exceeded"],
    ]);
  });
});
