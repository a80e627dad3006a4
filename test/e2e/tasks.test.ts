import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL, Gateway, temporaryDirectory, tokenOf, type Message } from "../support/gateway.ts";
import { ask, Legacy, Scripted, until } from "../support/peers.ts";

// Tasks of both eras: those of 2025-11-25, which the client asks for, and those of the extension (SEP-2663), which the
// server decides on. A task is its grant's whose call began it, for as long as that call would be allowed.

const free = { type: "object", additionalProperties: true };
const has = { tools: ["work", "work_hidden", "echo", "notice"].map((name) => ({ name, inputSchema: free })) };
const TASKS = { extensions: { "io.modelcontextprotocol/tasks": {} } };

let gateway: Gateway;
let modern: Scripted;
let legacy: Scripted;
let double: Scripted;

const configOf = (hide: readonly string[] = []): object => {
  const grant = (name: string): object => ({
    identity: "a",
    server: ["modern", "legacy", "double"],
    policy: "p",
    token: tokenOf(name),
  });
  return {
    mcpServers: { modern: modern.entry, legacy: legacy.entry, double: double.entry },
    policies: { p: { version: "1", default: "allow", hide } },
    identities: { a: {} },
    grants: { one: grant("one"), two: grant("two") },
  };
};

beforeAll(async () => {
  const directory = temporaryDirectory();
  [modern, legacy, double] = await Promise.all([
    Scripted.start(directory, "modern", has, "modern"),
    Scripted.start(directory, "legacy", has, "legacy"),
    Scripted.start(directory, "double", has, "modern"),
  ]);
  gateway = await Gateway.start(configOf(), directory);
});

afterAll(async () => {
  await Promise.all([gateway, modern, legacy, double].map((each) => each[Symbol.asyncDispose]()));
});

/** How a grant asks in one era, and what it finds a task's id in. */
interface Asking {
  readonly send: (method: string, params: Record<string, unknown>) => Promise<Message>;
  readonly begin: (tool?: string, id?: string) => Promise<string>;
}

const asModern = (grant: string, server = "modern", prefix = ""): Asking => {
  const send: Asking["send"] = async (method, params) =>
    (await ask(gateway, [server, grant], method, params, { capabilities: TASKS })).answer();
  const begin: Asking["begin"] = async (tool = "work", id = "") => {
    const { result } = await send("tools/call", { name: prefix + tool, arguments: { id } });
    expect(result?.["resultType"]).toBe("task");
    return String(result?.["taskId"]);
  };
  return { send, begin };
};

const asLegacy = async (grant: string, server = "legacy"): Promise<Asking> => {
  const session = await Legacy.open(gateway, [server, grant], { tasks: {} });
  const begin: Asking["begin"] = async (tool = "work", id = "") => {
    const { result } = await session.request("tools/call", {
      name: tool,
      arguments: { id },
      task: { ttl: 60_000 },
    });
    return String((result?.["task"] as { taskId?: string } | undefined)?.taskId);
  };
  return { send: (method, params) => session.request(method, params), begin };
};

const bodyOf = ({ result, error }: Message, taskId: string): string =>
  JSON.stringify({ result, error }).replaceAll(taskId, "ID");

const METHODS = {
  modern: ["tasks/get", "tasks/update", "tasks/cancel"],
  legacy: ["tasks/get", "tasks/result", "tasks/cancel"],
} as const;

describe.each(["modern", "legacy"] as const)("a task of the %s era", (era) => {
  let one: Asking;
  let two: Asking;
  const upstream = (): Scripted => (era === "modern" ? modern : legacy);

  beforeAll(async () => {
    [one, two] =
      era === "modern"
        ? [asModern("one"), asModern("two")]
        : await Promise.all([asLegacy("one"), asLegacy("two")]);
  });

  it("is followed to its end by the grant whose call began it, and recorded", async () => {
    const taskId = await one.begin();
    for (const method of METHODS[era]) {
      expect((await one.send(method, { taskId })).error).toBeUndefined();
      expect(upstream().got(method).at(-1)?.params?.["taskId"]).toBe(taskId);
    }
    if (era === "modern") {
      expect(modern.got("tasks/get").at(-1)?.headers?.["mcp-name"]).toBe(taskId);
    }
    const records = (await gateway.records()).filter(({ tool }) => tool === taskId);
    expect(records.map(({ method, decision }) => [method, decision])).toEqual(
      METHODS[era].map((method) => [method, "allow"]),
    );
  });

  it("is nobody else's: another's, a guessed one and one of a hidden tool are answered alike, and not sent on", async () => {
    const taskId = await one.begin();
    const hidden = await one.begin("work_hidden");
    gateway.configure(configOf(["work_hidden"]));
    await expect
      .poll(async () => (await one.send("tools/call", { name: "work_hidden" })).error?.code)
      .toBe(-32602);
    for (const method of METHODS[era]) {
      const before = upstream().got(method).length;
      const answers = [
        bodyOf(await two.send(method, { taskId }), taskId),
        bodyOf(await one.send(method, { taskId: "guessed" }), "guessed"),
        bodyOf(await one.send(method, { taskId: hidden }), hidden),
      ];
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toContain("-32602");
      expect(upstream().got(method)).toHaveLength(before);
    }
    const refused = (await gateway.records()).filter(({ tool }) => tool === hidden);
    expect(refused.map(({ decision, code }) => [decision, code])).toEqual(
      METHODS[era].map(() => ["deny", "hidden"]),
    );
    if (era === "legacy") {
      const listed = await one.send("tasks/list", {});
      expect(JSON.stringify(listed.result?.["tasks"])).toContain(taskId);
      expect(JSON.stringify(listed)).not.toContain(hidden);
      expect((await two.send("tasks/list", {})).result?.["tasks"]).toEqual([]);
    }
    gateway.configure(configOf());
    await expect.poll(async () => (await one.send("tasks/get", { taskId: hidden })).error).toBeUndefined();
  });
});

