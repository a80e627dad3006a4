import { RPC } from "../base/rpc-codes.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Channel } from "../upstream/port.ts";
import type { Frame, RequestFrame } from "../wire/frame.ts";
import { LATEST_MODERN, META } from "../wire/revisions.ts";

interface Watching {
  readonly channel: Channel;
  /** The gate's own question, under an id of its own. */
  readonly request: (method: string, params: JsonObject, meta: JsonObject) => RequestFrame;
  readonly heard: (frame: Frame) => void;
  /** Nobody listened for a while: what was known may not hold any more. */
  readonly missed: () => void;
  readonly version: string;
  readonly signal: AbortSignal;
}

const changes = (capabilities: Json | undefined, list: string): boolean => {
  const told = isJsonObject(capabilities) ? member(capabilities, list) : undefined;
  return isJsonObject(told) && member(told, "listChanged") === true;
};

/**
 * Listens, for the gate itself, to what a modern server says of its lists (2026-07-28 "Subscriptions"): calls are judged
 * by the newest definitions, whether a client listens or not. A subscription that ends is asked for again, ever later.
 */
export const watchLists = async (watching: Watching): Promise<void> => {
  const { channel, signal } = watching;
  const capabilities = member(channel.spoken.hello, "capabilities");
  const filter = bareObject();
  if (changes(capabilities, "tools")) {
    filter["toolsListChanged"] = true;
  }
  if (changes(capabilities, "resources")) {
    filter["resourcesListChanged"] = true;
  }
  let waitMs: number = LIMITS.watch_again_ms;
  while (Object.keys(filter).length > 0 && !signal.aborted) {
    if (await isUnsupported(watching, filter)) {
      return;
    }
    watching.missed();
    await sleep(waitMs, undefined, { signal }).catch(() => {});
    waitMs = Math.min(2 * waitMs, LIMITS.watch_again_ms_max);
  }
};

/** One subscription, to its end: whether it is of no use to ask for another. */
const isUnsupported = async (
  { channel, request, heard, version, signal }: Watching,
  filter: JsonObject,
): Promise<boolean> => {
  const meta: JsonObject = {
    [META.protocolVersion]: LATEST_MODERN,
    [META.clientCapabilities]: {},
    [META.clientInfo]: { name: "tollgate", version },
  };
  try {
    const frame = request("subscriptions/listen", { notifications: filter }, meta);
    const answer = await channel.request(frame, { onInterim: heard, signal });
    return answer.frame.error !== undefined && member(answer.frame.error, "code") === RPC.methodNotFound;
  } catch {
    return false; // The server went away, or is slow: later it may be there.
  }
};
