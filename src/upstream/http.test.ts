import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Frame, NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { writeSseEvent } from "../wire/sse.ts";
import { openUpstream } from "./open.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, ServerSpec, Upstream } from "./port.ts";

interface Seen {
  readonly method: string;
  readonly headers: IncomingMessage["headers"];
  readonly message: { id?: Json; method?: string; params?: JsonObject };
  readonly text: string;
  closed: boolean;
}
type Behaviour = (seen: Seen, response: ServerResponse) => void | Promise<void>;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) {
    await close();
  }
});

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp?tenant=1`;
};

/** A server that keeps what it was sent, and answers as it is told. */
const serve = async (behaviour: Behaviour): Promise<{ url: string; seen: Seen[] }> => {
  const seen: Seen[] = [];
  const listener: RequestListener = (request, response) => {
    void (async () => {
      const text = Buffer.concat(await request.toArray()).toString();
      const message = text === "" ? {} : (JSON.parse(text) as Seen["message"]);
      const entry: Seen = {
        method: request.method ?? "",
        headers: request.headers,
        message,
        text,
        closed: false,
      };
      response.on("close", () => (entry.closed = !response.writableFinished));
      seen.push(entry);
      await behaviour(entry, response);
    })();
  };
  return { url: await listen(createServer(listener)), seen };
};

const upstream = (url: string, change: Partial<ServerSpec> = {}): Upstream => {
  const made = openUpstream(
    {
      name: "remote",
      transport: {
        kind: "http",
        url,
        headers: { Authorization: "Bearer upstream-token", Accept: "text/plain" },
      },
      isolation: "session",
      startMs: 5_000,
      callMs: 5_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 100_000,
      ...change,
    },
    { version: "0", mask: (text) => text },
  );
  closing.push(async () => {
    await made[Symbol.asyncDispose]();
  });
  return made;
};

const request = (method: string, params: Json, id: Json = 1): RequestFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id, method, params })) as RequestFrame;
const CALL = request("tools/call", { name: "echo", arguments: { n: 1 } }, "c");
const INITIALIZE = request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: {} });
const exchange = (change: Partial<Exchange> = {}): Exchange => ({
  onInterim: () => {},
  signal: new AbortController().signal,
  ...change,
});

const json = (
  response: ServerResponse,
  body: object,
  status = 200,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
};
const result = (seen: Seen, value: object = {}): object => ({
  jsonrpc: "2.0",
  id: seen.message.id,
  result: value,
});
const sse = (response: ServerResponse, ...events: string[]): void => {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  events.forEach((event) => response.write(event));
};

const SESSION = { "mcp-session-id": "s-1" };
/** Does the handshake of a legacy server, and leaves the rest to `then`. */
const legacy =
  (then: Behaviour): Behaviour =>
  (seen, response) => {
    if (seen.message.method === "initialize") {
      return json(response, result(seen, { protocolVersion: "2025-06-18", capabilities: {} }), 200, SESSION);
    }
    if (
      seen.message.method === "notifications/cancelled" ||
      seen.message.method === "notifications/initialized"
    ) {
      response.writeHead(202).end();
      return undefined;
    }
    if (seen.method === "DELETE" || (seen.method === "GET" && seen.headers["last-event-id"] === undefined)) {
      response.writeHead(405).end();
      return undefined;
    }
    return then(seen, response);
  };
const modern =
  (then: Behaviour): Behaviour =>
  (seen, response) =>
    seen.message.method === "server/discover"
      ? json(
          response,
          result(seen, { resultType: "complete", supportedVersions: ["2026-07-28"], capabilities: {} }),
        )
      : then(seen, response);

const openLegacy = async (
  then: Behaviour,
  change?: Partial<ServerSpec>,
): Promise<{ channel: Channel; seen: Seen[] }> => {
  const { url, seen } = await serve(legacy(then));
  const { channel } = await upstream(url, change).openLegacy(INITIALIZE);
  return { channel, seen };
};
const openModern = async (
  then: Behaviour,
  change?: Partial<ServerSpec>,
): Promise<{ channel: Channel; seen: Seen[] }> => {
  const { url, seen } = await serve(modern(then));
  const channel = await upstream(url, change).openModern();
  return { channel: channel as Channel, seen };
};
const failure = async (promise: Promise<unknown>): Promise<UpstreamFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UpstreamFailure);
  return error as UpstreamFailure;
};
const ask = (channel: Channel, frame = CALL, change?: Partial<Exchange>): Promise<Answer> =>
  channel.request(frame, exchange(change));

describe("a legacy session over HTTP", () => {
  it("sends the configured headers and its own, and the session's after the handshake", async () => {
    const { channel, seen } = await openLegacy((each, response) =>
      json(response, result(each, { ok: true })),
    );
    await channel.send(
      readFrame('{"jsonrpc":"2.0","method":"notifications/initialized"}') as NotificationFrame,
    );
    const answer = await ask(channel);
    expect(answer).toMatchObject({ httpStatus: 200, frame: { id: "c", result: { ok: true } } });
    const [first, second, ...rest] = seen;
    const last = rest.find(({ message }) => message.method === "tools/call");
    expect(first?.headers).toMatchObject({
      authorization: "Bearer upstream-token",
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
    });
    expect(first?.headers).not.toHaveProperty("mcp-session-id");
    expect(first?.headers).not.toHaveProperty("mcp-protocol-version");
    for (const each of [second, last]) {
      expect(each?.headers).toMatchObject({ "mcp-session-id": "s-1", "mcp-protocol-version": "2025-06-18" });
      expect(each?.headers).not.toHaveProperty("mcp-method");
    }
    expect(last?.text).toBe(writeJson(CALL.value));
    expect(channel.spoken).toMatchObject({ era: "legacy", revision: "2025-06-18" });
  });

  it("reads an answer from a stream, after what comes before it", async () => {
    const { channel } = await openLegacy((each, response) => {
      const token = { progressToken: 5, progress: 1 };
      sse(
        response,
        ": hello\n\n",
        writeSseEvent("", { id: "0" }),
        writeSseEvent(JSON.stringify({ jsonrpc: "2.0", method: "notifications/progress", params: token })),
        writeSseEvent(
          JSON.stringify({ jsonrpc: "2.0", id: "ask", method: "sampling/createMessage", params: {} }),
        ),
        writeSseEvent(JSON.stringify(result(each, { ok: 1 }))),
      );
      response.end();
    });
    const interim: Frame[] = [];
    const answer = await ask(channel, CALL, { onInterim: (frame) => void interim.push(frame) });
    expect(answer.frame.result).toEqual({ ok: 1 });
    expect(interim).toMatchObject([
      { method: "notifications/progress" },
      { method: "sampling/createMessage" },
    ]);
  });

  it("is over when the server does not know it any more: the request never ran", async () => {
    const { channel } = await openLegacy((_each, response) => void response.writeHead(404).end());
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    expect(await failure(ask(channel))).toMatchObject({ kind: "never_ran" });
    expect(await closed).toBe("The server has ended the session.");
    expect(await failure(ask(channel))).toMatchObject({ kind: "never_ran" });
  });

  it("is ended with DELETE when the channel is closed", async () => {
    const { channel, seen } = await openLegacy(() => {});
    await channel[Symbol.asyncDispose]();
    expect(seen.at(-1)).toMatchObject({ method: "DELETE", headers: SESSION });
  });

  it("tells the server of a cancellation and of a time-out", async () => {
    const { channel, seen } = await openLegacy(() => {}, { callMs: 300 });
    const controller = new AbortController();
    const cancelled = failure(ask(channel, CALL, { signal: controller.signal }));
    await expect.poll(() => seen.length).toBe(2);
    controller.abort();
    expect(await cancelled).toMatchObject({ kind: "cancelled" });
    expect(await failure(ask(channel, request("tools/call", { name: "x" }, 9)))).toMatchObject({
      kind: "timeout",
    });
    const ids = (): unknown[] =>
      seen.flatMap(({ message }) =>
        message.method === "notifications/cancelled" ? [message.params?.["requestId"]] : [],
      );
    await expect.poll(ids).toEqual(["c", 9]);
  });

  it("resumes a stream that the server cuts off before the answer", async () => {
    const { channel, seen } = await openLegacy((each, response) => {
      if (each.method === "GET") {
        sse(response, writeSseEvent('{"jsonrpc":"2.0","id":"c","result":{"late":true}}'));
      } else {
        sse(response, "retry: 20\n", writeSseEvent("", { id: "e-1" }));
      }
      response.end();
    });
    expect((await ask(channel)).frame.result).toEqual({ late: true });
    expect(seen.at(-1)?.headers).toMatchObject({ "last-event-id": "e-1", "mcp-session-id": "s-1" });
  });

  it("resumes a stream that ends at once no faster than it may, ever slower while nothing comes", async () => {
    const at: number[] = [];
    const { channel } = await openLegacy((_, response) => {
      at.push(performance.now());
      const data = at.length < 4 ? "" : '{"jsonrpc":"2.0","id":"c","result":{}}';
      sse(response, "retry: 0\n", writeSseEvent(data, { id: `e-${String(at.length)}` }));
      response.end();
    });
    expect((await ask(channel)).frame.result).toEqual({});
    const pauses = at.slice(1).map((each, index) => each - (at[index] ?? 0));
    const floors = [1, 2, 4].map((times) => times * LIMITS.resume_ms_min);
    for (const [index, floor] of floors.entries()) {
      // A timer may be early by a part of a millisecond.
      expect(pauses[index]).toBeGreaterThan(floor - 2);
    }
  });

  it("listens for what the server says unasked", async () => {
    const changed = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';
    const { url } = await serve((each, response) => {
      if (each.method === "GET") {
        sse(response, writeSseEvent(changed));
        return undefined;
      }
      return legacy(() => {})(each, response);
    });
    const { channel } = await upstream(url).openLegacy(INITIALIZE);
    const heard = new Promise((resolve) => channel.onMessage(resolve));
    await channel.send(
      readFrame('{"jsonrpc":"2.0","method":"notifications/initialized"}') as NotificationFrame,
    );
    expect(await heard).toMatchObject({ method: "notifications/tools/list_changed" });
  });

  it("gives the refusal of an initialize to whoever asked", async () => {
    const error = { code: -32602, message: "Unsupported protocol version" };
    const { url } = await serve((each, response) =>
      json(response, { jsonrpc: "2.0", id: each.message.id, error }, 400),
    );
    const { answer } = await upstream(url).openLegacy(INITIALIZE);
    expect(answer).toMatchObject({ httpStatus: 400, frame: { error } });
  });
});

describe("a modern server over HTTP", () => {
  it("gets the headers that mirror the body", async () => {
    const { channel, seen } = await openModern((each, response) => json(response, result(each)));
    await ask(channel, CALL, { name: "größe", paramHeaders: { "Mcp-Param-Region": "eu" } });
    expect(seen.at(-1)?.headers).toMatchObject({
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "=?base64?Z3LDtsOfZQ==?=",
      "mcp-param-region": "eu",
      authorization: "Bearer upstream-token",
    });
    expect(seen.at(-1)?.headers).not.toHaveProperty("mcp-session-id");
    expect(seen[0]?.headers).toMatchObject({ "mcp-method": "server/discover" });
  });

  it("has its stream closed, and no message sent, when the caller goes", async () => {
    const { channel, seen } = await openModern((_each, response) => sse(response, ": open\n\n"));
    const controller = new AbortController();
    const cancelled = failure(ask(channel, CALL, { signal: controller.signal }));
    await expect.poll(() => seen.length).toBe(2);
    controller.abort();
    expect(await cancelled).toMatchObject({ kind: "cancelled" });
    await expect.poll(() => seen[1]?.closed).toBe(true);
    expect(seen).toHaveLength(2);
  });

  it("passes on its own errors with their status", async () => {
    const error = { code: -32601, message: "Method not found" };
    const { channel } = await openModern((each, response) =>
      json(response, { ...result(each), result: undefined, error }, 404),
    );
    expect(await ask(channel)).toMatchObject({ httpStatus: 404, frame: { id: "c", error } });
  });

  it("may refuse by status without having read the id", async () => {
    const error = { code: -32000, message: "Too many" };
    const body = { jsonrpc: "2.0", id: "server-error", error };
    const { channel } = await openModern((_each, response) => json(response, body, 400));
    expect(await ask(channel)).toMatchObject({ httpStatus: 400, frame: { id: "c", error } });
  });

  it("gives each of two requests with one id its own answer", async () => {
    const { channel, seen } = await openModern(async (each, response) => {
      await sleep(50);
      json(response, result(each, { saw: each.message.id ?? null }));
    });
    const answers = await Promise.all([ask(channel), ask(channel)]);
    expect(answers.map(({ frame }) => frame.id)).toEqual(["c", "c"]);
    expect(new Set(seen.map(({ message }) => message.id)).size).toBe(3);
  });
});

describe("an answer over HTTP that cannot be used", () => {
  const raw =
    (body: string | Buffer, type = "application/json", status = 200): Behaviour =>
    (_each, response) =>
      void response.writeHead(status, { "content-type": type }).end(body);
  const redirect: Behaviour = (_each, response) => void response.writeHead(307, { location: "/other" }).end();
  const compressed: Behaviour = (_each, response) =>
    void response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end("x");
  const own = '{"jsonrpc":"2.0","id":"c","result":';

  it.each([
    ["has the id of another request", raw('{"jsonrpc":"2.0","id":"d","result":{}}')],
    ["has a name twice", raw(`${own}{"a":1,"a":2}}`)],
    ["is not UTF-8", raw(Buffer.from(`${own}{"a":"\u00E9"}}`, "latin1"))],
    ["is no JSON", raw("<html>")],
    ["is of another type", raw(`${own}{}}`, "text/html")],
    ["is over the bound", raw(`${own}{"a":"${"x".repeat(200_000)}"}}`)],
    ["is a list", raw(`[${own}{}}]`)],
    ["is nothing", raw("", "application/json", 202)],
    ["is a redirect", redirect],
    [
      "is a stream with the id of another",
      raw(writeSseEvent('{"jsonrpc":"2.0","id":"d","result":{}}'), "text/event-stream"),
    ],
    ["is a stream with a name twice", raw(writeSseEvent(`${own}{"a":1,"a":2}}`), "text/event-stream")],
    [
      "is an event over the bound",
      raw(writeSseEvent(`${own}{"a":"${"x".repeat(200_000)}"}}`), "text/event-stream"),
    ],
    ["is compressed unasked", compressed],
  ])("because it %s is nonsense", async (_name, behaviour) => {
    const { channel } = await openModern(behaviour);
    expect(await failure(ask(channel))).toMatchObject({ kind: "nonsense" });
  });

  it.each([401, 403, 429, 500, 502, 503])(
    "with status %i says that the server is not to be had",
    async (status) => {
      const { channel } = await openModern(raw("no", "text/plain", status));
      expect(await failure(ask(channel))).toMatchObject({ kind: "lost" });
    },
  );
});

describe("a connection", () => {
  it("that nobody takes never carried the request", async () => {
    const { url } = await serve(() => {});
    await closing.pop()?.();
    const made = upstream(url);
    expect(await failure(made.openLegacy(INITIALIZE))).toMatchObject({ kind: "never_ran" });
    expect(await failure(made.openModern())).toMatchObject({ kind: "never_ran" });
  });

  it("that breaks after the request was sent may have carried it", async () => {
    const { channel } = await openModern((_each, response) => void response.socket?.destroy());
    expect(await failure(ask(channel))).toMatchObject({ kind: "lost" });
    const cut = await openModern((_each, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "100" }).write("{");
      setImmediate(() => response.socket?.destroy());
    });
    expect(await failure(ask(cut.channel))).toMatchObject({ kind: "lost" });
  });

  it("whose stream ends without an answer may have carried it", async () => {
    const { channel } = await openModern((_each, response) => {
      sse(response, ": nothing\n\n");
      response.end();
    });
    expect(await failure(ask(channel))).toMatchObject({ kind: "lost" });
  });

  it("to something that does not speak HTTP is nonsense", async () => {
    const server = createTcpServer((socket) => socket.resume().end("SSH-2.0-x\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => server.close(() => resolve())));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await failure(upstream(url).openLegacy(INITIALIZE))).toMatchObject({ kind: "nonsense" });
  });

  it("is used again for the next request, also after a stream", async () => {
    const ports = new Set<number | undefined>();
    const { channel } = await openModern((each, response) => {
      ports.add(response.socket?.remotePort);
      sse(response, writeSseEvent(JSON.stringify(result(each))));
      response.end();
    });
    for (let round = 0; round < 5; round += 1) {
      await sleep(20);
      await ask(channel, request("tools/call", { name: "x" }, round));
    }
    expect(ports.size).toBe(1);
  });

  it.each(["http://169.254.169.254/mcp", "http://user:pass@127.0.0.1/mcp", "ftp://127.0.0.1/mcp"])(
    "to %s is not made",
    async (url) => {
      expect(await failure(upstream(url).openLegacy(INITIALIZE))).toMatchObject({ kind: "never_ran" });
    },
  );
});

describe("the probe over HTTP", () => {
  const refusing =
    (status: number, error?: object): Behaviour =>
    (each, response) =>
      error === undefined
        ? void response.writeHead(status).end()
        : json(response, { jsonrpc: "2.0", id: each.message.id ?? null, error }, status);
  const other: Behaviour = (each, response) => json(response, result(each, {}));
  const initialized = { code: -32000, message: "Bad Request: Server not initialized" };

  it.each([
    ["400 without a body", refusing(400)],
    ["404", refusing(404)],
    ["405", refusing(405)],
    ["400 with an error that is not modern", refusing(400, initialized)],
    ["200 with an error", refusing(200, { code: -32601, message: "no" })],
    ["200 with another result", other],
  ])("takes %s for a legacy server, and remembers it", async (_name, behaviour) => {
    const { url, seen } = await serve(behaviour);
    const made = upstream(url);
    expect(await made.openModern()).toBeUndefined();
    expect(await made.openModern()).toBeUndefined();
    expect(seen).toHaveLength(1);
  });

  it.each([401, 503])("remembers nothing of a status %i", async (status) => {
    const { url, seen } = await serve(refusing(status));
    const made = upstream(url);
    expect(await made.openModern()).toBeUndefined();
    expect(await made.openModern()).toBeUndefined();
    expect(seen).toHaveLength(2);
  });

  it("asks a modern server once", async () => {
    const { url, seen } = await serve(modern(() => {}));
    const made = upstream(url);
    expect((await made.openModern())?.spoken.era).toBe("modern");
    expect((await made.openModern())?.spoken.era).toBe("modern");
    expect(seen).toHaveLength(1);
  });
});
