import { describe, expect, it } from "vitest";
import { bareObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Channel, Upstream } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { Asks } from "./asks.ts";
import { Link } from "./link.ts";
import { Server } from "./server.ts";
import { Session, Sessions, type SessionParts } from "./session.ts";
import { Streams, type EventWriter } from "./streams.ts";

const IDLE_MS = 1_000;
const initialize: RequestFrame = {
  kind: "request",
  value: bareObject(),
  id: 1,
  method: "initialize",
  params: undefined,
};

/** Time that goes on when it is told to. */
const clock = { at: 1_000_000, now: (): number => clock.at };

interface Line extends Channel {
  readonly isClosed: () => boolean;
  readonly close: () => void;
}

/** A line to a server that is in this process. */
const channel = (): Line => {
  const listeners: ((reason: string) => void)[] = [];
  let closed = false;
  const close = (): void => {
    closed = true;
    listeners.splice(0).forEach((listener) => listener("closed"));
  };
  return {
    spoken: { era: "legacy", revision: "2025-11-25", hello: bareObject() },
    request: () => Promise.reject(new Error("nothing is asked here")),
    send: () => Promise.resolve(),
    onClosed: (listener) => void listeners.push(listener),
    onMessage: () => {},
    isClosed: () => closed,
    close,
    [Symbol.asyncDispose]: async () => close(),
  };
};

const linkOver = (line: Channel): Link =>
  new Link(line, {
    compile: () => {
      throw new Error("nothing is compiled here");
    },
    now: clock.now,
    version: "0",
    sharesPipe: false,
    onDefinitions: () => {},
  });

const upstream: Upstream = {
  spec: {
    name: "one",
    transport: { kind: "http", url: "http://127.0.0.1:9/mcp", headers: {} },
    startMs: 1,
    callMs: 1,
    callMaxMs: 300_000,
    isolation: "session",
    idleMs: IDLE_MS,
    resultBytes: 1,
  },
  openLegacy: () => Promise.reject(new Error("nothing is opened here")),
  openModern: async () => undefined,
  stderrTail: () => "",
  [Symbol.asyncDispose]: async () => {},
};
const quiet = (): void => {};
const serverOf = (name: string): Server =>
  new Server(
    { ...upstream, spec: { ...upstream.spec, name } },
    {
      clock,
      compileSchema: () => {
        throw new Error("nothing is compiled here");
      },
      log: { info: quiet, warn: quiet, error: quiet },
      version: "1",
      onChanged: undefined,
    },
  );
const server = serverOf("one");

const sessionOf = (parts: Partial<SessionParts> = {}): Session =>
  new Session({
    id: "s",
    mark: "m",
    grant: "g",
    local: undefined,
    path: "one",
    revision: "2025-11-25",
    client: undefined,
    capabilities: {},
    initialize,
    streams: new Streams(clock.now),
    asks: new Asks(),
    pipe: undefined,
    reopen: undefined,
    ...parts,
  });

describe("a session", () => {
  it("is idle when its links are, by its server's time", async () => {
    const session = sessionOf();
    session.keep(server, Promise.resolve(linkOver(channel())), () => {});
    expect(await session.isIdle(clock.at + IDLE_MS)).toBe(false);
    expect(await session.isIdle(clock.at + IDLE_MS + 1)).toBe(true);
  });

  it("was in use as long as somebody listened", async () => {
    const session = sessionOf();
    session.keep(server, Promise.resolve(linkOver(channel())), () => {});
    const release = session.listened();
    const later = clock.at + 100 * IDLE_MS;
    expect(await session.isIdle(later)).toBe(false);
    release();
    expect(await session.isIdle(later + IDLE_MS)).toBe(false);
    expect(await session.isIdle(later + IDLE_MS + 1)).toBe(true);
  });

  it("on a pipe is not idle while the pipe is there", async () => {
    const session = sessionOf({ pipe: () => undefined });
    session.keep(server, Promise.resolve(linkOver(channel())), () => {});
    expect(await session.isIdle(clock.at + 1_000 * IDLE_MS)).toBe(false);
  });

  it("that may open its links again ends when it has none for long", async () => {
    const session = sessionOf({ reopen: () => Promise.reject(new Error("not now")) });
    const line = channel();
    session.keep(server, Promise.resolve(linkOver(line)), () => {});
    await Promise.resolve();
    line.close();
    expect(await session.isIdle(clock.at)).toBe(false);
    expect(await session.isIdle(clock.at + LIMITS.idle_ms)).toBe(false);
    expect(await session.isIdle(clock.at + LIMITS.idle_ms + 1)).toBe(true);
  });

  it("that is over opens nothing, and closes what was still being opened", async () => {
    let asked = 0;
    const reopen = (): Promise<Link> => {
      asked += 1;
      return Promise.resolve(linkOver(channel()));
    };
    const session = sessionOf({ reopen });
    const [ready, slow, late] = [channel(), channel(), channel()];
    const opening = Promise.withResolvers<Link>();
    session.keep(server, Promise.resolve(linkOver(ready)), () => {});
    session.keep(serverOf("two"), opening.promise, () => {});
    const closing = session[Symbol.asyncDispose]();
    await expect.poll(ready.isClosed).toBe(true);
    opening.resolve(linkOver(slow));
    await closing;
    expect(slow.isClosed()).toBe(true);
    expect(session.linkTo(server)).toBeUndefined();
    session.keep(server, Promise.resolve(linkOver(late)), () => {});
    await expect.poll(late.isClosed).toBe(true);
    expect(asked).toBe(0);
  });
});

