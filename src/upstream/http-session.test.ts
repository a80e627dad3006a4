import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { isJsonObject, member, type Json } from "../base/json-value.ts";
import type { ResponseFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import type { Channel, ServerSpec, Upstream } from "./port.ts";
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
import type { Seen } from "./testing/http.ts";

const CALL = request("tools/call", { name: "echo", arguments: {} }, "c");
const STREAM = { "content-type": "text/event-stream" };

type Then = (seen: Seen, response: ServerResponse, server: Forgetful) => void;

/** A server that forgets its sessions when it is told to, and answers 404 in those it does not know. */
class Forgetful {
  readonly seen: Seen[] = [];
  /** What was answered with 404. */
  readonly refused: Seen[] = [];
  readonly known = new Set<string>();
  /** `initialize` is answered with this. */
  hello: Json = { protocolVersion: "2025-06-18", capabilities: { tools: {}, logging: {} } };
  /** Sessions are forgotten as soon as they are made. */
  forgetsAll = false;
  refusesHello = false;
  /** The handshake gets no answer. */
  isSilent = false;
  #next = 1;

  forget(): void {
    this.known.clear();
  }

  answer(seen: Seen, response: ServerResponse, then: Then): void {
    this.seen.push(seen);
    if (seen.method === "initialize") {
      this.#hello(seen, response);
    } else if (!this.known.has(String(seen.headers["mcp-session-id"]))) {
      this.refused.push(seen);
      response.writeHead(404, { "content-type": "application/json" });
      response.end(
        '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32001,"message":"Session not found"}}',
      );
    } else if (seen.verb === "POST" && seen.message["id"] === undefined) {
      response.writeHead(202).end();
    } else {
      then(seen, response, this);
    }
  }

  #hello(seen: Seen, response: ServerResponse): void {
    if (this.isSilent) {
      return;
    }
    if (this.refusesHello) {
      response.writeHead(503).end();
      return;
    }
    const id = `s-${this.#next}`;
    this.#next += 1;
    if (!this.forgetsAll) {
      this.known.add(id);
    }
    json(response, resultOf(seen, this.hello), { "mcp-session-id": id });
  }

  /** What was sent, each with its session. */
  get told(): readonly string[] {
    return this.seen.map(
      ({ verb, method, headers }) =>
        `${typeof method === "string" ? method : verb} ${String(headers["mcp-session-id"] ?? "-")}`,
    );
  }
}

const echo: Then = (seen, response) => {
  if (seen.verb === "POST") {
    json(response, resultOf(seen, { saw: seen.message["params"] ?? null }));
  } else {
    response.writeHead(405).end();
  }
};

interface Opened {
  readonly server: Forgetful;
  readonly upstream: Upstream;
  readonly channel: Channel;
}

const open = async (then: Then = echo, change: Partial<ServerSpec> = {}): Promise<Opened> => {
  const server = new Forgetful();
  const { origin } = await serve((seen, response) => server.answer(seen, response, then));
  const upstream = upstreamOf({ kind: "http", url: `${origin}/mcp`, headers: {} }, change);
  const { channel } = await upstream.openLegacy(initialize("2025-06-18"));
  await channel.send(notification("notifications/initialized"));
  // The stream of its own is offered or refused before anything else is looked at.
  await expect.poll(() => server.told).toContain("GET s-1");
  server.seen.splice(0);
  return { server, upstream, channel };
};

const closedOf = (channel: Channel): { reason: string | undefined } => {
  const closed: { reason: string | undefined } = { reason: undefined };
  channel.onClosed((reason) => (closed.reason = reason));
  return closed;
};

