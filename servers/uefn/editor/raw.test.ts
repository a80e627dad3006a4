import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";
import { FakeListener } from "../testing/fake-listener.ts";
import { Editor } from "./editor.ts";
import type { Outcome } from "./outcome.ts";

// A listener that writes bytes as it likes, and not what an HTTP server lets it.

const NEVER = new AbortController().signal;
const COMMAND = { command: "spawn_actor", params: {} };
const open = new Set<Socket>();
const servers: Server[] = [];

afterEach(async () => {
  for (const socket of open) {
    socket.destroy();
  }
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const answer = (body: string | Buffer, head = "HTTP/1.1 200 OK"): Buffer =>
  Buffer.concat([
    Buffer.from(`${head}\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n`),
    Buffer.from(body),
  ]);

interface Raw {
  readonly port: number;
  /** The first lines of what came. */
  readonly asked: string[];
}

type Give = (socket: Socket, port: number) => void;

const greet: Give = (socket, port) =>
  void socket.end(answer(JSON.stringify({ status: "ok", port, commands: ["ping"] })));

const raw = async ({ get = greet, post }: { readonly get?: Give; readonly post?: Give }): Promise<Raw> => {
  const asked: string[] = [];
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
    socket.once("data", (bytes) => {
      const [line = ""] = bytes.toString().split("\r\n", 1);
      asked.push(line);
      (line.startsWith("GET") ? get : post)?.(socket, portOf(server));
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: portOf(server), asked };
};

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
};

const at = (port: number): Editor => new Editor({ kind: "port", port }, { kind: "none" });
const posts = ({ asked }: Raw): number => asked.filter((line) => line.startsWith("POST")).length;
const problemOf = (outcome: Outcome): string => ("problem" in outcome ? outcome.problem : "");

const bytes =
  (data: Buffer): Give =>
  (socket) =>
    void socket.write(data);

const UPGRADE = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";

it("does not wait for ever for who changes to another protocol when asked who it is", async () => {
  const stranger = await raw({ get: bytes(Buffer.from(UPGRADE)) });
  const outcome = await at(stranger.port).run(COMMAND, NEVER);
  expect(outcome.kind).toBe("not-run");
  expect(problemOf(outcome)).toContain("is not the editor's listener");
});

const UNKNOWN: readonly (readonly [string, Buffer])[] = [
  ["another protocol", Buffer.from(UPGRADE)],
  ["compressed bytes", answer(gzipSync('{"success":true}'), "HTTP/1.1 200 OK\r\nContent-Encoding: gzip")],
  ["numbers that JSON does not have", answer('{"success":true,"result":NaN}')],
  ["no HTTP", Buffer.from("hello\r\n\r\n")],
  ["broken chunks", Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")],
];

it.each(UNKNOWN)("says after %s that the command may have run, and sends it once", async (_name, data) => {
  const listener = await raw({ post: bytes(data) });
  expect((await at(listener.port).run(COMMAND, NEVER)).kind).toBe("unknown");
  expect(posts(listener)).toBe(1);
});

it("gives up an answer without end when the time is over", async () => {
  const begun = Promise.withResolvers<void>();
  const listener = await raw({
    post: (socket) =>
      void socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n \r\n", () =>
        begun.resolve(),
      ),
  });
  const limit = new AbortController();
  const outcome = at(listener.port).run(COMMAND, limit.signal);
  await begun.promise;
  limit.abort();
  expect((await outcome).kind).toBe("unknown");
  expect(posts(listener)).toBe(1);
});

it("follows no redirect, whether it asks who is there or sends a command", async () => {
  const other = await FakeListener.start();
  const head = `HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:${String(other.port)}/`;
  const redirect = bytes(answer("", head));
  const asked = await raw({ get: redirect });
  const sent = await raw({ post: redirect });
  expect((await at(asked.port).run(COMMAND, NEVER)).kind).toBe("not-run");
  expect((await at(sent.port).run(COMMAND, NEVER)).kind).toBe("unknown");
  expect([posts(asked), posts(sent), other.told, other.received]).toEqual([0, 1, [], []]);
  await other.stop();
});

it("keeps members of an answer that are named as what all objects have", async () => {
  const result = '{"__proto__":{"success":false},"constructor":1}';
  const listener = await raw({ post: bytes(answer(`{"success":true,"result":${result}}`)) });
  const outcome = await at(listener.port).run(COMMAND, NEVER);
  expect(JSON.stringify(outcome)).toBe(`{"kind":"done","result":${result}}`);
});
