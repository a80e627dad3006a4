import { member, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Answer, type Exchange } from "../upstream/port.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { META } from "../wire/revisions.ts";
import { notificationFrame, resultFrame } from "../wire/make-frame.ts";
import { answerOf, withMeta } from "./modern-frames.ts";

const UPDATED = "notifications/resources/updated";

/** What a `subscriptions/listen` asks for, as far as the server has it. */
export interface Wanted {
  /** Methods of the notifications, by the member of the filter that asks for them. */
  readonly lists: ReadonlyMap<string, string>;
  readonly uris: readonly string[];
}

const uriOf = ({ params }: NotificationFrame): string | undefined => {
  const uri = params === undefined ? undefined : member(params, "uri");
  return typeof uri === "string" ? uri : undefined;
};

/** An update may be of a part of what was subscribed to (2025-11-25 "ResourceUpdatedNotification"). */
const isPartOf = (uri: string, whole: string): boolean =>
  uri === whole ||
  (uri.startsWith(whole) && (whole.endsWith("/") || /^[/?#]/u.test(uri.slice(whole.length))));

interface Pending {
  readonly frame: NotificationFrame;
  readonly characters: number;
}

/**
 * One subscription of a modern client. The notices it can take say that something changed, not what: while it is
 * slow, one that says the same again takes the place of the one before.
 */
export class Listen {
  readonly #frame: RequestFrame;
  readonly #exchange: Exchange;
  readonly #lists: ReadonlyMap<string, string>;
  readonly #ended = Promise.withResolvers<Answer>();
  readonly #pending = new Map<string, Pending>();
  #characters = 0;
  #uris: readonly string[];
  /** Nothing goes out before the acknowledgement (2026-07-28 "Subscriptions"), nor two at a time. */
  #isBusy = true;
  #isOver = false;

  constructor(frame: RequestFrame, exchange: Exchange, { lists, uris }: Wanted) {
    this.#frame = frame;
    this.#exchange = exchange;
    this.#lists = lists;
    this.#uris = uris;
  }

  get id(): RequestFrame["id"] {
    return this.#frame.id;
  }

  /** Settled when the subscription ends. Throws `UpstreamFailure`. */
  async ended(): Promise<Answer> {
    const { signal } = this.#exchange;
    const onAbort = (): void => this.fail(new UpstreamFailure("cancelled", "The caller no longer waits."));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await this.#ended.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Tells the client what it gets: of the resources, those that the server took. */
  async acknowledge(uris: readonly string[]): Promise<void> {
    this.#uris = uris;
    const notifications: Record<string, true | readonly string[]> = {};
    for (const name of this.#lists.keys()) {
      notifications[name] = true;
    }
    if (uris.length > 0) {
      notifications["resourceSubscriptions"] = uris;
    }
    await this.#tell(notificationFrame("notifications/subscriptions/acknowledged", { notifications }));
    this.#isBusy = false;
    await this.#flush();
  }

  /** A notice of the server; passed on if this subscription asked for it. */
  notice(frame: NotificationFrame): void {
    if (this.#isOver || !this.#wants(frame)) {
      return;
    }
    const key = `${frame.method} ${uriOf(frame) ?? ""}`;
    const before = this.#pending.get(key)?.characters ?? 0;
    const characters = this.#isBusy ? writeJson(frame.value).length : 0;
    this.#characters += characters - before;
    this.#pending.set(key, { frame, characters });
    if (this.#isBusy && this.#isFull()) {
      this.fail(new UpstreamFailure("lost", "The client takes too few of its notices."));
      return;
    }
    void this.#flush();
  }

  #isFull(): boolean {
    return (
      this.#pending.size > LIMITS.listen_pending_max ||
      this.#characters > LIMITS.listen_pending_characters_max
    );
  }

  #wants(frame: NotificationFrame): boolean {
    if (frame.method !== UPDATED) {
      return [...this.#lists.values()].includes(frame.method);
    }
    const uri = uriOf(frame);
    return uri !== undefined && this.#uris.some((whole) => isPartOf(uri, whole));
  }

  async #flush(): Promise<void> {
    if (this.#isBusy) {
      return;
    }
    this.#isBusy = true;
    // A map yields what is added while it is walked.
    for (const [key, { frame, characters }] of this.#pending) {
      this.#pending.delete(key);
      this.#characters -= characters;
      if (frame.method !== UPDATED || this.#wants(frame)) {
        await this.#tell(frame);
      }
    }
    this.#isBusy = false;
  }

  async #tell(frame: NotificationFrame): Promise<void> {
    if (this.#isOver) {
      return;
    }
    try {
      await this.#exchange.onInterim(withMeta(frame, META.subscriptionId, this.#frame.id));
    } catch {
      this.fail(new UpstreamFailure("lost", "The client could not be told."));
    }
  }

  /** Ends it in order (2026-07-28 "Graceful Closure"). */
  complete(): void {
    this.#isOver = true;
    const _meta: JsonObject = { [META.subscriptionId]: this.#frame.id };
    this.#ended.resolve(answerOf(resultFrame(this.#frame.id, { resultType: "complete", _meta })));
  }

  fail(failure: UpstreamFailure): void {
    this.#isOver = true;
    this.#pending.clear();
    this.#ended.reject(failure);
  }
}