describe("a session that the server forgot", () => {
  it("is opened anew, and what was refused is sent again", async () => {
    const { server, channel, upstream } = await open();
    const closed = closedOf(channel);
    server.forget();
    expect(await ask(channel, CALL)).toMatchObject({
      frame: { id: "c", result: { saw: { name: "echo", arguments: {} } } },
    });
    expect(server.told.filter((each) => !each.startsWith("GET"))).toEqual([
      "tools/call s-1",
      "initialize -",
      "notifications/initialized s-2",
      "tools/call s-2",
    ]);
    const hello = server.seen.find(({ method }) => method === "initialize");
    expect(hello?.message).toEqual(initialize("2025-06-18").value);
    expect(hello?.headers).not.toHaveProperty("mcp-protocol-version");
    await expect.poll(() => server.told).toContain("GET s-2");
    expect(closed.reason).toBeUndefined();
    expect(upstream.stderrTail()).toContain("a new one was opened in its place");
  });

  it("is opened once for all that find it gone", async () => {
    const { server, channel } = await open();
    server.forget();
    const names = ["a", "b", "c", "d"];
    const answers = await Promise.all(
      names.map((name) => ask(channel, request("tools/call", { name }, name))),
    );
    expect(answers.map(({ frame }) => frame.result)).toEqual(names.map((name) => ({ saw: { name } })));
    expect(server.told.filter((each) => each.startsWith("initialize"))).toHaveLength(1);
    expect(server.told.filter((each) => each === "tools/call s-2")).toHaveLength(4);
  });

  it("is told again what lasts: the level of logging, and subscriptions that are not over", async () => {
    const { server, channel } = await open();
    const say = (method: string, params: Json): Promise<unknown> =>
      ask(channel, request(method, params, method));
    await say("logging/setLevel", { level: "debug" });
    await say("logging/setLevel", { level: "error" });
    for (const uri of ["a:1", "a:2", "a:3"]) {
      await say("resources/subscribe", { uri });
    }
    await say("resources/unsubscribe", { uri: "a:2" });
    server.forget();
    server.seen.splice(0);
    await ask(channel, CALL);
    expect(server.told.filter((each) => each.endsWith("s-2") && !each.startsWith("GET"))).toEqual([
      "notifications/initialized s-2",
      "logging/setLevel s-2",
      "resources/subscribe s-2",
      "resources/subscribe s-2",
      "tools/call s-2",
    ]);
    const params = server.seen.flatMap(({ method, message }) =>
      method === "logging/setLevel" || method === "resources/subscribe" ? [message["params"]] : [],
    );
    expect(params).toEqual([{ level: "error" }, { uri: "a:1" }, { uri: "a:3" }]);
  });

  it("takes what else was under way in it along: its outcome is not known", async () => {
    const streams: ServerResponse[] = [];
    const { server, channel } = await open((seen, response, self) => {
      const params = seen.message["params"];
      if (isJsonObject(params) && member(params, "name") === "slow") {
        streams.push(response.writeHead(200, STREAM));
        response.write(event({ jsonrpc: "2.0", method: "notifications/message", params: { data: 1 } }));
      } else {
        echo(seen, response, self);
      }
    });
    const slow = failure(ask(channel, request("tools/call", { name: "slow" }, "slow")));
    await expect.poll(() => streams.length).toBe(1);
    server.forget();
    expect(await ask(channel, CALL)).toMatchObject({ frame: { id: "c" } });
    streams[0]?.end();
    expect(await slow).toMatchObject({ kind: "lost" });
    expect(server.told.filter((each) => each.startsWith("tools/call"))).toEqual([
      "tools/call s-1",
      "tools/call s-1",
      "tools/call s-2",
    ]);
    expect(await ask(channel, request("tools/call", { name: "x" }, "d"))).toMatchObject({
      frame: { id: "d" },
    });
  });

  it("takes along what cannot be resumed in it", async () => {
    const { server, channel } = await open((seen, response) => {
      if (seen.verb === "POST") {
        response.writeHead(200, STREAM).end("retry: 1\nid: e-1\ndata:\n\n");
        server.forget();
      } else {
        response.writeHead(405).end();
      }
    });
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "lost" });
    expect(server.told.slice(-2)).toEqual(["tools/call s-1", "GET s-1"]);
  });

  it("does not answer what was changed in it and did not last", async () => {
    let late: ServerResponse | undefined;
    const { server, channel } = await open((seen, response, self) => {
      if (seen.method === "resources/subscribe") {
        late = response.writeHead(200, STREAM);
      } else {
        echo(seen, response, self);
      }
    });
    const subscribed = failure(ask(channel, request("resources/subscribe", { uri: "a:1" }, "sub")));
    await expect.poll(() => late !== undefined).toBe(true);
    server.forget();
    await ask(channel, CALL);
    late?.end(event({ jsonrpc: "2.0", id: "sub", result: {} }));
    expect(await subscribed).toMatchObject({ kind: "lost" });
  });

  it("is opened anew for a notification, but not for one that means nothing in another session", async () => {
    const { server, channel } = await open();
    server.forget();
    const moved = notification("notifications/progress", { progressToken: 1, progress: 1 });
    expect(await failure(channel.send(moved))).toMatchObject({ kind: "never_ran" });
    expect(server.told).toEqual(["notifications/progress s-1"]);
    await channel.send(notification("notifications/roots/list_changed"));
    expect(server.told.filter((each) => each.includes("roots"))).toEqual([
      "notifications/roots/list_changed s-1",
      "notifications/roots/list_changed s-2",
    ]);
  });
});

