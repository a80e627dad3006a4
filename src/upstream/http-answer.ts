import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "../base/limits.ts";
import type { Frame, ResponseFrame, Unreadable } from "../wire/frame.ts";
import { decodeUtf8 } from "../wire/lines.ts";
import { createSseReader } from "../wire/sse.ts";
import type { SseOutput } from "../wire/sse.ts";
import { idKey } from "./calls.ts";
import type { Call } from "./calls.ts";
import { discard, failureOf, readBody, statusFailure } from "./http-endpoint.ts";
import type { HttpResponse } from "./http-endpoint.ts";
import { readMessages } from "./http-messages.ts";
import { UpstreamFailure } from "./port.ts";

/** How long before a broken stream is asked for again, where the server says nothing, and at most. */
const RETRY_MS = 1_000;
const RETRY_MS_MAX = 30_000;

const nonsense = (detail: string): UpstreamFailure => new UpstreamFailure("nonsense", detail);

/** One request under way over HTTP. */
export interface Talk {
  readonly call: Call;
  readonly signal: AbortSignal;
  readonly bytesMax: number;
  /** Whether the server may send arrays of messages. */
  readonly batches: boolean;
  /** Called with each message of the server that comes before the answer; no more is read while it waits. */
  readonly onInterim: (frame: Exclude<Frame, ResponseFrame>) => Promise<void> | undefined;
  /** Asks for the rest of a stream after this event (2025-11-25 "Resumability"); absent where there is no such thing. */
  readonly resume?: (lastEventId: string) => Promise<HttpResponse>;
}

/** The answer as the server gave it, before ids are put back. */
export interface RawAnswer {
  readonly frame: ResponseFrame;
  readonly httpStatus: number;
  readonly bytes: number;
}

const isOwn = (frame: ResponseFrame, talk: Talk): boolean =>
  idKey(frame.id) === idKey(talk.call.sentId) || (frame.id === undefined && frame.error !== undefined);

/** Handles messages one by one, in order. The answer among them, if it is there. */
const answerAmong = async (
  messages: readonly (Frame | Unreadable)[],
  talk: Talk,
): Promise<ResponseFrame | undefined> => {
  let answer: ResponseFrame | undefined;
  for (const message of messages) {
    if (message.kind === "unreadable") {
      // A notification that cannot be read is left out; a response that cannot may be the answer.
      if (message.method === undefined) {
        throw nonsense(message.reason);
      }
    } else if (message.kind !== "response") {
      await talk.onInterim(message);
    } else if (!isOwn(message, talk)) {
      throw nonsense("The server answered another request.");
    } else if (answer !== undefined) {
      throw nonsense("The server answered twice.");
    } else {
      answer = message;
    }
  }
  return answer;
};

const onlyAnswer = (message: Frame | Unreadable, status: number, talk: Talk): ResponseFrame => {
  if (message.kind === "unreadable") {
    throw nonsense(message.reason);
  }
  if (message.kind !== "response") {
    throw nonsense("The answer is no JSON-RPC response.");
  }
  // A server that refuses by status may not have read the id; servers are known that put a text of their own there.
  if (!isOwn(message, talk) && status < 400) {
    throw nonsense("The answer has the id of another request.");
  }
  return message;
};

const readJsonAnswer = async (response: HttpResponse, talk: Talk): Promise<RawAnswer> => {
  const body = await readBody(response, talk.bytesMax, talk.signal);
  const text = decodeUtf8(body);
  if (text === undefined) {
    throw nonsense("The answer is not UTF-8.");
  }
  const messages = readMessages(text, talk.batches);
  const [only] = messages;
  const frame =
    only !== undefined && messages.length === 1
      ? onlyAnswer(only, response.status, talk)
      : await answerAmong(messages, talk);
  if (frame === undefined) {
    throw nonsense("The answer has no JSON-RPC response in it.");
  }
  return { frame, httpStatus: response.status, bytes: body.length };
};

