import { RPC } from "../base/rpc-codes.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { UpstreamFailure, type Answer, type Channel, type Exchange, type Spoken } from "../upstream/port.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { methodIn, methodRow, targetOf, type MethodKind } from "../wire/methods.ts";
import { META } from "../wire/revisions.ts";
import { errorFrame, resultFrame } from "../wire/make-frame.ts";
import { isLogLevel, type LogLevel } from "../wire/log-levels.ts";
import { ClientAsks } from "./legacy-asks.ts";
import { failureOf, ownAnswer, ownId, unlessAborted } from "./legacy-frames.ts";
import {
  capabilitiesOf,
  initializeResult,
  metaOf,
  readClient,
  type LegacyClient,
} from "./legacy-handshake.ts";
import { inRounds, type Talk } from "./legacy-rounds.ts";
import { LegacySubscriptions } from "./legacy-subscriptions.ts";
import { ToolSchemas } from "./legacy-tools.ts";
import { anew, toLegacyResponse, toModernNotification, toModernRequest } from "./legacy-translate.ts";

/** Tasks are another thing in each era, and the bridge declares neither; the rest is not a client's to ask here. */
const NEVER: ReadonlySet<MethodKind> = new Set(["task", "open", "ask", "notification"]);

type Listener = (frame: Frame) => Promise<void> | void;

/** What the bridge answers itself. */
type Own = (frame: RequestFrame) => Answer | Promise<Answer>;

/**
 * A modern channel that speaks as a legacy server to one legacy client. Whoever uses it judges, records and relays as
 * with any legacy channel.
 */
class LegacyOverModern implements Channel {
  readonly spoken: Spoken;
  readonly #modern: Channel;
  readonly #client: LegacyClient;
  readonly #asks = new ClientAsks();
  readonly #tools: ToolSchemas;
  readonly #subscriptions: LegacySubscriptions;
  readonly #underWay = new Map<string, AbortController>();
  readonly #listeners: Listener[] = [];
  #logLevel: LogLevel | undefined;
  #closed: string | undefined;

