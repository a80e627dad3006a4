import { having } from "../base/json-change.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import type { NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "./frame.ts";

/** Messages of the gate's own. */

const message = (members: JsonObject): JsonObject => having({ jsonrpc: "2.0" }, members);

export const requestFrame = (
  id: RequestId,
  method: string,
  params: JsonObject | undefined,
): RequestFrame => ({
  kind: "request",
  value: message({ id, method, ...(params === undefined ? {} : { params }) }),
  id,
  method,
  params,
});

export const notificationFrame = (method: string, params?: JsonObject): NotificationFrame => ({
  kind: "notification",
  value: message({ method, ...(params === undefined ? {} : { params }) }),
  method,
  params,
});

export const resultFrame = (id: RequestId, result: JsonObject): ResponseFrame => ({
  kind: "response",
  value: message({ id, result }),
  id,
  result,
  error: undefined,
});

export const errorFrame = (id: RequestId, code: number, text: string, data?: Json): ResponseFrame => {
  const error: JsonObject = { code, message: text, ...(data === undefined ? {} : { data }) };
  return { kind: "response", value: message({ id, error }), id, result: undefined, error };
};
