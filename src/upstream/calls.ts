import { withMember } from "../base/json-change.ts";
import { writeJson } from "../base/json-write.ts";
import { isJsonObject, JsonNumber, member } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import type { NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";
import { META } from "../wire/revisions.ts";
import { Abandoned } from "./abandoned.ts";
import type { Exchange } from "./port.ts";

/** A request under way on one channel. */
export interface Call {
  readonly frame: RequestFrame;
  /** The message as it goes to the server: the caller's, save an id or progress token that is taken. */
  readonly value: JsonObject;
  readonly sentId: RequestId;
  readonly sentToken: RequestId | undefined;
  readonly token: RequestId | undefined;
  readonly onInterim: Exchange["onInterim"];
  /** Whose request it is, where the channel serves several clients and tells them apart. */
  readonly owner: object | undefined;
}

/** One key for all forms of an id: `1`, `1.0` and what a server of doubles makes of a large number. */
export const idKey = (id: Json | undefined): string | undefined => {
  if (typeof id === "string") {
    return `s${id}`;
  }
  if (typeof id === "number") {
    return `n${id}`;
  }
  return id instanceof JsonNumber ? `n${id.value}` : undefined;
};

/** A copy with one member deep inside changed, where it is there. */
export const withDeep = (value: JsonObject, path: readonly string[], item: Json): JsonObject => {
  const [name = "", ...rest] = path;
  const inner = member(value, name);
  if (inner === undefined) {
    return value;
  }
  if (rest.length === 0) {
    return withMember(value, name, item);
  }
  return isJsonObject(inner) ? withMember(value, name, withDeep(inner, rest, item)) : value;
};

const TOKEN_OF_REQUEST = ["params", "_meta", "progressToken"] as const;
const TOKEN_OF_PROGRESS = ["params", "progressToken"] as const;
const ID_OF_CANCELLED = ["params", "requestId"] as const;
const ID_OF_SUBSCRIPTION = ["params", "_meta", META.subscriptionId] as const;
const ID_OF_SUBSCRIPTION_RESULT = ["result", "_meta", META.subscriptionId] as const;

export const at = (value: JsonObject, path: readonly string[]): Json | undefined => {
  let found: Json | undefined = value;
  for (const name of path) {
    found = isJsonObject(found) ? member(found, name) : undefined;
  }
  return found;
};

const asId = (value: Json | undefined): RequestId | undefined =>
  idKey(value) === undefined ? undefined : value;

const remade = <F extends NotificationFrame | RequestFrame>(frame: F, value: JsonObject): F => {
  const params = member(value, "params");
  return { ...frame, value, params: isJsonObject(params) ? params : undefined };
};

/**
 * The requests under way on one channel. Ids and progress tokens go as the caller sent them, unless another request
 * under way has them (one channel may serve several clients): then they are replaced, and put back on the way home.
 */
export class Calls {
  readonly #byId = new Map<string, Call>();
  readonly #byToken = new Map<string, Call>();
  readonly #abandoned = new Abandoned();
  #next = 1;

  get size(): number {
    return this.#byId.size;
  }

  all(): Call[] {
    return [...this.#byId.values()];
  }

  begin(frame: RequestFrame, onInterim: Call["onInterim"], owner?: object): Call {
    const sentId = this.#free(frame.id, (key) => this.#byId.has(key) || this.#abandoned.has(key));
    const token = asId(at(frame.value, TOKEN_OF_REQUEST));
    const sentToken = token === undefined ? undefined : this.#free(token, (key) => this.#byToken.has(key));
    let { value } = frame;
    value = sentId === frame.id ? value : withMember(value, "id", sentId);
    value =
      sentToken === undefined || sentToken === token ? value : withDeep(value, TOKEN_OF_REQUEST, sentToken);
    const call: Call = { frame, value, sentId, sentToken, token, onInterim, owner };
    this.#byId.set(idKey(sentId) ?? "", call);
    if (sentToken !== undefined) {
      this.#byToken.set(idKey(sentToken) ?? "", call);
    }
    return call;
  }

  #free(wanted: RequestId, taken: (key: string) => boolean): RequestId {
    let id = wanted;
    while (taken(idKey(id) ?? "")) {
      id = `tollgate:${this.#next}`;
      this.#next += 1;
    }
    return id;
  }

  /** The request has its answer, or never left. */
  end(call: Call): void {
    this.#byId.delete(idKey(call.sentId) ?? "");
    if (call.sentToken !== undefined) {
      this.#byToken.delete(idKey(call.sentToken) ?? "");
    }
  }

  /** Nobody waits for the answer any more. Its id is not used again until the answer came. */
  abandon(call: Call): void {
    this.end(call);
    this.#abandoned.add(idKey(call.sentId) ?? "", call.owner);
  }

  /** Whose abandoned requests the server may still be at work on; `undefined` among them where that is not known. */
  abandoners(): Set<object | undefined> {
    return this.#abandoned.owners();
  }

  /** The requests whose ids are in this piece of a message. */
  namedIn(text: string): Call[] {
    return this.all().filter((call) => text.includes(`"id":${writeJson(call.sentId)}`));
  }

  /** The request that an answer's id means. An answer nobody waits for any more frees its id. */
  answered(id: Json | undefined): Call | undefined {
    const key = idKey(id) ?? "";
    this.#abandoned.answered(key);
    return this.#byId.get(key);
  }

  /** The answer with the caller's id. */
  answerFor(call: Call, frame: ResponseFrame): ResponseFrame {
    const { id } = call.frame;
    let { value } = frame;
    if (frame.id !== id) {
      value = Object.hasOwn(value, "id") ? withMember(value, "id", id) : { jsonrpc: "2.0", id, ...value };
    }
    if (call.sentId !== id) {
      value = withDeep(value, ID_OF_SUBSCRIPTION_RESULT, id);
    }
    const result = member(value, "result");
    return value === frame.value
      ? frame
      : { ...frame, id, value, result: isJsonObject(result) ? result : undefined };
  }

  /** The request that a message of the server belongs to, as far as the message says. */
  ownerOf(frame: NotificationFrame | RequestFrame): Call | undefined {
    if (frame.method === "notifications/progress") {
      return this.#byToken.get(idKey(at(frame.value, TOKEN_OF_PROGRESS)) ?? "");
    }
    const subscription = this.#byId.get(idKey(at(frame.value, ID_OF_SUBSCRIPTION)) ?? "");
    if (subscription !== undefined || frame.method !== "notifications/cancelled") {
      return subscription;
    }
    // A server cancels nothing but a subscription of ours (2026-07-28 "Cancellation"); other ids are its own requests'.
    const cancelled = this.#byId.get(idKey(at(frame.value, ID_OF_CANCELLED)) ?? "");
    return cancelled?.frame.method === "subscriptions/listen" ? cancelled : undefined;
  }

  /** A message of the server with the caller's token and id put back. */
  interimFor<F extends NotificationFrame | RequestFrame>(call: Call, frame: F): F {
    let { value } = frame;
    if (
      call.token !== undefined &&
      call.sentToken !== call.token &&
      frame.method === "notifications/progress"
    ) {
      value = withDeep(value, TOKEN_OF_PROGRESS, call.token);
    }
    if (call.sentId !== call.frame.id) {
      value = withDeep(value, ID_OF_SUBSCRIPTION, call.frame.id);
      value =
        frame.method === "notifications/cancelled" ? withDeep(value, ID_OF_CANCELLED, call.frame.id) : value;
    }
    return value === frame.value ? frame : remade(frame, value);
  }

  /**
   * A client's message as it goes to the server. `undefined` for a cancellation that means no request under way, or
   * one of several clients' with the same id: it must not reach another's. With an owner, its own requests are meant.
   */
  outgoing(frame: NotificationFrame | ResponseFrame, owner?: object): JsonObject | undefined {
    if (frame.kind === "response" || frame.method !== "notifications/cancelled") {
      return frame.value;
    }
    const key = idKey(at(frame.value, ID_OF_CANCELLED));
    const meant = this.all().filter(
      (call) => idKey(call.frame.id) === key && (owner === undefined || call.owner === owner),
    );
    const [call] = meant;
    if (call === undefined || meant.length > 1) {
      return undefined;
    }
    return call.sentId === call.frame.id ? frame.value : withDeep(frame.value, ID_OF_CANCELLED, call.sentId);
  }
}
