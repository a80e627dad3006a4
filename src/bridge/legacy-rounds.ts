import { having } from "../base/json-change.ts";
import { member, type JsonObject } from "../base/json-value.ts";
import { RPC } from "../base/rpc-codes.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Answer, type Channel, type Exchange } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { errorFrame } from "../wire/make-frame.ts";
import { lacking, wantedBy, type ClientAsks, type Given, type Wanted } from "./legacy-asks.ts";
import { nonsense, ownAnswer, ownId, unlessAborted } from "./legacy-frames.ts";
import { anew } from "./legacy-translate.ts";

export interface Talk {
  readonly modern: Channel;
  readonly exchange: Exchange;
  readonly asks: ClientAsks;
  /** Where what the bridge itself says during this call goes. */
  readonly toClient: Exchange["onInterim"];
  /** What the client declared, as the modern revision writes it. */
  readonly capabilities: JsonObject;
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await unlessAborted(promise, signal);
  } finally {
    clearTimeout(timer);
  }
};

/** The error that ends a call whose server asks for what this client does not offer. It is never asked. */
const notOffered = (frame: RequestFrame, wanted: Wanted, capabilities: JsonObject): Answer | undefined => {
  for (const question of wanted.questions) {
    const requiredCapabilities = lacking(question, capabilities);
    if (requiredCapabilities !== undefined) {
      const name = nameOf(requiredCapabilities);
      const text = `The server asks for something that the client does not offer: ${name}.`;
      return ownAnswer(errorFrame(frame.id, RPC.capabilityMissing, text, { requiredCapabilities }));
    }
  }
  return undefined;
};

/** `{ elicitation: { url: {} } }` is `elicitation.url`. */
const nameOf = (capabilities: JsonObject): string => {
  const [[name, value] = ["", {}]] = Object.entries(capabilities);
  const [part] = Object.keys(value ?? {});
  return part === undefined ? name : `${name}.${part}`;
};

const NOT_GIVEN: Readonly<Record<"refused" | "late", string>> = {
  refused: "The client did not provide what the server asked for",
  late: "The client did not provide in time what the server asked for",
};

const notGiven = ({ id }: RequestFrame, given: Exclude<Given, { kind: "given" }>): Answer => {
  const what = given.kind === "refused" ? `: ${given.method}` : "";
  return ownAnswer(errorFrame(id, RPC.internalError, `${NOT_GIVEN[given.kind]}${what}.`));
};

/** Waits for the client, or for a while where there is nothing to ask it (2026-07-28 "Client Requirements"). */
const gather = async (wanted: Wanted, talk: Talk, leftMs: number, round: number): Promise<Given> => {
  if (leftMs <= 0) {
    return { kind: "late" };
  }
  if (wanted.questions.length > 0) {
    const { toClient, exchange } = talk;
    return talk.asks.ask(wanted.questions, { onInterim: toClient, signal: exchange.signal }, leftMs);
  }
  const waitMs = Math.min(LIMITS.input_retry_ms * 2 ** round, LIMITS.input_retry_ms_max, leftMs);
  await pause(waitMs, talk.exchange.signal);
  return { kind: "given", responses: {} };
};

/** A server that heard of a call in an earlier round may have acted, whatever becomes of a later one. */
const later = async (sent: RequestFrame, { modern, exchange }: Talk): Promise<Answer> => {
  let answer: Answer;
  try {
    answer = await modern.request(sent, exchange);
  } catch (error) {
    throw error instanceof UpstreamFailure && error.kind === "never_ran"
      ? new UpstreamFailure("lost", error.detail)
      : error;
  }
  const { error } = answer.frame;
  if (error !== undefined && member(error, "code") === RPC.headerMismatch) {
    throw nonsense("The server refuses the headers of a call that it has begun.");
  }
  return answer;
};

/**
 * Sends a modern request and, as often as its server needs the client for it, asks the client and sends it again: the
 * same parameters with the answers and the server's state, and nothing of an earlier round. Throws `UpstreamFailure`.
 */
export const inRounds = async (frame: RequestFrame, talk: Talk): Promise<Answer> => {
  const until = performance.now() + LIMITS.input_ms_max;
  let sent = frame;
  for (let round = 0; round <= LIMITS.input_rounds_max; round += 1) {
    const answer = await (round === 0 ? talk.modern.request(sent, talk.exchange) : later(sent, talk));
    const wanted = wantedBy(frame.method, answer.frame.result);
    if (wanted === undefined) {
      return answer;
    }
    const refused = notOffered(frame, wanted, talk.capabilities);
    if (refused !== undefined) {
      return refused;
    }
    const given = await gather(wanted, talk, until - performance.now(), round);
    if (given.kind !== "given") {
      return notGiven(frame, given);
    }
    const more: JsonObject = {
      ...(wanted.questions.length === 0 ? {} : { inputResponses: given.responses }),
      ...(wanted.state === undefined ? {} : { requestState: wanted.state }),
    };
    sent = anew(frame, ownId("round"), having(frame.params ?? {}, more));
  }
  throw nonsense("The server asks the client again and again.");
};
