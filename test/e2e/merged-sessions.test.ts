import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { ask, Legacy, Scripted, textIn, until } from "../support/peers.ts";

// All servers of a grant as one, over time: what they ask and tell, what is cancelled, what goes and comes back.

const free = { type: "object", additionalProperties: true };
const HANGING = join(import.meta.dirname, "..", "fixtures", "upstreams", "hanging.ts");

const has = (name: string) => ({
  tools: ["echo", "ask", "slow", "touch", "notice"].map((tool) => ({ name: tool, inputSchema: free })),
  resources: [{ uri: `${name}://a`, name: "a" }],
  prompts: [{ name: "greet" }],
});

let gateway: Gateway;
let one: Scripted;
let two: Scripted;
let passing: Scripted;
/** While this file is not there, the server that hangs says nothing. */
let go: string;

beforeAll(async () => {
  const directory = temporaryDirectory();
  go = join(directory, "go");
  [one, two, passing] = await Promise.all([
    Scripted.start(directory, "one", has("one"), "legacy"),
    Scripted.start(directory, "two", has("two")),
    Scripted.start(directory, "passing", has("passing"), "legacy"),
  ]);
  const grant = (name: string, server: readonly string[]): object => ({
    identity: "a",
    server,
    policy: "p",
    token: tokenOf(name),
  });
  gateway = await Gateway.start(
    {
      mcpServers: {
        one: one.entry,
        two: two.entry,
        passing: passing.entry,
        hanging: { command: process.execPath, args: [HANGING, go] },
      },
      policies: { p: { version: "1", default: "allow", resources: ["one://*", "two://*"] } },
      identities: { a: {} },
      grants: {
        both: grant("both", ["one", "two"]),
        shaky: grant("shaky", ["one", "passing"]),
        patient: grant("patient", ["hanging", "one"]),
      },
    },
    directory,
  );
});

afterAll(async () => {
  await Promise.all([gateway, one, two, passing].map((each) => each[Symbol.asyncDispose]()));
});

const open = (capabilities: object = {}) => Legacy.open(gateway, [ALL, "both"], capabilities);

describe("a session with all servers", () => {
  it("carries questions with equal ids under ids of their own, and each answer to who asked", async () => {
    const session = await open({ sampling: {} });
    const [first, second] = await Promise.all([
      session.ask("tools/call", { name: "one__ask", arguments: {} }),
      session.ask("tools/call", { name: "two__ask", arguments: {} }),
    ]);
    const [ofOne, ofTwo] = await Promise.all([
      first.notified("sampling/createMessage"),
      second.notified("sampling/createMessage"),
    ]);
    expect(ofOne.id).not.toEqual(ofTwo.id);
    await session.reply(ofTwo.id, { for: "two" });
    await session.reply(ofOne.id, { for: "one" });
    expect(textIn(await first.answer())).toBe('got {"for":"one"}');
    expect(textIn(await second.answer())).toBe('got {"for":"two"}');
  });

  it("asks nothing of a client that did not declare it, and carries no answer to what nobody asked", async () => {
    const session = await open();
    const asked = await session.ask("tools/call", { name: "one__ask", arguments: {} });
    expect(textIn(await asked.answer())).toContain("-32601");
    expect(asked.messages).toHaveLength(1);
    await session.reply("q", { forged: true });
    expect(JSON.stringify([...one.journal(), ...two.journal()])).not.toContain("forged");
  });

  it("cancels a call at the server that has it, and reports its progress", async () => {
    const session = await open();
    const call = { name: "one__slow", arguments: {}, _meta: { progressToken: "mine" } };
    const slow = await session.ask("tools/call", call, "slow-call");
    expect(await slow.notified("notifications/progress")).toMatchObject({
      params: { progressToken: "mine" },
    });
    const before = two.got("notifications/cancelled").length;
    await session.tell("notifications/cancelled", { requestId: "slow-call" });
    await until(() => one.got("notifications/cancelled")[0]);
    expect(two.got("notifications/cancelled")).toHaveLength(before);
  });

  it("carries a client's notifications to all servers, and its log level", async () => {
    const before = two.got("notifications/roots/list_changed").length;
    const session = await open({ roots: { listChanged: true } });
    await session.tell("notifications/roots/list_changed");
    await until(() => one.got("notifications/roots/list_changed").at(0));
    expect(await session.request("ping")).toMatchObject({ result: {} });
    expect(await session.request("logging/setLevel", { level: "warning" })).toMatchObject({ result: {} });
    expect(one.got("logging/setLevel").at(-1)?.params).toMatchObject({ level: "warning" });
    expect(two.got("logging/setLevel").at(-1)?.params).toMatchObject({ level: "warning" });
    expect(two.got("notifications/roots/list_changed").length).toBeGreaterThan(before);
  });

  it("subscribes to a resource at its server, and hears of it and of no other", async () => {
    const session = await open();
    const standing = await session.listen();
    await session.request("resources/subscribe", { uri: "two://a" });
    expect(two.got("resources/subscribe").at(-1)?.params).toEqual({ uri: "two://a" });
    expect(one.got("resources/subscribe")).toEqual([]);
    expect((await session.request("resources/subscribe", { uri: "hidden://a" })).error?.code).toBe(-32002);
    await until(() => (two.journal().some(({ http }) => http === "GET") ? true : undefined));
    await session.call("two__touch", { uris: ["hidden://a", "two://a"] });
    const updated = await standing.notified("notifications/resources/updated");
    expect(updated).toMatchObject({ params: { uri: "two://a" } });
    expect(session.heard.map(({ bytes }) => bytes).join("")).not.toContain("hidden://");
  });

  it("ends all sessions behind it when it is ended", async () => {
    const session = await open();
    await session.call("one__echo");
    await session.call("two__echo");
    const before = [one, two].map((server) => ended(server).length);
    expect(await session.end()).toBe(204);
    await until(() => (ended(one).length > (before[0] ?? 0) ? true : undefined));
    await until(() => (ended(two).length > (before[1] ?? 0) ? true : undefined));
    expect((await session.ask("ping")).status).toBe(404);
  });

  it("is begun in the oldest revision that its servers agree to", async () => {
    const session = await Legacy.open(gateway, [ALL, "both"], {}, "2025-06-18");
    expect(session.hello.result?.["protocolVersion"]).toBe("2025-06-18");
  });
});

