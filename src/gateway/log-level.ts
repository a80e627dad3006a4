import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { Link } from "./link.ts";

const METHOD = "logging/setLevel";

/** Tells a server that logs how much it shall. Gives the server's error where it refuses; one that is gone says nothing. */
export const setLogLevel = async (link: Link, params: JsonObject): Promise<JsonObject | undefined> => {
  if (!logs(link.channel.spoken.hello)) {
    return undefined;
  }
  try {
    const signal = AbortSignal.timeout(LIMITS.log_level_ms_max);
    const request = link.ownRequest(METHOD, params, undefined);
    return (await link.channel.request(request, { onInterim: () => {}, signal })).frame.error;
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return undefined;
    }
    throw error;
  }
};

const logs = (hello: JsonObject): boolean => {
  const capabilities = member(hello, "capabilities");
  return isJsonObject(capabilities) && Object.hasOwn(capabilities, "logging");
};
