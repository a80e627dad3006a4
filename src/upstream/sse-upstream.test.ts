import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { member, type Json, type JsonObject } from "../base/json-value.ts";
import type { Frame } from "../wire/frame.ts";
import { writeSseEvent } from "../wire/sse.ts";
import type { Channel, ServerSpec, Upstream } from "./port.ts";
import {
  ask,
  event,
  failure,
  initialize,
  notification,
  request,
  resultOf,
  serve,
  upstreamOf,
} from "./testing/http.ts";
import type { Seen, Served } from "./testing/http.ts";

/** Says something on the session's stream. */
type Say = (text: string) => void;
type Then = (seen: Seen, say: Say, response: ServerResponse) => void;

const CALL = request("tools/call", { name: "echo", arguments: {} }, "c");
const ENDPOINT = writeSseEvent("/message?session=a%20b", { event: "endpoint" });
const HEADERS = { Authorization: "Bearer upstream-token" };

interface Session extends Served {
  /** The stream of the session, once it is open. */
  readonly stream: () => ServerResponse;
}

/** A server of the old transport that does the handshake, takes every message with 202, and leaves the rest to `then`. */
const sseServer = async (then: Then, first = ENDPOINT, revision = "2024-11-05"): Promise<Session> => {
  let stream: ServerResponse | undefined;
  const served = await serve((seen, response) => {
    if (seen.verb === "GET") {
      stream = response.writeHead(200, { "content-type": "text/event-stream" });
      stream.write(first);
      return;
    }
    const say: Say = (text) => void stream?.write(text);
    if (seen.method === "initialize") {
      response.writeHead(202, { connection: "close" }).end("Accepted");
      say(event(resultOf(seen, { protocolVersion: revision, capabilities: {} })));
    } else {
      then(seen, say, response);
    }
  });
  const opened = (): ServerResponse => {
    if (stream === undefined) {
      throw new Error("no stream");
    }
    return stream;
  };
  return { ...served, stream: opened };
};

const accepted = (then: (seen: Seen, say: Say) => void): Then => {
  return (seen, say, response) => {
    response.writeHead(202, { connection: "close" }).end("Accepted");
    then(seen, say);
  };
};
const echo = accepted((seen, say) => {
  if (seen.message["id"] !== undefined) {
    say(event(resultOf(seen, { saw: seen.message["id"] })));
  }
});

const upstreamTo = ({ origin }: Served, change?: Partial<ServerSpec>): Upstream =>
  upstreamOf({ kind: "sse", url: `${origin}/sse?tenant=1`, headers: HEADERS }, change);

const open = async (
  then: Then,
  change?: Partial<ServerSpec>,
  revision = "2024-11-05",
): Promise<{ channel: Channel; session: Session }> => {
  const session = await sseServer(then, ENDPOINT, revision);
  const { channel } = await upstreamTo(session, change).openLegacy(initialize(revision));
  return { channel, session };
};

const cancelledIds = ({ seen }: Served): readonly (Json | undefined)[] =>
  seen.flatMap(({ method, message }) =>
    method === "notifications/cancelled" ? [(message["params"] as JsonObject)["requestId"]] : [],
  );

const progress = (token: Json): string =>
  event({
    jsonrpc: "2.0",
    method: "notifications/progress",
    params: { progressToken: token, progress: 1 },
  });

