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
  response.once("close", () => {
    quiet.delete(response);
    if (quiet.size === 0) {
      clearInterval(pulse);
      pulse = undefined;
    }
  });
};

/** A reader that takes nothing for this long is gone, though its connection is there. */
export const cutWhenStalled = (response: ServerResponse): void => {
  const { socket } = response;
  socket?.setTimeout(LIMITS.stalled_ms_max, () => socket.destroy());
};

/** Begins an event stream on a response: its head goes out at once. */
export const openEventWriter = (
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): EventWriter => {
  response.writeHead(200, { ...headers, ...HEADERS });
  response.flushHeaders();
  keepAlive(response);
  let room: Promise<void> | undefined;
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      cutWhenStalled(response);
      const done = (): void => {
        response.off("drain", done).off("close", done);
        response.socket?.setTimeout(0);
        room = undefined;
        resolve();
      };
      response.on("drain", done).on("close", done);
    });
  return {
    write: (text) => {
      if (response.writableEnded || response.destroyed) {
        return undefined;
      }
      if (!response.write(text)) {
        room ??= wait();
      }
      return room;
    },
    end: () => {
      if (!response.writableEnded) {
        response.end();
      }
    },
  };
};
