import { member, type JsonObject } from "../base/json-value.ts";
import type { Subject } from "../policy/types.ts";
import type { Frame, NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { checkHeaders } from "../wire/headers.ts";
import { readFrame } from "../wire/read-frame.ts";
import { LATEST_MODERN, readModernMeta, type MetaReading, type ModernMeta } from "../wire/revisions.ts";
import type { Gate } from "./gate.ts";
import { identifyAgain, type Identified } from "./identify.ts";
import { isRefusal, refusal, type Refusal, type Told } from "./refusal.ts";
import type { Session, Sessions } from "./session.ts";

/** A readable message of a known sender, and the era and session it belongs to. */
interface AskedAs<F extends Frame> {
  readonly identified: Identified;
  readonly frame: F;
  readonly era: "legacy" | "modern";
  readonly revision: string;
  readonly session: Session | undefined;
  readonly client: Subject["client"];
  /** The per-request protocol metadata; modern only. */
  readonly modern: ModernMeta | undefined;
}
export type Asked = AskedAs<Frame>;
export type AskedRequest = AskedAs<RequestFrame>;
export type AskedMessage = AskedAs<NotificationFrame | ResponseFrame>;

export const isAskedRequest = (asked: Asked): asked is AskedRequest => asked.frame.kind === "request";

/** Reads the message: strictly, then its era from the body, then the headers against the body (contract.md section 3). */
export const ask = async (gate: Gate, before: Identified, sessions: Sessions): Promise<Asked | Refusal> => {
  const body = await before.received.arrival.read();
  const identified = identifyAgain(gate, before);
  if (isRefusal(identified)) {
    return identified;
  }
  const { received, grant } = identified;
  if ("refused" in body) {
    return refusal(received, body.refused, { grant });
  }
  const frame = readFrame(body.text);
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
  const meta = readModernMeta(frame.kind === "response" ? undefined : frame.params);
  return meta.kind === "legacy"
    ? askedLegacy(identified, frame, sessions)
    : askedModern(identified, frame, meta);
};

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
  const { received, grant, server } = identified;
  const { sessionId, headers } = received.arrival;
  const opening = frame.kind === "request" && frame.method === "initialize";
  if (sessionId === undefined) {
    // A pipe has modern conversations too, in which only requests carry metadata (2026-07-28 "Cancellation").
    const aside = received.arrival.transport === "stdio" && frame.kind === "notification";
    return opening || aside
      ? opened(identified, frame, undefined)
      : refusal(
          received,
          "invalid_request",
          told(identified, frame, "There is no session. Send initialize first."),
        );
  }
  const session = sessions.find(sessionId, grant, server.name);
  if (session === undefined) {
    return refusal(received, "unknown_session", told(identified, frame));
  }
  if (opening) {
    return refusal(
      received,
      "invalid_request",
      told(identified, frame, "This session is initialized already."),
    );
  }
  const fault =
    headers === undefined
      ? undefined
      : checkHeaders(frame, headers, { era: "legacy", revision: session.revision });
  if (fault !== undefined) {
    return refusal(received, fault.code, told(identified, frame, fault.reason));
  }
  return opened(identified, frame, session);
};

const opened = (identified: Identified, frame: Frame, session: Session | undefined): Asked => ({
  identified,
  frame,
  era: "legacy",
  revision: session?.revision ?? "",
  session,
  client: session?.client,
  modern: undefined,
});
