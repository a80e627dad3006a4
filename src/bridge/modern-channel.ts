import { RPC } from "../base/rpc-codes.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { jsonEqual } from "../base/json-equal.ts";
import { UpstreamFailure, type Answer, type Channel, type Exchange, type Spoken } from "../upstream/port.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { methodIn, methodRow } from "../wire/methods.ts";
import { LATEST_MODERN, META, readModernMeta } from "../wire/revisions.ts";
import { errorFrame, resultFrame } from "../wire/make-frame.ts";
import { isLogLevel, type LogLevel } from "../wire/log-levels.ts";
import { mayAsk, pong } from "./modern-asks.ts";
import { LegacyCall, type Round } from "./modern-call.ts";
import { answerOf, metaOf } from "./modern-frames.ts";
import { HeldCalls, type HeldLimits } from "./modern-held.ts";
import { admits, LogLevels, type LogWish } from "./modern-log.ts";
import { askServer } from "./modern-own.ts";
import { isNotice, Subscriptions } from "./modern-subscriptions.ts";
import { discoverResult } from "./modern-translate.ts";

export interface ModernChannelOptions {
  /** The server's `initialize` result. */
  readonly hello: JsonObject;
  readonly serverCapabilities: JsonObject;
  /** What the session was opened with. */
  readonly clientCapabilities: JsonObject;
  readonly held: HeldLimits;
}

interface Speaking extends LogWish {
  readonly exchange: Exchange;
}

const NOT_WAITING =
  "No request waits for these answers: it has ended, the client took too long, or they were given already.";

/** What of today's protocol a legacy server can be asked. Methods that the core does not know pass. */
const isCarried = (method: string): boolean => {
  const row = methodRow(method);
  return row === undefined || (methodIn(row, LATEST_MODERN) && row.kind !== "task");
};

const isRetry = ({ method, params }: RequestFrame): boolean =>
  mayAsk(method) &&
  params !== undefined &&
  (Object.hasOwn(params, "requestState") || Object.hasOwn(params, "inputResponses"));

const refused = ({ id }: RequestFrame, code: number, message: string): Answer =>
  answerOf(errorFrame(id, code, message));

/** What is heard of the server goes no further: it is nobody's, or was the bridge's own. */
const KEPT: ReadonlySet<string> = new Set([
  "notifications/progress",
  "notifications/cancelled",
  "notifications/tasks/status",
]);

/** A legacy session that speaks 2026-07-28. */
export class ModernChannel implements Channel {
  readonly spoken: Spoken;
  readonly onClosed: Channel["onClosed"];
  readonly #lower: Channel;
  readonly #clientCapabilities: JsonObject;
  readonly #held: HeldCalls<LegacyCall>;
  readonly #calls = new Set<LegacyCall>();
  readonly #logs: LogLevels<Speaking>;
  readonly #subscriptions: Subscriptions;
  readonly #listeners: ((frame: Frame) => Promise<void> | void)[] = [];

  constructor(lower: Channel, options: ModernChannelOptions) {
    this.#lower = lower;
    this.#clientCapabilities = options.clientCapabilities;
    this.#held = new HeldCalls(options.held);
    this.spoken = {
      era: "modern",
      revision: LATEST_MODERN,
      bridged: lower.spoken.revision,
      hello: discoverResult(options.hello),
    };
    const ask = askServer(lower, (frame) => this.#onFrame(frame, undefined));
    this.#logs = new LogLevels(ask, Object.hasOwn(options.serverCapabilities, "logging"));
    this.#subscriptions = new Subscriptions(ask, options.serverCapabilities);
    this.onClosed = lower.onClosed;
    lower.onMessage((frame) => this.#onFrame(frame, undefined));
    lower.onClosed((reason) => {
      this.#subscriptions.fail(reason);
      this.#held.clear();
    });
  }

  readonly onMessage = (listener: (frame: Frame) => Promise<void> | void): void => {
    this.#listeners.push(listener);
  };

  /** Throws `UpstreamFailure`, or `NotCarried` where the server asks for what the client has not declared. */
  readonly request = async (frame: RequestFrame, exchange: Exchange): Promise<Answer> => {
    if (exchange.signal.aborted) {
      throw new UpstreamFailure("never_ran", "Cancelled before it was sent.");
    }
    if (frame.method === "server/discover") {
      return answerOf(resultFrame(frame.id, this.spoken.hello));
    }
    if (frame.method === "subscriptions/listen") {
      return this.#subscriptions.listen(frame, exchange);
    }
    if (!isCarried(frame.method)) {
      return refused(frame, RPC.methodNotFound, "Method not found.");
    }
    const level = metaOf(frame.params, META.logLevel);
    if (level !== undefined && !isLogLevel(level)) {
      return refused(frame, RPC.invalidParams, "There is no such log level.");
    }
    return this.#loudly(this.#roundOf(frame, exchange, level));
  };

  #roundOf(frame: RequestFrame, exchange: Exchange, logLevel: LogLevel | undefined): Round {
    const meta = readModernMeta(frame.params);
    const capabilities = meta.kind === "modern" ? meta.clientCapabilities : this.#clientCapabilities;
    return { frame, exchange, capabilities, logLevel };
  }

  /** With the log messages that the request asked for. */
  async #loudly(round: Round): Promise<Answer> {
    const { logLevel: level, exchange } = round;
    if (level === undefined) {
      return this.#run(round);
    }
    const wish: Speaking = { level, exchange };
    try {
      await this.#logs.enter(wish);
      if (exchange.signal.aborted) {
        throw new UpstreamFailure("never_ran", "Cancelled before it was sent.");
      }
      return await this.#run(round);
    } finally {
      this.#logs.leave(wish);
    }
  }

