import { writeJson } from "../base/json-write.ts";
import type { JsonObject } from "../base/json-value.ts";
import type { NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { encodeHeaderValue } from "../wire/sentinel.ts";
import { Calls } from "./calls.ts";
import type { Call } from "./calls.ts";
import { callWait, ENDLESS, fixedWait, startDeadline } from "./deadline.ts";
import type { Deadline, Wait } from "./deadline.ts";
import { readAnswer } from "./http-answer.ts";
import type { RawAnswer } from "./http-answer.ts";
import { discard, failureOf } from "./http-endpoint.ts";
import type { HttpEndpoint, HttpHeaders, HttpResponse } from "./http-endpoint.ts";
import { listen } from "./http-listen.ts";
import { Inbox } from "./inbox.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, ServerSpec, Spoken } from "./port.ts";

/** How long the server has to take a cancellation or the end of its session. */
const FAREWELL_MS = 2_000;

const ACCEPT = "application/json, text/event-stream";
const POSTED: HttpHeaders = { "content-type": "application/json", accept: ACCEPT };
/** RFC 9110 section 5.5: what a header may hold as it is. */
const PLAIN = /^[!-~](?:[\t -~]*[!-~])?$/;

interface UnderWay {
  readonly call: Call;
  readonly controller: AbortController;
  readonly deadline: Deadline;
}

interface Held {
  readonly controller: AbortController;
  readonly release: () => void;
}

const LATE = new UpstreamFailure("timeout", "The server did not answer in time.");

const lent = (controller: AbortController): Held => ({ controller, release: () => {} });

/** A controller of our own that aborts when the caller's signal does. */
const follow = (signal: AbortSignal): Held => {
  const controller = new AbortController();
  const onAbort = (): void =>
    controller.abort(new UpstreamFailure("cancelled", "The caller no longer waits."));
  signal.addEventListener("abort", onAbort, { once: true });
  return { controller, release: () => signal.removeEventListener("abort", onAbort) };
};

export interface HttpTalkOptions {
  readonly spec: ServerSpec;
  readonly endpoint: HttpEndpoint;
}

/** A session with a legacy server, or the talk with a modern one, over Streamable HTTP. */
export class HttpChannel implements Channel {
  readonly #options: HttpTalkOptions;
  readonly #calls = new Calls();
  readonly #inbox = new Inbox();
  readonly #underWay = new Set<UnderWay>();
  readonly #end = new AbortController();
  #spoken: Spoken;
  #session: string | undefined;
  /** Whether the handshake is over: later requests tell the revision and the session in headers. */
  #begun: boolean;
  readonly onMessage = this.#inbox.onMessage;
  readonly onClosed = this.#inbox.onClosed;

  constructor(options: HttpTalkOptions, spoken: Spoken) {
    this.#options = options;
    this.#spoken = spoken;
    this.#begun = spoken.era === "modern";
  }

  get spoken(): Spoken {
    return this.#spoken;
  }

  /** The handshake of a legacy session. The session's id comes with the answer, whatever way it is sent. */
  async initialize(frame: RequestFrame): Promise<RawAnswer> {
    const exchange: Exchange = {
      onInterim: (interim) => this.#inbox.deliver(interim),
      signal: this.#end.signal,
    };
    return this.#exchange(frame, exchange, fixedWait(this.#options.spec.startMs));
  }

  begin(spoken: Spoken): void {
    this.#spoken = spoken;
    this.#begun = true;
  }

  readonly request = async (frame: RequestFrame, exchange: Exchange): Promise<Answer> => {
    const endless = frame.method === "subscriptions/listen";
    return this.#exchange(frame, exchange, endless ? ENDLESS : callWait(this.#options.spec.callMs));
  };

  async #exchange(frame: RequestFrame, exchange: Exchange, wait: Wait): Promise<RawAnswer> {
    const { closed } = this.#inbox;
    if (closed !== undefined || exchange.signal.aborted) {
      throw new UpstreamFailure("never_ran", closed ?? "Cancelled before it was sent.");
    }
    const call = this.#calls.begin(frame, exchange.onInterim);
    const { controller, release } =
      exchange.controller === undefined ? follow(exchange.signal) : lent(exchange.controller);
    const deadline = startDeadline(wait, () => controller.abort(LATE));
    exchange.onHold?.(deadline.hold);
    const underWay: UnderWay = { call, controller, deadline };
    this.#underWay.add(underWay);
    try {
      const answer = await this.#post(underWay, exchange);
      return { ...answer, frame: this.#calls.answerFor(call, answer.frame) };
    } catch (error) {
      throw this.#failed(failureOf(error, controller.signal), underWay);
    } finally {
      deadline.clear();
      release();
      this.#underWay.delete(underWay);
      this.#calls.end(call);
    }
  }

  #failed(failure: UpstreamFailure, { call }: UnderWay): UpstreamFailure {
    const gaveUp = failure.kind === "timeout" || failure.kind === "cancelled";
    // 2025-11-25 "Cancellation": closing the stream means nothing to a legacy server; to a modern one it is the signal.
    if (gaveUp && this.#begun && this.#spoken.era === "legacy") {
      const params = { requestId: call.sentId, reason: failure.detail };
      void this.#farewell("POST", { jsonrpc: "2.0", method: "notifications/cancelled", params });
    }
    return failure;
  }

  async #post({ call, controller, deadline }: UnderWay, exchange: Exchange): Promise<RawAnswer> {
    const { endpoint, spec } = this.#options;
    const { signal } = controller;
    const headers = { ...POSTED, ...this.#headers(call.frame.method, exchange) };
    const response = await endpoint.send("POST", headers, writeJson(call.value), signal);
    this.#checkSession(response);
    if (!this.#begun) {
      this.#session = response.header("mcp-session-id");
    }
    const resume = (lastEventId: string): Promise<HttpResponse> =>
      endpoint.send("GET", { ...this.#listenHeaders(), "last-event-id": lastEventId }, null, signal);
    return readAnswer(response, {
      call,
      signal,
      bytesMax: spec.resultBytes,
      onInterim: (frame) => {
        deadline.extend();
        void call.onInterim(this.#calls.interimFor(call, frame));
      },
      ...(this.#spoken.era === "legacy" ? { resume } : {}),
    });
  }

  /** 2025-11-25 "Session Management": 404 to a request with a session's id says that the session is no more. */
  #checkSession(response: HttpResponse): void {
    if (response.status === 404 && this.#session !== undefined) {
      discard(response);
      this.#session = undefined;
      this.#close("The server has ended the session.");
      throw new UpstreamFailure("never_ran", "The server does not know the session any more.");
    }
  }

  #headers(method?: string, exchange?: Exchange): Record<string, string> {
    const { era, revision } = this.#spoken;
    const headers: Record<string, string> = {};
    if (this.#begun) {
      headers["mcp-protocol-version"] = revision;
    }
    if (this.#session !== undefined) {
      headers["mcp-session-id"] = this.#session;
    }
    if (era === "legacy" || method === undefined) {
      return headers;
    }
    if (!PLAIN.test(method)) {
      throw new UpstreamFailure("never_ran", "The method cannot be told in a header.");
    }
    headers["mcp-method"] = method;
    if (exchange?.name !== undefined) {
      headers["mcp-name"] = encodeHeaderValue(exchange.name);
    }
    return { ...headers, ...exchange?.paramHeaders };
  }

  #listenHeaders(): Record<string, string> {
    return { accept: "text/event-stream", ...this.#headers() };
  }

  readonly send = async (frame: NotificationFrame | ResponseFrame): Promise<void> => {
    const value = this.#calls.outgoing(frame);
    if (value === undefined) {
      return;
    }
    if (this.#inbox.closed !== undefined) {
      throw new UpstreamFailure("never_ran", this.#inbox.closed);
    }
    const method = frame.kind === "notification" ? frame.method : undefined;
    const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(this.#options.spec.callMs)]);
    const headers = { ...POSTED, ...this.#headers(method) };
    const response = await this.#options.endpoint.send("POST", headers, writeJson(value), signal);
    this.#checkSession(response);
    discard(response);
    if (response.status > 299) {
      throw new UpstreamFailure("lost", `The server answered with HTTP status ${response.status}.`);
    }
    if (method === "notifications/initialized" && this.#spoken.era === "legacy") {
      this.#listen();
    }
  };

  #listen(): void {
    const { endpoint, spec } = this.#options;
    void listen({
      open: (lastEventId) => {
        const resumed = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
        return endpoint.send("GET", { ...this.#listenHeaders(), ...resumed }, null, this.#end.signal);
      },
      bytesMax: spec.resultBytes,
      signal: this.#end.signal,
      onFrame: (frame) => {
        const call = this.#calls.ownerOf(frame);
        if (call === undefined) {
          this.#inbox.deliver(frame);
        } else {
          void call.onInterim(this.#calls.interimFor(call, frame));
        }
      },
    });
  }

  async #farewell(method: "POST" | "DELETE", value: JsonObject | null): Promise<void> {
    const { endpoint } = this.#options;
    const headers = { ...(value === null ? {} : POSTED), ...this.#headers() };
    const body = value === null ? null : writeJson(value);
    try {
      discard(await endpoint.send(method, headers, body, AbortSignal.timeout(FAREWELL_MS)));
    } catch {
      // The server need not take it: it may be gone, or not let clients end sessions (405).
    }
  }

  #close(reason: string): void {
    this.#end.abort(new UpstreamFailure("lost", reason));
    for (const { controller } of this.#underWay) {
      controller.abort(new UpstreamFailure("lost", reason));
    }
    this.#inbox.close(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#inbox.closed !== undefined) {
      return;
    }
    this.#close("The channel was closed.");
    if (this.#session !== undefined) {
      await this.#farewell("DELETE", null);
    }
  }
}
