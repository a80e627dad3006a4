import { afterEach, describe, expect, it } from "vitest";
import { CLIENT, closeRigs, failure, rig, until, type Rig } from "../support/legacy-on-modern.ts";

afterEach(closeRigs);

const FLAGS = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };

/** The streams that the server has open, by what they tell of. */
const listens = async ({ call }: Rig): Promise<Record<string, unknown>[]> =>
  JSON.parse(await call("listens")) as Record<string, unknown>[];
/** Waits until the server has these streams and no others. */
const listening = async (made: Rig, ...filters: object[]): Promise<void> => {
  const wanted = JSON.stringify(filters);
  await until(
    () => listens(made),
    (open) => JSON.stringify(open) === wanted,
  );
};
/** Has the server tell its listeners something, and waits until `count` messages came in all. */
const changed = async (made: Rig, what: string, params: object, count: number): Promise<void> => {
  await made.call("change", { what, params });
  await until(
    () => made.unasked.length,
    (length) => length >= count,
  );
};
const listenRequests = async ({ call }: Rig): Promise<number> =>
  (JSON.parse(await call("seen")) as { method?: string }[]).filter(
    ({ method }) => method === "subscriptions/listen",
  ).length;
const updated = (uri: string): object => ({
  jsonrpc: "2.0",
  method: "notifications/resources/updated",
  params: { uri },
});
const listChanged = (what: string): object => ({
  jsonrpc: "2.0",
  method: `notifications/${what}/list_changed`,
});
const ALL_CHANGED = [listChanged("tools"), listChanged("prompts"), listChanged("resources")];

