import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure } from "./port.ts";

/** One start of a command, from when it began. */
export interface Start {
  readonly at: number;
}

/**
 * When a command may be started again. One that ends soon after its start is not started again at once, and the
 * wait doubles each time; one that lived for a while begins anew. Times are milliseconds of `performance.now()`.
 */
export class Backoff {
  #failures = 0;
  #failedAt = Number.NEGATIVE_INFINITY;

  /** How long a start must still wait. */
  waitMs(): number {
    const ms = Math.min(LIMITS.restart_ms_max, LIMITS.restart_ms_min * 2 ** (this.#failures - 1));
    return this.#failures === 0 ? 0 : Math.max(0, this.#failedAt + ms - performance.now());
  }

  /**
   * Resolves when the command may be started. Throws `UpstreamFailure` `never_ran` where that would take longer than
   * `msMax`, or the signal is aborted first.
   */
  async turn(msMax: number, signal: AbortSignal): Promise<Start> {
    for (let ms = this.waitMs(); ms > 0 && !signal.aborted; ms = this.waitMs()) {
      if (ms > msMax) {
        const seconds = Math.ceil(ms / 1_000);
        const times = this.#failures === 1 ? "once" : `${String(this.#failures)} times in a row`;
        throw new UpstreamFailure(
          "never_ran",
          `The command ended soon after its start ${times}. It can be started again in ${String(seconds)} s.`,
        );
      }
      await sleep(ms, undefined, { signal }).catch(() => {}); // Aborted: told below.
    }
    if (signal.aborted) {
      throw new UpstreamFailure("never_ran", "The server was closed.");
    }
    return { at: performance.now() };
  }

  /** The process of this start ended by itself. Those that were started together fail as one. */
  ended(start: Start): void {
    if (performance.now() - start.at >= LIMITS.settled_ms) {
      this.#failures = 0;
    } else if (start.at > this.#failedAt) {
      this.#failures += 1;
      this.#failedAt = performance.now();
    }
  }
}
