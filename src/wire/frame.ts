import type { Json, JsonObject } from "../base/json-value.ts";
import type { RefusalCode } from "../base/errors.ts";

/** An id as JSON-RPC has it: a string, or a number in the text it was written in. */
export type RequestId = Json;

/** One JSON-RPC 2.0 message that passed the strict reader. `value` is the whole message; what is forwarded is made from it. */
export type Frame = RequestFrame | NotificationFrame | ResponseFrame;

export interface RequestFrame {
  readonly kind: "request";
  readonly value: JsonObject;
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

export interface NotificationFrame {
  readonly kind: "notification";
  readonly value: JsonObject;
  readonly method: string;
  readonly params: JsonObject | undefined;
}

export interface ResponseFrame {
  readonly kind: "response";
  readonly value: JsonObject;
  readonly id: RequestId | undefined;
  readonly result: JsonObject | undefined;
  readonly error: JsonObject | undefined;
}

/** A message that is refused. `id` where one could be read, so that the answer finds its request. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly code: Extract<RefusalCode, "parse_error" | "invalid_request" | "invalid_params">;
  /** One sentence, with nothing of the message's values in it. */
  readonly reason: string;
  readonly id: RequestId | undefined;
  /** Method and tool where they could be read, for the record. */
  readonly method: string | undefined;
}
