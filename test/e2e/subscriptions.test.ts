import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { ask, Scripted, until, type Heard } from "../support/peers.ts";

// `subscriptions/listen` (2026-07-28 "Subscriptions"), to servers that have it, over the bridge to those that subscribe
// resource by resource, to one that has neither, and to all of them as one.

const free = { type: "object", additionalProperties: true };
const resources = (name: string) =>
  ["a", "b", "secret"].map((each) => ({ uri: `${name}://${each}`, name: each }));
const has = (name: string) => ({
  tools: ["touch", "notice"].map((tool) => ({ name: tool, inputSchema: free })),
  resources: resources(name),
});
const policy = (extra: object = {}): object => ({
  version: "1",
  default: "allow",
  resources: ["*://a", "*://b"],
  ...extra,
});
const ACKNOWLEDGED = "notifications/subscriptions/acknowledged";
const UPDATED = "notifications/resources/updated";
const ID = "io.modelcontextprotocol/subscriptionId";

let gateway: Gateway;
let native: Scripted;
let legacy: Scripted;
let deaf: Scripted;
const configOf = (extra: object = {}): object => {
  const grant = (name: string, server: string | readonly string[], of = "p"): object => ({
    identity: "a",
    server,
    policy: of,
    token: tokenOf(name),
  });
  return {
    mcpServers: { native: native.entry, legacy: legacy.entry, deaf: deaf.entry },
    policies: { p: policy(), changing: policy(extra) },
    identities: { a: {} },
    grants: {
      all: grant("all", ["native", "legacy"]),
      deaf: grant("deaf", "deaf", "changing"),
      native: grant("native", "native", "changing"),
      unruled: { identity: "a", server: "native", token: tokenOf("unruled") },
    },
  };
};

beforeAll(async () => {
  const directory = temporaryDirectory();
  [native, legacy, deaf] = await Promise.all([
    Scripted.start(
      directory,
      "native",
      { ...has("native"), acknowledges: ["native://secret", "native://b"] },
      "modern",
    ),
    Scripted.start(directory, "legacy", has("legacy"), "legacy"),
    Scripted.start(directory, "deaf", { ...has("deaf"), subscribes: false }, "modern"),
  ]);
  gateway = await Gateway.start(configOf(), directory);
});

afterAll(async () => {
  await Promise.all([gateway, native, legacy, deaf].map((each) => each[Symbol.asyncDispose]()));
});

const listen = (server: string, grant: string, notifications: object, id: unknown = "mine"): Promise<Heard> =>
  ask(gateway, [server, grant], "subscriptions/listen", { notifications }, { id });

const touch = async (server: string, uris: readonly string[]): Promise<void> => {
  await (
    await ask(gateway, [server, "all"], "tools/call", { name: "touch", arguments: { uris } })
  ).closed;
};

const outcomesOf = async (server: string): Promise<readonly unknown[]> => {
  const records = await gateway.records();
  const listens = records.filter(
    (each) =>
      each["method"] === "subscriptions/listen" && each["server"] === server && each["grant"] === "all",
  );
  return listens.map(({ id }) => records.filter((each) => each["id"] === id).map((each) => each["outcome"]));
};

describe.each(["native", "legacy"])("a subscription to a server that is %s", (name) => {
  const upstream = (): Scripted => (name === "native" ? native : legacy);

  it("acknowledges first, hears of what the policy admits, and ends at the server with its client", async () => {
    const uris = ["a", "secret"].map((each) => `${name}://${each}`);
    const heard = await listen(name, "all", { resourceSubscriptions: uris, toolsListChanged: true });
    const first = await heard.notified(ACKNOWLEDGED);
    expect(heard.messages[0]).toBe(first);
    expect(first).toMatchObject({
      params: {
        notifications: { resourceSubscriptions: [`${name}://a`], toolsListChanged: true },
        _meta: { [ID]: "mine" },
      },
    });
    await touch(name, [`${name}://secret`, `${name}://a`]);
    await heard.notified(UPDATED);
    expect(heard.messages.slice(1).map(({ method }) => method)).toEqual([UPDATED]);
    expect(heard.messages[1]).toMatchObject({ params: { uri: `${name}://a`, _meta: { [ID]: "mine" } } });
    expect(heard.bytes).not.toContain("secret");
    expect(
      JSON.stringify([...upstream().got("resources/subscribe"), ...upstream().got("subscriptions/listen")]),
    ).not.toContain("secret");
    heard.close();
    const over = (): true | undefined =>
      upstream()
        .journal()
        .some(({ ended }) => ended !== undefined) || upstream().got("resources/unsubscribe").length > 0
        ? true
        : undefined;
    await until(over, "the end at the server");
    await expect.poll(() => outcomesOf(name)).toEqual([[undefined, "cancelled"]]);
  });
});

