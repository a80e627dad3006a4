import { LIMITS } from "../base/limits.ts";
import { canonicalJson } from "../base/json-write.ts";
import { member } from "../base/json-value.ts";
import type { NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { encodeHeaderValue } from "../wire/sentinel.ts";
import type { HttpResponse } from "./http-endpoint.ts";
import { UpstreamFailure } from "./port.ts";
import type { Exchange, Spoken } from "./port.ts";

/** One session with a legacy server; for a modern server, which has none, the one talk with it. */
export interface Session {
  id: string | undefined;
  /** Whether the handshake is over: later requests tell the revision and the session in headers. */
  begun: boolean;
  /** Whether a request of the client's was answered in it. */
  used: boolean;
}

export const newSession = (begun: boolean): Session => ({ id: undefined, begun, used: false });

/** 2025-11-25 "Session Management": 404 to a request with a session's id says that the session is no more. */
export const isGone = (response: HttpResponse, session: Session): boolean =>
  response.status === 404 && session.id !== undefined;

/** RFC 9110 section 5.5: what a header may hold as it is. */
const PLAIN = /^[!-~](?:[\t -~]*[!-~])?$/;

/** The headers of a request in a session. `method` and `exchange` are mirrored to a modern server. */
export const headersIn = (
  session: Session,
  { era, revision }: Spoken,
  method?: string,
  exchange?: Exchange,
): Record<string, string> => {
  const headers: Record<string, string> = {};
  if (session.begun) {
    headers["mcp-protocol-version"] = revision;
  }
  if (session.id !== undefined) {
    headers["mcp-session-id"] = session.id;
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
};

/** What keeps a new session from taking an old one's place, in one sentence. The client was told of the old one. */
export const differenceOf = (before: Spoken, after: Spoken): string | undefined => {
  if (before.revision !== after.revision) {
    return "The server now speaks another revision.";
  }
  const offered = ({ hello }: Spoken): string => canonicalJson(member(hello, "capabilities") ?? null);
  return offered(before) === offered(after) ? undefined : "The server now has other capabilities.";
};

/** What belongs to the session in which it is said, and means nothing in another one. */
export const isOfOneSession = ({ method }: NotificationFrame): boolean =>
  method === "notifications/cancelled" || method === "notifications/progress";

/** What a session was told that lasts, so that a new one can be told it again. */
export class SessionMemory {
  /** The handshake, as the client sent it. */
  initialize: RequestFrame | undefined;
  initialized: NotificationFrame | undefined;
  #level: RequestFrame | undefined;
  readonly #subscribed = new Map<string, RequestFrame>();
  #overflown = false;

  /** Whether this request, when it has a result, changes what lasts. */
  concerns({ method }: RequestFrame): boolean {
    return (
      method === "logging/setLevel" || method === "resources/subscribe" || method === "resources/unsubscribe"
    );
  }

  /** Takes note of a request that has a result. */
  keep(frame: RequestFrame): void {
    if (frame.method === "logging/setLevel") {
      this.#level = frame;
      return;
    }
    const uri = frame.params === undefined ? undefined : member(frame.params, "uri");
    if (typeof uri !== "string") {
      return;
    }
    this.#subscribed.delete(uri);
    if (frame.method === "resources/subscribe") {
      this.#overflown ||= this.#subscribed.size >= LIMITS.session_subscriptions_max;
      this.#subscribed.set(uri, frame);
    }
  }

  /** The requests that bring a new session to where the old one was. Throws where not all is known. */
  replay(): readonly RequestFrame[] {
    if (this.#overflown) {
      throw new UpstreamFailure("never_ran", "The old session had too many subscriptions to make again.");
    }
    return [...(this.#level === undefined ? [] : [this.#level]), ...this.#subscribed.values()];
  }
}
