import { member, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Subject } from "../policy/types.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { checkHeaders, type HeaderFault } from "../wire/headers.ts";
import { readFrame } from "../wire/read-frame.ts";
import { LATEST_MODERN, readModernMeta, type MetaReading, type ModernMeta } from "../wire/revisions.ts";
import type { Came, Received } from "./edge.ts";
import type { Identified } from "./identify.ts";
import { refusal, type Refusal, type Told } from "./refusal.ts";
import type { Server } from "./server.ts";
import type { Session, Sessions } from "./session.ts";

/** A readable message of a known sender, and the era and session it belongs to. */
interface AskedAs<F extends Frame> {
  readonly identified: Identified;
  readonly frame: F;
  /** The message as the client knows it, where what its server gets has other names in it. */
  readonly sent: F;
  /** The server it is for, once that is known. */
  readonly server?: Server;
  readonly era: "legacy" | "modern";
  readonly revision: string;
  readonly session: Session | undefined;
  readonly client: Subject["client"];
  /** The per-request protocol metadata; modern only. */
  readonly modern: ModernMeta | undefined;
}
export type Asked = AskedAs<Frame>;
export type AskedRequest = AskedAs<RequestFrame>;
/** A request whose server is known. */
export type Aimed = AskedRequest & { readonly server: Server };
export type AskedMessage = AskedAs<NotificationFrame | ResponseFrame>;

export const isAskedMessage = (asked: Asked): asked is AskedMessage => asked.frame.kind !== "request";

export const isAskedRequest = (asked: Asked): asked is AskedRequest => asked.frame.kind === "request";

/** Reads the message: strictly, then its era from the body, then the headers against the body (docs/clients.md). */
export const ask = (identified: Identified, came: Came, sessions: Sessions): Asked | Refusal => {
  const { received, grant } = identified;
  if ("refused" in came) {
    return refusal(received, came.refused, {
      grant,
      ...(came.id === undefined ? {} : { read: { id: came.id } }),
    });
  }
  const frame = "element" in came ? came.element : readFrame(came.text);
  if (frame.kind === "unreadable") {
    return refusal(received, frame.code, {
      grant,
      message: frame.reason,
      read: {
        ...(frame.id === undefined ? {} : { id: frame.id }),
        ...(frame.method === undefined ? {} : { method: frame.method }),
      },
    });
  }
  if (isTooLong(frame)) {
    return refusal(
      received,
      "invalid_params",
      told(identified, frame, "A message of this method is not so long."),
    );
  }
  const meta = readModernMeta(frame.kind === "response" ? undefined : frame.params);
  return meta.kind === "legacy"
    ? askedLegacy(identified, frame, sessions)
    : askedModern(identified, frame, meta);
};

/** What is remembered while a session lasts or a stream is open, of which one client may have thousands. */
const KEPT: ReadonlySet<string> = new Set([
  "initialize",
  "notifications/initialized",
  "logging/setLevel",
  "resources/subscribe",
  "subscriptions/listen",
]);

const isTooLong = (frame: Frame): boolean =>
  frame.kind !== "response" &&
  KEPT.has(frame.method) &&
  writeJson(frame.value).length > LIMITS.kept_message_characters_max;

const told = (identified: Identified, frame: Frame, message?: string): Told => ({
  grant: identified.grant,
  message,
  read: {
    ...(frame.kind === "notification" || frame.id === undefined ? {} : { id: frame.id }),
    ...(frame.kind === "response" ? {} : { method: frame.method }),
    notification: frame.kind === "notification",
  },
});

const askedModern = (
  identified: Identified,
  frame: Frame,
  meta: Exclude<MetaReading, { kind: "legacy" }>,
): Asked | Refusal => {
  const { received } = identified;
  const { headers } = received.arrival;
  if (meta.kind === "invalid") {
    return refusal(received, "invalid_params", told(identified, frame, meta.reason));
  }
  const fault =
    headers === undefined
      ? undefined
      : checkHeaders(frame, headers, { era: "modern", revision: meta.revision });
  if (fault !== undefined) {
    return refusal(received, fault.code, told(identified, frame, fault.reason));
  }
  if (meta.revision !== LATEST_MODERN) {
    return refusal(received, "unsupported_version", {
      ...told(identified, frame),
      data: { supported: [LATEST_MODERN], requested: meta.revision },
    });
  }
  if (frame.kind === "response") {
    return refusal(
      received,
      "invalid_request",
      told(identified, frame, "A client sends no responses in this revision."),
    );
  }
  return {
    identified,
    frame,
    sent: frame,
    era: "modern",
    revision: meta.revision,
    session: undefined,
    client: clientOf(meta.clientInfo),
    modern: meta,
  };
};

/** Name and version as the client tells them: for people and for convenience, never for security. */
export const clientOf = (info: JsonObject | undefined): Subject["client"] => {
  const name = info === undefined ? undefined : member(info, "name");
  const version = info === undefined ? undefined : member(info, "version");
  if (typeof name !== "string") {
    return undefined;
  }
  return typeof version === "string" ? { name, version } : { name };
};

const askedLegacy = (identified: Identified, frame: Frame, sessions: Sessions): Asked | Refusal => {
  const { received, grant } = identified;
  const { sessionId, server: path } = received.arrival;
  const session = sessionId === undefined ? undefined : sessions.find(sessionId, grant, path);
  const fault = legacyHeaderFault(received.arrival, frame, session);
  // A header that names the modern revision promises what the body lacks: that comes before there is no session.
  if (fault !== undefined && (session !== undefined || fault.code === "invalid_params")) {
    return refusal(received, fault.code, told(identified, frame, fault.reason));
  }
  if (sessionId === undefined) {
    return askedOutside(identified, frame);
  }
  if (session === undefined) {
    return refusal(received, "unknown_session", told(identified, frame));
  }
  return isOpening(frame)
    ? refusal(received, "invalid_request", told(identified, frame, "This session is initialized already."))
    : opened(identified, frame, session);
};

const isOpening = (frame: Frame): boolean => frame.kind === "request" && frame.method === "initialize";

/** Without a session there is nothing to say but that one is wanted. */
const askedOutside = (identified: Identified, frame: Frame): Asked | Refusal => {
  const { received } = identified;
  // A pipe has modern conversations too, in which only requests carry metadata (2026-07-28 "Cancellation").
  const aside = received.arrival.transport === "stdio" && frame.kind === "notification";
  const reason = "There is no session. Send initialize first.";
  return isOpening(frame) || aside
    ? opened(identified, frame, undefined)
    : refusal(received, "invalid_request", told(identified, frame, reason));
};

const legacyHeaderFault = (
  { headers }: Received["arrival"],
  frame: Frame,
  session: Session | undefined,
): HeaderFault | undefined =>
  headers === undefined
    ? undefined
    : checkHeaders(frame, headers, { era: "legacy", revision: session?.parts.revision });

const opened = (identified: Identified, frame: Frame, session: Session | undefined): Asked => ({
  identified,
  frame,
  sent: frame,
  era: "legacy",
  revision: session?.parts.revision ?? "",
  session,
  client: session?.parts.client,
  modern: undefined,
});
