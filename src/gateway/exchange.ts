import { member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { capabilityAsked, toLegacyRequest, toModernResponse } from "../bridge/modern-client.ts";
import { UpstreamFailure, type Answer, type Exchange } from "../upstream/port.ts";
import type { Frame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { paramHeaders } from "../wire/param-headers.ts";
import { methodRow, targetOf } from "../wire/methods.ts";
import type { AskedRequest } from "./ask.ts";
import type { Definition } from "./definitions.ts";
import type { Link } from "./link.ts";
import { inputFault, urlIsWeb } from "./input-asked.ts";
import { ownAnswer } from "./own-answer.ts";
import { argumentsOf } from "./permit.ts";
import { isPassed, type Passed } from "./pass.ts";
import type { Recorded } from "./record.ts";

/** What came back for one request, in the client's era. */
export interface Exchanged {
  readonly frame: ResponseFrame;
  readonly httpStatus: number | null;
  readonly bytes: number;
}

/** A legacy server asked the modern client for something that the bridge cannot carry. */
export class NotCarried extends Error {
  override readonly name = "NotCarried";
  readonly capability: string;

  constructor(capability: string) {
    super("the bridge cannot carry what the server asks for");
    this.capability = capability;
  }
}

const LEFT = new UpstreamFailure("cancelled", "The caller no longer waits.");

/**
 * Sends one request over a link and relays what belongs to it, message by message. It takes what only `record` or
 * `pass` can make: what the policy judges cannot get here unrecorded. Throws `UpstreamFailure` or `NotCarried`.
 */
export const exchange = async (
  ticket: Recorded | Passed,
  mask: (frame: Frame) => Frame,
): Promise<Exchanged> => {
  const { asked, link, definition } = isPassed(ticket) ? ticket : ticket.metered.permitted;
  const { sink, underWay = asked.session?.underWay } = asked.identified.received.arrival;
  const abort = new AbortController();
  const state: Running = { asked, link, abort, asks: undefined, ended: false };
  const interim = (frame: Frame): void => relayInterim(state, frame, mask);
  const done = link.use(() => {
    state.ended = true;
    abort.abort(LEFT);
  });
  const key = writeJson(asked.frame.id);
  underWay?.set(key, { cancel: () => abort.abort(LEFT), interim });
  // A legacy server's requests name no call of ours, so they can be laid at the door of one only if it is alone.
  const unlisten = link.onAsk(interim);
  if (asked.era === "modern") {
    // Closing the response stream cancels in this revision, and only in this one (2026-07-28 "Cancellation").
    sink.onGone(() => abort.abort(LEFT));
  }
  try {
    const sent = link.bridged ? toLegacyRequest(asked.frame) : asked.frame;
    const answer = await link.channel.request(sent, {
      onInterim: interim,
      signal: abort.signal,
      controller: abort,
      ...mirrored(asked, definition),
    });
    return finish(asked, link, answer, mask);
  } catch (error) {
    throw failureOf(state, error);
  } finally {
    underWay?.delete(key);
    unlisten();
    done();
  }
};

interface Running {
  readonly asked: AskedRequest;
  readonly link: Link;
  readonly abort: AbortController;
  asks: string | undefined;
  /** The gate closed the link: nobody cancelled, and whether the server acted is not known. */
  ended: boolean;
}

const failureOf = ({ asks, ended }: Running, error: unknown): unknown => {
  if (asks !== undefined) {
    return new NotCarried(asks);
  }
  return ended && error instanceof UpstreamFailure && error.kind === "cancelled"
    ? new UpstreamFailure("lost", "The link to the server was closed.")
    : error;
};

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

const finish = (
  asked: AskedRequest,
  link: Link,
  answer: Answer,
  mask: (frame: Frame) => Frame,
): Exchanged => {
  const masked = mask(answer.frame);
  if (masked.kind !== "response") {
    throw new UpstreamFailure("nonsense", "the answer is no response");
  }
  refuseInput(asked, masked);
  const frame = link.bridged ? toModernResponse(asked.frame.method, masked) : masked;
  return { frame, httpStatus: answer.httpStatus, bytes: answer.bytes };
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

/** What cannot be masked is not relayed. Nothing is thrown: the caller is the channel's reader. */
const relayInterim = (running: Running, frame: Frame, mask: (frame: Frame) => Frame): void => {
  let masked: Frame;
  try {
    masked = mask(frame);
  } catch {
    return;
  }
  if (masked.kind === "request") {
    relayAsk(running, masked);
  } else if (masked.kind === "notification") {
    running.link.noticed(masked);
    running.asked.identified.received.arrival.sink.interim(writeJson(masked.value));
  }
};

/** As what belongs to a request, for a client that can be told things at any time. */
export const relayUnasked = (
  asked: AskedRequest,
  link: Link,
  frame: Frame,
  mask: (frame: Frame) => Frame,
): void =>
  relayInterim({ asked, link, abort: new AbortController(), asks: undefined, ended: false }, frame, mask);

/** What a server asks of the client passes only if the client declared that it can (contract.md section 3). */
const relayAsk = (running: Running, frame: RequestFrame): void => {
  const { asked, link, abort } = running;
  const capability = capabilityAsked(frame.method);
  const declared =
    capability === undefined ? frame.method === "ping" : asked.session?.capabilities.has(capability) === true;
  if (asked.era === "legacy" && declared && urlIsWeb(frame.params && member(frame.params, "url"))) {
    asked.identified.received.arrival.sink.interim(writeJson(frame.value));
    return;
  }
  link.channel.send(ownAnswer(frame)).catch(() => {});
  if (link.bridged && capability !== undefined) {
    running.asks = capability;
    abort.abort(LEFT);
  }
};
