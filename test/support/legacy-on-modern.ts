import { expect } from "vitest";
import type { Json } from "../../src/base/json-value.ts";
import { writeJson } from "../../src/base/json-write.ts";
import { openLegacyOverModern } from "../../src/bridge/legacy-over-modern.ts";
import { UpstreamFailure, type Answer, type Channel, type Exchange } from "../../src/upstream/port.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../../src/wire/frame.ts";
import { readFrame } from "../../src/wire/read-frame.ts";
import { modernUpstream } from "./modern-upstream.ts";

export const PREFIX = "io.modelcontextprotocol/";
export const CLIENT = {
  protocolVersion: "2025-11-25",
  capabilities: {
    sampling: {},
    elicitation: { form: {}, url: {} },
    roots: { listChanged: true },
    tasks: { list: {} },
    extensions: { "com.example/own": {}, "io.modelcontextprotocol/tasks": {} },
  },
  clientInfo: { name: "old", version: "3" },
};

const closing: AsyncDisposable[] = [];
/** Closes what the rigs opened. */
export const closeRigs = async (): Promise<void> => {
  for (const each of closing.splice(0).toReversed()) {
    await each[Symbol.asyncDispose]();
  }
};

const frame = (value: object): Frame => readFrame(JSON.stringify({ jsonrpc: "2.0", ...value })) as Frame;
const requestOf = (value: object): RequestFrame => frame(value) as RequestFrame;
const notificationOf = (value: object): NotificationFrame => frame(value) as NotificationFrame;
export const responseOf = (value: object): ResponseFrame => frame(value) as ResponseFrame;
export const plain = (value: Frame): Record<string, unknown> =>
  JSON.parse(writeJson(value.value)) as Record<string, unknown>;

export interface Rig {
  readonly channel: Channel;
  readonly answer: Answer;
  /** What came unasked, in order. */
  readonly unasked: Record<string, unknown>[];
  readonly ask: (
    method: string,
    params?: object,
    change?: Partial<Exchange> & { id?: Json },
  ) => Promise<Record<string, unknown>>;
  readonly call: (name: string, args?: object, change?: Partial<Exchange> & { id?: Json }) => Promise<string>;
  readonly tell: (method: string, params?: object) => Promise<void>;
}

export const rig = async (
  transport: "stdio" | "http",
  client: object = CLIENT,
  capabilities?: object,
): Promise<Rig> => {
  const server = await modernUpstream(transport, capabilities);
  closing.push(server);
  const modern = await server.upstream.openModern();
  if (modern === undefined) {
    throw new Error("the server is not modern");
  }
  const initialize = requestOf({ id: "init", method: "initialize", params: client });
  const { channel, answer } = openLegacyOverModern(modern, initialize);
  closing.push(channel);
  const unasked: Record<string, unknown>[] = [];
  channel.onMessage((message) => void unasked.push(plain(message)));
  let serial = 0;
  const ask: Rig["ask"] = async (method, params, { id, ...change } = {}) => {
    serial += 1;
    const request = requestOf({
      id: id ?? serial,
      method,
      ...(params === undefined ? {} : { params }),
    });
    const signal = new AbortController().signal;
    return plain((await channel.request(request, { onInterim: () => {}, signal, ...change })).frame);
  };
  return {
    channel,
    answer,
    unasked,
    ask,
    call: async (name, args = {}, change = {}) => {
      const { result, error } = await ask("tools/call", { name, arguments: args }, change);
      return error === undefined
        ? (result as { content: [{ text: string }] }).content[0].text
        : JSON.stringify(error);
    },
    tell: (method, params) =>
      channel.send(notificationOf({ method, ...(params === undefined ? {} : { params }) })),
  };
};

export const failure = async (promise: Promise<unknown>): Promise<UpstreamFailure> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UpstreamFailure);
  return error as UpstreamFailure;
};

/** Asks until the answer is as wanted; the test's own time-out is the bound. */
export const until = async <T>(look: () => Promise<T> | T, good: (value: T) => boolean): Promise<T> => {
  for (;;) {
    const value = await look();
    if (good(value)) {
      return value;
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
};

/** A client that answers what it is asked, or with `undefined` does not. */
export const client = (
  { channel }: Rig,
  reply: (asked: Record<string, unknown>) => object | undefined,
): { onInterim: Exchange["onInterim"]; asked: Record<string, unknown>[] } => {
  const asked: Record<string, unknown>[] = [];
  return {
    asked,
    onInterim: (interim) => {
      const message = plain(interim);
      asked.push(message);
      const answer = interim.kind === "request" ? reply(message) : undefined;
      if (answer !== undefined) {
        void channel.send(responseOf({ id: message["id"], ...answer }));
      }
    },
  };
};