  readonly #own: Readonly<Record<string, Own>> = {
    ping: ({ id }) => ownAnswer(resultFrame(id, {})),
    "logging/setLevel": (frame) => this.#setLevel(frame),
    "resources/subscribe": (frame) => this.#subscriptions.subscribe(frame),
    "resources/unsubscribe": (frame) => this.#subscriptions.unsubscribe(frame),
  };

  constructor(modern: Channel, client: LegacyClient, hello: JsonObject) {
    this.spoken = { era: "legacy", revision: client.revision, bridged: modern.spoken.revision, hello };
    this.#modern = modern;
    this.#client = client;
    this.#tools = new ToolSchemas(modern, () => metaOf(client, undefined));
    this.#subscriptions = new LegacySubscriptions({
      modern,
      capabilities: capabilitiesOf(modern.spoken.hello),
      meta: () => metaOf(client, undefined),
      heard: (frame) => this.#deliver(frame),
    });
    modern.onClosed((reason) => this.#end(reason));
  }

  get onClosed(): Channel["onClosed"] {
    return this.#modern.onClosed;
  }

  readonly onMessage = (listener: Listener): void => {
    this.#listeners.push(listener);
    if (this.#listeners.length === 1) {
      // Not before somebody listens: the channel below keeps what comes until then.
      this.#modern.onMessage((frame) => this.#stray(frame));
    }
  };

  readonly request = async (frame: RequestFrame, exchange: Exchange): Promise<Answer> => {
    if (this.#closed !== undefined || exchange.signal.aborted) {
      throw new UpstreamFailure("never_ran", this.#closed ?? "Cancelled before it was sent.");
    }
    // A controller of the bridge's own: it stands for all the rounds, and a closed channel below ends the waiting too.
    const controller = new AbortController();
    const { signal } = controller;
    const onAbort = (): void => controller.abort(failureOf(exchange.signal));
    const key = writeJson(frame.id);
    exchange.signal.addEventListener("abort", onAbort, { once: true });
    this.#underWay.set(key, controller);
    try {
      const own = Object.hasOwn(this.#own, frame.method) ? this.#own[frame.method] : undefined;
      if (own !== undefined) {
        return await unlessAborted(Promise.resolve(own(frame)), signal);
      }
      return await this.#relay(frame, { onInterim: exchange.onInterim, signal, controller });
    } finally {
      exchange.signal.removeEventListener("abort", onAbort);
      if (this.#underWay.get(key) === controller) {
        this.#underWay.delete(key);
      }
    }
  };

  #setLevel({ id, params }: RequestFrame): Answer {
    const level = params === undefined ? undefined : member(params, "level");
    if (!isLogLevel(level)) {
      return ownAnswer(errorFrame(id, RPC.invalidParams, "There is no such log level."));
    }
    this.#logLevel = level;
    return ownAnswer(resultFrame(id, {}));
  }

  async #relay(frame: RequestFrame, exchange: Exchange): Promise<Answer> {
    const row = methodRow(frame.method);
    if (row !== undefined && (NEVER.has(row.kind) || !methodIn(row, this.#client.revision))) {
      return ownAnswer(errorFrame(frame.id, RPC.methodNotFound, "Method not found."));
    }
    const sent = toModernRequest(frame, metaOf(this.#client, this.#logLevel));
    const name = row?.named === true ? targetOf(row, frame.params) : undefined;
    const answer = await this.#send(sent, {
      modern: this.#modern,
      asks: this.#asks,
      capabilities: this.#client.capabilities,
      toClient: exchange.onInterim,
      exchange: {
        ...exchange,
        onInterim: (interim) => this.#interim(interim, exchange.onInterim),
        ...(name === undefined ? {} : { name }),
      },
    });
    if (frame.method === "tools/list" && answer.frame.result !== undefined) {
      this.#tools.learn(answer.frame.result);
    }
    return { ...answer, frame: toLegacyResponse(frame, answer.frame) };
  }

  async #send(sent: RequestFrame, talk: Talk): Promise<Answer> {
    if (sent.method !== "tools/call") {
      return inRounds(sent, talk);
    }
    const mirrored = async (): Promise<Talk> => {
      const headers = await this.#tools.headersFor(sent, talk.exchange.signal);
      return { ...talk, exchange: { ...talk.exchange, paramHeaders: headers } };
    };
    const answer = await inRounds(sent, await mirrored());
    const { error } = answer.frame;
    if (error === undefined || member(error, "code") !== RPC.headerMismatch) {
      return answer;
    }
    // It did not run. The tool's marks may have changed: once more, by a fresh list (2026-07-28 "Client Behavior").
    this.#tools.forget();
    return inRounds(anew(sent, ownId("again")), await mirrored());
  }

  readonly send = async (frame: NotificationFrame | ResponseFrame): Promise<void> => {
    if (frame.kind === "response") {
      this.#asks.take(frame);
    } else if (frame.method === "notifications/initialized") {
      this.#subscriptions.start();
    } else if (frame.method === "notifications/cancelled") {
      this.#cancel(frame);
    } else if (methodRow(frame.method) === undefined) {
      await this.#modern.send(toModernNotification(frame, metaOf(this.#client, undefined)));
    }
    // A modern server takes no others: roots are asked for when they are needed, and it waits for no progress of ours.
  };

  /** The channel below tells the server in the way of its transport. */
  #cancel({ params }: NotificationFrame): void {
    const id = params === undefined ? undefined : member(params, "requestId");
    const controller = id === undefined ? undefined : this.#underWay.get(writeJson(id));
    controller?.abort(new UpstreamFailure("cancelled", "The client cancelled the request."));
  }

  #interim(frame: Frame, onInterim: Exchange["onInterim"]): Promise<void> | void {
    return this.#isForClient(frame) ? onInterim(frame) : undefined;
  }

  #stray(frame: Frame): Promise<void> | void {
    return this.#isForClient(frame) && !hasSubscription(frame) ? this.#deliver(frame) : undefined;
  }

  /** A modern server sends no requests (2026-07-28 "Multi Round-Trip Requests"): one that does is told so. */
  #isForClient(frame: Frame): frame is NotificationFrame {
    if (frame.kind === "request") {
      const refused = errorFrame(frame.id, RPC.methodNotFound, "The client does not offer this.");
      this.#modern.send(refused).catch(() => {});
    }
    if (frame.kind !== "notification" || frame.method === "notifications/cancelled") {
      return false;
    }
    const row = methodRow(frame.method);
    return row === undefined || methodIn(row, this.#client.revision);
  }

  #deliver(frame: NotificationFrame): Promise<void> | void {
    if (frame.method === "notifications/tools/list_changed") {
      this.#tools.forget();
    }
    const waits = this.#listeners
      .map((listener) => listener(frame))
      .filter((wait) => wait instanceof Promise);
    return waits.length === 0 ? undefined : Promise.all(waits).then(() => {});
  }

  #end(reason: string): void {
    this.#closed ??= reason;
    this.#subscriptions.close();
    for (const controller of this.#underWay.values()) {
      controller.abort(new UpstreamFailure("lost", reason));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end("The channel was closed.");
    await this.#modern[Symbol.asyncDispose]();
  }
}

/** What comes late for a stream that was closed, a newer stream has told too. */
const hasSubscription = ({ params = {} }: NotificationFrame): boolean => {
  const meta = member(params, "_meta");
  return isJsonObject(meta) && Object.hasOwn(meta, META.subscriptionId);
};

/** Makes a legacy channel of an open modern one, for the client of this `initialize`, and the answer to it. */
export const openLegacyOverModern = (
  modern: Channel,
  initialize: RequestFrame,
): { readonly channel: Channel; readonly answer: Answer } => {
  const client = readClient(initialize);
  const hello = initializeResult(modern.spoken.hello, client);
  return {
    channel: new LegacyOverModern(modern, client, hello),
    answer: ownAnswer(resultFrame(initialize.id, hello)),
  };
};
