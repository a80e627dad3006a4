import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";

/** What keeps a request of a server from its client: a capability the client did not declare, or an address of no web page. */
export type InputFault = { readonly lacks: string } | "no_web_address";

/**
 * A modern server asks its client in the result (2026-07-28 "Multi Round-Trip Requests"). As in the eras before, it
 * may ask only for what the client declared, and name only addresses of the web (contract of the gate).
 */
export const inputFault = (result: JsonObject, capabilities: JsonObject): InputFault | undefined => {
  const requests = member(result, "inputRequests");
  if (requests !== undefined && !isJsonObject(requests)) {
    return { lacks: "unknown" };
  }
  for (const request of Object.values(requests ?? {})) {
    const fault = faultOf(request, capabilities);
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
};

/** The client capability that a request of a server needs; `undefined` for one that needs none. */
export const capabilityAsked = (method: string): string | undefined => ASKED.get(method);

const ASKED: ReadonlyMap<string, string> = new Map([
  ["sampling/createMessage", "sampling"],
  ["elicitation/create", "elicitation"],
  ["roots/list", "roots"],
]);

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