describe("a subscription", () => {
  it("is carried to the end that the server gives it, with the client's id", async () => {
    const heard = await listen("native", "all", { toolsListChanged: true }, 7);
    await heard.notified(ACKNOWLEDGED);
    const message = { method: "notifications/tools/list_changed" };
    await (
      await ask(gateway, ["native", "all"], "tools/call", { name: "notice", arguments: { message } })
    ).closed;
    expect(await heard.notified(message.method)).toMatchObject({ params: { _meta: { [ID]: 7 } } });
    heard.close();
  });

  it("to a server that knows none still hears what the gate changes", async () => {
    const heard = await listen("deaf", "deaf", {
      toolsListChanged: true,
      resourceSubscriptions: ["deaf://a"],
    });
    expect(await heard.notified(ACKNOWLEDGED)).toMatchObject({
      params: { notifications: { toolsListChanged: true } },
    });
    expect(heard.bytes).not.toContain("deaf://a");
    gateway.configure(configOf({ hide: ["touch"] }));
    expect(await heard.notified("notifications/tools/list_changed")).toMatchObject({
      params: { _meta: { [ID]: "mine" } },
    });
    heard.close();
  });

  it("hears by the policy of the day, not by that of its beginning", async () => {
    const uris = ["native://a", "native://b"];
    const heard = await listen("native", "native", { resourceSubscriptions: uris });
    await heard.notified(ACKNOWLEDGED);
    const updates = (): readonly unknown[] =>
      heard.messages.filter(({ method }) => method === UPDATED).map((each) => each.params?.["uri"]);
    await touch("native", ["native://a"]);
    await until(() => (updates().length === 1 ? true : undefined));
    gateway.configure(configOf({ resources: ["*://b"] }));
    await expect
      .poll(async () => {
        const read = await ask(gateway, ["native", "native"], "resources/read", { uri: "native://a" });
        return (await read.answer()).error?.code;
      })
      .toBe(-32602);
    await touch("native", uris);
    await until(() => (updates().includes("native://b") ? true : undefined));
    expect(updates()).toEqual(["native://a", "native://b"]);
    heard.close();
  });

  it("is refused to a grant without a policy, with nothing at the server", async () => {
    // The gate itself listens to the server's lists, under an id of its own.
    const ofClients = (): number =>
      native.got("subscriptions/listen").filter(({ id }) => !String(id).startsWith("tollgate-")).length;
    const before = ofClients();
    const heard = await listen("native", "unruled", { toolsListChanged: true });
    expect((await heard.answer()).error?.code).toBe(-32602);
    expect(ofClients()).toBe(before);
  });

  it("to all servers is one: acknowledged once, each server hears of its own, and all end with it", async () => {
    const before = native.journal().filter(({ ended }) => ended !== undefined).length;
    const uris = ["native://a", "legacy://b", "native://secret", "nowhere://a"];
    const heard = await listen(ALL, "all", { resourceSubscriptions: uris, promptsListChanged: true }, "all");
    const first = await heard.notified(ACKNOWLEDGED);
    expect(first).toMatchObject({
      params: {
        notifications: { resourceSubscriptions: ["native://a", "legacy://b"], promptsListChanged: true },
        _meta: { [ID]: "all" },
      },
    });
    expect(native.got("subscriptions/listen").at(-1)?.params?.["notifications"]).toMatchObject({
      resourceSubscriptions: ["native://a"],
    });
    await touch("native", ["native://a", "native://secret"]);
    await touch("legacy", ["legacy://b"]);
    await until(() => (heard.messages.length >= 3 ? true : undefined));
    expect(heard.messages.map(({ method }) => method)).toEqual([ACKNOWLEDGED, UPDATED, UPDATED]);
    expect(heard.messages.every((each) => JSON.stringify(each).includes(`"${ID}":"all"`))).toBe(true);
    expect(heard.bytes).not.toMatch(/secret|nowhere/u);
    heard.close();
    await until(() =>
      native.journal().filter(({ ended }) => ended !== undefined).length > before ? true : undefined,
    );
  });

  it("ends in good order when the gateway stops", async () => {
    const heard = await listen("native", "all", { toolsListChanged: true }, "last");
    await heard.notified(ACKNOWLEDGED);
    expect(await gateway.stop()).toBe(0);
    expect(await heard.answer()).toMatchObject({
      id: "last",
      result: { resultType: "complete", _meta: { [ID]: "last" } },
    });
  });
});
