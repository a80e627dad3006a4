import { without } from "../base/json-change.ts";
import { RPC } from "../base/rpc-codes.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { jsonEqual } from "../base/json-equal.ts";
import { LIMITS } from "../base/limits.ts";
import { REFUSALS } from "../base/errors.ts";
import { UpstreamFailure, type Answer, type Channel, type Exchange } from "../upstream/port.ts";
import type { Frame, NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";
import { errorFrame, resultFrame } from "../wire/make-frame.ts";
import type { LogLevel } from "../wire/log-levels.ts";
import { judgeAsk, mayAsk, notOffered } from "./modern-asks.ts";
import { NotCarried } from "./not-carried.ts";
import { answerOf, metaOf, withId, withParams } from "./modern-frames.ts";
import type { HeldCalls } from "./modern-held.ts";
import { OpenAsks } from "./modern-open-asks.ts";
import { toLegacyRequest, toModernResponse } from "./modern-translate.ts";

/** One modern request that waits: the first of a call, or one that brings what the server asked for. */
export interface Round {
  readonly frame: RequestFrame;
  readonly exchange: Exchange;
  /** What the client declares in this request. */
  readonly capabilities: JsonObject;
  /** The log messages that the request asked for; `undefined` where it asked for none. */
  readonly logLevel: LogLevel | undefined;
}

type Outcome = { readonly answer: Answer } | { readonly error: unknown };

interface Waiting {
  readonly round: Round;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly unlisten: () => void;
}

export interface CallTools {
  readonly lower: Channel;
  readonly held: HeldCalls<LegacyCall>;
  /** A message of the server that belongs to this call. */
  readonly onInterim: (frame: Frame, call: LegacyCall) => Promise<void> | void;
  readonly onEnded: (call: LegacyCall) => void;
}

const LEFT = new UpstreamFailure("cancelled", "The caller no longer waits.");
const NO_ROOM = "The client cannot be asked now.";
const UNANSWERED = "The client has not answered.";

/** What a retry has that the request it repeats has not (2026-07-28 "InputResponseRequestParams"). */
const OF_A_RETRY = ["_meta", "inputResponses", "requestState"] as const;

const salient = (params: JsonObject = {}): JsonObject => without(params, ...OF_A_RETRY);

/**
 * One call at a legacy server, over as many requests of its modern client as it takes. What the server asks of the
 * client ends the request that waits, with `input_required`; the call itself stays under way at the server, and
 * goes on when the client comes back with the answers.
 */
export class LegacyCall {
  readonly first: RequestFrame;
  readonly #tools: CallTools;
  readonly #abort = new AbortController();
  readonly #asks: OpenAsks;
  readonly #elicitations = new Set<string>();
  #capabilities: JsonObject;
  #serial = 0;
  #waiting: Waiting | undefined;
  #outcome: Outcome | undefined;
  #hold: (held: boolean) => void = () => {};

  constructor(first: Round, tools: CallTools) {
    this.first = first.frame;
    this.#tools = tools;
    this.#asks = new OpenAsks(tools.held.room);
    this.#capabilities = first.capabilities;
  }

  /** The request that waits, if one does. */
  get round(): Round | undefined {
    return this.#waiting?.round;
  }

  /** Sends the call, and waits for what its first request is answered with. Throws `UpstreamFailure` or `NotCarried`. */
  begin(round: Round): Promise<Answer> {
    const exchange: Exchange = {
      onInterim: (frame) => this.#tools.onInterim(frame, this),
      signal: this.#abort.signal,
      onHold: (hold) => {
        this.#hold = hold;
      },
    };
    this.#tools.lower
      .request(toLegacyRequest(this.first), exchange)
      .then((answer) =>
        this.#finish({ answer: { ...answer, frame: toModernResponse(this.first.method, answer.frame) } }),
      )
      .catch((error: unknown) => this.#finish({ error }));
    return this.#wait(round);
  }

  /** Whether this is the same request again, save for what a retry adds. */
  isRepeatedBy({ method, params }: RequestFrame): boolean {
    return method === this.first.method && jsonEqual(salient(params), salient(this.first.params));
  }

  /** Goes on with the client's answers, and waits again. What it left out is asked again. */
  resume(round: Round, responses: JsonObject): Promise<Answer> {
    this.#hold(false);
    this.#capabilities = round.capabilities;
    for (const [key, ask] of this.#asks.all()) {
      const result = member(responses, key);
      if (isJsonObject(result)) {
        this.#asks.delete(key);
        this.#tell(resultFrame(ask.id, result));
      } else {
        this.#judge(key, ask);
      }
    }
    return this.#wait(round);
  }

  /** The server asks the client for something. */
  ask(frame: RequestFrame): void {
    if (!mayAsk(this.first.method)) {
      this.#tell(notOffered(frame));
    } else if (this.#outcome !== undefined) {
      this.#tell(errorFrame(frame.id, RPC.internalError, NO_ROOM));
    } else {
      this.#serial += 1;
      this.#judge(`ask-${String(this.#serial)}`, frame);
      // What the server asks in one go is asked of the client in one go.
      queueMicrotask(() => this.#look());
    }
  }

  #judge(key: string, frame: RequestFrame): void {
    const verdict = judgeAsk(frame, this.#capabilities);
    if (verdict.kind === "put") {
      if (this.#asks.add(key, frame)) {
        this.#noteElicitation(frame);
      } else {
        this.#tell(errorFrame(frame.id, RPC.internalError, NO_ROOM));
      }
      return;
    }
    this.#asks.delete(key);
    if (verdict.kind === "answer") {
      this.#tell(verdict.frame);
    } else {
      this.#tell(notOffered(frame));
      this.#finish({ error: new NotCarried(verdict.capability) });
    }
  }

  #noteElicitation({ params }: RequestFrame): void {
    const id = params === undefined ? undefined : member(params, "elicitationId");
    const fits = typeof id === "string" && id.length <= LIMITS.id_characters_max;
    if (fits && this.#elicitations.size < LIMITS.held_asks_max) {
      this.#elicitations.add(id);
    }
  }

  /** Whether this call asked for the elicitation that a notification says is complete (2025-11-25 "Elicitation"). */
  elicited({ params }: NotificationFrame): boolean {
    const id = params === undefined ? undefined : member(params, "elicitationId");
    return typeof id === "string" && this.#elicitations.has(id);
  }

  /** The server takes back what it asked. Whether it was this call's. */
  withdraw(id: RequestId): boolean {
    for (const [key, ask] of this.#asks.all()) {
      if (jsonEqual(ask.id, id)) {
        return this.#asks.delete(key);
      }
    }
    return false;
  }

  /** Tells the client that waits. Nobody keeps what is said while none does. */
  relay(frame: NotificationFrame): Promise<void> | void {
    const { round } = this;
    const told = round === undefined ? undefined : this.#forRound(frame, round);
    return told === undefined ? undefined : round?.exchange.onInterim(told);
  }

  /** The server reports progress to the first request's token; the client reads that of the request that waits. */
  #forRound(frame: NotificationFrame, round: Round): NotificationFrame | undefined {
    if (frame.method !== "notifications/progress" || round.frame === this.first) {
      return frame;
    }
    const progressToken = metaOf(round.frame.params, "progressToken");
    return progressToken === undefined ? undefined : withParams(frame, { progressToken });
  }

  /** The client no longer waits: the server is told. */
  cancel(): void {
    this.#abort.abort(LEFT);
  }

  /** Ends the call with a failure, whether or not its client waits. */
  fail(failure: UpstreamFailure): void {
    this.#finish({ error: failure });
  }

  #wait(round: Round): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const { signal } = round.exchange;
    const onAbort = (): void => this.cancel();
    const unlisten = (): void => signal.removeEventListener("abort", onAbort);
    this.#waiting = { round, resolve, reject, unlisten };
    if (signal.aborted) {
      this.cancel();
    }
    signal.addEventListener("abort", onAbort, { once: true });
    this.#look();
    return promise;
  }

  /** Answers the request that waits, if there is something to answer. */
  #look(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || (this.#outcome === undefined && this.#asks.size === 0)) {
      return;
    }
    this.#waiting = undefined;
    waiting.unlisten();
    const outcome = this.#outcome ?? this.#put(waiting.round);
    if ("answer" in outcome) {
      const frame = withId(outcome.answer.frame, waiting.round.frame.id);
      waiting.resolve({ ...outcome.answer, frame });
    } else {
      waiting.reject(outcome.error);
    }
  }

  /** What the client is asked, and how it finds its way back (2026-07-28 "InputRequiredResult"). */
  #put({ frame }: Round): Outcome {
    const requestState = this.#tools.held.hold(this, () =>
      this.fail(new UpstreamFailure("timeout", "The client did not answer in time.")),
    );
    if (requestState === undefined) {
      const { rpc, message } = REFUSALS.overloaded;
      const outcome = { answer: answerOf(errorFrame(frame.id, rpc, message)) };
      this.#finish(outcome);
      return outcome;
    }
    this.#hold(true);
    const inputRequests: Record<string, JsonObject> = {};
    for (const [key, { method, params }] of this.#asks.all()) {
      inputRequests[key] = params === undefined ? { method } : { method, params };
    }
    const result: JsonObject = { resultType: "input_required", inputRequests, requestState };
    return { answer: answerOf(resultFrame(frame.id, result)) };
  }

  /** The first end is the end. A server that waits for answers yet is told that none come. */
  #finish(outcome: Outcome): void {
    if (this.#outcome !== undefined) {
      return;
    }
    this.#outcome = outcome;
    this.#abort.abort(LEFT);
    for (const [, { id }] of this.#asks.all()) {
      this.#tell(errorFrame(id, RPC.internalError, UNANSWERED));
    }
    this.#asks.clear();
    this.#tools.onEnded(this);
    this.#look();
  }

  #tell(frame: ResponseFrame): void {
    this.#tools.lower.send(frame).catch((error: unknown) => {
      // The server waits for what it cannot be told; that it had begun is certain.
      const detail = error instanceof UpstreamFailure ? error.detail : "The server takes no answer.";
      this.fail(new UpstreamFailure("lost", detail));
    });
  }
}
