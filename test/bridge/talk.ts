import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";
import type { Json, JsonObject } from "../../src/base/json-value.ts";
import { writeJson } from "../../src/base/json-write.ts";
import { openModernOverLegacy, type ModernOverLegacyOptions } from "../../src/bridge/modern-over-legacy.ts";
import { openUpstream } from "../../src/upstream/open.ts";
import type { Answer, Channel, Exchange, ServerSpec } from "../../src/upstream/port.ts";
import type { Frame, RequestFrame } from "../../src/wire/frame.ts";
import { readFrame } from "../../src/wire/read-frame.ts";
import { Talkative, type Message } from "../fixtures/upstreams/talkative.ts";

/** Modern clients' talk with the talkative legacy server, over real channels. */

const TALKATIVE = fileURLToPath(new URL("../fixtures/upstreams/talkative.ts", import.meta.url));
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) {
    await close();
  }
});

const CAPABILITIES: JsonObject = { elicitation: {}, sampling: {}, roots: {} };

/** The talkative server over HTTP: what belongs to a call goes on its stream, the rest on the stream for all. */
const serveHttp = async (manner: string): Promise<string> => {
  const streams = new Map<string | number, ServerResponse>();
  let all: ServerResponse | undefined;
  const talkative = new Talkative(manner, (message, within) => {
    const stream = within === undefined ? all : streams.get(within);
    stream?.write(`data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`);
    if (within !== undefined && !("method" in message)) {
      stream?.end();
      streams.delete(within);
    }
  });
  const server = createServer((request, response) => {
    void (async () => {
      const text = Buffer.concat(await request.toArray()).toString();
      const message = text === "" ? {} : (JSON.parse(text) as Message);
      if (request.method === "GET" || (message.method !== undefined && message.id !== undefined)) {
        response.writeHead(200, { "content-type": "text/event-stream", "mcp-session-id": "one" });
        response.flushHeaders();
      } else {
        response.writeHead(202).end();
      }
      if (request.method === "GET") {
        all = response;
      } else if (message.id !== undefined && message.method !== undefined) {
        streams.set(message.id, response);
      }
      if (text !== "") {
        await talkative.hear(message);
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`;
};

export interface OpenOptions extends Partial<ModernOverLegacyOptions> {
  readonly manner?: "whole" | "plain";
  readonly over?: "stdio" | "http";
  readonly callMs?: number;
}

export const open = async (options: OpenOptions = {}): Promise<Channel> => {
  const { manner = "whole", over = "stdio", callMs = 20_000, ...rest } = options;
  const transport: ServerSpec["transport"] =
    over === "http"
      ? { kind: "http", url: await serveHttp(manner), headers: {} }
      : { kind: "stdio", command: process.execPath, args: [TALKATIVE, manner], env: {}, cwd: tmpdir() };
  const bounds = {
    isolation: "session",
    startMs: 20_000,
    callMs,
    callMaxMs: 300_000,
    idleMs: 60_000,
    resultBytes: 1_000_000,
  } as const;
  const upstream = openUpstream(
    { name: "talkative", transport, ...bounds },
    { version: "0", mask: (text) => text },
  );
  closing.push(async () => upstream[Symbol.asyncDispose]());
  return openModernOverLegacy(upstream, { version: "0", capabilities: CAPABILITIES, ...rest });
};

export interface Asking {
  readonly id?: Json;
  readonly meta?: JsonObject;
  readonly capabilities?: JsonObject;
  readonly signal?: AbortSignal;
  readonly heard?: Frame[];
}

let serial = 0;

export const request = (method: string, params: JsonObject, asking: Asking = {}): RequestFrame => {
  serial += 1;
  const { id = serial, meta = {}, capabilities = CAPABILITIES } = asking;
  const _meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": capabilities,
    ...meta,
  };
  return readFrame(writeJson({ jsonrpc: "2.0", id, method, params: { ...params, _meta } })) as RequestFrame;
};

export const exchange = ({ heard = [], signal }: Asking = {}): Exchange => ({
  onInterim: (frame) => void heard.push(frame),
  signal: signal ?? new AbortController().signal,
});

export const ask = (
  channel: Channel,
  method: string,
  params: JsonObject = {},
  asking: Asking = {},
): Promise<Answer> => channel.request(request(method, params, asking), exchange(asking));

export const call = (
  channel: Channel,
  name: string,
  more: JsonObject = {},
  asking: Asking = {},
): Promise<Answer> => ask(channel, "tools/call", { name, ...more }, asking);

export interface Plain {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
  readonly result?: {
    readonly resultType?: string;
    readonly requestState?: string;
    readonly inputRequests?: Record<string, { method: string; params?: Record<string, unknown> }>;
    readonly content?: readonly { readonly text: string }[];
    readonly [name: string]: unknown;
  };
}

export const plain = (frame: Frame): Plain => JSON.parse(writeJson(frame.value)) as Plain;

/** What a tool said, read again. */
export const said = (answer: Answer): unknown =>
  JSON.parse(plain(answer.frame).result?.content?.[0]?.text ?? "null");

/** What the server was sent so far. */
export const seen = async (channel: Channel): Promise<readonly Plain[]> =>
  said(await call(channel, "seen")) as readonly Plain[];

export const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
