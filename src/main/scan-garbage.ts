import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Upstream } from "../upstream/port.ts";

/** What a stdio server prints beside its messages is noted by the upstream itself. */
const NOTE = /^\[tollgate\] A line on standard output is not a message: (.*)$/mu;

/** The first line on standard output that was no message, with why not, as far as the tail still has it. */
export const garbageIn = (stderr: string): string | undefined => NOTE.exec(stderr)?.[1];

interface Watch extends Disposable {
  /** Rejects once nothing but garbage came for too long. Never resolves. */
  readonly onlyGarbage: Promise<never>;
  /** It speaks: what it prints besides is no reason to give it up. */
  readonly spoke: () => void;
}

/**
 * Looks at what a server prints while it starts: one that prints what is no message is told of soon, and one that
 * prints nothing else is not waited for to the end, unless somebody said how long it may take.
 */
export const watchOutput = (upstream: Upstream, tell: (line: string) => void): Watch => {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {}); // Nobody may wait for it any more.
  const given = upstream.spec.startMs === LIMITS.start_ms ? LIMITS.garbage_ms : Infinity;
  let since: number | undefined;
  let told = false;
  const look = (): void => {
    const line = garbageIn(upstream.stderrTail());
    if (line === undefined) {
      return;
    }
    since ??= performance.now();
    const passed = performance.now() - since;
    if (!told && passed >= LIMITS.garbage_told_ms) {
      told = true;
      tell(line);
    }
    if (passed >= given) {
      const seconds = String(LIMITS.garbage_ms / 1_000);
      reject(
        new UpstreamFailure("nonsense", `for ${seconds} s it printed nothing but what is no MCP message`),
      );
    }
  };
  const timer = setInterval(look, LIMITS.garbage_look_ms);
  const stop = (): void => clearInterval(timer);
  return { onlyGarbage: promise, spoke: stop, [Symbol.dispose]: stop };
};