describe("a session over HTTP+SSE", () => {
  it("posts to the address that the stream names, and takes answers from the stream", async () => {
    const { channel, session } = await open(echo);
    await channel.send(notification("notifications/initialized"));
    expect(await ask(channel, CALL)).toMatchObject({
      httpStatus: null,
      frame: { id: "c", result: { saw: "c" } },
    });
    expect(channel.spoken).toMatchObject({ era: "legacy", revision: "2024-11-05" });
    const [stream, ...posts] = session.seen;
    expect(stream).toMatchObject({
      path: "/sse?tenant=1",
      headers: { accept: "text/event-stream", authorization: "Bearer upstream-token" },
    });
    expect(posts.map(({ method }) => method)).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/call",
    ]);
    for (const { path, headers, verb } of posts) {
      expect([verb, path]).toEqual(["POST", "/message?session=a%20b"]);
      expect(headers).toMatchObject({ authorization: "Bearer upstream-token" });
      expect(headers).not.toHaveProperty("mcp-protocol-version");
    }
  });

  it("tells a newer revision in a header", async () => {
    const { channel, session } = await open(echo, {}, "2025-06-18");
    await ask(channel, CALL);
    expect(session.seen.at(-1)?.headers).toMatchObject({ "mcp-protocol-version": "2025-06-18" });
    expect(session.seen[1]?.headers).not.toHaveProperty("mcp-protocol-version");
  });

  it("knows no modern revision, and asks for none", async () => {
    const session = await sseServer(echo);
    expect(await upstreamTo(session).openModern()).toBeUndefined();
    expect(session.seen).toEqual([]);
  });

  it("gives each of several requests its own answer, in whatever order they come", async () => {
    const waiting: Seen[] = [];
    const { channel } = await open(
      accepted((seen, say) => {
        waiting.push(seen);
        if (waiting.length === 3) {
          waiting
            .toReversed()
            .forEach((each) => say(event(resultOf(each, { saw: each.message["params"] ?? null }))));
        }
      }),
    );
    const answers = await Promise.all(
      [1, 2, 3].map((n) => ask(channel, request("tools/call", { name: `t${n}` }, "same"))),
    );
    expect(answers.map(({ frame }) => [frame.id, member(frame.result ?? {}, "saw")])).toEqual(
      [1, 2, 3].map((n) => ["same", { name: `t${n}` }]),
    );
  });

  it("gives a request what belongs to it, and the rest to whoever listens", async () => {
    const { channel } = await open(
      accepted((seen, say) => {
        say(progress("mine"));
        say(event({ jsonrpc: "2.0", method: "notifications/tools/list_changed" }));
        say(event({ jsonrpc: "2.0", id: 1, method: "roots/list" }));
        say(writeSseEvent("not a message"));
        say(writeSseEvent("{}", { event: "weather" }));
        say(event(resultOf(seen, {})));
      }),
    );
    const own: Frame[] = [];
    const others: Frame[] = [];
    channel.onMessage((frame) => void others.push(frame));
    const call = request("tools/call", { name: "x", _meta: { progressToken: "mine" } }, "c");
    await ask(channel, call, { onInterim: (frame) => void own.push(frame) });
    expect(own).toMatchObject([{ method: "notifications/progress" }]);
    expect(others).toMatchObject([{ method: "notifications/tools/list_changed" }, { method: "roots/list" }]);
  });

  it("reads an array only in 2025-03-26", async () => {
    const inArray = accepted((seen, say) =>
      say(event([{ jsonrpc: "2.0", method: "notifications/x" }, resultOf(seen, { ok: true })])),
    );
    const { channel } = await open(inArray, {}, "2025-03-26");
    expect(await ask(channel, CALL)).toMatchObject({ frame: { result: { ok: true } } });
    const old = await open(inArray, { callMs: 200 });
    expect(await failure(ask(old.channel, CALL))).toMatchObject({ kind: "timeout" });
  });

  it("ends with its stream when it is closed", async () => {
    const { channel, session } = await open(echo);
    await channel[Symbol.asyncDispose]();
    await expect.poll(() => session.stream().destroyed).toBe(true);
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "never_ran" });
  });
});

