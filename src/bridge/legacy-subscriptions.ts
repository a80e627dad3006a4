import { RPC } from "../base/rpc-codes.ts";
import { isJsonArray, isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { REFUSALS } from "../base/errors.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Answer, type Channel } from "../upstream/port.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { errorFrame, notificationFrame, resultFrame } from "../wire/make-frame.ts";
import { ownAnswer } from "./legacy-frames.ts";
import { ListenRefused, openListen, type Listening } from "./legacy-listen.ts";

/** What a server says it can tell of, by the members of a subscription's filter. */
interface Offers {
  readonly lists: readonly ListFlag[];
  readonly subscribe: boolean;
}

const LISTS = {
  toolsListChanged: { capability: "tools", method: "notifications/tools/list_changed" },
  promptsListChanged: { capability: "prompts", method: "notifications/prompts/list_changed" },
  resourcesListChanged: { capability: "resources", method: "notifications/resources/list_changed" },
} as const;
type ListFlag = keyof typeof LISTS;
const LIST_FLAGS = ["toolsListChanged", "promptsListChanged", "resourcesListChanged"] as const;

const offersOf = (capabilities: JsonObject): Offers => {
  const says = (name: string, what: string): boolean => {
    const value = member(capabilities, name);
    return isJsonObject(value) && member(value, what) === true;
  };
  return {
    lists: LIST_FLAGS.filter((flag) => says(LISTS[flag].capability, "listChanged")),
    subscribe: says("resources", "subscribe"),
  };
};

const honours = (honoured: JsonObject, uri: string): boolean => {
  const uris = member(honoured, "resourceSubscriptions");
  return isJsonArray(uris) && uris.includes(uri);
};

interface Options {
  readonly modern: Channel;
  /** The server's. */
  readonly capabilities: JsonObject;
  readonly meta: () => JsonObject;
  readonly heard: (frame: NotificationFrame) => Promise<void> | void;
}

/**
 * One legacy client's subscriptions on a modern server, kept as one stream (2026-07-28 "Subscriptions"). A filter
 * cannot be changed: a new stream is opened before the old one is closed, so that no change falls between. What may
 * have been missed while there was none is told anyway: better one notification too many.
 */
export class LegacySubscriptions {
  readonly #options: Options;
  readonly #offers: Offers;
  #uris: ReadonlySet<string> = new Set();
  #current: Listening | undefined;
  /** Whether changes may have been missed since the client was last told. */
  #missed = false;
  #started = false;
  #closed = false;
  #waitMs: number = LIMITS.listen_retry_ms;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    this.#offers = offersOf(options.capabilities);
  }

  /** The client is ready to be told things (`notifications/initialized`). */
  start(): void {
    if (!this.#started) {
      this.#started = true;
      void this.#inTurn(() => this.#reopen());
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#current?.close();
  }

  /** `resources/subscribe`. Throws `UpstreamFailure`. */
  subscribe(frame: RequestFrame): Promise<Answer> {
    return this.#change(frame, (uri) => (this.#uris.has(uri) ? undefined : new Set([...this.#uris, uri])));
  }

  /** `resources/unsubscribe`. Throws `UpstreamFailure`. */
  unsubscribe(frame: RequestFrame): Promise<Answer> {
    return this.#change(frame, (uri) =>
      this.#uris.has(uri) ? new Set([...this.#uris].filter((other) => other !== uri)) : undefined,
    );
  }

  async #change(
    { id, params }: RequestFrame,
    next: (uri: string) => ReadonlySet<string> | undefined,
  ): Promise<Answer> {
    const uri = params === undefined ? undefined : member(params, "uri");
    if (!this.#offers.subscribe) {
      return ownAnswer(errorFrame(id, RPC.methodNotFound, "The server offers no subscriptions."));
    }
    if (typeof uri !== "string") {
      return ownAnswer(errorFrame(id, RPC.invalidParams, "uri must be a string."));
    }
    return this.#inTurn(async () => {
      const uris = next(uri);
      if (uris === undefined) {
        return ownAnswer(resultFrame(id, {}));
      }
      if (uris.size > LIMITS.subscribed_uris_max) {
        return ownAnswer(errorFrame(id, REFUSALS.overloaded.rpc, "Too many subscriptions."));
      }
      return this.#changeTo(id, uris, uri);
    });
  }

  async #changeTo(id: RequestFrame["id"], uris: ReadonlySet<string>, uri: string): Promise<Answer> {
    try {
      return (await this.#listen(uris, uri))
        ? ownAnswer(resultFrame(id, {}))
        : ownAnswer(
            errorFrame(id, RPC.invalidParams, "The server does not tell of changes of this resource."),
          );
    } catch (error) {
      if (error instanceof ListenRefused) {
        return ownAnswer(errorFrame(id, RPC.internalError, "The server refuses the subscription."));
      }
      throw error;
    }
  }

  /**
   * Replaces the stream by one for these resources. `false`, and nothing is changed, where the server does not honour
   * `uri`, one of them. Throws `UpstreamFailure` or `ListenRefused`: then too nothing is changed.
   */
  async #listen(uris: ReadonlySet<string>, uri?: string): Promise<boolean> {
    const { modern, meta, heard } = this.#options;
    const before = this.#current;
    const filter = this.#filter(uris);
    if (Object.keys(filter).length === 0) {
      this.#uris = uris;
      this.#current = undefined;
      before?.close();
      return true;
    }
    const opened = await openListen(modern, filter, meta(), heard);
    if (this.#closed) {
      opened.close();
      throw new UpstreamFailure("lost", "The channel was closed.");
    }
    if (uri !== undefined && uris.has(uri) && !honours(opened.honoured, uri)) {
      opened.close();
      return false;
    }
    this.#uris = uris;
    this.#current = opened;
    before?.close();
    this.#watch(opened);
    this.#tell(opened.honoured);
    return true;
  }

  #filter(uris: ReadonlySet<string>): JsonObject {
    return {
      ...Object.fromEntries(this.#offers.lists.map((flag) => [flag, true])),
      ...(uris.size === 0 ? {} : { resourceSubscriptions: [...uris] }),
    };
  }

  /** Tells what may have changed unheard: all that is followed, or of the resources only those that no longer are. */
  #tell(honoured: JsonObject): void {
    const missed = this.#missed;
    this.#missed = false;
    const lists = this.#offers.lists.filter((flag) => missed && member(honoured, flag) === true);
    for (const flag of lists) {
      void this.#options.heard(notificationFrame(LISTS[flag].method));
    }
    for (const uri of this.#uris) {
      if (missed || !honours(honoured, uri)) {
        void this.#options.heard(notificationFrame("notifications/resources/updated", { uri }));
      }
    }
  }

  #watch(opened: Listening): void {
    const openedAt = performance.now();
    void opened.ended.then(() => {
      if (this.#current === opened) {
        this.#current = undefined;
        if (performance.now() - openedAt >= LIMITS.listen_retry_ms_max) {
          this.#waitMs = LIMITS.listen_retry_ms;
        }
        this.#later();
      }
    });
  }

  /** There is no stream and there should be one. */
  #later(): void {
    this.#missed = true;
    if (this.#closed) {
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#inTurn(() => this.#reopen()), this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, LIMITS.listen_retry_ms_max);
  }

  /** A server that refuses may take it later, and one that is gone may come back: it is asked less and less often. */
  async #reopen(): Promise<void> {
    if (this.#closed || this.#current !== undefined) {
      return;
    }
    await this.#listen(this.#uris).catch(() => this.#later());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}
