import { writeJson } from "../base/json-write.ts";
import { aimListen, isMerged } from "./aim.ts";
import type { AskedRequest } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { linkOf } from "./link-of.ts";
import { permit } from "./permit.ts";
import { record, recordRefusal, type Recorded } from "./record.ts";
import { forward } from "./forward.ts";
import { isRefusal, refusal, type Refusal } from "./refusal.ts";
import type { Server } from "./server.ts";
import { spend } from "./spend.ts";
import { Subscription } from "./subscriptions.ts";

const METHOD_NOT_FOUND = -32601;

/**
 * `subscriptions/listen`: judged and recorded for each server that is listened to, then open until the client goes, the
 * servers have ended it, or the gate does.
 */
export const listen = async (desk: Desk, asked: AskedRequest): Promise<Refusal | undefined> => {
  const { received, grant, servers } = asked.identified;
  const leave = desk.openStreams.enter(grant.name);
  if (leave === undefined) {
    return refusal(received, "overloaded", { grant, asked });
  }
  try {
    const steps = await Promise.all(servers.map((server) => admit(desk, asked, server)));
    const tickets = steps.filter((step): step is Recorded => !isRefusal(step));
    const refused = steps.filter((step): step is Refusal => isRefusal(step));
    const [first] = refused;
    if (tickets.length === 0 && first !== undefined) {
      return first;
    }
    await Promise.all(refused.map((each) => recordRefusal(desk.gate, each)));
    return await stayOpen(desk, asked, tickets);
  } finally {
    leave();
  }
};

const admit = async (desk: Desk, asked: AskedRequest, server: Server): Promise<Recorded | Refusal> => {
  const aimed = aimListen(asked, server);
  const permitted = await permit(desk.books, aimed, await linkOf(aimed, server));
  if (isRefusal(permitted)) {
    return permitted;
  }
  const metered = await spend(desk.gate, permitted);
  return isRefusal(metered) ? metered : record(desk.gate, metered);
};

const stayOpen = async (
  desk: Desk,
  asked: AskedRequest,
  tickets: readonly Recorded[],
): Promise<Refusal | undefined> => {
  const { sink } = asked.identified.received.arrival;
  const subscription = new Subscription(asked, tickets.length);
  const remove = desk.subscriptions.add(subscription);
  const gone = new Promise<void>((resolve) => sink.onGone(resolve));
  try {
    const listening = tickets.map((ticket) => hearOne(desk, ticket, subscription));
    const all = Promise.all(listening);
    const outcomes = await Promise.race([all, subscription.ended, gone]);
    const single = outcomes?.length === 1 && !isMerged(asked) ? outcomes[0] : undefined;
    if (single !== undefined) {
      return answerAs(asked, single);
    }
    if (outcomes?.includes(undefined) === true) {
      // A server that knows no subscriptions says nothing; the gate still tells of its own changes.
      await Promise.race([subscription.ended, gone]);
    }
    sink.answer(200, subscription.result());
    return undefined;
  } finally {
    remove();
  }
};

/** The server's answer, why there is none, or `undefined` where it knows no subscriptions. */
type Ended = string | Refusal | undefined;

/** One server's subscription, to its end. */
const hearOne = async (desk: Desk, ticket: Recorded, subscription: Subscription): Promise<Ended> => {
  let settled = false;
  const answered = await forward(desk, ticket, (frame, to) => {
    settled ||= frame.kind === "notification";
    return subscription.hear(frame, to);
  });
  if (isRefusal(answered)) {
    if (!settled) {
      subscription.settle();
    }
    return answered;
  }
  const { error, value } = answered.exchanged.frame;
  if (error?.["code"] === METHOD_NOT_FOUND) {
    subscription.settle();
    return undefined;
  }
  return writeJson(value);
};

const answerAs = (asked: AskedRequest, ended: string | Refusal): Refusal | undefined => {
  if (typeof ended !== "string") {
    return ended;
  }
  asked.identified.received.arrival.sink.answer(200, ended);
  return undefined;
};