describe("tasks", () => {
  it("are checked by Mcp-Name, which is the task's id", async () => {
    const taskId = await asModern("one").begin();
    const wrong = await gateway.modern("modern", "one", "tasks/get", { taskId }, { "mcp-name": "another" });
    expect(wrong.message.error?.code).toBe(-32020);
  });

  it("are found at the endpoint of all servers, unless two servers gave one id", async () => {
    const one = asModern("one", ALL, "modern__");
    const taskId = await one.begin();
    expect((await one.send("tasks/get", { taskId })).result).toMatchObject({ taskId, status: "working" });
    expect(modern.got("tasks/get").at(-1)?.params?.["taskId"]).toBe(taskId);
    expect((await asModern("two", ALL).send("tasks/get", { taskId })).error?.code).toBe(-32602);
    await one.begin("work", "same");
    await asModern("one", ALL, "double__").begin("work", "same");
    expect((await one.send("tasks/get", { taskId: "same" })).error?.code).toBe(-32602);
    expect((await asModern("one").send("tasks/get", { taskId: "same" })).result).toMatchObject({
      status: "working",
    });
  });

  it("are listed at the endpoint of all servers, each grant its own", async () => {
    const mine = await (await asLegacy("one")).begin();
    const listed = async (grant: string) =>
      JSON.stringify(await (await Legacy.open(gateway, [ALL, grant])).request("tasks/list"));
    expect(await listed("one")).toContain(mine);
    expect(await listed("two")).not.toContain(mine);
  });

  it("of 2025-11-25 are told of to their own grant only", async () => {
    const session = await Legacy.open(gateway, ["legacy", "one"], { tasks: {} });
    const standing = await session.listen();
    const mine = await (await asLegacy("one")).begin();
    const theirs = await (await asLegacy("two")).begin();
    for (const taskId of [theirs, "guessed", mine]) {
      const message = { method: "notifications/tasks/status", params: { taskId, status: "working" } };
      await session.call("notice", { message });
    }
    await standing.notified("notifications/tasks/status");
    expect(standing.messages.map(({ params }) => params?.["taskId"])).toEqual([mine]);
  });

  it("are told of to their own grant only, and ask only for what a client declared", async () => {
    const one = asModern("one");
    const mine = await one.begin();
    const theirs = await asModern("two").begin();
    const filter = { notifications: { taskIds: [mine, theirs, "guessed"] } };
    const heard = await ask(gateway, ["modern", "one"], "subscriptions/listen", filter, {
      capabilities: TASKS,
    });
    expect(await heard.notified("notifications/subscriptions/acknowledged")).toMatchObject({
      params: { notifications: { taskIds: [mine] } },
    });
    expect(modern.got("subscriptions/listen").at(-1)?.params?.["notifications"]).toEqual({ taskIds: [mine] });
    const notice = async (params: object): Promise<void> => {
      const message = { method: "notifications/tasks", params };
      await one.send("tools/call", { name: "notice", arguments: { message } });
    };
    await notice({ taskId: theirs, status: "working" });
    await notice({ taskId: mine, inputRequests: { q: { method: "sampling/createMessage", params: {} } } });
    await notice({ taskId: mine, status: "completed" });
    await until(() => (heard.messages.length > 1 ? true : undefined));
    expect(heard.messages.slice(1)).toMatchObject([{ params: { taskId: mine, status: "completed" } }]);
    heard.close();
  });
});
