import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { answers, freeWithin, holderOf, isTaken } from "./ports.ts";
import { freePort } from "./testing/world.ts";

const listening = async (port: number, host: string): Promise<AsyncDisposable> => {
  const server = createServer(({ url }, response) => {
    if (url !== "/hangs") {
      response.writeHead(url === "/good" ? 204 : 503).end();
    }
  });
  await new Promise<void>((resolve) => void server.listen(port, host, resolve));
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
};

describe("a port", () => {
  it("is taken while somebody listens, on either kind of address", async () => {
    for (const host of ["127.0.0.1", "::1", "0.0.0.0"]) {
      const port = await freePort();
      expect(await isTaken(port)).toBe(false);
      {
        await using _ = await listening(port, host);
        expect([host, await isTaken(port), await freeWithin(port, 100)]).toEqual([host, true, false]);
      }
      expect(await freeWithin(port, 1_000)).toBe(true);
    }
  });

  it("is held by a process, which Linux tells", async () => {
    const port = await freePort();
    expect(holderOf(port)).toBeUndefined();
    await using _ = await listening(port, "127.0.0.1");
    expect(holderOf(port)).toBe(process.platform === "linux" ? process.pid : undefined);
  });

  it("answers when it accepts and its health path is 2xx", async () => {
    const port = await freePort();
    expect(await answers(port, undefined)).toBe(false);
    await using _ = await listening(port, "127.0.0.1");
    expect(await answers(port, undefined)).toBe(true);
    expect(await answers(port, "/good")).toBe(true);
    expect(await answers(port, "/bad")).toBe(false);
    expect(await answers(port, "/hangs")).toBe(false);
  });
});
