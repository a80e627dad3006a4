import { bareObject, type Json, type JsonObject } from "../base/json-value.ts";
import { UpstreamFailure, type Answer } from "../upstream/port.ts";
import type { NotificationFrame, RequestFrame, RequestId, ResponseFrame } from "../wire/frame.ts";

/** A copy with these members added or changed. */
export const having = (value: JsonObject, members: JsonObject): JsonObject =>
  Object.assign(bareObject(), value, members);

/** A copy without these members. */
export const without = (value: JsonObject, ...names: readonly string[]): JsonObject => {
  const kept = bareObject();
  for (const [name, part] of Object.entries(value)) {
    if (!names.includes(name)) {
      kept[name] = part;
    }
  }
  return kept;
};

/** An id for a request of the bridge's own. */
export const ownId = (what: string): string => `tollgate-${what}-${crypto.randomUUID()}`;

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

/** An answer that no server gave. */
export const ownAnswer = (frame: ResponseFrame): Answer => ({ frame, httpStatus: null, bytes: 0 });

export const nonsense = (detail: string): UpstreamFailure => new UpstreamFailure("nonsense", detail);

/** Why a signal aborted, as a failure. */
export const failureOf = (signal: AbortSignal): UpstreamFailure => {
  const reason: unknown = signal.reason;
  return reason instanceof UpstreamFailure
    ? reason
    : new UpstreamFailure("cancelled", "The caller no longer waits.");
};

/** What the promise gives, or the failure of the signal if that comes first. */
export const unlessAborted = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(failureOf(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) {
    onAbort();
  }
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
};
