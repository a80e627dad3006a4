import { setTimeout as sleep } from "node:timers/promises";
import { REFUSALS } from "../base/errors.ts";
import { member } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import { idKey } from "../upstream/calls.ts";
import { failureOf, HttpEndpoint } from "../upstream/http-endpoint.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Frame } from "../wire/frame.ts";
import { createLineFramer, decodeUtf8 } from "../wire/lines.ts";
import type { Line as TextLine } from "../wire/lines.ts";
import { idOfLongLine } from "../wire/long-line.ts";
import { errorReply } from "../wire/replies.ts";
import { LegacySide } from "./connect-legacy.ts";
import { Exchange, Line } from "./connect-line.ts";
import type { Found } from "./connect-line.ts";
import { eraTold, hasNotification, idsOf, isRequestOf, readMessage, soleOf } from "./connect-message.ts";
import type { Message } from "./connect-message.ts";
import { ModernSide } from "./connect-modern.ts";

export interface ConnectOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly input: AsyncIterable<Uint8Array>;
  /** Waits while the client reads slower than the gateway speaks. */
  readonly write: (text: string) => Promise<void> | void;
  /** Cuts what is under way. */
  readonly stopped: AbortSignal;
  readonly log: Log;
}

const STOPPED = new UpstreamFailure("cancelled", "The relay is stopping.");
const CANCELLED = new UpstreamFailure("cancelled", "The client no longer waits.");

/**
 * Carries MCP from lines to Streamable HTTP and back until the input ends, and judges nothing. How the gateway was
 * found. Throws `UpstreamFailure` for a URL that no gateway may have.
 */
export const connect = async (options: ConnectOptions): Promise<Found> => {
  const { write, log, stopped } = options;
  await using endpoint = new HttpEndpoint(specOf(options));
  const line = new Line({ endpoint, write, log });
  const relay = new Relay(line);
  const stop = (): void => relay.cut(() => true);
  stopped.addEventListener("abort", stop, { once: true });
  await relay.run(options.input);
  // What was asked is still answered; a subscription would never end.
  relay.cut(({ method }) => method === "subscriptions/listen");
  await relay.settled(stopped);
  await relay.end();
  return line.found;
};

const specOf = ({ url, token }: ConnectOptions): ConstructorParameters<typeof HttpEndpoint>[0] => ({
  name: "gateway",
  transport: {
    kind: "http",
    url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  },
  startMs: LIMITS.start_ms,
  callMs: LIMITS.call_ms_max,
  callMaxMs: LIMITS.call_ms_max,
  isolation: "session",
  idleMs: LIMITS.idle_ms,
  resultBytes: LIMITS.result_bytes_max,
});

class Relay {
  readonly #line: Line;
  readonly #legacy: LegacySide;
  readonly #modern: ModernSide;
  readonly #carrying = new Set<Promise<void>>();
  /** What a legacy message waits for: HTTP keeps no order, and these are to be taken before what follows them. */
  #opening: Promise<void> = Promise.resolve();

  constructor(line: Line) {
    this.#line = line;
    this.#legacy = new LegacySide(line);
    this.#modern = new ModernSide(line);
  }

  async run(input: AsyncIterable<Uint8Array>): Promise<void> {
    const framer = createLineFramer(LIMITS.body_bytes_max);
    for await (const chunk of input) {
      for (const piece of framer.push(chunk)) {
        await this.#take(piece);
      }
    }
    if (framer.pendingBytes() > 0) {
      this.#line.tell("The input ended in the middle of a message. It was not carried.");
    }
  }

