import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Json } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Frame, NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { writeSseEvent } from "../wire/sse.ts";
import { openUpstream } from "./open.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, ServerSpec } from "./port.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) {
    await close();
  }
});

const NOTE = JSON.stringify({
  jsonrpc: "2.0",
  method: "notifications/message",
  params: { level: "info", data: "x".repeat(50_000) },
});
const NOTES = 1_000;
const STREAM = { "content-type": "text/event-stream" };

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });

/** How much of what a server writes was taken from it, by the kernel or by us. */
class Flood {
  written = 0;
  /** Whether the server is made to wait. */
  stuck = false;

  async pour(response: ServerResponse): Promise<void> {
    const event = writeSseEvent(NOTE);
    for (let round = 0; round < NOTES && !response.destroyed; round += 1) {
      if (!response.write(event)) {
        this.stuck = true;
        await drained(response);
      }
      this.written += event.length;
    }
  }

  /** Waits until nothing more is taken. */
  async rests(): Promise<number> {
    let before = -1;
    await expect
      .poll(
        () => {
          const still = this.stuck && this.written === before;
          before = this.written;
          return still;
        },
        { interval: 250, timeout: 10_000 },
      )
      .toBe(true);
    return this.written;
  }
}

type Behaviour = (message: { id?: Json; method?: string }, response: ServerResponse) => void;
type OnGet = (response: ServerResponse) => void;

const refuseGet: OnGet = (response) => void response.writeHead(405).end();

const serverOf = (then: Behaviour, onGet: OnGet): Server =>
  createServer((request: IncomingMessage, response) => {
    void (async () => {
      const text = Buffer.concat(await request.toArray()).toString();
      if (request.method !== "POST") {
        onGet(response);
        return;
      }
      const message = JSON.parse(text) as { id?: Json; method?: string };
      if (message.method === "initialize") {
        const result = { protocolVersion: "2025-06-18", capabilities: {} };
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }));
      } else if (message.id === undefined) {
        response.writeHead(202).end();
      } else {
        then(message, response);
      }
    })();
  });

const request = (method: string, params: Json, id: Json): RequestFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id, method, params })) as RequestFrame;
const CALL = request("tools/call", { name: "echo", arguments: {} }, "c");
const INITIALIZED = readFrame('{"jsonrpc":"2.0","method":"notifications/initialized"}') as NotificationFrame;

const open = async (
  then: Behaviour,
  onGet: OnGet = refuseGet,
  change: Partial<ServerSpec> = {},
): Promise<Channel> => {
  const server = serverOf(then, onGet);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const transport = { kind: "http", url: `http://127.0.0.1:${port}/mcp`, headers: {} } as const;
  const upstream = openUpstream(
    {
      name: "r",
      transport,
      startMs: 5_000,
      callMs: 20_000,
      callMaxMs: 300_000,
      isolation: "session",
      idleMs: 60_000,
      resultBytes: 100_000,
      ...change,
    },
    { version: "0", mask: (text) => text },
  );
  closing.push(async () => upstream[Symbol.asyncDispose]());
  const initialize = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: {} };
  return (await upstream.openLegacy(request("initialize", initialize, 0))).channel;
};

const answer = (response: ServerResponse, { id }: { id?: Json }): void => {
  response.end(writeSseEvent(JSON.stringify({ jsonrpc: "2.0", id, result: {} })));
};
const failure = async (promise: Promise<Answer>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );

describe("a server that writes faster than its messages are taken", () => {
  const pouring = (flood: Flood): Behaviour => {
    return (message, response) => {
      response.writeHead(200, STREAM);
      void flood.pour(response).then(() => answer(response, message));
    };
  };

  it("is made to wait, and loses nothing", async () => {
    const flood = new Flood();
    const channel = await open(pouring(flood));
    const gate = Promise.withResolvers<void>();
    let taken = 0;
    const asked = channel.request(CALL, {
      onInterim: () => {
        taken += 1;
        return gate.promise;
      },
      signal: new AbortController().signal,
    });
    const written = await flood.rests();
    expect(taken).toBe(1);
    expect(written).toBeLessThan(16 * 1024 * 1024);
    gate.resolve();
    expect(await asked).toMatchObject({ frame: { id: "c", result: {} } });
    expect(taken).toBe(NOTES);
  });

  it("is let go when the caller gives up", async () => {
    const flood = new Flood();
    const channel = await open(pouring(flood));
    const controller = new AbortController();
    const asked = failure(
      channel.request(CALL, { onInterim: () => new Promise(() => {}), signal: controller.signal }),
    );
    await flood.rests();
    controller.abort();
    expect(await asked).toMatchObject({ kind: "cancelled" });
  });

  it("is made to wait on the stream of what nobody asked for, too", async () => {
    const flood = new Flood();
    const channel = await open(
      () => {},
      (response) => void flood.pour(response.writeHead(200, STREAM)),
    );
    const gate = Promise.withResolvers<void>();
    let taken = 0;
    channel.onMessage(() => {
      taken += 1;
      return gate.promise;
    });
    await channel.send(INITIALIZED);
    const written = await flood.rests();
    expect(taken).toBe(1);
    expect(written).toBeLessThan(16 * 1024 * 1024);
    gate.resolve();
    await expect.poll(() => taken, { timeout: 10_000 }).toBe(NOTES);
  });
});

describe("the deadline of a call whose messages are taken slowly", () => {
  const once: Behaviour = (message, response) => {
    response.writeHead(200, STREAM).write(writeSseEvent(NOTE));
    answer(response, message);
  };

  it("does not blame the server for the wait", async () => {
    const channel = await open(once, refuseGet, { callMs: 100 });
    const heard = Promise.withResolvers<Frame>();
    const gate = Promise.withResolvers<void>();
    const asked = channel.request(CALL, {
      onInterim: (frame) => {
        heard.resolve(frame);
        return gate.promise;
      },
      signal: new AbortController().signal,
    });
    await heard.promise;
    const began = performance.now();
    await expect.poll(() => performance.now() - began).toBeGreaterThan(300);
    gate.resolve();
    expect(await asked).toMatchObject({ frame: { result: {} } });
  });

  it("ends the call where its messages cannot be taken at all", async () => {
    const channel = await open(once);
    const broken = new Error("The client is gone.");
    const asked = channel.request(CALL, {
      onInterim: () => Promise.reject(broken),
      signal: new AbortController().signal,
    });
    const thrown = await failure(asked);
    expect(thrown).toBeInstanceOf(UpstreamFailure);
    expect(thrown).toMatchObject({ kind: "cancelled" });
  });
});
