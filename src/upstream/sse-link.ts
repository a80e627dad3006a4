import { setTimeout as sleep } from "node:timers/promises";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame, Unreadable } from "../wire/frame.ts";
import { createSseReader } from "../wire/sse.ts";
import type { SseOutput } from "../wire/sse.ts";
import { Calls, idKey } from "./calls.ts";
import type { Call } from "./calls.ts";
import { fixedWait, startDeadline } from "./deadline.ts";
import type { Deadline, Wait } from "./deadline.ts";
import { discard, failureOf } from "./http-endpoint.ts";
import type { HttpEndpoint, HttpResponse } from "./http-endpoint.ts";
import { hasBatches, readMessages } from "./http-messages.ts";
import { untilTaken } from "./http-pace.ts";
import { Inbox } from "./inbox.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Exchange, FailureKind, ServerSpec } from "./port.ts";
import { postPath, SsePost } from "./sse-post.ts";

/** How long the server has to take a cancellation. */
const FAREWELL_MS = 2_000;

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: UpstreamFailure) => void;
  readonly deadline: Deadline;
  readonly unlisten: () => void;
  /** Ends the POST that carries the request. */
  readonly post: AbortController;
  /** Aborted when the request is settled. */
  readonly over: AbortController;
}

export interface SseRequestOptions {
  readonly wait: Wait;
  /** `initialize` must not be cancelled (2025-11-25 "Cancellation"). */
  readonly cancellable: boolean;
}

export interface SseLinkOptions {
  readonly spec: ServerSpec;
  readonly url: string;
  readonly endpoint: HttpEndpoint;
  /** For the operator. */
  readonly note: (text: string) => void;
}

const LEFT = new UpstreamFailure("cancelled", "The caller no longer waits.");
const LATE = new UpstreamFailure("timeout", "The server did not answer in time.");
const OVER = new UpstreamFailure("cancelled", "The request is settled.");

/**
 * A session over HTTP+SSE (2024-11-05 "HTTP with SSE"): one event stream brings everything the server says, and names
 * the address to which everything else is posted. The stream is the session; when it ends, so does the session.
 */
export class SseLink implements AsyncDisposable {
  readonly inbox = new Inbox();
  readonly #options: SseLinkOptions;
  readonly #calls = new Calls();
  readonly #waiting = new Map<Call, Waiting>();
  readonly #end = new AbortController();
  readonly #opened = Promise.withResolvers<void>();
  readonly #post: SsePost;
  /** Nothing is read while whoever takes a message wants time. */
  #held = false;

  constructor(options: SseLinkOptions) {
    this.#options = options;
    this.#post = new SsePost(options.endpoint);
    this.#opened.promise.catch(() => {});
  }

  /** Opens the stream and waits for the address. Throws `UpstreamFailure`. */
  async open(): Promise<void> {
    const { endpoint, spec } = this.#options;
    const deadline = startDeadline(fixedWait(spec.startMs), () => this.#close(LATE));
    try {
      const headers = { accept: "text/event-stream" };
      const response = await endpoint.send("GET", headers, null, this.#end.signal);
      if (response.status !== 200 || response.contentType !== "text/event-stream") {
        discard(response);
        throw new UpstreamFailure(
          "never_ran",
          `The server did not open an event stream (HTTP status ${response.status}).`,
        );
      }
      void this.#read(response);
      await this.#opened.promise;
    } catch (error) {
      const failure = failureOf(error, this.#end.signal);
      this.#close(failure);
      throw failure;
    } finally {
      deadline.clear();
    }
  }

  /** The handshake is over. */
  begin(revision: string): void {
    this.#post.revision = revision;
  }

  request(frame: RequestFrame, exchange: Exchange, options: SseRequestOptions): Promise<Answer> {
    const { closed } = this.inbox;
    if (closed !== undefined || exchange.signal.aborted) {
      return Promise.reject(new UpstreamFailure("never_ran", closed ?? "Cancelled before it was sent."));
    }
    const call = this.#calls.begin(frame, exchange.onInterim);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const post = new AbortController();
    const posted = this.#carry(call, post.signal);
    const giveUp = (kind: FailureKind, detail: string): void => {
      const waiting = this.#fail(call, new UpstreamFailure(kind, detail));
      if (waiting !== undefined && options.cancellable) {
        void this.#tellCancelled(call, posted, detail).finally(() => post.abort(OVER));
      }
    };
    const onAbort = (): void => {
      const reason: unknown = exchange.signal.reason;
      const told = reason instanceof UpstreamFailure ? reason : LEFT;
      giveUp(told.kind, told.detail);
    };
    exchange.signal.addEventListener("abort", onAbort, { once: true });
    const deadline = startDeadline(options.wait, () => giveUp("timeout", LATE.detail));
    exchange.onHold?.(deadline.hold);
    const unlisten = (): void => exchange.signal.removeEventListener("abort", onAbort);
    this.#waiting.set(call, { resolve, reject, deadline, unlisten, post, over: new AbortController() });
    if (this.#held) {
      deadline.pause();
    }
    return promise;
  }

  async #carry(call: Call, signal: AbortSignal): Promise<void> {
    try {
      await this.#post.send(call.value, signal);
    } catch (error) {
      this.#fail(call, failureOf(error, signal));
    }
  }

  async #tellCancelled(call: Call, posted: Promise<void>, reason: string): Promise<void> {
    // It must not overtake what it cancels.
    await Promise.race([posted, sleep(FAREWELL_MS, undefined, { ref: false })]);
    const params = { requestId: call.sentId, reason };
    const value = { jsonrpc: "2.0", method: "notifications/cancelled", params };
    // The server need not take it: it may be gone.
    await this.#post.send(value, AbortSignal.timeout(FAREWELL_MS)).catch(() => {});
  }

  async send(frame: NotificationFrame | ResponseFrame): Promise<void> {
    const value = this.#calls.outgoing(frame);
    if (value === undefined) {
      return;
    }
    if (this.inbox.closed !== undefined) {
      throw new UpstreamFailure("never_ran", this.inbox.closed);
    }
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(this.#options.spec.callMs)]);
    await this.#post.send(value, signal);
  }

  /** Takes the request out of those that wait. `undefined` where it is settled already. */
  #settle(call: Call): Waiting | undefined {
    const waiting = this.#waiting.get(call);
    waiting?.deadline.clear();
    waiting?.unlisten();
    this.#waiting.delete(call);
    waiting?.over.abort(OVER);
    return waiting;
  }

  #fail(call: Call, failure: UpstreamFailure): Waiting | undefined {
    const waiting = this.#settle(call);
    if (waiting !== undefined) {
      if (failure.kind === "never_ran") {
        this.#calls.end(call);
      } else {
        this.#calls.abandon(call);
      }
      waiting.reject(failure);
    }
    return waiting;
  }

