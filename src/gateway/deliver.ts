import { member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { PolicySet } from "../policy/compile.ts";
import { admitsMethod, admitsResource } from "../policy/list.ts";
import type { Frame, NotificationFrame, RequestFrame } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import { capabilityLacked, urlIsWeb } from "./input-asked.ts";
import type { Link } from "./link.ts";
import { ownAnswer } from "./own-answer.ts";
import type { Session } from "./session.ts";

/** Where a server's message goes, and what its client may get to see. */
export interface Audience {
  readonly link: Link;
  /** The legacy session; a client of the modern revision cannot be asked anything between its requests. */
  readonly session: Session | undefined;
  /** The policy in force when the message comes. */
  readonly policy: () => PolicySet | undefined;
  /** Whether the kill switch is on for this client or the server now: nothing new is told or asked. */
  readonly isFrozen: () => boolean;
  /** Whether a call of this client's grant began the task. */
  readonly isOwnTask: (taskId: string) => boolean;
  readonly mask: (frame: Frame) => Frame;
  readonly say: (text: string) => Promise<void> | undefined;
  /** Whether what is said so reaches the client, now or when it comes back for it. */
  readonly isHeard: () => boolean;
  /** The server waits for the client and not the other way round. Gives how to say that it no longer does. */
  readonly stopClocks: () => () => void;
}

/**
 * Carries a server's notification or request to its client, masked, if the client may have it. What cannot be masked
 * is not carried. Gives a promise where the client reads slowly. Throws nothing: the caller is the channel's reader.
 */
export const deliver = (frame: Frame, to: Audience): Promise<void> | undefined => {
  let masked: Frame;
  try {
    masked = to.mask(frame);
  } catch {
    return frame.kind === "request" ? decline(frame, to) : undefined;
  }
  if (masked.kind === "request") {
    return ask(masked, to);
  }
  if (masked.kind === "notification") {
    to.link.noticed(masked);
    return tell(masked, to);
  }
  return undefined;
};

const tell = (frame: NotificationFrame, to: Audience): Promise<void> | undefined => {
  if (frame.method === "notifications/cancelled" && to.session !== undefined) {
    return to.say(writeJson(to.session.parts.asks.withdrawn(to.link, frame)));
  }
  const stopped = !IN_SPITE_OF_A_FREEZE.has(frame.method) && to.isFrozen();
  return !stopped && isForClient(frame, to) ? to.say(writeJson(frame.value)) : undefined;
};

/** Lists stay as they are under a freeze, and what was forwarded before it goes on. */
const IN_SPITE_OF_A_FREEZE: ReadonlySet<string> = new Set([
  "notifications/progress",
  "notifications/tools/list_changed",
  "notifications/prompts/list_changed",
  "notifications/resources/list_changed",
]);

/** An update of a resource says that there is one, and a task's what became of a call. */
const isForClient = ({ method, params }: NotificationFrame, to: Audience): boolean => {
  const uri = params === undefined ? undefined : member(params, "uri");
  const taskId = params === undefined ? undefined : member(params, "taskId");
  if (method === "notifications/resources/updated") {
    return typeof uri === "string" && admitsResource(to.policy(), uri);
  }
  return !TASK_NEWS.has(method) || (typeof taskId === "string" && to.isOwnTask(taskId));
};

const TASK_NEWS: ReadonlySet<string> = new Set(["notifications/tasks", "notifications/tasks/status"]);

/** What a server asks of the client passes only if the client declared that it can (contract of the gate). */
const ask = (frame: RequestFrame, to: Audience): Promise<void> | undefined => {
  const { session } = to;
  if (session === undefined || to.isFrozen() || !mayAsk(frame, session, to.policy())) {
    return decline(frame, to);
  }
  // A client that takes no stream in answer to its call may listen by GET all the same.
  const { standing } = session.parts.streams;
  const heard = to.isHeard();
  const value =
    heard || standing.read ? session.parts.asks.put(to.link, frame, stopFor(frame, to)) : undefined;
  if (value === undefined) {
    return decline(frame, to);
  }
  const text = writeJson(value);
  return heard ? to.say(text) : standing.say(text);
};

/** A ping is answered at once, or not at all. */
const stopFor = ({ method }: RequestFrame, { stopClocks }: Audience): Audience["stopClocks"] =>
  methodRow(method)?.kind === "ask" ? stopClocks : () => () => {};

const mayAsk = (frame: RequestFrame, session: Session, policy: PolicySet | undefined): boolean => {
  const row = methodRow(frame.method);
  if (row === undefined) {
    return admitsMethod(policy, frame.method);
  }
  if (row.from === "client") {
    return false;
  }
  const lacks = capabilityLacked(frame.method, frame.params, session.parts.capabilities);
  return lacks === undefined && urlIsWeb(frame.params && member(frame.params, "url"));
};

/** A server that waits for an answer waits in vain where nobody gives one. */
const decline = (frame: RequestFrame, { link }: Audience): undefined => {
  link.channel.send(ownAnswer(frame)).catch(() => {});
  return undefined;
};
