import { member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Frame } from "../wire/frame.ts";
import { methodIn, methodRow, type MethodKind } from "../wire/methods.ts";
import { isRevision } from "../wire/revisions.ts";
import { announce, asAnnounced } from "./announce.ts";
import { ask, isAskedRequest, type AskedMessage, type AskedRequest } from "./ask.ts";
import type { Received } from "./edge.ts";
import { failureCode } from "./failure.ts";
import { forward } from "./forward.ts";
import type { Gate } from "./gate.ts";
import { identify } from "./identify.ts";
import type { InFlight } from "./in-flight.ts";
import type { Link } from "./link.ts";
import { discover, openSession } from "./open.ts";
import { permit } from "./permit.ts";
import { record, recordRefusal } from "./record.ts";
import { isRefusal, refusal, type Refusal } from "./refusal.ts";
import { refuse } from "./refuse.ts";
import { relay } from "./relay.ts";
import type { Session, Sessions, UnderWay } from "./session.ts";
import { spend } from "./spend.ts";

/** What the handling of one request needs besides the gate: the sessions, the count of calls under way, and the masker. */
export interface Desk {
  readonly gate: Gate;
  readonly sessions: Sessions;
  readonly inFlight: InFlight;
  /** Hides secrets that an upstream echoes. */
  readonly mask: (frame: Frame) => Frame;
}

/** One request, from the door to its answer. Returns the session it opened, if it opened one. */
export const handle = async (desk: Desk, received: Received): Promise<Session | undefined> => {
  try {
    const done = await attend(desk, received);
    if (done === undefined || !isRefusal(done)) {
      return done;
    }
    await recordRefusal(desk.gate, done);
    refuse(done);
  } catch (error) {
    desk.gate.log.error("a request failed inside the gateway", {
      request_id: received.arrival.requestId,
      reason: error instanceof Error ? (error.stack ?? error.message) : "unknown",
    });
    refuse(refusal(received, "internal"));
  }
  return undefined;
};

const attend = async (desk: Desk, received: Received): Promise<Session | Refusal | undefined> => {
  const { gate, sessions } = desk;
  if (gate.stopping()) {
    return refusal(received, "stopping");
  }
  const identified = identify(gate, received);
  if (isRefusal(identified)) {
    return identified;
  }
  const asked = await ask(gate, identified, sessions);
  if (isRefusal(asked)) {
    return asked;
  }
  if (!isAskedRequest(asked)) {
    return isMessage(asked) ? passOn(gate, asked) : undefined;
  }
  const leave = desk.inFlight.enter(asked.identified.grant.name);
  if (leave === undefined) {
    return refusal(asked.identified.received, "overloaded", { grant: asked.identified.grant, asked });
  }
  try {
    return await ROUTES[routeOf(asked)](desk, asked);
  } finally {
    leave();
  }
};

const isMessage = (asked: { readonly frame: Frame }): asked is AskedMessage => asked.frame.kind !== "request";

type Route = (desk: Desk, asked: AskedRequest) => Promise<Session | Refusal | undefined>;

/** The straight line: permit, spend, record, forward, answer. */
const judged: Route = async ({ gate, mask }, asked) => {
  const permitted = await permit(asked, await linkOf(asked));
  if (isRefusal(permitted)) {
    return permitted;
  }
  const metered = await spend(gate, permitted);
  if (isRefusal(metered)) {
    return metered;
  }
  const recorded = await record(gate, metered);
  if (isRefusal(recorded)) {
    return recorded;
  }
  const answered = await forward(gate, recorded, mask);
  if (isRefusal(answered)) {
    return answered;
  }
  asked.identified.received.arrival.sink.answer(200, writeJson(answered.exchanged.frame.value));
  return undefined;
};

const listed: Route = async ({ mask }, asked) => relay(asked, await linkOf(asked), mask);

const opens: Route = async ({ gate, sessions, mask }, asked) => {
  if (asked.era === "legacy") {
    return openSession(gate, asked, sessions, mask);
  }
  const link = await linkOf(asked);
  if (link instanceof UpstreamFailure) {
    return refusal(asked.identified.received, failureCode(link), { grant: asked.identified.grant, asked });
  }
  discover(asked, link, mask);
  return undefined;
};

const unknown: Route = async (_, asked) =>
  refusal(asked.identified.received, "unknown_method", { grant: asked.identified.grant, asked });

/** Which way each kind of method goes. What this release does not carry is answered like an unknown method, never forwarded. */
const BY_KIND = {
  call: "judged",
  read: "judged",
  prompt: "judged",
  complete: "judged",
  subscribe: "judged",
  list: "listed",
  housekeeping: "listed",
  open: "opens",
  task: "unknown",
  ask: "unknown",
  notification: "unknown",
} as const satisfies Record<MethodKind, keyof typeof ROUTES>;

const ROUTES = { judged, listed, opens, unknown } as const satisfies Record<string, Route>;

const routeOf = (asked: AskedRequest): keyof typeof ROUTES => {
  const row = methodRow(asked.frame.method);
  if (row === undefined) {
    return "judged"; // A method of nobody's: `methods` of the policy decides.
  }
  const revision = asked.revision === "" ? "2025-11-25" : asked.revision;
  const carried = row.kind !== "subscribe" || row.target !== undefined;
  return carried && isRevision(revision) && methodIn(row, revision) ? BY_KIND[row.kind] : "unknown";
};

/** The link this request goes over, or why there is none. */
const linkOf = async (asked: AskedRequest): Promise<Link | UpstreamFailure> => {
  if (asked.session !== undefined) {
    return asked.session.link;
  }
  try {
    return await asked.identified.server.grantLink(asked.identified.grant.name);
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return error;
    }
    throw error;
  }
};

/** A client's notification or answer goes to its session's server. In the modern era there is nobody who waits for one. */
const passOn = async (gate: Gate, asked: AskedMessage): Promise<Refusal | undefined> => {
  const { frame, session, identified } = asked;
  const { sink } = identified.received.arrival;
  const announced = asAnnounced(asked);
  const refused = announced === undefined ? undefined : await announce(gate, announced);
  if (refused !== undefined) {
    return refused;
  }
  const cancelled = cancelledBy(asked);
  if (cancelled !== undefined) {
    cancelled.cancel();
  } else if (session !== undefined && announced === undefined) {
    try {
      await session.link.channel.send(frame);
    } catch (error) {
      if (error instanceof UpstreamFailure) {
        return refusal(identified.received, failureCode(error), { grant: identified.grant });
      }
      throw error;
    }
  }
  sink.end(202);
  return undefined;
};

/** The request under way that this notification cancels: its channel tells the server, in the server's own ids. */
const cancelledBy = ({ frame, session, identified }: AskedMessage): UnderWay | undefined => {
  if (
    frame.kind !== "notification" ||
    frame.method !== "notifications/cancelled" ||
    frame.params === undefined
  ) {
    return undefined;
  }
  const id = member(frame.params, "requestId");
  const underWay = identified.received.arrival.underWay ?? session?.underWay;
  return id === undefined ? undefined : underWay?.get(writeJson(id));
};
