import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { openUpstream } from "../../src/upstream/open.ts";
import type { ServerSpec, Upstream } from "../../src/upstream/port.ts";
import { ModernServer, type Message } from "../fixtures/upstreams/modern.ts";

const MODERN = fileURLToPath(new URL("../fixtures/upstreams/modern.ts", import.meta.url));

export interface ModernUpstream extends AsyncDisposable {
  readonly upstream: Upstream;
}

const upstreamOf = (transport: ServerSpec["transport"]): Upstream =>
  openUpstream(
    {
      name: "modern",
      transport,
      startMs: 20_000,
      callMs: 20_000,
      callMaxMs: 300_000,
      isolation: "session",
      idleMs: 60_000,
      resultBytes: 1_000_000,
    },
    { version: "0", mask: (text) => text },
  );

const overStdio = (capabilities: object | undefined): ModernUpstream => {
  const more = capabilities === undefined ? [] : [JSON.stringify(capabilities)];
  const upstream = upstreamOf({
    kind: "stdio",
    command: process.execPath,
    args: [MODERN, ...more],
    env: {},
    cwd: tmpdir(),
  });
  return { upstream, [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose]() };
};

const sayOn =
  (response: ServerResponse, id: Message["id"]) =>
  (message: object): void => {
    const mismatch = "error" in message && (message.error as { code: number }).code === -32020;
    if (!response.headersSent) {
      response.writeHead(mismatch ? 400 : 200, {
        "content-type": mismatch ? "application/json" : "text/event-stream",
      });
    }
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    response.write(mismatch ? text : `data: ${text}\n\n`);
    if ("id" in message && message.id === id) {
      response.end();
    }
  };

const overHttp = async (capabilities: object | undefined): Promise<ModernUpstream> => {
  const modern = new ModernServer(capabilities);
  const server = createServer((request, response) => {
    void (async () => {
      const message = JSON.parse(Buffer.concat(await request.toArray()).toString()) as Message;
      response.on("close", () => {
        if (!response.writableFinished) {
          modern.listens.delete(message.id ?? "");
          modern.seen.push({ method: "closed", ...(message.id === undefined ? {} : { id: message.id }) });
        }
      });
      const say = sayOn(response, message.id);
      modern.take(message, { say, cut: () => response.destroy(), headers: request.headers });
      if (message.id === undefined || message.method === undefined) {
        response.writeHead(202).end();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const upstream = upstreamOf({ kind: "http", url: `http://127.0.0.1:${port}/mcp`, headers: {} });
  return {
    upstream,
    [Symbol.asyncDispose]: async () => {
      await upstream[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** A server of the revision 2026-07-28 alone, behind the transport, as the gate reaches it. */
export const modernUpstream = async (
  transport: "stdio" | "http",
  capabilities?: object,
): Promise<ModernUpstream> => (transport === "stdio" ? overStdio(capabilities) : overHttp(capabilities));