  async #read(response: HttpResponse): Promise<void> {
    const reader = createSseReader(this.#options.spec.resultBytes);
    try {
      for await (const chunk of response.body) {
        for (const output of reader.push(chunk)) {
          await this.#onOutput(output);
        }
      }
      this.#close(new UpstreamFailure("lost", "The server ended the event stream."));
    } catch (error) {
      this.#close(failureOf(error, this.#end.signal));
    } finally {
      response.body.destroy();
    }
  }

  async #onOutput(output: SseOutput): Promise<void> {
    if (output.kind === "broken") {
      const reason = output.reason === "too_long" ? "An event is over the bound." : "An event is not UTF-8.";
      throw new UpstreamFailure("nonsense", reason);
    }
    if (output.kind === "retry") {
      return; // A stream that ended is not opened again: there is no way to go on with its session.
    }
    const { event, data, byteCount } = output.event;
    if (this.#post.path === undefined) {
      this.#post.path = postPath(this.#options.url, output.event);
      this.#opened.resolve();
    } else if (event === "message" && data !== "") {
      for (const message of readMessages(data, hasBatches(this.#post.revision))) {
        await this.#onMessage(message, byteCount);
      }
    }
  }

  async #onMessage(message: Frame | Unreadable, byteCount: number): Promise<void> {
    if (message.kind === "unreadable") {
      this.#onUnreadable(message);
    } else if (message.kind === "response") {
      const call = this.#calls.answered(message.id);
      if (call !== undefined) {
        this.#calls.end(call);
        const frame = this.#calls.answerFor(call, message);
        this.#settle(call)?.resolve({ frame, httpStatus: null, bytes: byteCount });
      }
    } else {
      await this.#onUnanswered(message);
    }
  }

  #onUnreadable({ reason, id, method }: Unreadable): void {
    const call = method === undefined && idKey(id) !== undefined ? this.#calls.answered(id) : undefined;
    if (call === undefined) {
      this.#options.note(`An event of the stream is not a message: ${reason}`);
    } else {
      this.#fail(call, new UpstreamFailure("nonsense", reason));
    }
  }

  async #onUnanswered(frame: NotificationFrame | RequestFrame): Promise<void> {
    const call = this.#calls.ownerOf(frame);
    const waiting = call && this.#waiting.get(call);
    if (call === undefined || waiting === undefined) {
      await this.#hold(this.inbox.deliver(frame), this.#end.signal);
      return;
    }
    waiting.deadline.extend();
    try {
      await this.#hold(call.onInterim(this.#calls.interimFor(call, frame)), waiting.over.signal);
    } catch (error) {
      // The stream is everybody's: only this request is over, if it is not already.
      this.#fail(call, failureOf(error, waiting.over.signal));
    }
  }

  /** Waits for whoever takes a message. Meanwhile no answer can be read, so no wait is held against the server. */
  async #hold(given: Promise<void> | void, signal: AbortSignal): Promise<void> {
    const taken = untilTaken(given, undefined, signal);
    if (taken === undefined) {
      return;
    }
    this.#held = true;
    this.#waiting.forEach(({ deadline }) => deadline.pause());
    try {
      await taken;
    } finally {
      this.#held = false;
      this.#waiting.forEach(({ deadline }) => deadline.extend());
    }
  }

  #close(failure: UpstreamFailure): void {
    this.#end.abort(failure);
    this.#opened.reject(failure);
    // Whatever is under way was sent, or may have been.
    const kind = failure.kind === "nonsense" ? "nonsense" : "lost";
    for (const call of this.#calls.all()) {
      this.#fail(call, new UpstreamFailure(kind, failure.detail))?.post.abort(failure);
    }
    this.inbox.close(failure.detail);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(new UpstreamFailure("lost", "The channel was closed."));
    return Promise.resolve();
  }
}
