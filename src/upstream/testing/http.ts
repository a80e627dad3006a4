import { createServer } from "node:http";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { expect, onTestFinished } from "vitest";
import { isJsonObject, type Json, type JsonObject } from "../../base/json-value.ts";
import { readJson } from "../../base/json-read.ts";
import { writeJson } from "../../base/json-write.ts";
import type { NotificationFrame, RequestFrame } from "../../wire/frame.ts";
import { readFrame } from "../../wire/read-frame.ts";
import { writeSseEvent } from "../../wire/sse.ts";
import { openUpstream } from "../open.ts";
import { UpstreamFailure } from "../port.ts";
import type { Answer, Channel, Exchange, ServerSpec, Upstream } from "../port.ts";

/** One HTTP request as a server saw it. */
export interface Seen {
  readonly verb: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: JsonObject;
  readonly method: Json | undefined;
}
export type Behaviour = (seen: Seen, response: ServerResponse) => void;

export interface Served {
  readonly origin: string;
  /** What the server has seen so far. */
  readonly seen: Seen[];
  /** Takes no more connections. */
  readonly stop: () => void;
}

/** A real server until the test is over. */
export const serve = async (behaviour: Behaviour): Promise<Served> => {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const text = Buffer.concat(chunks).toString();
      const message = text === "" ? {} : readJson(text);
      const { method: verb = "", url: path = "", headers } = request;
      const entry = isJsonObject(message)
        ? { verb, path, headers, message, method: message["method"] }
        : { verb, path, headers, message: {}, method: undefined };
      seen.push(entry);
      behaviour(entry, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { origin: `http://127.0.0.1:${String(port)}`, seen, stop: () => void server.close() };
};

export const upstreamOf = (
  transport: ServerSpec["transport"],
  change: Partial<ServerSpec> = {},
): Upstream => {
  const upstream = openUpstream(
    {
      name: "r",
      transport,
      startMs: 5_000,
      callMs: 5_000,
      callMaxMs: 300_000,
      isolation: "session",
      idleMs: 60_000,
      resultBytes: 100_000,
      ...change,
    },
    { version: "0", mask: (text) => text.replaceAll("hunter2-hunter2", "[masked]") },
  );
  onTestFinished(async () => upstream[Symbol.asyncDispose]());
  return upstream;
};

export const request = (method: string, params: Json, id: Json = 1): RequestFrame => {
  const frame = readFrame(writeJson({ jsonrpc: "2.0", id, method, params }));
  if (frame.kind !== "request") {
    throw new Error("not a request");
  }
  return frame;
};

export const notification = (method: string, params: Json = {}): NotificationFrame => {
  const frame = readFrame(writeJson({ jsonrpc: "2.0", method, params }));
  if (frame.kind !== "notification") {
    throw new Error("not a notification");
  }
  return frame;
};

export const initialize = (protocolVersion: string): RequestFrame =>
  request("initialize", { protocolVersion, capabilities: {}, clientInfo: { name: "t", version: "1" } }, 0);

export const ask = (channel: Channel, frame: RequestFrame, change: Partial<Exchange> = {}): Promise<Answer> =>
  channel.request(frame, { onInterim: () => {}, signal: new AbortController().signal, ...change });

export const failure = async (promise: Promise<unknown>): Promise<UpstreamFailure> => {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(UpstreamFailure);
  if (!(thrown instanceof UpstreamFailure)) {
    throw new Error("not a failure");
  }
  return thrown;
};

/** One event of a stream with this message in it. */
export const event = (message: Json): string => writeSseEvent(writeJson(message));

export const json = (
  response: ServerResponse,
  message: Json,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(200, { "content-type": "application/json", ...headers }).end(writeJson(message));
};

export const resultOf = (seen: Seen, result: Json): JsonObject => ({
  jsonrpc: "2.0",
  id: seen.message["id"] ?? null,
  result,
});
