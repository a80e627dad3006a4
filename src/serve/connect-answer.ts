import { setTimeout as sleep } from "node:timers/promises";
import { REFUSALS } from "../base/errors.ts";
import type { JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { discard, failureOf, readBody } from "../upstream/http-endpoint.ts";
import type { HttpResponse } from "../upstream/http-endpoint.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Frame, RequestId, ResponseFrame, Unreadable } from "../wire/frame.ts";
import { decodeUtf8 } from "../wire/lines.ts";
import { errorReply } from "../wire/replies.ts";
import { createSseReader } from "../wire/sse.ts";
import type { SseOutput } from "../wire/sse.ts";
import type { Exchange, Line } from "./connect-line.ts";
import { readMessage } from "./connect-message.ts";

/** How long before a broken stream is asked for again, where the server says nothing, and at most. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 30_000;

/** Where a stream can be taken up again. */
export interface StreamState {
  lastId: string | undefined;
  retryMs: number;
}

export const freshState = (): StreamState => ({ lastId: undefined, retryMs: RETRY_MS });

/** The wait after so many failures in a row. */
export const backOffMs = (state: StreamState, failures: number): number =>
  Math.min(state.retryMs * 2 ** failures, RETRY_MS_MAX);

const nonsense = (detail: string): UpstreamFailure => new UpstreamFailure("nonsense", detail);

/** Hands on the messages of an event stream, in order, each before the next is read, until it ends or `done`. */
export const readEvents = async (
  response: HttpResponse,
  state: StreamState,
  onMessage: (text: string) => Promise<void>,
  done: () => boolean = () => false,
): Promise<void> => {
  const reader = createSseReader(LIMITS.result_bytes_max);
  try {
    for await (const chunk of response.body) {
      for (const output of reader.push(chunk)) {
        await onOutput(output, state, onMessage);
        if (done()) {
          return;
        }
      }
      state.lastId = reader.lastId() ?? state.lastId;
    }
  } catch (error) {
    response.body.destroy();
    throw error;
  }
};

const onOutput = async (
  output: SseOutput,
  state: StreamState,
  onMessage: (text: string) => Promise<void>,
): Promise<void> => {
  if (output.kind === "broken") {
    throw nonsense(output.reason === "too_long" ? "An event is over the bound." : "An event is not UTF-8.");
  }
  if (output.kind === "retry") {
    state.retryMs = Math.min(Math.max(output.ms, 1), RETRY_MS_MAX);
  } else if (output.event.event === "message" && output.event.data !== "") {
    await onMessage(output.event.data);
    state.lastId = output.event.id ?? state.lastId;
  }
};

/** What becomes of the answer to a request; by default it is said to the client. No frame: the answer is our own. */
export type OnAnswer = (frame: ResponseFrame | undefined, text: string) => Promise<void> | void;

export interface Reading {
  readonly onAnswer?: OnAnswer;
  /** Asks for the rest of a stream after an event (2025-11-25 "Resumability"); absent where there is no such thing. */
  readonly resume?: (lastEventId: string) => Promise<HttpResponse>;
}

/** What a status other than 2xx came with. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly frame: (ResponseFrame & { readonly error: JsonObject }) | undefined;
}

const isErrorFrame = (
  part: Frame | Unreadable | undefined,
): part is ResponseFrame & { readonly error: JsonObject } =>
  part?.kind === "response" && part.error !== undefined;

export const readRefusal = async (response: HttpResponse, signal: AbortSignal): Promise<Refusal> => {
  const { status } = response;
  if (response.contentType !== "application/json") {
    discard(response);
    return { status, text: "", frame: undefined };
  }
  const text = decodeUtf8(await readBody(response, LIMITS.result_bytes_max, signal)) ?? "";
  const { parts, batch } = readMessage(text);
  const [part] = parts;
  return { status, text, frame: !batch && isErrorFrame(part) ? part : undefined };
};

const STATUS_CODES: Readonly<Record<number, number>> = {
  401: REFUSALS.unauthenticated.rpc,
  403: REFUSALS.server_forbidden.rpc,
  413: REFUSALS.body_too_large.rpc,
  429: REFUSALS.overloaded.rpc,
};

const STATUS_SENTENCES: Readonly<Record<number, string>> = {
  401: "The gateway wants a valid token: set TOLLGATE_TOKEN.",
  403: "The gateway does not allow this with this token.",
};

const codeOf = (status: number): number =>
  STATUS_CODES[status] ??
  (status >= 500 ? REFUSALS.upstream_unavailable.rpc : REFUSALS.upstream_nonsense.rpc);

const replyOf = (id: RequestId, frame: Refusal["frame"], own: readonly [number, string]): string =>
  frame === undefined ? errorReply(id, ...own) : writeJson({ jsonrpc: "2.0", id, error: frame.error });

/** Answers all that is asked with what the gateway refused it with. */
export const refuse = async (
  line: Line,
  exchange: Exchange,
  { status, text, frame }: Refusal,
  onAnswer: OnAnswer = (_, answer) => line.say(answer),
): Promise<void> => {
  const sentence = STATUS_SENTENCES[status] ?? `The gateway answered with HTTP status ${status}.`;
  // Of a refused token the line has told already.
  if (frame === undefined && STATUS_SENTENCES[status] === undefined) {
    line.tell(sentence);
  }
  const ids = [...exchange.asked.values()];
  if (frame?.id !== undefined && exchange.settle(frame.id)) {
    await onAnswer(frame, text);
  }
  for (const id of ids.filter((one) => exchange.settle(one))) {
    await onAnswer(frame, replyOf(id, frame, [codeOf(status), sentence]));
  }
};

/** Whether a part of what the gateway said goes on to the client. Throws where it may have been the answer. */
const isWanted = (line: Line, exchange: Exchange, part: Frame | Unreadable): boolean => {
  if (part.kind === "unreadable") {
    if (part.method === undefined && exchange.asked.size > 0) {
      throw nonsense(part.reason);
    }
    line.tell("The gateway said something that cannot be read. It is left out.");
    return false;
  }
  return part.kind !== "response" || (part.id !== undefined && exchange.settle(part.id));
};

/** Passes on one message that came in answer to a POST. */
const deliver = async (line: Line, exchange: Exchange, text: string, onAnswer: OnAnswer): Promise<void> => {
  const { parts, batch } = readMessage(text);
  const [first] = parts;
  if (!batch && isErrorFrame(first) && first.id === undefined) {
    await refuse(line, exchange, { status: 200, text, frame: first }, onAnswer);
    return;
  }
  const wanted = parts.filter((part) => isWanted(line, exchange, part));
  if (wanted.length < parts.length) {
    for (const part of wanted) {
      await (part.kind === "unreadable" ? undefined : line.say(writeJson(part.value)));
    }
    return;
  }
  await (!batch && first?.kind === "response" ? onAnswer(first, text) : line.say(text));
};

const LOST = "The connection to the gateway broke before the answer came.";
/** So many failures in a row end the asking for the rest of a stream. */
const RESUME_FAILURES_MAX = 5;

/** The next piece of a stream that broke before its answer. */
const resumed = async (
  resume: NonNullable<Reading["resume"]>,
  state: StreamState,
  exchange: Exchange,
  failures: number,
): Promise<HttpResponse | undefined> => {
  const { lastId } = state;
  if (lastId === undefined || failures > RESUME_FAILURES_MAX) {
    throw new UpstreamFailure("lost", LOST);
  }
  await sleep(backOffMs(state, failures), undefined, { signal: exchange.signal });
  try {
    const response = await resume(lastId);
    if (response.status === 200 && response.contentType === "text/event-stream") {
      return response;
    }
    discard(response);
    if (response.status < 500) {
      throw new UpstreamFailure("lost", `${LOST} It cannot be taken up again.`);
    }
  } catch (error) {
    const failure = failureOf(error, exchange.signal);
    if (exchange.signal.aborted || (failure.kind === "lost" && failure.detail.startsWith(LOST))) {
      throw failure;
    }
  }
  return undefined;
};

/** Reads one stream; whether it broke matters only to what is still asked. */
const readStream = async (
  line: Line,
  exchange: Exchange,
  { response, state, onAnswer }: { response: HttpResponse; state: StreamState; onAnswer: OnAnswer },
): Promise<void> => {
  try {
    await readEvents(
      response,
      state,
      (text) => deliver(line, exchange, text, onAnswer),
      () => exchange.over,
    );
    discard(response);
  } catch (error) {
    const failure = failureOf(error, exchange.signal);
    if (failure.kind !== "lost") {
      throw failure;
    }
  }
};

const readStreams = async (
  line: Line,
  exchange: Exchange,
  first: HttpResponse,
  { resume, onAnswer = (_, text) => line.say(text) }: Reading,
): Promise<void> => {
  const state = freshState();
  let response: HttpResponse | undefined = first;
  for (let failures = 0; ; failures += 1) {
    if (response !== undefined) {
      await readStream(line, exchange, { response, state, onAnswer });
      failures = 0;
    }
    if (exchange.asked.size === 0) {
      return;
    }
    if (resume === undefined) {
      throw new UpstreamFailure("lost", LOST);
    }
    response = await resumed(resume, state, exchange, failures);
  }
};

/** Passes on everything that the gateway says in answer to one POST. Throws `UpstreamFailure`. */
export const readAnswer = async (
  line: Line,
  exchange: Exchange,
  response: HttpResponse,
  reading: Reading = {},
): Promise<void> => {
  const { onAnswer = (_, text) => line.say(text) } = reading;
  if (response.status < 200 || response.status > 299) {
    await refuse(line, exchange, await readRefusal(response, exchange.signal), onAnswer);
  } else if (response.contentType === "text/event-stream") {
    await readStreams(line, exchange, response, reading);
  } else if (response.contentType === "application/json") {
    const text = decodeUtf8(await readBody(response, LIMITS.result_bytes_max, exchange.signal));
    if (text === undefined) {
      throw nonsense("The answer is not UTF-8.");
    }
    await (text === "" ? undefined : deliver(line, exchange, text, onAnswer));
  } else {
    discard(response);
  }
  if (exchange.asked.size > 0) {
    throw nonsense(`There is no answer in it (HTTP status ${response.status}).`);
  }
};
