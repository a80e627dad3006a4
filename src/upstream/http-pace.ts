import type { Deadline } from "./deadline.ts";
import { failureOf } from "./http-endpoint.ts";
import { UpstreamFailure } from "./port.ts";

/** Waits for a promise, but no longer than the signal lets: then it throws the signal's failure. */
export const untilAborted = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(failureOf(undefined, signal));
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

const UNTAKEN = new UpstreamFailure("cancelled", "Whoever takes the messages cannot take any more.");

/**
 * The wait for whoever takes a message, where they want time. Meanwhile the server is not to blame: only the bound of
 * the whole call goes on. The end of the call, which is the signal, ends the wait.
 */
export const untilTaken = (
  given: Promise<void> | void,
  deadline: Deadline | undefined,
  signal: AbortSignal,
): Promise<void> | undefined => {
  if (!(given instanceof Promise)) {
    return undefined;
  }
  deadline?.pause();
  const taken = given.catch(() => {
    throw UNTAKEN;
  });
  return untilAborted(taken, signal).finally(() => deadline?.extend());
};
