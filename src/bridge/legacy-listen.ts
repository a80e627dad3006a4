import { having, without } from "../base/json-change.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Channel } from "../upstream/port.ts";
import type { Frame, NotificationFrame } from "../wire/frame.ts";
import { META } from "../wire/revisions.ts";
import { notificationFrame, requestFrame } from "../wire/make-frame.ts";
import { ownId } from "./legacy-frames.ts";

/** A server answered `subscriptions/listen` with an error. */
export class ListenRefused extends Error {
  override readonly name = "ListenRefused";
  readonly error: JsonObject;

  constructor(error: JsonObject) {
    super("the server refuses the subscription");
    this.error = error;
  }
}

export interface Listening {
  /** The subset of the filter that the server honours. */
  readonly honoured: JsonObject;
  /** Settles when the stream is over, whoever ended it. */
  readonly ended: Promise<void>;
  readonly close: () => void;
}

type Heard = (frame: NotificationFrame) => Promise<void> | void;

/** The notification without the mark of its stream, which a legacy client does not know. */
const unmarked = (frame: NotificationFrame): NotificationFrame => {
  const meta = frame.params === undefined ? undefined : member(frame.params, "_meta");
  if (frame.params === undefined || !isJsonObject(meta) || !Object.hasOwn(meta, META.subscriptionId)) {
    return frame;
  }
  const rest = without(meta, META.subscriptionId);
  const bare = without(frame.params, "_meta");
  const params = Object.keys(rest).length === 0 ? bare : having(bare, { _meta: rest });
  return Object.keys(params).length === 0
    ? notificationFrame(frame.method)
    : notificationFrame(frame.method, params);
};

const honouredIn = ({ params }: NotificationFrame): JsonObject => {
  const filter = params === undefined ? undefined : member(params, "notifications");
  return isJsonObject(filter) ? filter : {};
};

/**
 * Opens a stream of changes (2026-07-28 "Subscriptions") and waits until the server has acknowledged it. Throws
 * `UpstreamFailure`, or `ListenRefused`; then nothing is left open.
 */
export const openListen = async (
  modern: Channel,
  filter: JsonObject,
  meta: JsonObject,
  heard: Heard,
): Promise<Listening> => {
  const controller = new AbortController();
  const { signal } = controller;
  const acknowledged = Promise.withResolvers<JsonObject>();
  const onInterim = (frame: Frame): Promise<void> | void => {
    if (frame.kind !== "notification" || frame.method === "notifications/cancelled") {
      return undefined;
    }
    if (frame.method === "notifications/subscriptions/acknowledged") {
      acknowledged.resolve(honouredIn(frame));
      return undefined;
    }
    return heard(unmarked(frame));
  };
  const request = requestFrame(ownId("listen"), "subscriptions/listen", {
    notifications: filter,
    _meta: meta,
  });
  const ended = modern.request(request, { onInterim, signal, controller }).then(
    ({ frame: { error } }) => acknowledged.reject(error === undefined ? OVER : new ListenRefused(error)),
    (error: unknown) => acknowledged.reject(error),
  );
  const late = setTimeout(() => {
    acknowledged.reject(LATE);
    controller.abort(LATE);
  }, LIMITS.subscription_ms_max);
  try {
    return { honoured: await acknowledged.promise, ended, close: () => controller.abort(CLOSED) };
  } finally {
    clearTimeout(late);
  }
};

const OVER = new UpstreamFailure("lost", "The server ended the subscription before it acknowledged it.");
const LATE = new UpstreamFailure("timeout", "The server did not acknowledge the subscription in time.");
const CLOSED = new UpstreamFailure("cancelled", "The subscription is no longer wanted.");
