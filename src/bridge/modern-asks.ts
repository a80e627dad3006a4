import { RPC } from "../base/rpc-codes.ts";
import { isJsonObject, member, type JsonObject } from "../base/json-value.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { errorFrame, resultFrame } from "../wire/make-frame.ts";

const CAPABILITIES: ReadonlyMap<string, string> = new Map([
  ["sampling/createMessage", "sampling"],
  ["elicitation/create", "elicitation"],
  ["roots/list", "roots"],
]);

/** The client capability that a legacy server's request needs; `undefined` for what no client offers. */
const capabilityAsked = (method: string): string | undefined => CAPABILITIES.get(method);

/** Requests that may be answered with a question (2026-07-28 "Multi Round-Trip Requests", Supported Requests). */
const MAY_ASK: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

export const mayAsk = (method: string): boolean => MAY_ASK.has(method);

/** What becomes of a server's request: the client is asked, the bridge answers, or the call ends. */
export type AskVerdict =
  | { readonly kind: "put" }
  | { readonly kind: "answer"; readonly frame: ResponseFrame }
  | { readonly kind: "lacks"; readonly capability: string };

const PUT: AskVerdict = { kind: "put" };

export const notOffered = ({ id }: RequestFrame): ResponseFrame =>
  errorFrame(id, RPC.methodNotFound, "The client does not offer this.");

/** A ping is answered by whoever is there. */
export const pong = (frame: RequestFrame): ResponseFrame | undefined =>
  frame.method === "ping" ? resultFrame(frame.id, {}) : undefined;

/** A client must be asked only for what it declared (2026-07-28 "Multi Round-Trip Requests", Server Requirements 7). */
export const judgeAsk = (frame: RequestFrame, capabilities: JsonObject): AskVerdict => {
  const capability = capabilityAsked(frame.method);
  if (capability === undefined) {
    return { kind: "answer", frame: notOffered(frame) };
  }
  const declared = member(capabilities, capability);
  if (!isJsonObject(declared)) {
    return { kind: "lacks", capability };
  }
  const fault = partFault(frame, declared);
  return fault === undefined
    ? PUT
    : { kind: "answer", frame: errorFrame(frame.id, RPC.invalidParams, fault) };
};

/** Parts of a capability that are declared apart (2025-11-25 "Elicitation", "Sampling": a client answers -32602). */
const partFault = ({ method, params = {} }: RequestFrame, declared: JsonObject): string | undefined => {
  if (method === "elicitation/create") {
    return elicitationFault(params, declared);
  }
  const usesTools = Object.hasOwn(params, "tools") || Object.hasOwn(params, "toolChoice");
  return method === "sampling/createMessage" && usesTools && !Object.hasOwn(declared, "tools")
    ? "The client does not offer tools in sampling."
    : undefined;
};

const elicitationFault = (params: JsonObject, declared: JsonObject): string | undefined => {
  const mode = member(params, "mode") ?? "form";
  const takesUrl = Object.hasOwn(declared, "url");
  // An empty capability is one of forms.
  const takesForm = Object.hasOwn(declared, "form") || !takesUrl;
  const offered = mode === "form" ? takesForm : mode === "url" && takesUrl;
  if (!offered) {
    return "The client does not offer this mode of elicitation.";
  }
  const url = member(params, "url");
  const isWeb = typeof url === "string" && /^https?:\/\//iu.test(url);
  return isWeb || (mode === "form" && url === undefined)
    ? undefined
    : "The address of an elicitation must be one of the web.";
};
