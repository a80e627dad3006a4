import { writeJson } from "../base/json-write.ts";
import { methodIn, methodRow, type MethodKind } from "../wire/methods.ts";
import { errorStatus } from "../wire/replies.ts";
import { isRevision } from "../wire/revisions.ts";
import { aim, isMerged } from "./aim.ts";
import { asNow } from "./as-now.ts";
import { ask, isAskedMessage, isAskedRequest, type AskedRequest } from "./ask.ts";
import { elementsOf } from "./batch.ts";
import { noteAnswer } from "./books.ts";
import type { Desk } from "./desk.ts";
import type { Received } from "./edge.ts";
import { forward } from "./forward.ts";
import { identify, identifyAgain, type Identified } from "./identify.ts";
import { listen } from "./listen.ts";
import { linkOf } from "./link-of.ts";
import { mergeHousekeeping, mergeList } from "./merge.ts";
import { discover, openSession } from "./open.ts";
import { passOn } from "./pass-on.ts";
import { permit } from "./permit.ts";
import { record, recordRefusal } from "./record.ts";
import { redact } from "./redact.ts";
import { isRefusal, refusal, type Refusal } from "./refusal.ts";
import { refuse } from "./refuse.ts";
import { relay } from "./relay.ts";
import type { Session } from "./session.ts";
import { spend } from "./spend.ts";

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

type Done = Session | Refusal | undefined;

const attend = async (desk: Desk, received: Received): Promise<Done> => {
  const { gate } = desk;
  if (gate.stopping()) {
    return refusal(received, "stopping");
  }
  const known = identify(gate, received);
  if (isRefusal(known)) {
    return known;
  }
  const came = await received.arrival.read();
  const identified = identifyAgain(gate, known);
  if (isRefusal(identified)) {
    return identified;
  }
  const elements = elementsOf(received.arrival, came, revisionOf(desk, identified));
  if (elements === "too_many") {
    return refusal(received, "invalid_request", {
      grant: identified.grant,
      message: "The batch has too many elements.",
    });
  }
  if (elements !== undefined) {
    await Promise.all(elements.map((element) => handle(desk, element)));
    return undefined;
  }
  const asked = ask(identified, came, desk.sessions);
  if (isRefusal(asked)) {
    return asked;
  }
  if (isAskedRequest(asked)) {
    return answer(desk, asked);
  }
  return isAskedMessage(asked) ? passOn(desk, asked) : undefined;
};

/** What the session that a message says it is in has negotiated. */
const revisionOf = ({ sessions }: Desk, { received, grant }: Identified): string | undefined => {
  const { sessionId, server } = received.arrival;
  return sessionId === undefined ? undefined : sessions.find(sessionId, grant, server)?.parts.revision;
};

/** A request has a place among its grant's until its answer has left the gate. */
const answer = async (desk: Desk, asked: AskedRequest): Promise<Done> => {
  const { received, grant } = asked.identified;
  const { sink } = received.arrival;
  const leave = desk.inFlight.enter(grant.name);
  if (leave === undefined) {
    return refusal(received, "overloaded", { grant, asked });
  }
  let place: Promise<void> | undefined;
  try {
    if (asked.session !== undefined) {
      sink.follow(asked.session.parts.streams);
    }
    const route = routeOf(asked);
    if (route === "listens") {
      leave(); // A stream that stays open has a place of its own.
    }
    const done = await ROUTES[route](desk, asked);
    place = sink.flushed();
    return done;
  } finally {
    void (place ?? Promise.resolve()).then(leave);
  }
};

type Route = (desk: Desk, asked: AskedRequest) => Promise<Done>;

/** The straight line: aim, permit, redact, spend, record, forward, answer. */
const judged: Route = async (desk, asked) => {
  const { gate, books } = desk;
  const aimed = await aim(desk, asked);
  if (isRefusal(aimed)) {
    return aimed;
  }
  const permitted = await permit(books, aimed, await linkOf(aimed, aimed.server));
  const redacted = isRefusal(permitted) ? permitted : await redact(gate, permitted);
  const now = asNow(gate, asked);
  if (isRefusal(now)) {
    return now;
  }
  if (now.identified.snapshot !== asked.identified.snapshot) {
    return judged(desk, now);
  }
  if (isRefusal(redacted)) {
    return redacted;
  }
  const metered = await spend(gate, redacted);
  if (isRefusal(metered)) {
    return metered;
  }
  const recorded = await record(gate, metered);
  if (isRefusal(recorded)) {
    return recorded;
  }
  const answered = await forward(desk, recorded);
  if (isRefusal(answered)) {
    return answered;
  }
  const { frame } = answered.exchanged;
  noteAnswer(books, aimed, frame);
  asked.identified.received.arrival.sink.answer(errorStatus(frame.error, asked.era), writeJson(frame.value));
  return undefined;
};

const listed: Route = async (desk, asked) => {
  if (isMerged(asked)) {
    const isList = methodRow(asked.frame.method)?.list !== undefined;
    return isList ? mergeList(desk, asked) : mergeHousekeeping(asked);
  }
  const aimed = await aim(desk, asked);
  return isRefusal(aimed) ? aimed : relay(desk, aimed, await linkOf(aimed, aimed.server));
};

const opens: Route = (desk, asked) =>
  asked.era === "legacy" ? openSession(desk, asked) : discover(desk, asked);

const unknown: Route = async (_, asked) =>
  refusal(asked.identified.received, "unknown_method", { grant: asked.identified.grant, asked });

const ROUTES = { judged, listed, listens: listen, opens, unknown } as const satisfies Record<string, Route>;

/** Which way each kind of method goes. What a revision does not have is answered like an unknown method, never forwarded. */
const BY_KIND = {
  call: "judged",
  read: "judged",
  prompt: "judged",
  complete: "judged",
  subscribe: "judged",
  task: "judged",
  list: "listed",
  housekeeping: "listed",
  open: "opens",
  ask: "unknown",
  notification: "unknown",
} as const satisfies Record<MethodKind, keyof typeof ROUTES>;

const routeOf = ({ frame, revision: negotiated }: AskedRequest): keyof typeof ROUTES => {
  const row = methodRow(frame.method);
  if (row === undefined) {
    return "judged"; // A method of nobody's: `methods` of the policy decides.
  }
  const revision = negotiated === "" ? "2025-11-25" : negotiated;
  if (!isRevision(revision) || !methodIn(row, revision) || row.from === "server") {
    return "unknown";
  }
  if (row.kind === "subscribe" && row.target === undefined) {
    return "listens";
  }
  return row.list === undefined ? BY_KIND[row.kind] : "listed";
};
