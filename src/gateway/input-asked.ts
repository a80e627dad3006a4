import { capabilityAsked } from "../bridge/modern-asks.ts";
import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";

/** What keeps a request of a server from its client: a capability the client did not declare, or an address of no web page. */
export type InputFault = { readonly lacks: string } | "no_web_address";

/**
 * A modern server asks its client in the result (2026-07-28 "Multi Round-Trip Requests"). As in the eras before, it
 * may ask only for what the client declared, and name only addresses of the web (contract of the gate).
 */
export const inputFault = (result: JsonObject, capabilities: JsonObject): InputFault | undefined => {
  const requests = member(result, "inputRequests");
  for (const request of isJsonObject(requests) ? Object.values(requests) : []) {
    const fault = faultOf(request, capabilities);
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
};

const faultOf = (request: Json, capabilities: JsonObject): InputFault | undefined => {
  const method = isJsonObject(request) ? member(request, "method") : undefined;
  const capability = typeof method === "string" ? capabilityAsked(method) : undefined;
  if (!isJsonObject(request) || capability === undefined) {
    return { lacks: "unknown" };
  }
  if (!Object.hasOwn(capabilities, capability)) {
    return { lacks: capability };
  }
  const params = member(request, "params");
  return urlIsWeb(isJsonObject(params) ? member(params, "url") : undefined) ? undefined : "no_web_address";
};

export const urlIsWeb = (url: Json | undefined): boolean =>
  url === undefined || (typeof url === "string" && /^https?:\/\//iu.test(url));