describe.each(["stdio", "http"] as const)("subscriptions of a legacy client over %s", (transport) => {
  it("begin when the client is ready, with what the server declares", async () => {
    const made = await rig(transport);
    expect(await listens(made)).toEqual([]);
    await made.tell("notifications/initialized");
    await listening(made, FLAGS);
    await changed(made, "tools/list_changed", {}, 1);
    await changed(made, "prompts/list_changed", { _meta: { "com.example/x": 1 } }, 2);
    // Without the mark of the stream; what else the server says of it stays.
    expect(made.unasked[0]).toEqual(listChanged("tools"));
    expect(made.unasked[1]).toEqual({ ...listChanged("prompts"), params: { _meta: { "com.example/x": 1 } } });
  });

  it("are none where the server declares none", async () => {
    const made = await rig(transport, CLIENT, { tools: {}, resources: {} });
    await made.tell("notifications/initialized");
    expect(await made.ask("resources/subscribe", { uri: "a:" })).toMatchObject({ error: { code: -32601 } });
    expect(await made.ask("resources/unsubscribe", { uri: "a:" })).toMatchObject({ error: { code: -32601 } });
    expect(await listenRequests(made)).toBe(0);
  });

  it("follow the resources that the client subscribes to, one stream at a time", async () => {
    const made = await rig(transport);
    await made.tell("notifications/initialized");
    await listening(made, FLAGS);
    expect((await made.ask("resources/subscribe", { uri: "a:1" }))["result"]).toEqual({});
    await listening(made, { ...FLAGS, resourceSubscriptions: ["a:1"] });
    expect((await made.ask("resources/subscribe", { uri: "a:2" }))["result"]).toEqual({});
    await listening(made, { ...FLAGS, resourceSubscriptions: ["a:1", "a:2"] });
    await changed(made, "resources/updated", { uri: "a:2" }, 1);
    expect(made.unasked).toEqual([updated("a:2")]);
    expect((await made.ask("resources/unsubscribe", { uri: "a:1" }))["result"]).toEqual({});
    await listening(made, { ...FLAGS, resourceSubscriptions: ["a:2"] });
    const before = await listenRequests(made);
    expect((await made.ask("resources/subscribe", { uri: "a:2" }))["result"]).toEqual({});
    expect((await made.ask("resources/unsubscribe", { uri: "a:9" }))["result"]).toEqual({});
    expect(await listenRequests(made)).toBe(before);
  });

  it("end when nothing is left to follow", async () => {
    const made = await rig(transport, CLIENT, { resources: { subscribe: true } });
    await made.tell("notifications/initialized");
    await made.ask("resources/subscribe", { uri: "a:1" });
    await listening(made, { resourceSubscriptions: ["a:1"] });
    await made.ask("resources/unsubscribe", { uri: "a:1" });
    await listening(made);
  });

  it("open the new stream before the old one is closed", async () => {
    const made = await rig(transport);
    await made.tell("notifications/initialized");
    await listening(made, FLAGS);
    await made.ask("resources/subscribe", { uri: "a:1" });
    const closing = transport === "stdio" ? "notifications/cancelled" : "closed";
    const seen = await until(
      async () => (JSON.parse(await made.call("seen")) as { method?: string }[]).map(({ method }) => method),
      (methods) => methods.includes(closing),
    );
    expect(seen.filter((method) => method === "subscriptions/listen" || method === closing)).toEqual([
      "subscriptions/listen",
      "subscriptions/listen",
      closing,
    ]);
  });

  it("are refused where the server does not honour them, and the others stay", async () => {
    const made = await rig(transport);
    await made.tell("notifications/initialized");
    await made.ask("resources/subscribe", { uri: "a:1" });
    const kept = { ...FLAGS, resourceSubscriptions: ["a:1"] };
    await listening(made, kept);
    expect(await made.ask("resources/subscribe", { uri: "refused:b" })).toMatchObject({
      error: { code: -32602 },
    });
    await listening(made, kept);
    expect(await made.ask("resources/subscribe", { uri: "error:" })).toMatchObject({
      error: { code: -32603 },
    });
    expect(await made.ask("resources/subscribe", {})).toMatchObject({ error: { code: -32602 } });
    await listening(made, kept);
    await changed(made, "resources/updated", { uri: "a:1" }, 1);
    expect(made.unasked).toEqual([updated("a:1")]);
  });

  it.each(["gracefully", "abruptly"])(
    "that the server ends %s are opened again, and all may have changed",
    async (how) => {
      const made = await rig(transport);
      await made.tell("notifications/initialized");
      await made.ask("resources/subscribe", { uri: "a:1" });
      const kept = { ...FLAGS, resourceSubscriptions: ["a:1"] };
      await listening(made, kept);
      await made.call("end", { how });
      await listening(made, kept);
      await until(
        () => made.unasked.length,
        (length) => length >= 4,
      );
      expect(made.unasked).toEqual([...ALL_CHANGED, updated("a:1")]);
      await changed(made, "resources/updated", { uri: "a:1" }, 5);
      expect(made.unasked).toHaveLength(5);
    },
  );

  it("tell what may have changed when a change of them comes before the stream is open again", async () => {
    const made = await rig(transport);
    await made.tell("notifications/initialized");
    await listening(made, FLAGS);
    await made.call("end", { how: "gracefully" });
    await made.ask("resources/subscribe", { uri: "a:1" });
    await until(
      () => made.unasked.length,
      (length) => length >= 4,
    );
    expect(made.unasked).toEqual([...ALL_CHANGED, updated("a:1")]);
    await listening(made, { ...FLAGS, resourceSubscriptions: ["a:1"] });
  });

  it("that the server does not acknowledge are not taken for granted", async () => {
    const made = await rig(transport);
    await made.tell("notifications/initialized");
    await listening(made, FLAGS);
    await made.call("mute");
    expect((await failure(made.ask("resources/subscribe", { uri: "a:1" }))).kind).toBe("timeout");
    await listening(made, FLAGS);
  });

  it("end with the channel", async () => {
    const made = await rig(transport);
    await made.tell("notifications/initialized");
    await made.ask("resources/subscribe", { uri: "a:1" });
    await made.channel[Symbol.asyncDispose]();
    expect((await failure(made.ask("resources/subscribe", { uri: "a:2" }))).kind).toBe("never_ran");
    expect(made.unasked).toEqual([]);
  });
});