describe("a session that cannot be opened anew", () => {
  const refused = async (
    change: (server: Forgetful) => void,
    then?: Then,
    before: (channel: Channel) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<{ kind: string; reason: string | undefined; server: Forgetful; note: string }> => {
    const { server, channel, upstream } = await open(then);
    await before(channel);
    const closed = closedOf(channel);
    server.forget();
    change(server);
    const { kind } = await failure(ask(channel, CALL));
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "never_ran" });
    return { kind, reason: closed.reason, server, note: upstream.stderrTail() };
  };

  it.each<[string, (server: Forgetful) => void]>([
    ["refuses the handshake", (server) => (server.refusesHello = true)],
    [
      "speaks another revision",
      (server) => (server.hello = { protocolVersion: "2025-03-26", capabilities: {} }),
    ],
    [
      "has other capabilities",
      (server) => (server.hello = { protocolVersion: "2025-06-18", capabilities: { tools: {} } }),
    ],
    ["answers nonsense", (server) => (server.hello = {})],
    ["forgets the new one at once", (server) => (server.forgetsAll = true)],
  ])("because the server %s is over, and said to be", async (_name, change) => {
    const { kind, reason, server, note } = await refused(change);
    expect(kind).toBe("never_ran");
    expect(reason).toContain("The server has ended the session.");
    expect(note).toContain("The server has ended the session.");
    expect(server.told.filter((each) => each.startsWith("tools/call"))).toEqual(["tools/call s-1"]);
  });

  it("has the same capabilities in whatever order they are written", async () => {
    const { server, channel } = await open();
    server.forget();
    server.hello = { capabilities: { logging: {}, tools: {} }, protocolVersion: "2025-06-18" };
    expect(await ask(channel, CALL)).toMatchObject({ frame: { id: "c" } });
  });

  it("is over where it does not take what lasts", async () => {
    let first = true;
    const subscribing: Then = (seen, response, server) => {
      if (seen.method !== "resources/subscribe" || first) {
        first &&= seen.method !== "resources/subscribe";
        echo(seen, response, server);
        return;
      }
      json(response, {
        jsonrpc: "2.0",
        id: seen.message["id"] ?? null,
        error: { code: -32002, message: "Resource not found" },
      });
    };
    const { kind, reason, server } = await refused(
      () => {},
      subscribing,
      (channel) => ask(channel, request("resources/subscribe", { uri: "a:1" }, "sub")),
    );
    expect([kind, reason]).toEqual(["never_ran", expect.stringContaining("refused resources/subscribe")]);
    await expect.poll(() => server.told).toContain("DELETE s-2");
  });

  it("is over where what was refused is refused again", async () => {
    const { server, channel } = await open((seen, response, self) => {
      self.forget();
      response.writeHead(404).end();
      void seen;
    });
    const closed = closedOf(channel);
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "never_ran" });
    expect(closed.reason).toBe("The server has ended the session.");
    expect(server.told.filter((each) => each.startsWith("tools/call"))).toEqual([
      "tools/call s-1",
      "tools/call s-2",
    ]);
  });

  it("is not waited for by who gives up: what was refused never ran", async () => {
    const { server, channel } = await open();
    server.forget();
    server.isSilent = true;
    const controller = new AbortController();
    const asked = failure(ask(channel, CALL, { signal: controller.signal }));
    await expect.poll(() => server.told).toContain("initialize -");
    controller.abort();
    expect(await asked).toMatchObject({ kind: "never_ran" });
  });
});

