import { RPC } from "../base/rpc-codes.ts";
import { bareObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Frame } from "../wire/frame.ts";
import { isMerged } from "./aim.ts";
import { aimListen } from "./aim-listen.ts";
import { asNow } from "./as-now.ts";
import type { Aimed, AskedRequest } from "./ask.ts";
import type { Desk } from "./desk.ts";
import { inputFault } from "./input-asked.ts";
import { linkOf } from "./link-of.ts";
import { admitsTask, permit, policyOf } from "./permit.ts";
import { record, recordRefusal, type Recorded } from "./record.ts";
import { redact } from "./redact.ts";
import { forward, type Answered } from "./forward.ts";
import { isRefusal, refusal, type Refusal } from "./refusal.ts";
import { everything } from "./resources.ts";
import { spend } from "./spend.ts";
import { Subscription } from "./subscriptions.ts";

/**
 * `subscriptions/listen`: judged and recorded for each server that is listened to, then open until the client goes, the
 * servers have ended it, or the gate does.
 */
export const listen = async (desk: Desk, asked: AskedRequest): Promise<Refusal | undefined> => {
  const { received, grant, servers } = asked.identified;
  if (!received.arrival.sink.takesInterim) {
    // It would wait for ever for what it cannot be told.
    return refusal(received, "not_acceptable", { grant, asked });
  }
  const leave = desk.openStreams.enter(grant.name);
  if (leave === undefined) {
    return refusal(received, "overloaded", { grant, asked });
  }
  try {
    const everywhere = isMerged(asked) ? await everything(asked) : undefined;
    const steps = await Promise.all(servers.map((server) => admit(desk, { ...asked, server }, everywhere)));
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

const admit = async (
  desk: Desk,
  asked: Aimed,
  everywhere: Awaited<ReturnType<typeof everything>> | undefined,
): Promise<Recorded | Refusal> => {
  const link = await linkOf(asked, asked.server);
  const now = asNow(desk.gate, asked);
  if (isRefusal(now)) {
    return now;
  }
  const permitted = await permit(desk.books, aimListen(desk.books, now, everywhere), link);
  if (isRefusal(permitted)) {
    return permitted;
  }
  const metered = await spend(desk.gate, await redact(desk.gate, permitted));
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
    const all = Promise.all(tickets.map((ticket) => hearOne(desk, ticket, subscription)));
    const outcomes = await Promise.race([all, subscription.ended, gone]);
    if (outcomes?.includes("unknown") === true) {
      // A server that knows no subscriptions says nothing; the gate still tells of its own changes.
      await Promise.race([subscription.ended, gone]);
    }
    const failed = outcomes === undefined ? undefined : failureIn(outcomes);
    if (failed !== undefined && isRefusal(failed)) {
      return failed;
    }
    sink.answer(200, failed?.error ?? subscription.result());
    return undefined;
  } finally {
    remove();
  }
};

/** How one server's subscription ended: in order, with an error of the server's, refused, or it knows none. */
type Ended = "complete" | "unknown" | { readonly error: string } | Refusal;

/** What went wrong everywhere: a subscription that one server carried to its end has ended in order. */
const failureIn = (outcomes: readonly Ended[]): Exclude<Ended, string> | undefined => {
  const failed = outcomes.filter((each) => typeof each !== "string");
  return failed.length === outcomes.length ? failed[0] : undefined;
};

/** One server's subscription, to its end. */
const hearOne = async (desk: Desk, ticket: Recorded, subscription: Subscription): Promise<Ended> => {
  const { asked } = ticket.metered.permitted;
  const part = subscription.join(asked.frame.params);
  const answered = await forward(desk, ticket, (frame, to) => {
    const now = asNow(desk.gate, asked);
    return !isRefusal(now) && mayTell(now, frame)
      ? part.hear(frame, {
          ...to,
          policy: () => policyOf(now)?.set,
          isOwnTask: (taskId) => admitsTask(desk.books, now, taskId),
        })
      : undefined;
  });
  const ended = endOf(answered);
  // One server that fails is no reason to keep the others' clients waiting; alone, it is the answer.
  if (isMerged(asked) || typeof ended === "string") {
    part.settle();
  }
  return ended;
};

const endOf = (answered: Answered | Refusal): Ended => {
  if (isRefusal(answered)) {
    return answered;
  }
  const { error, value } = answered.exchanged.frame;
  if (error === undefined) {
    return "complete";
  }
  return error["code"] === RPC.methodNotFound ? "unknown" : { error: writeJson(value) };
};

/** Of what a task asks for only a client is told that can give it. */
const mayTell = (asked: Aimed, frame: Frame): boolean =>
  frame.kind !== "notification" ||
  frame.method !== "notifications/tasks" ||
  inputFault(frame.params ?? bareObject(), asked.modern?.clientCapabilities ?? bareObject()) === undefined;
