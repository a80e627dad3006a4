import { describe, expect, it } from "vitest";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Frame } from "../wire/frame.ts";
import type { Channel } from "./port.ts";
import {
  ask,
  event,
  failure,
  initialize,
  json,
  notification,
  request,
  resultOf,
  serve,
  upstreamOf,
} from "./testing/http.ts";

const CALL = request("tools/call", { name: "echo", arguments: {} }, "c");
const note = (data: number): Json => ({ jsonrpc: "2.0", method: "notifications/message", params: { data } });
const ANSWER: Json = { jsonrpc: "2.0", id: "c", result: { ok: true } };
const UNREADABLE_NOTE: Json = { jsonrpc: "2.0", method: "notifications/message", params: [] };

type Way = "json" | "stream";

/** A server of a revision that answers every call with these messages, and says the heard ones unasked. */
const open = async (revision: string, answered: Json, way: Way, heard?: Json): Promise<Channel> => {
  const { origin } = await serve((seen, response) => {
    const stream = { "content-type": "text/event-stream" };
    if (seen.verb === "GET") {
      response.writeHead(heard === undefined ? 405 : 200, stream);
      response.write(heard === undefined ? "" : event(heard));
    } else if (seen.method === "initialize") {
      json(response, resultOf(seen, { protocolVersion: revision, capabilities: {} }));
    } else if (seen.message["id"] === undefined) {
      response.writeHead(202).end();
    } else if (way === "json") {
      json(response, answered);
    } else {
      response.writeHead(200, stream).end(event(answered));
    }
  });
  const upstream = upstreamOf({ kind: "http", url: `${origin}/mcp`, headers: {} });
  return (await upstream.openLegacy(initialize(revision))).channel;
};

const answeredWith = async (answered: Json, way: Way): Promise<{ heard: Frame[]; answer: Json }> => {
  const channel = await open("2025-03-26", answered, way);
  const heard: Frame[] = [];
  const { frame } = await ask(channel, CALL, { onInterim: (each) => void heard.push(each) });
  return { heard, answer: frame.value };
};

describe.each(["json", "stream"] as const)("an array of messages of 2025-03-26 (%s)", (way) => {
  it("is messages, each alone and in order", async () => {
    const { heard, answer } = await answeredWith([note(1), note(2), ANSWER, note(3)], way);
    expect(heard.map(({ value }) => value)).toEqual([note(1), note(2), note(3)]);
    expect(answer).toEqual(ANSWER);
  });

  it("may have one message, and notifications that cannot be read", async () => {
    expect(await answeredWith([ANSWER], way)).toMatchObject({ heard: [], answer: ANSWER });
    const { heard, answer } = await answeredWith([UNREADABLE_NOTE, note(2), ANSWER], way);
    expect(heard.map(({ value }) => value)).toEqual([note(2)]);
    expect(answer).toEqual(ANSWER);
  });

  it.each([
    ["is empty", []],
    ["holds an array", [[ANSWER], note(1)]],
    ["answers twice", [ANSWER, ANSWER]],
    ["answers another request", [note(1), { ...(ANSWER as object), id: "d" }]],
    ["holds a response that cannot be read", [ANSWER, { jsonrpc: "2.0", id: "c", result: 1 }]],
  ])("is nonsense where it %s", async (_name, messages) => {
    const channel = await open("2025-03-26", messages, way);
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "nonsense" });
  });

  it.each(["2024-11-05", "2025-06-18", "2025-11-25"])("is nonsense in %s", async (revision) => {
    const channel = await open(revision, [ANSWER], way);
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "nonsense" });
  });
});

describe("an array on the stream of what nobody asked for", () => {
  const first = async (revision: string): Promise<Json> => {
    const channel = await open(revision, ANSWER, "json", [note(1), note(2)]);
    const heard: Json[] = [];
    channel.onMessage((frame) => void heard.push(frame.value));
    await channel.send(notification("notifications/initialized"));
    await expect.poll(() => heard.length).toBe(2);
    return heard;
  };

  it("is messages in 2025-03-26", async () => {
    expect(await first("2025-03-26")).toEqual([note(1), note(2)]);
  });

  it("says nothing in other revisions", async () => {
    const { origin, seen } = await serve((each, response) => {
      if (each.verb === "GET") {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(`${event([note(1)])}${event(note(2))}`);
      } else if (each.method === "initialize") {
        json(response, resultOf(each, { protocolVersion: "2025-06-18", capabilities: {} }));
      } else {
        response.writeHead(202).end();
      }
    });
    const upstream = upstreamOf({ kind: "http", url: `${origin}/mcp`, headers: {} });
    const { channel } = await upstream.openLegacy(initialize("2025-06-18"));
    const heard = new Promise((resolve) => channel.onMessage((frame) => resolve(writeJson(frame.value))));
    await channel.send(notification("notifications/initialized"));
    expect(await heard).toBe(writeJson(note(2)));
    expect(seen.map(({ verb }) => verb)).toContain("GET");
  });
});
