import { member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { NotCarried } from "../bridge/not-carried.ts";
import { UpstreamFailure, type Answer, type Exchange } from "../upstream/port.ts";
import type { Frame, ResponseFrame } from "../wire/frame.ts";
import { paramHeaders } from "../wire/param-headers.ts";
import { methodRow, targetOf } from "../wire/methods.ts";
import type { AskedRequest } from "./ask.ts";
import { createClock, type Clock } from "./clocks.ts";
import type { Definition } from "./definitions.ts";
import { deliver, type Audience } from "./deliver.ts";
import type { Desk } from "./desk.ts";
import { inputFault } from "./input-asked.ts";
import type { Link } from "./link.ts";
import { isFrozenNow } from "./frozen.ts";
import { admitsTask, argumentsOf, policyOf } from "./permit.ts";
import { isPassed, type Passed } from "./pass.ts";
import type { Recorded } from "./record.ts";
import type { UnderWay } from "./session.ts";

/** What came back for one request. */
export interface Exchanged {
  readonly frame: ResponseFrame;
  readonly httpStatus: number | null;
  readonly bytes: number;
}

/** How a server's messages for a request are taken, where they do not simply go to its client. */
export type Hear = (frame: Frame, to: Audience) => Promise<void> | undefined;

const BEHIND = new UpstreamFailure("cancelled", "The caller does not take what it is sent, and others wait.");
const LEFT = new UpstreamFailure("cancelled", "The caller no longer waits.");

/**
 * Sends one request over a link and carries what belongs to it, message by message. It takes what only `record` or
 * `pass` can make: what the policy judges cannot get here unrecorded. Throws `UpstreamFailure` or `NotCarried`.
 */
export const exchange = async (
  { gate, mask, books }: Desk,
  ticket: Recorded | Passed,
  hear: Hear = deliver,
): Promise<Exchanged> => {
  const { asked, link, definition } = isPassed(ticket) ? ticket : ticket.metered.permitted;
  const running = begin(asked, link);
  const { sink } = asked.identified.received.arrival;
  const policy = policyOf(asked)?.set;
  const audience: Audience = {
    link,
    session: asked.session,
    policy: () => policy,
    isFrozen: () => isFrozenNow(gate, asked, definition?.name),
    isOwnTask: (taskId) => admitsTask(books, asked, taskId),
    mask,
    say: sink.interim,
    isHeard: () => sink.takesInterim,
    stopClocks: running.stopClock,
  };
  try {
    if (running.abort.signal.aborted) {
      throw new UpstreamFailure("never_ran", "The caller left before it was sent.");
    }
    const answer = await link.channel.request(asked.frame, {
      onInterim: (frame) => patiently(hear(frame, audience), link, running),
      signal: running.abort.signal,
      controller: running.abort,
      onHold: running.onHold,
      ...mirrored(asked, definition),
    });
    return finish(asked, answer, mask);
  } catch (error) {
    throw running.isClosed() ? whenClosed(error) : error;
  } finally {
    running.end();
  }
};

interface Running {
  readonly abort: AbortController;
  /** Whether the gate itself closed the link. */
  readonly isClosed: () => boolean;
  /** Given the request's clock. */
  readonly onHold: (hold: (held: boolean) => void) => void;
  readonly stopClock: () => () => void;
  readonly end: () => void;
}

/**
 * Whoever reads slowly makes the server wait. Where that makes others wait too, it is not for long: then the request is
 * given up, and its stream ends without an answer.
 */
const patiently = (
  taking: Promise<void> | undefined,
  link: Link,
  { abort }: Running,
): Promise<void> | undefined => {
  if (taking === undefined) {
    return undefined;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (link.holdsOthers) {
      abort.abort(BEHIND);
      resolve();
    }
  }, LIMITS.stalled_pipe_ms_max);
  timer.unref();
  taking.then(resolve, resolve);
  return promise.finally(() => clearInterval(timer));
};

/** From here on the request can be cancelled, and its link is in use. */
const begin = (asked: AskedRequest, link: Link): Running => {
  const { sink, underWay = asked.session?.underWay } = asked.identified.received.arrival;
  const abort = new AbortController();
  const cancel = (reason?: string): void =>
    abort.abort(reason === undefined ? LEFT : new UpstreamFailure("cancelled", reason));
  let clock: Clock | undefined;
  let takeOut = (): void => {};
  let closed = false;
  const done = link.use(() => {
    closed = true;
    cancel();
  });
  const key = writeJson(asked.sent.id);
  const entry: UnderWay = { cancel, sink };
  underWay?.set(key, entry);
  if (asked.era === "modern") {
    // Closing the response stream cancels in this revision, and only in this one (2026-07-28 "Cancellation").
    sink.onGone(() => cancel());
  }
  const end = (): void => {
    if (underWay?.get(key) === entry) {
      underWay.delete(key);
    }
    takeOut();
    done();
  };
  return {
    abort,
    isClosed: () => closed,
    onHold: (hold) => {
      clock = createClock(hold);
      takeOut = link.keepClock(clock);
    },
    stopClock: () => clock?.stop() ?? (() => {}),
    end,
  };
};

/** The gate closed the link: nobody cancelled, and whether the server acted is not known. */
const whenClosed = (error: unknown): unknown =>
  error instanceof UpstreamFailure && error.kind === "cancelled"
    ? new UpstreamFailure("lost", "The link to the server was closed.")
    : error;

const mirrored = (
  asked: AskedRequest,
  definition: Definition | undefined,
): Pick<Exchange, "name" | "paramHeaders"> => {
  if (asked.era !== "modern") {
    return {};
  }
  const row = methodRow(asked.frame.method);
  const name = row?.named === true ? targetOf(row, asked.frame.params) : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    ...(definition === undefined
      ? {}
      : { paramHeaders: paramHeaders(member(definition.tool, "inputSchema"), argumentsOf(asked)) }),
  };
};

const finish = (asked: AskedRequest, answer: Answer, mask: (frame: Frame) => Frame): Exchanged => {
  const masked = mask(answer.frame);
  if (masked.kind !== "response") {
    throw new UpstreamFailure("nonsense", "the answer is no response");
  }
  refuseInput(asked, masked);
  return { frame: masked, httpStatus: answer.httpStatus, bytes: answer.bytes };
};

const refuseInput = ({ modern }: AskedRequest, { result }: ResponseFrame): void => {
  const fault = modern && result && inputFault(result, modern.clientCapabilities);
  if (fault === "no_web_address") {
    throw new UpstreamFailure("nonsense", "an elicitation names an address that is not of the web");
  }
  if (fault !== undefined) {
    throw new NotCarried(fault.lacks);
  }
};