const readRefusal = async (response: HttpResponse, talk: Talk): Promise<RawAnswer> => {
  if (response.contentType !== "application/json") {
    discard(response);
    throw statusFailure(response.status);
  }
  try {
    const answer = await readJsonAnswer(response, talk);
    if (answer.frame.error !== undefined) {
      return answer;
    }
  } catch (error) {
    if (!(error instanceof UpstreamFailure && error.kind === "nonsense")) {
      throw error;
    }
  }
  throw statusFailure(response.status);
};

interface StreamState {
  lastId: string | undefined;
  retryMs: number;
  /** How long before a stream is asked for again at the least, and whether a message came on this one. */
  floorMs: number;
  heard: boolean;
}

/** One output of the stream; the answer, if it was that. */
const onOutput = async (
  output: SseOutput,
  talk: Talk,
  state: StreamState,
): Promise<Omit<RawAnswer, "httpStatus"> | undefined> => {
  if (output.kind === "broken") {
    throw nonsense(output.reason === "too_long" ? "An event is over the bound." : "An event is not UTF-8.");
  }
  if (output.kind === "retry") {
    state.retryMs = Math.min(output.ms, RETRY_MS_MAX);
    return undefined;
  }
  const { data, byteCount } = output.event;
  if (data === "") {
    return undefined;
  }
  state.heard = true;
  const frame = await answerAmong(readMessages(data, talk.batches), talk);
  return frame === undefined ? undefined : { frame, bytes: byteCount };
};

/** Reads one stream to the answer; `undefined` where it ends without. */
const readStream = async (
  response: HttpResponse,
  talk: Talk,
  state: StreamState,
): Promise<RawAnswer | undefined> => {
  const reader = createSseReader(talk.bytesMax);
  try {
    for await (const chunk of response.body) {
      for (const output of reader.push(chunk)) {
        const answer = await onOutput(output, talk, state);
        if (answer !== undefined) {
          discard(response);
          return { ...answer, httpStatus: response.status };
        }
      }
      state.lastId = reader.lastId() ?? state.lastId;
    }
  } catch (error) {
    const failure = failureOf(error, talk.signal);
    response.body.destroy();
    if (failure.kind !== "lost" || state.lastId === undefined) {
      throw failure;
    }
  }
  return undefined;
};

/** A server that ends each stream at once, with no message, must not keep us asking without pause. */
const pauseAfter = (state: StreamState): number => {
  state.floorMs = state.heard
    ? LIMITS.resume_ms_min
    : Math.min(Math.max(2 * state.floorMs, LIMITS.resume_ms_min), LIMITS.resume_ms_floor_max);
  state.heard = false;
  return Math.max(state.retryMs, state.floorMs);
};

const readStreams = async (first: HttpResponse, talk: Talk): Promise<RawAnswer> => {
  const state: StreamState = { lastId: undefined, retryMs: RETRY_MS, floorMs: 0, heard: false };
  let response = first;
  for (;;) {
    const answer = await readStream(response, talk, state);
    if (answer !== undefined) {
      return answer;
    }
    if (talk.resume === undefined || state.lastId === undefined) {
      throw new UpstreamFailure("lost", "The stream ended without an answer.");
    }
    try {
      await sleep(pauseAfter(state), undefined, { signal: talk.signal });
    } catch (error) {
      throw failureOf(error, talk.signal);
    }
    response = await talk.resume(state.lastId);
    if (response.status !== 200 || response.contentType !== "text/event-stream") {
      discard(response);
      throw new UpstreamFailure("lost", "The stream ended without an answer and cannot be resumed.");
    }
  }
};

/** Reads the answer to a request, whichever way the server sends it. Throws `UpstreamFailure`. */
export const readAnswer = (response: HttpResponse, talk: Talk): Promise<RawAnswer> => {
  if (response.status < 200 || response.status > 299) {
    return readRefusal(response, talk);
  }
  if (response.contentType === "application/json") {
    return readJsonAnswer(response, talk);
  }
  if (response.contentType === "text/event-stream") {
    return readStreams(response, talk);
  }
  discard(response);
  return Promise.reject(
    nonsense(`The answer is neither JSON nor an event stream (HTTP status ${response.status}).`),
  );
};
