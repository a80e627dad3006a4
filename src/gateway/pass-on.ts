import { member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { NotificationFrame, ResponseFrame } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import { announce, asAnnounced } from "./announce.ts";
import type { AskedMessage } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { failureCode } from "./failure.ts";
import type { Link } from "./link.ts";
import { refusal, type Refusal } from "./refusal.ts";
import type { Session, UnderWay } from "./session.ts";

/** A client's notification or answer goes to its session's servers. In the modern era there is nobody who waits for one. */
export const passOn = async (desk: Desk, asked: AskedMessage): Promise<Refusal | undefined> => {
  const { identified, frame } = asked;
  const { sink } = identified.received.arrival;
  const cancelled = cancelledBy(asked);
  if (cancelled !== undefined) {
    cancelled.cancel(reasonIn(frame)); // Not one more that waits: one fewer.
    sink.end(202);
    return undefined;
  }
  const leave = desk.passing.enter(identified.grant.name);
  if (leave === undefined) {
    const read = frame.kind === "response" ? {} : { method: frame.method, notification: true };
    return refusal(identified.received, "overloaded", { grant: identified.grant, read });
  }
  try {
    const refused = await carry(desk, asked);
    if (refused === undefined) {
      sink.end(202);
    }
    return refused;
  } finally {
    leave();
  }
};

const carry = async ({ gate }: Desk, asked: AskedMessage): Promise<Refusal | undefined> => {
  const { frame, session, identified } = asked;
  const announced = asAnnounced(asked);
  if (announced !== undefined) {
    return announce(gate, announced);
  }
  const failure =
    session === undefined
      ? undefined
      : await (frame.kind === "response" ? answerTo(session, frame) : tellAll(session, frame));
  return failure === undefined
    ? undefined
    : refusal(identified.received, failureCode(failure), { grant: identified.grant });
};

/** A client answers what it was asked, and nothing else. */
const answerTo = (
  session: Session,
  frame: ResponseFrame,
): Promise<UpstreamFailure | undefined> | undefined => {
  const taken = session.parts.asks.take(frame);
  return taken === undefined ? undefined : send(taken.link, taken.frame);
};

const tellAll = async (session: Session, frame: NotificationFrame): Promise<UpstreamFailure | undefined> => {
  if (frame.method === "notifications/cancelled" || methodRow(frame.method)?.from === "server") {
    return undefined; // What it names is not under way any more; and what servers say is not a client's to say.
  }
  const links = session.links();
  const asking = session.parts.asks.links();
  // Progress is about something that a server asked for.
  const meant =
    frame.method === "notifications/progress" && links.length > 1
      ? links.filter((link) => asking.has(link))
      : links;
  const failures = await Promise.all(meant.map((link) => send(link, frame)));
  return failures.every((failure) => failure !== undefined) ? failures[0] : undefined;
};

const send = async (
  link: Link,
  frame: NotificationFrame | ResponseFrame,
): Promise<UpstreamFailure | undefined> => {
  try {
    await link.channel.send(frame);
    return undefined;
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return error;
    }
    throw error;
  }
};

/** Why, in the client's words. */
const reasonIn = (frame: NotificationFrame | ResponseFrame): string | undefined => {
  const params = frame.kind === "notification" ? frame.params : undefined;
  const reason = params === undefined ? undefined : member(params, "reason");
  return typeof reason === "string" ? reason : undefined;
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
