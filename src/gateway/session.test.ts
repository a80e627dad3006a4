import { describe, expect, it } from "vitest";
import { bareObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Channel, Upstream } from "../upstream/port.ts";
import { Asks } from "./asks.ts";
import { Link } from "./link.ts";
import { Server } from "./server.ts";
import { Session } from "./session.ts";
import { Streams } from "./streams.ts";

const now = (): number => 0;
const never = (): Promise<never> => Promise.reject(new Error("nobody asks"));

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const serverOf = (): Server => {
  const upstream: Upstream = {
    spec: {
      name: "s",
      transport: { kind: "http", url: "http://127.0.0.1:1/mcp", headers: {} },
      startMs: 1,
      callMs: 1,
      idleMs: 1_000,
      resultBytes: 1,
    },
    openLegacy: never,
    openModern: never,
    stderrTail: () => "",
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return new Server(upstream, {
    clock: { now },
    compileSchema: () => {
      throw new Error("nobody compiles");
    },
    log,
    version: "1",
    onChanged: undefined,
  });
};

/** A line to a server that can only be closed. */
const linkOf = (): { readonly link: Link; readonly isClosed: () => boolean } => {
  let closed = false;
  const listeners: ((reason: string) => void)[] = [];
  const channel: Channel = {
    spoken: { era: "legacy", revision: "2025-11-25", hello: bareObject() },
    request: never,
    send: never,
    onClosed: (listener) => void listeners.push(listener),
    onMessage: () => {},
    [Symbol.asyncDispose]: () => {
      closed = true;
      listeners.forEach((listener) => listener("closed"));
      return Promise.resolve();
    },
  };
  const compile = (): never => {
    throw new Error("nobody compiles");
  };
  return { link: new Link(channel, { compile, now, onDefinitions: () => {} }), isClosed: () => closed };
};

const sessionOf = (pipe?: (text: string) => undefined): Session =>
  new Session({
    id: "id",
    mark: "mark",
    grant: "g",
    path: "*",
    revision: "2025-11-25",
    client: undefined,
    capabilities: bareObject(),
    initialize: { kind: "request", value: bareObject(), id: 1, method: "initialize", params: undefined },
    streams: new Streams(now),
    asks: new Asks(),
    pipe,
    reopen: never,
  });

describe("a session that is over", () => {
  it("closes a link that comes too late, and gets no other", async () => {
    const session = sessionOf();
    const server = serverOf();
    const { link, isClosed } = linkOf();
    await session[Symbol.asyncDispose]();
    session.keep(server, Promise.resolve(link), () => {});
    await expect.poll(isClosed).toBe(true);
    expect(session.linkTo(server)).toBeUndefined();
  });
});

describe("a session without links", () => {
  it("is idle once it has had none for long", async () => {
    const session = sessionOf();
    expect(await session.isIdle(0)).toBe(false);
    expect(await session.isIdle(LIMITS.idle_ms)).toBe(false);
    expect(await session.isIdle(LIMITS.idle_ms + 1)).toBe(true);
  });

  it("counts anew when it had one meanwhile", async () => {
    const session = sessionOf();
    await session.isIdle(0);
    const { link } = linkOf();
    session.keep(serverOf(), Promise.resolve(link), () => {});
    await session.isIdle(500);
    await link[Symbol.asyncDispose]();
    expect(await session.isIdle(LIMITS.idle_ms + 1)).toBe(false);
  });

  it("is never idle on a pipe, which ends by itself", async () => {
    const session = sessionOf(() => undefined);
    await session.isIdle(0);
    expect(await session.isIdle(10 * LIMITS.idle_ms)).toBe(false);
  });
});
