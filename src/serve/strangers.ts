import type { RefusalCode } from "../base/errors.ts";
import type { Log } from "../base/log.ts";

const SAMPLE_MS = 10_000;

/**
 * Counts refusals of senders that nobody knows, and tells the operator of the first of each kind and then at most
 * every ten seconds: a scanner must not fill the log, and must not go unseen.
 */
export const createStrangers = (log: Log, now: () => number): ((code: RefusalCode) => void) => {
  const counts = new Map<RefusalCode, { count: number; toldAt: number }>();
  return (code) => {
    const kind = counts.get(code) ?? { count: 0, toldAt: Number.NEGATIVE_INFINITY };
    kind.count += 1;
    counts.set(code, kind);
    if (Math.abs(now() - kind.toldAt) >= SAMPLE_MS) {
      kind.toldAt = now();
      log.warn("refused an unknown sender", { code, count: kind.count });
    }
  };
};
