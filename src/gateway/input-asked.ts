import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";

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

const ASKED: ReadonlyMap<string, string> = new Map([
  ["sampling/createMessage", "sampling"],
  ["elicitation/create", "elicitation"],
  ["roots/list", "roots"],
  ["tasks/list", "tasks"],
  ["tasks/get", "tasks"],
  ["tasks/result", "tasks"],
  ["tasks/cancel", "tasks"],
]);

/** The capability that a server's request needs and the client did not declare, in whole or in part. */
export const capabilityLacked = (
  method: string,
  params: JsonObject | undefined,
  capabilities: JsonObject,
): string | undefined => {
  const capability = ASKED.get(method);
  if (capability === undefined) {
    return undefined;
  }
  const declared = member(capabilities, capability);
  return isJsonObject(declared) && declaresPart(method, params ?? bareObject(), declared)
    ? undefined
    : capability;
};

/** Parts of a capability that are declared apart (2025-11-25 "Elicitation", "Sampling"). */
const declaresPart = (method: string, params: JsonObject, declared: JsonObject): boolean => {
  if (method === "sampling/createMessage") {
    const usesTools = Object.hasOwn(params, "tools") || Object.hasOwn(params, "toolChoice");
    return !usesTools || Object.hasOwn(declared, "tools");
  }
  if (method === "elicitation/create") {
    const mode = member(params, "mode") ?? "form";
    // A declaration without modes means forms.
    const isOfForms = Object.hasOwn(declared, "form") || !Object.hasOwn(declared, "url");
    return mode === "form" ? isOfForms : typeof mode === "string" && Object.hasOwn(declared, mode);
  }
  return true;
};

const faultOf = (request: Json, capabilities: JsonObject): InputFault | undefined => {
  const method = isJsonObject(request) ? member(request, "method") : undefined;
  if (!isJsonObject(request) || typeof method !== "string" || !INPUTS.has(method)) {
    return { lacks: "unknown" };
  }
  const told = member(request, "params");
  const params = isJsonObject(told) ? told : undefined;
  // An address of no web page is wrong whatever a client declared.
  if (!urlIsWeb(params && member(params, "url"))) {
    return "no_web_address";
  }
  const lacks = capabilityLacked(method, params, capabilities);
  return lacks === undefined ? undefined : { lacks };
};

/** What a result may ask for. */
const INPUTS: ReadonlySet<string> = new Set(["sampling/createMessage", "elicitation/create", "roots/list"]);

export const urlIsWeb = (url: Json | undefined): boolean =>
  url === undefined || (typeof url === "string" && /^https?:\/\//iu.test(url));