  async #take(piece: TextLine): Promise<void> {
    if (piece.kind === "too_long") {
      const { rpc, message } = REFUSALS.body_too_large;
      await this.#line.say(errorReply(idOfLongLine(piece), rpc, message));
      return;
    }
    const text = decodeUtf8(piece.bytes);
    if (text === undefined) {
      await this.#line.say(errorReply(undefined, REFUSALS.parse_error.rpc, "The message is not UTF-8."));
      return;
    }
    if (text.trim() !== "") {
      await this.#sort(readMessage(text));
    }
  }

  async #sort(message: Message): Promise<void> {
    if (this.#isCancelledHere(soleOf(message))) {
      return;
    }
    const ids = idsOf(message);
    if (this.#carrying.size >= LIMITS.relayed_messages_max) {
      this.#line.tell("Too many messages are under way: one was not carried.");
      for (const id of ids) {
        await this.#line.say(errorReply(id, REFUSALS.overloaded.rpc, REFUSALS.overloaded.message));
      }
      return;
    }
    const carried = ids.length > 0 ? this.#ask(message, ids) : this.#tell(message);
    this.#carrying.add(carried);
    void carried.finally(() => this.#carrying.delete(carried));
  }

  /** 2026-07-28 "Transport-Specific Cancellation": over HTTP, closing the response says it; a legacy server is told. */
  #isCancelledHere(frame: Frame | { readonly kind: "unreadable" } | undefined): boolean {
    if (frame?.kind !== "notification" || frame.method !== "notifications/cancelled") {
      return false;
    }
    const key = frame.params === undefined ? undefined : idKey(member(frame.params, "requestId"));
    for (const exchange of this.#line.underWay) {
      if (key !== undefined && exchange.asked.delete(key)) {
        if (exchange.era === "modern") {
          exchange.cut(CANCELLED);
        }
        return exchange.era === "modern";
      }
    }
    return !this.#legacy.begun;
  }

  async #ask(message: Message, ids: ReturnType<typeof idsOf>): Promise<void> {
    const frame = soleOf(message);
    const method = frame?.kind === "request" ? frame.method : undefined;
    const exchange = new Exchange(eraTold(message), ids, method);
    this.#line.underWay.add(exchange);
    try {
      if (exchange.era === "modern" && frame?.kind === "request") {
        await this.#modern.request(message, frame, exchange);
      } else {
        await this.#inOrder(isRequestOf(frame, "initialize"), () => this.#legacy.request(message, exchange));
      }
    } catch (error) {
      await this.#line.fail(exchange, failureOf(error, exchange.signal));
    } finally {
      this.#line.underWay.delete(exchange);
    }
  }

  /** Notifications, and the client's answers to what the server asked. */
  async #tell(message: Message): Promise<void> {
    const frame = soleOf(message);
    try {
      if (eraTold(message) === "modern") {
        await this.#modern.notify(message, frame?.kind === "notification" ? frame : undefined);
      } else {
        const opens = hasNotification(message, "notifications/initialized");
        await this.#inOrder(opens, () => this.#legacy.notify(message));
      }
    } catch (error) {
      this.#line.tell(`A message did not reach the gateway. ${failureOf(error, NEVER).detail}`);
    }
  }

  #inOrder(opens: boolean, carry: () => Promise<void>): Promise<void> {
    const carried = this.#opening.then(carry);
    if (opens) {
      this.#opening = carried.catch(() => {});
    }
    return carried;
  }

  cut(which: (exchange: Exchange) => boolean): void {
    for (const exchange of [...this.#line.underWay].filter(which)) {
      exchange.cut(STOPPED);
    }
  }

  /** Waits for what is under way, so long as the gateway itself would let a call last. */
  async settled(stopped: AbortSignal): Promise<void> {
    const enough = new AbortController();
    const signal = AbortSignal.any([stopped, enough.signal]);
    const bound = sleep(LIMITS.call_ms_max, undefined, { signal }).catch(() => {});
    await Promise.race([Promise.allSettled(this.#carrying), bound]);
    enough.abort();
    this.cut(() => true);
    await Promise.allSettled(this.#carrying);
  }

  async end(): Promise<void> {
    await this.#legacy.end();
  }
}

const NEVER = new AbortController().signal;
