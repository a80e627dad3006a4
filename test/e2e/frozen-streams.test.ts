import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { Gateway, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { ask, Legacy, Scripted } from "../support/peers.ts";

// What is open when a freeze comes: subscriptions, standing streams, questions and tasks.

const free = { type: "object", additionalProperties: true };
const has = {
  tools: ["touch", "notice", "work", "work_more"].map((name) => ({ name, inputSchema: free })),
  resources: [{ uri: "x://a", name: "a" }],
};
const UPDATED = "notifications/resources/updated";
const TOOLS_CHANGED = "notifications/tools/list_changed";
const TASKS = { extensions: { "io.modelcontextprotocol/tasks": {} } };

let gateway: Gateway;
let modern: Scripted;
let legacy: Scripted;
const desk = new Desk();

beforeAll(async () => {
  const directory = temporaryDirectory();
  [modern, legacy] = await Promise.all([
    Scripted.start(directory, "modern", has, "modern"),
    Scripted.start(directory, "legacy", has, "legacy"),
  ]);
  const grant = (name: string): object => ({
    identity: "a",
    server: ["modern", "legacy"],
    policy: "p",
    token: tokenOf(name),
  });
  gateway = await Gateway.start(
    {
      mcpServers: { modern: modern.entry, legacy: legacy.entry },
      policies: { p: { version: "1", default: "allow" } },
      identities: { a: {} },
      grants: { one: grant("one"), two: grant("two") },
    },
    directory,
  );
});

afterAll(async () => {
  await Promise.all([gateway, modern, legacy].map((each) => each[Symbol.asyncDispose]()));
  desk[Symbol.dispose]();
});

const run = async (...argv: readonly string[]): Promise<void> => {
  const { exit, err } = await desk.run([...argv, "--data", gateway.data]);
  expect([exit, err.replace(/^Names of tools.*\n/u, "")]).toEqual([0, ""]);
};

const methods = (messages: readonly { readonly method?: string }[]): readonly string[] =>
  messages.flatMap(({ method }) => (method === UPDATED || method === TOOLS_CHANGED ? [method] : []));

describe("a subscription", () => {
  it("hears nothing of a frozen grant but that lists changed, and goes on when it is released", async () => {
    const notifications = { resourceSubscriptions: ["x://a"], toolsListChanged: true };
    const heard = await ask(gateway, ["modern", "one"], "subscriptions/listen", { notifications });
    await heard.notified("notifications/subscriptions/acknowledged");
    const touch = async (): Promise<void> => {
      await (
        await ask(gateway, ["modern", "two"], "tools/call", { name: "touch", arguments: { uris: ["x://a"] } })
      ).closed;
    };
    const change = async (): Promise<void> => {
      const message = { method: TOOLS_CHANGED };
      await (
        await ask(gateway, ["modern", "two"], "tools/call", { name: "notice", arguments: { message } })
      ).closed;
    };
    await touch();
    await heard.notified(UPDATED);
    await run("freeze", "--grant", "one", "--reason", "x");
    await touch();
    await change();
    await heard.notified(TOOLS_CHANGED);
    await run("unfreeze", "--grant", "one");
    await touch();
    await expect.poll(() => methods(heard.messages)).toEqual([UPDATED, TOOLS_CHANGED, UPDATED]);
    heard.close();
  });
});

describe("a session", () => {
  it("of a frozen grant is told and asked nothing but that lists changed", async () => {
    const session = await Legacy.open(gateway, ["legacy", "one"], { sampling: {} });
    const standing = await session.listen();
    const other = await Legacy.open(gateway, ["legacy", "two"]);
    const ping = async (id: string): Promise<void> => {
      await other.call("notice", { message: { id, method: "sampling/createMessage", params: {} } });
    };
    await other.call("touch", { uris: ["x://a"] });
    await standing.notified(UPDATED);
    await ping("asked");
    await standing.message(({ method }) => method === "sampling/createMessage");
    await run("freeze", "--grant", "one", "--reason", "x");
    await other.call("touch", { uris: ["x://a"] });
    await ping("frozen");
    await other.call("notice", { message: { method: TOOLS_CHANGED } });
    await standing.notified(TOOLS_CHANGED);
    await run("unfreeze", "--grant", "one");
    await other.call("touch", { uris: ["x://a"] });
    await expect.poll(() => methods(standing.messages)).toEqual([UPDATED, TOOLS_CHANGED, UPDATED]);
    expect(
      standing.messages.flatMap(({ method, id }) => (method === "sampling/createMessage" ? [id] : [])),
    ).toEqual(["asked"]);
    // The server does not wait in vain: both sessions have declined, the other one because it never could.
    const declined = (wanted: string): number =>
      legacy.journal().filter(({ id, method }) => id === wanted && method === undefined).length;
    await expect.poll(() => declined("frozen")).toBe(2);
    expect(declined("asked")).toBe(1);
  });
});

describe("a task", () => {
  it("of a frozen tool is like one that there is not, and of another goes on", async () => {
    const send = async (method: string, params: Record<string, unknown>) =>
      (await ask(gateway, ["modern", "one"], method, params, { capabilities: TASKS })).answer();
    const begin = async (name: string): Promise<string> =>
      String((await send("tools/call", { name, arguments: { id: "" } })).result?.["taskId"]);
    const [frozen, other] = [await begin("work"), await begin("work_more")];
    await run("freeze", "--tool", "work", "--reason", "x");
    for (const method of ["tasks/get", "tasks/cancel"]) {
      const [known, unknown] = [
        await send(method, { taskId: frozen }),
        await send(method, { taskId: "none" }),
      ];
      expect(known.error).toEqual(unknown.error);
      expect(known.error?.code).toBe(-32602);
    }
    expect((await send("tasks/get", { taskId: other })).result?.["status"]).toBe("working");
    await run("unfreeze", "--tool", "work");
    expect((await send("tasks/get", { taskId: frozen })).result?.["status"]).toBe("working");
    const codes = (await gateway.records()).filter(({ method }) => String(method).startsWith("tasks/"));
    expect(codes.map(({ code }) => code)).toEqual([
      "frozen",
      "default_deny",
      "frozen",
      "default_deny",
      "allowed",
      "allowed",
    ]);
  });
});
