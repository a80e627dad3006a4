import { UpstreamFailure, type Answer } from "../upstream/port.ts";
import type { ResponseFrame } from "../wire/frame.ts";

/** An id for a request of the bridge's own. */
export const ownId = (what: string): string => `tollgate-${what}-${crypto.randomUUID()}`;

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
