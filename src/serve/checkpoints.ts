import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";

interface CheckpointsOptions {
  /** Takes a checkpoint now; what it does before it first awaits holds the event loop. */
  readonly save: () => Promise<void>;
  /** Something else whenever lines were written. */
  readonly head: () => string;
  readonly log: Log;
  readonly everyMs?: number;
}

/**
 * A checkpoint at the beginning, one every so often while lines are written, and one at the end. Taking one holds the event loop for as long
 * as it takes to copy the counters, so with many the next waits longer: never more than a thousandth of the time goes
 * into it.
 */
export class Checkpoints implements AsyncDisposable {
  readonly #options: CheckpointsOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #head = "";
  #failing = false;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    // The first at once: a gateway that read the whole record and is killed soon does not read it all again.
    this.#start(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#take();
  }

  #wait(heldMs: number): void {
    this.#start(Math.max(this.#options.everyMs ?? LIMITS.checkpoint_ms, heldMs * 1_000));
  }

  #start(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#tick();
    }, waitMs).unref();
  }

  async #tick(): Promise<void> {
    const heldMs = this.#options.head() === this.#head ? 0 : await this.#take();
    this.#wait(heldMs);
  }

  /** Milliseconds for which nothing else ran. Throws nothing: without it a start reads more of the journal. */
  async #take(): Promise<number> {
    const { save, head, log } = this.#options;
    let heldMs = 0;
    try {
      await inTurnOfItsOwn(() => {
        const begun = performance.now();
        const saved = save();
        heldMs = performance.now() - begun;
        this.#head = head();
        return saved;
      });
      this.#failing = false;
    } catch (error) {
      this.#head = "";
      if (!this.#failing) {
        log.warn("the counters' checkpoint could not be written", {
          reason: error instanceof Error ? error.message : "unknown",
        });
      }
      this.#failing = true;
    }
    return heldMs;
  }
}

/** Not behind an `await`: in the callback itself, whatever waits for a promise has run as far as it can. */
const inTurnOfItsOwn = (work: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      work().then(resolve, reject);
    });
  });
