import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Gateway, temporaryDirectory } from "../support/gateway.ts";
import { LegacyClient, linesOf, type Heard, type Listening } from "../support/legacy.ts";
import { talker, talkerConfig } from "../support/talker.ts";

// What a session hears on its event streams, and how a client that lost one comes back.

const directory = temporaryDirectory();
const journal = join(directory, "talker.jsonl");
let gateway: Gateway;

beforeAll(async () => {
  const servers = { talker: talker(journal), second: talker(`${journal}.second`) };
  gateway = await Gateway.start(talkerConfig(servers), directory);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
});

const open = (capabilities: object = {}, revision = "2025-11-25"): Promise<LegacyClient> =>
  LegacyClient.open(gateway, "talker", { capabilities, revision });
const UPDATED = "notifications/resources/updated";
const stepsIn = ({ messages }: Pick<Listening, "messages">): unknown[] =>
  messages.flatMap(({ params }) => params?.["progress"] ?? []);
const lastIdOf = ({ events }: Listening): string => events.at(-1)?.id ?? "";
const urisIn = ({ messages }: Listening): unknown[] => messages.map(({ params }) => params?.["uri"]);

describe("what belongs to no request", () => {
  it("is heard by GET, from before anybody listened on, once", async () => {
    const client = await open({ roots: {} });
    using heard = client.listen();
    await heard.until(() => heard.methods.includes("roots/list"));
    expect(heard.status).toBe(200);
    await client.did(1, "mention", { count: 2 });
    await heard.until(() => heard.methods.filter((method) => method === UPDATED).length === 2);
    expect(heard.methods).toEqual(["notifications/message", "roots/list", UPDATED, UPDATED]);
    using second = client.listen();
    await client.did(2, "mention");
    await second.until(() => second.methods.includes(UPDATED));
    await heard.until(() => heard.closed);
    expect(heard.ended).toBe(true);
    expect(heard.methods).toHaveLength(4);
    expect(second.methods).toEqual([UPDATED]);
  });

  it("is not heard by another session", async () => {
    const [one, other] = [await open({ roots: {} }), await open()];
    using heard = other.listen();
    using own = one.listen();
    await own.until(() => own.methods.includes("roots/list"));
    await one.did(1, "mention");
    await own.until(() => own.methods.includes(UPDATED));
    await other.did(1, "mention");
    await heard.until(() => heard.methods.includes(UPDATED));
    expect(heard.methods).toEqual(["notifications/message", UPDATED]);
  });

  it("that a client did not declare is not asked of it, and the server is told so", async () => {
    const client = await open();
    using heard = client.listen();
    await client.did(1, "wonder");
    await client.did(2, "mention");
    await heard.until(() => heard.methods.includes(UPDATED));
    expect(heard.methods).not.toContain("roots/list");
    const told = linesOf(journal).find(({ id }) => id === "its-own");
    expect(told).toMatchObject({ error: { code: -32601 } });
  });

  it("is answered under the server's own id, once, and what nobody asked for reaches nobody", async () => {
    const client = await open({ roots: {} });
    using heard = client.listen();
    await heard.until(() => heard.methods.includes("roots/list"));
    const marked = (id: unknown, uri: string): Promise<Listening> =>
      client.post({ id, result: { roots: [{ uri }] } }).over();
    expect((await marked("its-unheard", "file:///unasked")).status).toBe(202);
    expect((await marked("its-roots", "file:///answer")).status).toBe(202);
    expect((await marked("its-roots", "file:///again")).status).toBe(202);
    await client.did(1, "echo");
    const lines = linesOf(journal);
    expect(lines.find(({ id, result }) => id === "its-roots" && result !== undefined)).toMatchObject({
      result: { roots: [{ uri: "file:///answer" }] },
    });
    expect(JSON.stringify(lines)).not.toMatch(/unasked|again/u);
  });

  it("is told apart where two servers ask under one id", async () => {
    const client = await LegacyClient.open(gateway, undefined, { capabilities: { roots: {} } });
    using heard = client.listen();
    const asked = (): readonly Heard["message"][] =>
      heard.messages.filter(({ method }) => method === "roots/list");
    await heard.until(() => asked().length === 2);
    const ids = asked().map(({ id }) => String(id));
    expect(new Set(ids).size).toBe(2);
    expect(ids).toContain("its-roots");
    const files = [journal, `${journal}.second`];
    const before = files.map((file) => linesOf(file).length);
    for (const id of ids) {
      await client.post({ id, result: { roots: [{ uri: `file:///${id}` }] } }).over();
    }
    const answers = (): unknown[] =>
      files.map((file, index) =>
        linesOf(file)
          .slice(before[index])
          .map(({ id }) => id),
      );
    await expect.poll(answers).toEqual([["its-roots"], ["its-roots"]]);
    const told = files.map((file, index) => JSON.stringify(linesOf(file).slice(before[index])));
    ids.forEach((id) => expect(told.filter((text) => text.includes(`file:///${id}"`))).toHaveLength(1));
  });

  it("goes to who listens where the call that it comes with lost its client", async () => {
    const client = await open({ roots: {} });
    using heard = client.listen();
    await heard.until(() => heard.methods.includes("roots/list"));
    const lost = client.call(1, "plead");
    const calls = (): unknown[] => linesOf(journal).map(({ params }) => params?.["name"]);
    await expect.poll(calls).toContain("plead");
    lost[Symbol.dispose]();
    await client.did(2, "release");
    await heard.until(() => heard.messages.some(({ id }) => id === "its-plea"));
  });

  it("is primed with an id in 2025-11-25, and only there", async () => {
    const client = await open();
    using first = client.listen();
    await first.until((events) => events.length === 2);
    expect(first.events.map(({ data }) => data === "")).toEqual([false, true]);
    expect(first.events[1]?.id).toBe(first.events[0]?.id);
    const older = await open({}, "2025-06-18");
    using second = older.listen();
    await second.until((events) => events.length === 1);
    await older.did(1, "mention");
    await second.until((events) => events.length === 2);
    expect(second.events.every(({ data }) => data !== "")).toBe(true);
  });
});

