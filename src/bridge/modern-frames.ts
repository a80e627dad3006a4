import { having } from "../base/json-change.ts";
import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Answer } from "../upstream/port.ts";
import type { NotificationFrame, RequestId, ResponseFrame } from "../wire/frame.ts";

/** Messages changed: copies, with the members in the order they came. */

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
