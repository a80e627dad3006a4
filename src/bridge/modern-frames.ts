import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Answer } from "../upstream/port.ts";
import type { NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";

/** Messages made and changed: copies, with the members in the order they came. */

export const INVALID_PARAMS = -32602;
export const METHOD_NOT_FOUND = -32601;
export const INTERNAL_ERROR = -32603;

export const having = (value: JsonObject, members: JsonObject): JsonObject =>
  Object.assign(bareObject(), value, members);

export const without = (value: JsonObject, drop: (name: string) => boolean): Record<string, Json> => {
  const kept = bareObject();
  for (const [name, part] of Object.entries(value)) {
    if (!drop(name)) {
      kept[name] = part;
    }
  }
  return kept;
};

export const requestOf = (id: RequestId, method: string, params: JsonObject): RequestFrame => {
  const value = having({ jsonrpc: "2.0", id, method }, { params });
  return { kind: "request", value, id, method, params };
};

export const notificationOf = (method: string, params?: JsonObject): NotificationFrame => {
  const value = having({ jsonrpc: "2.0", method }, params === undefined ? {} : { params });
  return { kind: "notification", value, method, params };
};

export const resultFor = (id: RequestId, result: JsonObject): ResponseFrame => ({
  kind: "response",
  value: having({ jsonrpc: "2.0", id }, { result }),
  id,
  result,
  error: undefined,
});

export const errorFor = (id: RequestId, code: number, message: string): ResponseFrame => {
  const error: JsonObject = { code, message };
  const value = having({ jsonrpc: "2.0", id }, { error });
  return { kind: "response", value, id, result: undefined, error };
};

/** An answer of the bridge's own. */
export const answerOf = (frame: ResponseFrame): Answer => ({
  frame,
  httpStatus: null,
  bytes: new TextEncoder().encode(writeJson(frame.value)).length,
});

/** The same answer to another request. */
export const withId = (frame: ResponseFrame, id: RequestId): ResponseFrame =>
  frame.id === id ? frame : { ...frame, id, value: having(frame.value, { id }) };

export const withParams = (frame: NotificationFrame, members: JsonObject): NotificationFrame => {
  const params = having(frame.params ?? {}, members);
  return { ...frame, params, value: having(frame.value, { params }) };
};

/** The notification with one more member in its `_meta`. */
export const withMeta = (frame: NotificationFrame, name: string, item: Json): NotificationFrame => {
  const meta = frame.params === undefined ? undefined : member(frame.params, "_meta");
  return withParams(frame, { _meta: having(isJsonObject(meta) ? meta : {}, { [name]: item }) });
};

/** A member of the parameters' `_meta`. */
export const metaOf = (params: JsonObject | undefined, name: string): Json | undefined => {
  const meta = params === undefined ? undefined : member(params, "_meta");
  return isJsonObject(meta) ? member(meta, name) : undefined;
};
