import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "../base/limits.ts";
import type { Frame, ResponseFrame } from "../wire/frame.ts";
import { createSseReader } from "../wire/sse.ts";
import type { SseOutput } from "../wire/sse.ts";
import { discard } from "./http-endpoint.ts";
import type { HttpResponse } from "./http-endpoint.ts";
import { readMessages } from "./http-messages.ts";

const RETRY_MS = 1_000;
const RETRY_MS_MAX = 30_000;

export interface Listening {
  /** Opens the stream, after an event where there was one. */
  readonly open: (lastEventId: string | undefined) => Promise<HttpResponse>;
  /** No more is read while it waits. */
  readonly onFrame: (frame: Exclude<Frame, ResponseFrame>) => Promise<void> | undefined;
  readonly bytesMax: number;
  /** Whether the server may send arrays of messages. */
  readonly batches: boolean;
  readonly signal: AbortSignal;
}

interface State {
  lastId: string | undefined;
  retryMs: number;
}

const onOutput = async (output: SseOutput, listening: Listening, state: State): Promise<void> => {
  if (output.kind === "retry") {
    state.retryMs = Math.min(Math.max(output.ms, LIMITS.resume_ms_min), RETRY_MS_MAX);
  } else if (output.kind === "event") {
    for (const frame of readMessages(output.event.data, listening.batches)) {
      // No request waits on this stream; a response on it is nobody's.
      if (frame.kind === "notification" || frame.kind === "request") {
        await listening.onFrame(frame);
      }
    }
  }
};

/** Whether the stream should be asked for again. */
const listenOnce = async (listening: Listening, state: State): Promise<boolean> => {
  const response = await listening.open(state.lastId);
  if (response.status !== 200 || response.contentType !== "text/event-stream") {
    // 405: the server offers none. Any other answer will not become a stream by asking again.
    discard(response);
    return false;
  }
  const reader = createSseReader(listening.bytesMax);
  try {
    for await (const chunk of response.body) {
      for (const output of reader.push(chunk)) {
        if (output.kind === "broken") {
          return false;
        }
        await onOutput(output, listening, state);
      }
      state.lastId = reader.lastId() ?? state.lastId;
    }
    return true;
  } finally {
    response.body.destroy();
  }
};

/**
 * Listens to what a legacy server says unasked (2025-11-25 "Listening for Messages from the Server"), again and again
 * until the signal. Never throws: a server that cannot be listened to can still be asked.
 */
export const listen = async (listening: Listening): Promise<void> => {
  const state: State = { lastId: undefined, retryMs: RETRY_MS };
  let waitMs = RETRY_MS;
  while (!listening.signal.aborted) {
    const again = await listenOnce(listening, state).then(
      (goOn) => {
        waitMs = state.retryMs;
        return goOn;
      },
      () => {
        waitMs = Math.min(2 * waitMs, RETRY_MS_MAX);
        return true;
      },
    );
    if (!again) {
      return;
    }
    await sleep(waitMs, undefined, { signal: listening.signal }).catch(() => {});
  }
};