describe("the address for messages", () => {
  const opening = async (first: string): Promise<{ kind: string; detail: string; posts: number }> => {
    const session = await sseServer(echo, first);
    const { kind, detail } = await failure(upstreamTo(session).openLegacy(initialize("2024-11-05")));
    return { kind, detail, posts: session.seen.length - 1 };
  };
  const endpoint = (url: string): string => writeSseEvent(url, { event: "endpoint" });

  it.each([
    "http://127.0.0.1:1/message",
    "//localhost/message",
    "https://127.0.0.1/",
    "http://169.254.169.254/",
  ])("must not be %s, of another origin", async (url) => {
    const { kind, detail, posts } = await opening(endpoint(url));
    expect([kind, posts]).toEqual(["never_ran", 0]);
    expect(detail).toContain("not of the origin");
  });

  it.each(["http://[", `/${"x".repeat(40_000)}`])("must be a good URL (%#)", async (url) => {
    expect(await opening(endpoint(url))).toMatchObject({ kind: "never_ran", posts: 0 });
  });

  it("holds no user", async () => {
    const session = await sseServer(echo, "");
    const opened = failure(upstreamTo(session).openLegacy(initialize("2024-11-05")));
    await expect.poll(() => session.seen.length).toBe(1);
    session.stream().write(endpoint(session.origin.replace("//", "//user:pw@")));
    expect(await opened).toMatchObject({ kind: "never_ran" });
  });

  it("may be written whole, and is the first thing said", async () => {
    const session = await sseServer(echo, "");
    const opened = upstreamTo(session).openLegacy(initialize("2024-11-05"));
    await expect.poll(() => session.seen.length).toBe(1);
    session.stream().write(endpoint(`${session.origin}/elsewhere`));
    await opened;
    expect(session.seen.at(-1)?.path).toBe("/elsewhere");
    expect(await opening(event({ jsonrpc: "2.0", method: "notifications/x" }))).toMatchObject({
      kind: "never_ran",
      posts: 0,
    });
  });

  it("is named once: later ones are not followed", async () => {
    const session = await sseServer(echo, `${ENDPOINT}${endpoint("/other")}`);
    const { channel } = await upstreamTo(session).openLegacy(initialize("2024-11-05"));
    await ask(channel, CALL);
    expect(new Set(session.seen.slice(1).map(({ path }) => path))).toEqual(
      new Set(["/message?session=a%20b"]),
    );
  });

  it("is waited for as long as the server has to start", async () => {
    const session = await sseServer(echo, "");
    const made = upstreamTo(session, { startMs: 200 });
    expect(await failure(made.openLegacy(initialize("2024-11-05")))).toMatchObject({ kind: "timeout" });
    await expect.poll(() => session.stream().destroyed).toBe(true);
  });

  it.each([200, 401, 404, 500])(
    "does not come from an answer of status %i without a stream",
    async (status) => {
      const served = await serve((_seen, response) => void response.writeHead(status).end("no"));
      expect(await failure(upstreamTo(served).openLegacy(initialize("2024-11-05")))).toMatchObject({
        kind: "never_ran",
      });
      expect(served.seen.map(({ verb }) => verb)).toEqual(["GET"]);
    },
  );
});