describe("a stream of what nobody asked for", () => {
  it("that finds the session gone has it opened anew, once for each use", async () => {
    const { server, channel } = await open((seen, response, self) => {
      if (seen.verb === "POST") {
        echo(seen, response, self);
      } else {
        // It is open for a moment, long enough to be known as a stream.
        response.writeHead(200, STREAM).end("retry: 1\n\n");
      }
    });
    await ask(channel, CALL);
    await ask(channel, request("resources/subscribe", { uri: "a:1" }, "sub"));
    server.forget();
    await expect.poll(() => server.told, { timeout: 5_000 }).toContain("GET s-2");
    server.forget();
    await expect.poll(() => server.refused.at(-1)?.headers["mcp-session-id"]).toBe("s-2");
    expect(server.told.filter((each) => each.startsWith("initialize"))).toHaveLength(1);
    // Whoever asks next has it opened.
    expect(await ask(channel, CALL)).toMatchObject({ frame: { id: "c" } });
    expect(server.told).toContain("tools/call s-2");
    expect(server.told.filter((each) => each.startsWith("initialize"))).toHaveLength(2);
  });
});

describe("an answer to what a server asked", () => {
  const answerTo = (id: Json): ResponseFrame =>
    readFrame(JSON.stringify({ jsonrpc: "2.0", id, result: {} })) as ResponseFrame;
  const asking: Then = (seen, response, server) => {
    const params = seen.message["params"];
    if (!isJsonObject(params) || member(params, "name") !== "asks") {
      echo(seen, response, server);
      return;
    }
    response.writeHead(200, STREAM).write(event({ jsonrpc: "2.0", id: 0, method: "roots/list" }));
  };
  const isAsked = (channel: Channel): Promise<void> =>
    new Promise((resolve) => {
      const onInterim = (): void => resolve();
      ask(channel, request("tools/call", { name: "asks" }, "a"), { onInterim }).catch(() => {});
    });

  it("goes to the session that asked, and to no other", async () => {
    const { server, channel } = await open(asking);
    await isAsked(channel);
    server.forget();
    await ask(channel, CALL);
    expect(await failure(channel.send(answerTo(0)))).toMatchObject({ kind: "never_ran" });
    expect(server.told.at(-1)).toMatch(/^(POST|GET) s-1$/);
  });

  it("goes to none where two sessions asked with one id", async () => {
    const { server, channel } = await open(asking);
    await isAsked(channel);
    server.forget();
    await isAsked(channel);
    const before = server.seen.filter(({ message }) => Object.hasOwn(message, "result")).length;
    expect(await failure(channel.send(answerTo(0)))).toMatchObject({ kind: "never_ran" });
    expect(await failure(channel.send(answerTo(0)))).toMatchObject({ kind: "never_ran" });
    expect(server.seen.filter(({ message }) => Object.hasOwn(message, "result"))).toHaveLength(before);
  });
});