const ended = (server: Scripted) => server.journal().filter(({ http }) => http === "DELETE");

describe("a server that is down", () => {
  it("is left out, does not keep the others, and is there again when it is up", async () => {
    const before = await Legacy.open(gateway, [ALL, "shaky"]);
    expect(textIn(await before.call("passing__echo"))).toBe("passing did echo");
    await passing.stop();
    const during = await Legacy.open(gateway, [ALL, "shaky"]);
    const names = async (session: Legacy) => JSON.stringify(await session.request("tools/list"));
    expect(await names(during)).not.toContain("passing__");
    expect((await before.call("passing__echo")).error?.code).toBe(1001);
    expect(textIn(await during.call("one__echo"))).toBe("one did echo");
    expect((await during.call("passing__echo")).error).toMatchObject({
      code: 1001,
      data: { server: "passing" },
    });
    const modern = await ask(gateway, [ALL, "shaky"], "tools/list");
    expect(JSON.stringify(await modern.answer())).not.toContain("passing__");
    await during.request("logging/setLevel", { level: "error" });
    const told = passing.got("logging/setLevel").length;
    await passing.serve();
    expect(await names(during)).toContain("passing__");
    // What it was told of the session is gone with the server: a session of an earlier life gets a new one there.
    await expect.poll(async () => textIn(await before.call("passing__echo"))).toBe("passing did echo");
    expect(textIn(await during.call("passing__echo"))).toBe("passing did echo");
    expect(passing.got("logging/setLevel").slice(told)).toMatchObject([{ params: { level: "error" } }]);
    const again = await ask(gateway, [ALL, "shaky"], "tools/call", { name: "passing__echo" });
    expect(textIn(await again.answer())).toBe("passing did echo");
  });
});

describe("a server that hangs", () => {
  it("keeps nobody waiting who asks the others, and is there when it is ready, of which sessions are told", async () => {
    const session = await Legacy.open(gateway, [ALL, "patient"]);
    const listed = JSON.stringify(await session.request("tools/list"));
    expect(listed).toContain("one__echo");
    expect(listed).not.toContain("hanging__");
    expect(textIn(await session.call("one__echo"))).toBe("one did echo");
    const stream = await session.listen();
    writeFileSync(go, "");
    await stream.notified("notifications/tools/list_changed");
    expect(JSON.stringify(await session.request("tools/list"))).toContain("hanging__late");
  });
});
