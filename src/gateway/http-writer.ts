import type { ServerResponse } from "node:http";
import { LIMITS } from "../base/limits.ts";
import { SSE_KEEP_ALIVE } from "../wire/sse.ts";
import type { EventWriter } from "./streams.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache",
  // Tells proxies such as nginx not to buffer (2026-07-28 "Receiving Messages").
  "x-accel-buffering": "no",
} as const;

const quiet = new Set<ServerResponse>();
let pulse: NodeJS.Timeout | undefined;

/** What lies between cuts connections that say nothing for long. One timer for all of them. */
const keepAlive = (response: ServerResponse): void => {
  quiet.add(response);
  pulse ??= setInterval(() => {
    for (const each of quiet) {
      if (!each.writableNeedDrain) {
        each.write(SSE_KEEP_ALIVE);
      }
    }
  }, LIMITS.keep_alive_ms).unref();
};

const keepAliveNoLonger = (response: ServerResponse): void => {
  quiet.delete(response);
  if (quiet.size === 0) {
    clearInterval(pulse);
    pulse = undefined;
  }
};

/** A reader that takes nothing for this long is gone, though its connection is there: Node cuts it. */
export const cutWhenStalled = ({ socket }: ServerResponse): void => {
  socket?.setTimeout(LIMITS.stalled_ms_max);
};

/** Begins an event stream on a response: its head goes out at once. A reader that has gone already gets nothing. */
export const openEventWriter = (
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): EventWriter => {
  if (response.closed || response.destroyed) {
    return GONE;
  }
  response.writeHead(200, { ...headers, ...HEADERS });
  response.flushHeaders();
  keepAlive(response);
  let wait: PromiseWithResolvers<void> | undefined;
  const room = (): void => {
    if (!response.writableEnded) {
      response.socket?.setTimeout(0);
    }
    wait?.resolve();
    wait = undefined;
  };
  response.on("drain", room);
  response.once("close", () => {
    keepAliveNoLonger(response);
    room();
  });
  return {
    write: (text) => {
      if (response.writableEnded || response.destroyed) {
        return undefined;
      }
      if (!response.write(text)) {
        cutWhenStalled(response);
        wait ??= Promise.withResolvers();
      }
      return wait?.promise;
    },
    end: () => {
      if (response.writableEnded) {
        return;
      }
      keepAliveNoLonger(response);
      response.end();
      if (response.writableLength > 0) {
        cutWhenStalled(response);
      }
      // Whoever has more to say has another reader for it now, or none.
      room();
    },
  };
};

const GONE: EventWriter = { write: () => undefined, end: () => {} };