const writerTo = (heard: string[]): EventWriter => ({
  write: (text) => void heard.push(text),
  end: () => void heard.push("end"),
});

describe("sessions", () => {
  it("have a bound for each grant, so that none takes the others' room", () => {
    const sessions = new Sessions(() => 10_000);
    const streams = new Streams(clock.now);
    const add = (grant: string, id: number): boolean =>
      sessions.add(sessionOf({ id: `${grant}-${String(id)}`, grant, streams }));
    for (let id = 0; id < LIMITS.grant_sessions_max; id += 1) {
      expect(add("greedy", id)).toBe(true);
    }
    expect(add("greedy", -1)).toBe(false);
    expect(add("modest", 0)).toBe(true);
  });
});

describe("what sessions keep of their streams", () => {
  const long = (characters: number): string => JSON.stringify("x".repeat(characters));

  it("is bounded for each of them", () => {
    const streams = new Streams(clock.now);
    for (let step = 0; step < 100; step += 1) {
      void streams.standing.say(long(64 * 1024));
    }
    expect(streams.characters).toBeLessThanOrEqual(LIMITS.replay_characters_max);
    expect(streams.characters).toBeGreaterThan(LIMITS.replay_characters_max / 2);
  });

  it("is bounded for all together: who has most loses it, and is told so", async () => {
    const sessions = new Sessions(() => 10_000);
    const each = 48 * 1024 * 1024;
    const made = Array.from({ length: 6 }, (_, index) => sessionOf({ id: `s${String(index)}` }));
    const first: string[] = [];
    made.forEach((session, index) => {
      sessions.add(session);
      const heard = index === 0 ? first : [];
      session.parts.streams.standing.attach(writerTo(heard));
      void session.parts.streams.standing.say(long(index === 0 ? each + 1 : each));
    });
    await sessions.sweep(clock.at);
    const kept = made.map(({ parts }) => parts.streams.characters);
    expect(kept[0]).toBe(0);
    expect(kept.slice(1).every((characters) => characters >= each)).toBe(true);
    const id = /^id: (.*)-1$/mu.exec(first[0] ?? "")?.[1] ?? "";
    const again: string[] = [];
    expect(made[0]?.parts.streams.resume(`${id}-0`, writerTo(again))).toBeUndefined();
    expect(made[0]?.parts.streams.resume(`${id}-1`, writerTo(again))).toBeDefined();
    expect(again).toEqual([]);
  });

  it("is forgotten after a while, and a stream that is over with it", async () => {
    const sessions = new Sessions(() => 10_000);
    const session = sessionOf();
    sessions.add(session);
    const heard: string[] = [];
    const stream = session.parts.streams.open();
    stream.attach(writerTo(heard));
    void stream.say("1");
    stream.finish("2");
    const id = /^id: (.*)-1$/mu.exec(heard[0] ?? "")?.[1] ?? "";
    await sessions.sweep(clock.at + LIMITS.replay_ms_max);
    const again: string[] = [];
    expect(session.parts.streams.resume(`${id}-1`, writerTo(again))).toBe(stream);
    expect(again).toEqual([heard[1], "end"]);
    await sessions.sweep(clock.at + LIMITS.replay_ms_max + 1);
    expect(session.parts.streams.resume(`${id}-2`, writerTo([]))).toBeUndefined();
  });
});
