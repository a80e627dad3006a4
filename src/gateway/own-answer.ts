import type { JsonObject } from "../base/json-value.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";

/** The gate's answer to what a server asks and no client can be asked: it is there, and it offers nothing else. */
export const ownAnswer = ({ id, method }: RequestFrame): ResponseFrame => {
  if (method === "ping") {
    const result: JsonObject = {};
    return { kind: "response", value: { jsonrpc: "2.0", id, result }, id, result, error: undefined };
  }
  const error = { code: -32601, message: "The client does not offer this." };
  return { kind: "response", value: { jsonrpc: "2.0", id, error }, id, result: undefined, error };
};