describe("a stream that the client lost", () => {
  it("of a call goes on, and gives the rest with the answer, once and in order", async () => {
    const client = await open();
    using lost = client.call(1, "hold");
    await lost.until(() => stepsIn(lost).length === 2);
    lost[Symbol.dispose]();
    using rest = client.listen(lastIdOf(lost));
    await rest.begun();
    await client.did(2, "release");
    await rest.over();
    expect(rest.ended).toBe(true);
    expect(stepsIn(rest)).toEqual([3, 4]);
    expect(rest.messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: "held" }] } });
    expect(rest.messages).toHaveLength(3);
  });

  it("is given also after the call is over, from any event on, and ends when it is all given", async () => {
    const client = await open();
    using lost = client.call("a", "hold");
    await lost.until(() => stepsIn(lost).length === 2);
    lost[Symbol.dispose]();
    await client.did("b", "release");
    const [first = "", second = ""] = lost.events.map(({ id }) => id);
    using fromFirst = await client.listen(first).over();
    expect(stepsIn(fromFirst)).toEqual([2, 3, 4]);
    using fromSecond = await client.listen(second).over();
    expect(stepsIn(fromSecond)).toEqual([3, 4]);
    expect(fromSecond.messages.at(-1)).toMatchObject({ id: "a", result: { isError: false } });
    using nothing = await client.listen(lastIdOf(fromSecond)).over();
    expect([nothing.status, nothing.ended, nothing.events]).toEqual([200, true, []]);
  });

  it("is taken from a reader that no longer takes anything", async () => {
    const client = await open();
    using stuck = client.call(1, "flood", { count: 400, characters: 65_536 });
    await stuck.until((events) => events.length > 0);
    stuck.pause();
    const stalledAt = (): unknown => linesOf(journal).flatMap(({ stalled }) => stalled ?? [])[0];
    await expect.poll(stalledAt).toBeGreaterThan(20);
    // The system between holds more than is kept: what the client lost is what it would have read last.
    const after = Number(stalledAt()) - 8;
    using rest = client.listen(lastIdOf(stuck).replace(/\d+$/u, String(after)));
    await rest.over();
    expect(rest.status).toBe(200);
    expect(stepsIn(rest)).toEqual(Array.from({ length: 400 - after }, (_, index) => after + index + 1));
    expect(rest.messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: "flooded" }] } });
  });

  it("of what belongs to no request is taken up after the last event", async () => {
    const client = await open();
    using lost = client.listen();
    await client.did(1, "mention", { count: 3 });
    await lost.until(() => lost.methods.filter((method) => method === UPDATED).length === 3);
    lost[Symbol.dispose]();
    await client.did(2, "mention", { count: 2 });
    const second = lost.events.find(({ message }) => message.params?.["uri"] === "file:///2")?.id;
    using rest = client.listen(second);
    await rest.until((events) => events.length === 3);
    expect(urisIn(rest)).toEqual(["file:///3", "file:///1", "file:///2"]);
  });

  it("is refused where what is missing is not kept, and never begins with a hole", async () => {
    const client = await open();
    using lost = client.call(1, "flood", { count: 40, characters: 65_536 });
    await lost.over();
    const [first = ""] = lost.events.map(({ id }) => id);
    using late = await client.listen(first).over();
    expect(late.status).toBe(400);
    expect(JSON.parse(late.text)).toMatchObject({ error: { code: -32600 } });
    const near = lost.events.at(-3)?.id ?? "";
    using rest = await client.listen(near).over();
    expect(rest.events.map(({ id }) => id)).toEqual(lost.events.slice(-2).map(({ id }) => id));
  });

  it("is not opened by ids that are none, that are ahead, or that another session gave", async () => {
    const [client, other] = [await open(), await open()];
    for (const each of [client, other]) {
      using heard = each.listen();
      await each.did(1, "mention", { count: 3 });
      await heard.until(() => heard.methods.filter((method) => method === UPDATED).length === 3);
    }
    using theirs = other.listen();
    await other.did(2, "mention");
    await theirs.until(() => theirs.methods.includes(UPDATED));
    const id = lastIdOf(theirs);
    const ahead = id.replace(/\d+$/u, "999");
    for (const wrong of ["x", "0", "-", "9999999999-1", "0-0-0", id, ahead, id.replace(/-\d+$/u, "-0")]) {
      using refused = await client.listen(wrong).over();
      expect([wrong, refused.status]).toEqual([wrong, 400]);
      expect(refused.text).not.toContain("updated");
    }
    using right = await other.listen(ahead).over();
    expect(right.status).toBe(400);
  });
});
