import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../base/limits.ts";
import { openEventWriter } from "./http-writer.ts";

const served: { readonly close: () => void }[] = [];
afterEach(() => {
  vi.useRealTimers();
  served.splice(0).forEach(({ close }) => close());
});

/** A response on its way to a reader that does not read, and that reader. */
const responseTo = async (): Promise<{ response: ServerResponse; reader: Promise<IncomingMessage> }> => {
  const got = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, response) => got.resolve(response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = request({ port, host: "127.0.0.1" });
  client.on("error", () => {});
  const reader = new Promise<IncomingMessage>((resolve) => client.on("response", resolve));
  client.end();
  served.push({
    close: () => {
      client.destroy();
      server.close();
      server.closeAllConnections();
    },
  });
  return { response: await got.promise, reader };
};

const MUCH = "x".repeat(32 * 1024 * 1024);

describe("an event stream over HTTP", () => {
  it("that has ended but is not read yet is not kept alive any more", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { response } = await responseTo();
    const faults: unknown[] = [];
    response.on("error", (fault) => faults.push(fault));
    const writer = openEventWriter(response);
    void writer.write(MUCH);
    writer.end();
    expect(response.writableFinished).toBe(false);
    vi.advanceTimersByTime(LIMITS.keep_alive_ms);
    await new Promise((resolve) => setImmediate(resolve));
    expect(faults).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps whoever says more waiting while it is not read, and no longer once it has ended", async () => {
    const { response } = await responseTo();
    const writer = openEventWriter(response);
    const waiting = writer.write(MUCH);
    expect(waiting).toBeInstanceOf(Promise);
    expect(writer.write("more")).toBe(waiting);
    writer.end();
    await waiting;
    expect(writer.write("late")).toBeUndefined();
    expect(response.writableFinished).toBe(false);
  });

  it("has one bound on its silence, however often its reader was behind", async () => {
    const { response, reader } = await responseTo();
    const writer = openEventWriter(response);
    (await reader).resume();
    for (let round = 0; round < 20; round += 1) {
      await writer.write("y".repeat(64 * 1024));
    }
    expect(response.socket?.listenerCount("timeout")).toBe(1);
    expect(response.socket?.timeout).toBe(0);
    void writer.write(MUCH);
    expect(response.socket?.timeout).toBe(LIMITS.stalled_ms_max);
  });

  it("is none where the reader has gone before it began", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const { response } = await responseTo();
    response.destroy();
    await once(response, "close");
    const writer = openEventWriter(response);
    expect(writer.write("nobody")).toBeUndefined();
    writer.end();
    expect(vi.getTimerCount()).toBe(0);
  });
});