describe("a request over HTTP+SSE", () => {
  it("that nobody waits for any more, or that takes too long, is cancelled", async () => {
    const { channel, session } = await open(
      accepted(() => {}),
      { callMs: 200 },
    );
    const controller = new AbortController();
    const cancelled = failure(ask(channel, CALL, { signal: controller.signal }));
    await expect.poll(() => session.seen.at(-1)?.method).toBe("tools/call");
    controller.abort();
    expect(await cancelled).toMatchObject({ kind: "cancelled" });
    expect(await failure(ask(channel, request("tools/call", { name: "x" }, 9)))).toMatchObject({
      kind: "timeout",
    });
    await expect.poll(() => cancelledIds(session)).toEqual(["c", 9]);
  });

  it("has no clock while its server waits for the client, and has one again after", async () => {
    const { channel } = await open(
      accepted(() => {}),
      { callMs: 200 },
    );
    let hold: (held: boolean) => void = () => {};
    let over = false;
    const waiting = failure(ask(channel, CALL, { onHold: (given) => void (hold = given) })).finally(() => {
      over = true;
    });
    hold(true);
    // Another, whose clock is not stopped, has run out twice by then.
    for (const id of [10, 11]) {
      expect(await failure(ask(channel, request("tools/call", { name: "x" }, id)))).toMatchObject({
        kind: "timeout",
      });
    }
    expect(over).toBe(false);
    hold(false);
    expect(await waiting).toMatchObject({ kind: "timeout" });
  });

  it("has more time while there is progress", async () => {
    const { channel } = await open(
      accepted((seen, say) => {
        const steps = [1, 2, 3].map(
          (n) => (): void => say(n < 3 ? progress("p") : event(resultOf(seen, {}))),
        );
        steps.forEach((step, index) => setTimeout(step, 300 * (index + 1)));
      }),
      { callMs: 500 },
    );
    const call = request("tools/call", { name: "x", _meta: { progressToken: "p" } }, "c");
    expect(await ask(channel, call)).toMatchObject({ frame: { result: {} } });
  });

  it.each([
    [400, "nonsense"],
    [404, "nonsense"],
    [307, "nonsense"],
    [401, "lost"],
    [503, "lost"],
  ])("that the server answers with status %i fails alone, as %s", async (status, kind) => {
    let refuses = true;
    const { channel } = await open((seen, say, response) => {
      if (refuses) {
        response.writeHead(status, { location: "/other" }).end();
      } else {
        echo(seen, say, response);
      }
    });
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind });
    expect(await failure(channel.send(notification("notifications/x")))).toMatchObject({ kind });
    refuses = false;
    expect(await ask(channel, CALL)).toMatchObject({ frame: { id: "c" } });
  });

  it("that could not be sent never ran", async () => {
    const { channel, session } = await open(echo);
    session.stop();
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "never_ran" });
  });

  it("is lost with the stream, and so is the session", async () => {
    const { channel, session } = await open(accepted(() => session.stream().end()));
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "lost" });
    expect(await closed).toBe("The server ended the event stream.");
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "never_ran" });
    const posts = session.seen.length;
    expect(await failure(channel.send(notification("notifications/x")))).toMatchObject({ kind: "never_ran" });
    expect(session.seen).toHaveLength(posts);
  });

  it("whose answer cannot be read is nonsense, and the next is read", async () => {
    let broken = true;
    const { channel } = await open(
      accepted((seen, say) => {
        say(event(broken ? resultOf(seen, 1) : resultOf(seen, {})));
        broken = false;
      }),
    );
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "nonsense" });
    expect(await ask(channel, CALL)).toMatchObject({ frame: { result: {} } });
  });

  it("with an answer over the bound is nonsense, and ends the session", async () => {
    const { channel } = await open(
      accepted((seen, say) => say(event(resultOf(seen, { text: "x".repeat(200_000) })))),
    );
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "nonsense" });
    expect(await closed).toBe("An event is over the bound.");
  });

  it("does not see a late answer to another one with its id", async () => {
    const late: (() => void)[] = [];
    const { channel } = await open(
      accepted((seen, say) => {
        if (seen.method === "tools/call" && late.length === 0) {
          late.push(() => say(event(resultOf(seen, { late: true }))));
        } else if (seen.method === "tools/call") {
          late[0]?.();
          say(event(resultOf(seen, { late: false })));
        }
      }),
      { callMs: 200 },
    );
    expect(await failure(ask(channel, CALL))).toMatchObject({ kind: "timeout" });
    expect(await ask(channel, CALL)).toMatchObject({ frame: { id: "c", result: { late: false } } });
  });
});

describe("messages over HTTP+SSE that are taken slowly", () => {
  it("keep the stream waiting, and no deadline runs out meanwhile", async () => {
    const { channel } = await open(
      accepted((seen, say) => {
        say(progress("p"));
        say(event(resultOf(seen, {})));
      }),
      { callMs: 150 },
    );
    const gate = Promise.withResolvers<void>();
    const heard = Promise.withResolvers<void>();
    const call = request("tools/call", { name: "x", _meta: { progressToken: "p" } }, "c");
    const slow = ask(channel, call, {
      onInterim: () => {
        heard.resolve();
        return gate.promise;
      },
    });
    await heard.promise;
    const other = ask(channel, request("tools/call", { name: "y" }, "d"));
    const began = performance.now();
    await expect.poll(() => performance.now() - began).toBeGreaterThan(400);
    gate.resolve();
    expect(await Promise.all([slow, other])).toMatchObject([{ frame: { id: "c" } }, { frame: { id: "d" } }]);
  });

  it("go on when the request that they belong to is given up", async () => {
    const { channel } = await open(
      accepted((seen, say) => {
        say(progress("p"));
        say(event(resultOf(seen, {})));
      }),
    );
    const controller = new AbortController();
    const call = request("tools/call", { name: "x", _meta: { progressToken: "p" } }, "c");
    const onInterim = (): Promise<void> => {
      setImmediate(() => controller.abort());
      return new Promise(() => {});
    };
    expect(await failure(ask(channel, call, { onInterim, signal: controller.signal }))).toMatchObject({
      kind: "cancelled",
    });
    expect(await ask(channel, request("tools/call", { name: "y" }, "d"))).toMatchObject({
      frame: { id: "d" },
    });
  });
});
