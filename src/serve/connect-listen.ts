import { setTimeout as sleep } from "node:timers/promises";
import { discard, failureOf } from "../upstream/http-endpoint.ts";
import type { HttpResponse } from "../upstream/http-endpoint.ts";
import { backOffMs, freshState, readEvents } from "./connect-answer.ts";
import type { StreamState } from "./connect-answer.ts";
import type { Line } from "./connect-line.ts";
import { readMessage } from "./connect-message.ts";

type Open = (lastEventId: string | undefined) => Promise<HttpResponse>;
type Heard = "stream" | "away" | "gone" | "none";

/** No request waits on this stream: a response on it is nobody's. */
const pass = async (line: Line, text: string): Promise<void> => {
  if (readMessage(text).parts.every(({ kind }) => kind === "request" || kind === "notification")) {
    await line.say(text);
  }
};

const listenOnce = async (line: Line, open: Open, state: StreamState, opened: boolean): Promise<Heard> => {
  const response = await open(state.lastId);
  if (response.status === 200 && response.contentType === "text/event-stream") {
    await readEvents(response, state, (text) => pass(line, text));
    return "stream";
  }
  discard(response);
  // 405: the gateway offers none. Only a stream that was there before can be away for a while, or gone.
  if (!opened || (response.status < 500 && response.status !== 404)) {
    return "none";
  }
  return response.status === 404 ? "gone" : "away";
};

/**
 * Passes on what the gateway says unasked (2025-11-25 "Listening for Messages from the Server"), again and again until
 * the signal. `gone` where the gateway has forgotten the session; never throws.
 */
export const listen = async (line: Line, open: Open, signal: AbortSignal): Promise<"gone" | "over"> => {
  const state = freshState();
  let failures = 0;
  let opened = false;
  while (!signal.aborted) {
    let heard: Heard;
    try {
      heard = await listenOnce(line, open, state, opened);
    } catch (error) {
      const { kind } = failureOf(error, signal);
      if (kind === "nonsense") {
        line.tell("What the gateway says unasked cannot be read.");
        return "over";
      }
      // A stream that was open broke; one that could not be opened is asked for less and less often.
      heard = kind === "lost" ? "stream" : "away";
    }
    if (heard === "gone" || heard === "none") {
      return heard === "gone" ? "gone" : "over";
    }
    opened ||= heard === "stream";
    failures = heard === "stream" ? 0 : failures + 1;
    await sleep(backOffMs(state, failures), undefined, { signal }).catch(() => {});
  }
  return "over";
};
