import type { JsonObject } from "../base/json-value.ts";
import type { NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { callWait, ENDLESS, fixedWait } from "./deadline.ts";
import type { Wait } from "./deadline.ts";
import { readAnswer } from "./http-answer.ts";
import type { RawAnswer } from "./http-answer.ts";
import { discard, failureOf } from "./http-endpoint.ts";
import type { HttpEndpoint } from "./http-endpoint.ts";
import { Listener } from "./http-listener.ts";
import { hasBatches } from "./http-messages.ts";
import { untilAborted } from "./http-pace.ts";
import { renew } from "./http-renewal.ts";
import { isGone, isOfOneSession, newSession, SessionMemory } from "./http-session.ts";
import type { Session } from "./http-session.ts";
import { Traffic } from "./http-under-way.ts";
import type { UnderWay } from "./http-under-way.ts";
import { HttpWire } from "./http-wire.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, ServerSpec, Spoken } from "./port.ts";

const ENDED = "The server has ended the session.";

const neverRan = (detail: string): UpstreamFailure => new UpstreamFailure("never_ran", detail);

export interface HttpTalkOptions {
  readonly spec: ServerSpec;
  readonly endpoint: HttpEndpoint;
  /** For the operator. */
  readonly note: (text: string) => void;
}

/**
 * A session with a legacy server, or the talk with a modern one, over Streamable HTTP. Where a server forgot its
 * session, another one takes its place (2025-11-25 "Session Management"): what the server refused for that certainly
 * did not run and is sent anew, once; what was under way in the old session ends there, or is lost.
 */
export class HttpChannel implements Channel {
  readonly #options: HttpTalkOptions;
  readonly #wire: HttpWire;
  readonly #traffic = new Traffic();
  readonly #memory = new SessionMemory();
  readonly #end = new AbortController();
  readonly #listener: Listener;
  #session: Session;
  #reopening: Promise<void> | undefined;
  readonly onMessage = this.#traffic.inbox.onMessage;
  readonly onClosed = this.#traffic.inbox.onClosed;

  constructor(options: HttpTalkOptions, spoken: Spoken) {
    this.#options = options;
    this.#wire = new HttpWire(options.endpoint, spoken);
    this.#listener = new Listener({
      wire: this.#wire,
      traffic: this.#traffic,
      bytesMax: options.spec.resultBytes,
      onGone: (session) => void this.#reopen(session).catch(() => {}),
    });
    this.#session = newSession(spoken.era === "modern");
  }

  get spoken(): Spoken {
    return this.#wire.spoken;
  }

  /** The handshake of a legacy session. The session's id comes with the answer, whatever way it is sent. */
  async initialize(frame: RequestFrame): Promise<RawAnswer> {
    this.#memory.initialize = frame;
    return this.#shakeHands(frame, this.#session);
  }

  #shakeHands(frame: RequestFrame, session: Session): Promise<RawAnswer> {
    const exchange: Exchange = {
      onInterim: (interim) => this.#traffic.inbox.deliver(interim),
      signal: this.#end.signal,
    };
    return this.#exchange(frame, exchange, fixedWait(this.#options.spec.startMs), session);
  }

  begin(spoken: Spoken): void {
    this.#wire.spoken = spoken;
    this.#session.begun = true;
  }

  readonly request = (frame: RequestFrame, exchange: Exchange): Promise<Answer> => {
    const endless = frame.method === "subscriptions/listen";
    return this.#exchange(frame, exchange, endless ? ENDLESS : callWait(this.#options.spec));
  };

  /** `only`: the session in which it is sent, or not at all. */
  async #exchange(frame: RequestFrame, exchange: Exchange, wait: Wait, only?: Session): Promise<RawAnswer> {
    const { closed } = this.#traffic.inbox;
    if (closed !== undefined || exchange.signal.aborted) {
      throw neverRan(closed ?? "Cancelled before it was sent.");
    }
    const underWay = this.#traffic.begin(frame, exchange, wait, only ?? this.#session);
    exchange.onHold?.(underWay.deadline.hold);
    try {
      const answer = await this.#carry(underWay, exchange, only);
      this.#answered(underWay, answer);
      underWay.session.used ||= only === undefined;
      return { ...answer, frame: this.#traffic.calls.answerFor(underWay.call, answer.frame) };
    } catch (error) {
      throw this.#failed(failureOf(error, underWay.controller.signal), underWay);
    } finally {
      this.#traffic.end(underWay);
    }
  }

  #answered({ call, session }: UnderWay, { frame }: RawAnswer): void {
    if (frame.result !== undefined && this.#memory.concerns(call.frame)) {
      if (session !== this.#session) {
        throw new UpstreamFailure("lost", "The session in which it was done is no more.");
      }
      this.#memory.keep(call.frame);
    }
  }

  #failed(failure: UpstreamFailure, { call, session }: UnderWay): UpstreamFailure {
    const gaveUp = failure.kind === "timeout" || failure.kind === "cancelled";
    // 2025-11-25 "Cancellation": closing the stream means nothing to a legacy server; to a modern one it is the signal.
    if (gaveUp && session.begun && this.spoken.era === "legacy") {
      const params = { requestId: call.sentId, reason: failure.detail };
      void this.#wire.farewell({ jsonrpc: "2.0", method: "notifications/cancelled", params }, session);
    }
    return failure;
  }

  async #carry(underWay: UnderWay, exchange: Exchange, only: Session | undefined): Promise<RawAnswer> {
    const { signal } = underWay.controller;
    if (only === undefined && this.#reopening !== undefined) {
      await this.#reopened(underWay.session, signal);
      underWay.session = this.#session;
    }
    const answer = await this.#post(underWay, exchange);
    if (answer !== undefined) {
      return answer;
    }
    if (only !== undefined) {
      throw neverRan(ENDED);
    }
    await this.#reopened(underWay.session, signal);
    underWay.session = this.#session;
    const second = await this.#post(underWay, exchange);
    return second ?? this.#endedAgain(underWay.session);
  }

  #endedAgain(session: Session): never {
    if (session === this.#session) {
      this.#close(ENDED);
    }
    throw neverRan(ENDED);
  }

  /** `undefined` where the server does not know the session any more. */
  async #post(underWay: UnderWay, exchange: Exchange): Promise<RawAnswer | undefined> {
    const { call, controller, session } = underWay;
    const { signal } = controller;
    const response = await this.#wire.post(call.value, session, signal, call.frame.method, exchange);
    if (isGone(response, session)) {
      discard(response);
      return undefined;
    }
    if (!session.begun) {
      session.id = response.header("mcp-session-id");
    }
    return readAnswer(response, {
      call,
      signal,
      bytesMax: this.#options.spec.resultBytes,
      batches: session.begun && hasBatches(this.spoken.revision),
      onInterim: (frame) => this.#traffic.give(underWay, frame, signal),
      ...(this.spoken.era === "legacy" ? { resume: (after) => this.#wire.get(session, after, signal) } : {}),
    });
  }

  readonly send = async (frame: NotificationFrame | ResponseFrame): Promise<void> => {
    const value = this.#traffic.calls.outgoing(frame);
    if (value === undefined) {
      return;
    }
    const { closed } = this.#traffic.inbox;
    if (closed !== undefined) {
      throw neverRan(closed);
    }
    const signal = this.#within(this.#options.spec.callMs);
    if (frame.kind === "response") {
      const session = this.#traffic.asks.answered(frame) ?? this.#session;
      if (!(await this.#wire.tell(value, session, signal))) {
        throw neverRan(ENDED); // Nor does the server wait for it.
      }
      return;
    }
    await this.#notify(frame, value, signal);
    if (frame.method === "notifications/initialized" && this.spoken.era === "legacy") {
      this.#memory.initialized = frame;
      this.#listener.start(this.#session);
    }
  };

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#end.signal, AbortSignal.timeout(ms)]);
  }

  async #notify(frame: NotificationFrame, value: JsonObject, signal: AbortSignal): Promise<void> {
    if (this.#reopening !== undefined) {
      await this.#reopened(this.#session, signal);
    }
    const session = this.#session;
    if (await this.#wire.tell(value, session, signal, frame.method)) {
      return;
    }
    if (isOfOneSession(frame)) {
      throw neverRan(ENDED);
    }
    await this.#reopened(session, signal);
    const anew = this.#session;
    if (!(await this.#wire.tell(value, anew, signal, frame.method))) {
      this.#endedAgain(anew);
    }
  }

  /** Waits for the session that takes this one's place. Whoever waits for it was not heard by the server. */
  async #reopened(session: Session, signal: AbortSignal): Promise<void> {
    try {
      await untilAborted(this.#reopen(session), signal);
    } catch (error) {
      throw neverRan(failureOf(error, signal).detail);
    }
  }

  /** All that find the session gone at the same time share one reopening. */
  #reopen(session: Session): Promise<void> {
    if (this.#reopening === undefined && this.#session === session) {
      this.#reopening = this.#renew().finally(() => {
        this.#reopening = undefined;
      });
    }
    return this.#reopening ?? Promise.resolve();
  }

  async #renew(): Promise<void> {
    const { startMs, callMs } = this.#options.spec;
    const signal = this.#within(startMs + callMs);
    const exchange: Exchange = { onInterim: (frame) => this.#traffic.inbox.deliver(frame), signal };
    const old = this.#session;
    try {
      await renew({
        memory: this.#memory,
        spoken: this.spoken,
        shakeHands: (frame, session) => this.#shakeHands(frame, session),
        enter: (session) => {
          this.#session = session;
        },
        tell: (frame, session) => this.#wire.tell(frame.value, session, signal, frame.method),
        ask: (frame, session) => this.#exchange(frame, exchange, callWait(this.#options.spec), session),
      });
    } catch (error) {
      const reason = `${ENDED} ${failureOf(error, signal).detail}`;
      this.#notRenewed(reason, old);
      throw neverRan(reason);
    }
    this.#options.note("The server had ended the session; a new one was opened in its place.");
    if (this.#memory.initialized !== undefined) {
      this.#listener.start(this.#session);
    }
  }

  #notRenewed(reason: string, old: Session): void {
    if (this.#traffic.inbox.closed === undefined) {
      this.#options.note(reason);
      this.#close(reason);
      if (this.#session !== old) {
        void this.#wire.farewell(null, this.#session);
      }
    }
  }

  #close(reason: string): void {
    const lost = new UpstreamFailure("lost", reason);
    this.#end.abort(lost);
    this.#listener.stop(lost);
    this.#traffic.close(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#traffic.inbox.closed !== undefined) {
      return;
    }
    this.#close("The channel was closed.");
    if (this.#session.id !== undefined) {
      await this.#wire.farewell(null, this.#session);
    }
  }
}
