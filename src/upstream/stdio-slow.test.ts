import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { LIMITS } from "../base/limits.ts";
import { writeJson } from "../base/json-write.ts";
import type { Json } from "../base/json-value.ts";
import type { Frame, RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import type { Answer, Channel, Exchange, Upstream } from "./port.ts";

const UNRULY = fileURLToPath(new URL("../../test/fixtures/upstreams/unruly.ts", import.meta.url));
/** 50 MiB. */
const COUNT = 800;
const MIB = 1024 * 1024;

let made: Upstream | undefined;
afterEach(async () => made?.[Symbol.asyncDispose]());

const request = (method: string, params: Json): RequestFrame =>
  readFrame(writeJson({ jsonrpc: "2.0", id: 1, method, params })) as RequestFrame;
const open = async (): Promise<Channel> => {
  made = openUpstream(
    {
      name: "unruly",
      transport: { kind: "stdio", command: process.execPath, args: [UNRULY], env: {}, cwd: tmpdir() },
      isolation: "session",
      startMs: 20_000,
      callMs: 50_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 1_000_000,
    },
    { version: "0", mask: (text) => text },
  );
  const clientInfo = { name: "t", version: "1" };
  return (
    await made.openLegacy(
      request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo }),
    )
  ).channel;
};
const torrent = (how: Json): RequestFrame =>
  request("tools/call", { name: "torrent", arguments: how, _meta: { progressToken: 1 } });

const UNHEARD: Exchange = { onInterim: () => {}, signal: new AbortController().signal };
const textOf = ({ frame }: Answer): string => /"text":"(\w+)"/.exec(writeJson(frame.value))?.[1] ?? "nothing";

/** A loaded machine takes its time. */
const poll = <T>(read: () => T) => {
  return expect.poll(read, { timeout: 15_000 });
};

/** How many messages the server has written. */
const sent = (): number => Number(/sent (\d+)\n$/.exec(made?.stderrTail() ?? "")?.[1] ?? 0);
/** Resolves when the server has written, and writes no more. */
const stuck = async (): Promise<number> => {
  let before = -1;
  await expect
    .poll(
      () => {
        const now = sent();
        const same = now > 0 && now === before;
        before = now;
        return same;
      },
      { interval: 300, timeout: 20_000 },
    )
    .toBe(true);
  return before;
};

interface Slow {
  readonly take: (frame: Frame) => Promise<void> | void;
  readonly release: () => void;
  readonly taken: () => number;
}

/** Takes the first message and is not done with it before it is released. */
const slow = (): Slow => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let count = 0;
  return {
    take: () => {
      count += 1;
      return count === 1 ? promise : undefined;
    },
    release: resolve,
    taken: () => count,
  };
};

describe("who takes a server's messages slowly", () => {
  it.each([
    ["of its call", { count: COUNT }],
    ["that belong to no call", { count: COUNT, unasked: true }],
  ])("makes the server wait with messages %s, and holds no more than a pipe of them", async (_, how) => {
    const channel = await open();
    const { take, release, taken } = slow();
    if ("unasked" in how) {
      channel.onMessage((frame) =>
        frame.kind === "notification" && "step" in (frame.params ?? {}) ? take(frame) : undefined,
      );
    }
    const before = process.memoryUsage();
    const answer = channel.request(torrent(how), {
      onInterim: (frame) => ("unasked" in how ? undefined : take(frame)),
      signal: new AbortController().signal,
    });
    const written = await stuck();
    const held = process.memoryUsage();
    expect(written * 65_536).toBeLessThan(2 * MIB);
    expect(taken()).toBe(1);
    expect(held.rss - before.rss).toBeLessThan(24 * MIB);
    expect(held.arrayBuffers - before.arrayBuffers).toBeLessThan(8 * MIB);
    release();
    expect(textOf(await answer)).toBe("poured");
    expect(taken()).toBe(COUNT);
  });

  it("still gets the answer of a server that ended meanwhile", async () => {
    const channel = await open();
    const { take, release, taken } = slow();
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    const pid = textOf(await channel.request(request("tools/call", { name: "pid" }), UNHEARD));
    const answer = channel.request(torrent({ count: 2, ends: true }), {
      onInterim: take,
      signal: new AbortController().signal,
    });
    await poll(sent).toBe(2);
    await poll(taken).toBe(1);
    await poll(() => existsSync(`/proc/${pid}/fd/0`)).toBe(false);
    const ended = performance.now();
    await poll(() => performance.now() - ended).toBeGreaterThan(LIMITS.child_drain_ms);
    release();
    expect(textOf(await answer)).toBe("poured");
    expect(await closed).toBe("The server ended (code 0).");
  });

  it("does not keep the server from being ended", async () => {
    const channel = await open();
    const lost = channel
      .request(torrent({ count: COUNT }), {
        onInterim: () => new Promise(() => {}),
        signal: new AbortController().signal,
      })
      .catch((error: unknown) => error);
    await stuck();
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    await channel[Symbol.asyncDispose]();
    expect(await closed).toMatch(/^The server ended/);
    expect(await lost).toMatchObject({ kind: "lost" });
  });
});