  #run(round: Round): Promise<Answer> {
    if (isRetry(round.frame)) {
      return this.#resume(round);
    }
    const call = new LegacyCall(round, {
      lower: this.#lower,
      held: this.#held,
      onInterim: (frame, owner) => this.#onFrame(frame, owner),
      onEnded: (ended) => this.#calls.delete(ended),
    });
    this.#calls.add(call);
    return call.begin(round);
  }

  /** A retry finds its call by the state it was given, and must be the same request (2026-07-28 "Multi Round-Trip Requests"). */
  async #resume(round: Round): Promise<Answer> {
    const { frame } = round;
    const { params = {} } = frame;
    const handle = member(params, "requestState");
    const responses = member(params, "inputResponses") ?? {};
    const call = typeof handle === "string" ? this.#held.find(handle) : undefined;
    if (typeof handle !== "string" || call === undefined) {
      return refused(frame, RPC.invalidParams, NOT_WAITING);
    }
    if (!call.isRepeatedBy(frame)) {
      return refused(frame, RPC.invalidParams, "This is not the request that the state belongs to.");
    }
    if (!isJsonObject(responses) || !Object.values(responses).every(isJsonObject)) {
      return refused(frame, RPC.invalidParams, "inputResponses must be an object of objects.");
    }
    this.#held.release(handle);
    return call.resume(round, responses);
  }

  /** A client sends no responses in this revision, and cancels what is under way. */
  readonly send = async (frame: NotificationFrame | ResponseFrame): Promise<void> => {
    if (frame.kind === "response") {
      throw new UpstreamFailure("never_ran", "There is no request of the server to answer.");
    }
    if (frame.method === "notifications/cancelled") {
      this.#cancel(frame);
    } else if (isCarried(frame.method)) {
      await this.#lower.send(frame);
    }
  };

  /** Only where one request alone is meant: one channel may serve several clients, whose ids may be the same. */
  #cancel({ params }: NotificationFrame): void {
    const id = params === undefined ? undefined : member(params, "requestId");
    if (id === undefined) {
      return;
    }
    const calls = [...this.#calls].filter(
      ({ round }) => round !== undefined && jsonEqual(round.frame.id, id),
    );
    const listens = this.#subscriptions.withId(id);
    if (calls.length + listens.length === 1) {
      calls.forEach((call) => call.cancel());
      listens.forEach((listen) => listen.fail(new UpstreamFailure("cancelled", "The client cancelled it.")));
    }
  }

  /** Every message of the server comes through here, with the call it belongs to, where it names one. */
  #onFrame(frame: Frame, call: LegacyCall | undefined): Promise<void> | void {
    if (frame.kind === "request") {
      this.#onAsk(frame, call);
      return undefined;
    }
    if (frame.kind === "response") {
      return undefined;
    }
    if (frame.method === "notifications/message") {
      return this.#onLog(frame, call);
    }
    if (frame.method === "notifications/cancelled") {
      this.#onWithdrawn(frame);
      return undefined;
    }
    if (isNotice(frame)) {
      this.#subscriptions.notice(frame);
      return this.#tellAll(frame);
    }
    const owner = call ?? this.#elicitor(frame);
    return owner === undefined ? this.#tellAll(frame) : owner.relay(frame);
  }

  /**
   * A request that names no call (over stdio none does) can be laid at the door of one only if that is the only one
   * under way that may ask: another's client must not be asked in its place.
   */
  #onAsk(frame: RequestFrame, named: LegacyCall | undefined): void {
    const own = pong(frame);
    const [only, ...others] = [...this.#calls].filter(({ first }) => mayAsk(first.method));
    const call = named ?? (others.length === 0 ? only : undefined);
    if (own === undefined && call !== undefined) {
      call.ask(frame);
      return;
    }
    const answer =
      own ?? errorFrame(frame.id, RPC.internalError, "Which call of the client this is for cannot be told.");
    this.#lower.send(answer).catch(() => {});
  }

  #onLog(frame: NotificationFrame, call: LegacyCall | undefined): Promise<void> | void {
    const level = frame.params === undefined ? undefined : member(frame.params, "level");
    if (call === undefined) {
      return this.#logs.ownerOf(level)?.exchange.onInterim(frame);
    }
    const asked = call.round?.logLevel;
    return asked !== undefined && admits({ level: asked }, level) ? call.relay(frame) : undefined;
  }

  #onWithdrawn({ params }: NotificationFrame): void {
    const id = params === undefined ? undefined : member(params, "requestId");
    if (id !== undefined) {
      [...this.#calls].some((call) => call.withdraw(id));
    }
  }

  #elicitor(frame: NotificationFrame): LegacyCall | undefined {
    return frame.method === "notifications/elicitation/complete"
      ? [...this.#calls].find((call) => call.elicited(frame))
      : undefined;
  }

  async #tellAll(frame: NotificationFrame): Promise<void> {
    if (!KEPT.has(frame.method)) {
      await Promise.all(this.#listeners.map(async (listener) => listener(frame)));
    }
  }

  /** Subscriptions end in order; calls under way, and those that wait for their clients, fail. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#subscriptions.complete();
    this.#held.clear();
    this.#calls.forEach((call) => call.fail(new UpstreamFailure("lost", "The channel was closed.")));
    await this.#lower[Symbol.asyncDispose]();
  }
}
