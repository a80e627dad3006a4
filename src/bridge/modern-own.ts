import type { JsonObject } from "../base/json-value.ts";
import type { Channel, Exchange } from "../upstream/port.ts";
import { requestFrame } from "../wire/make-frame.ts";

/** Asks the server for the bridge itself. Whether it did it; a failure is a no. */
export type AskServer = (method: string, params: JsonObject, signal: AbortSignal) => Promise<boolean>;

export const askServer = (lower: Channel, onInterim: Exchange["onInterim"]): AskServer => {
  let serial = 0;
  return async (method, params, signal) => {
    serial += 1;
    const request = requestFrame(`tollgate-bridge-${String(serial)}`, method, params);
    try {
      const { frame } = await lower.request(request, { onInterim, signal });
      return frame.result !== undefined;
    } catch {
      return false;
    }
  };
};
