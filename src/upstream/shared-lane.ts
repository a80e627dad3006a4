import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Frame } from "../wire/frame.ts";
import { abortOf } from "./stdio.ts";

interface Item {
  readonly run: () => Promise<void> | void;
  readonly byteCount: number;
  /** The request it belongs to. */
  readonly of: object | undefined;
}

/**
 * What one client of a shared process is told, in order and no faster than it takes it. The process is not made to
 * wait, because it is others' too: what the client has not taken waits here, within a bound.
 */
export class Lane {
  readonly #waiting = new Set<Item>();
  #byteCount = 0;
  #holds = 0;

  /** Bytes of the messages that wait. */
  get waitingBytes(): number {
    return this.#byteCount;
  }

  /** Hands the message over, now or after those before it. `false` where there is no room: then it is not. */
  put(frame: Frame, run: Item["run"], of?: object): boolean {
    if (this.#isFree()) {
      this.hold(run());
      return true;
    }
    const byteCount = Buffer.byteLength(writeJson(frame.value));
    if (this.#byteCount + byteCount > LIMITS.shared_wait_bytes_max) {
      return false;
    }
    this.#byteCount += byteCount;
    this.#waiting.add({ run, byteCount, of });
    return true;
  }

  #isFree(): boolean {
    return this.#holds === 0 && this.#waiting.size === 0;
  }

  /** Resolves when all that was put so far is taken. Throws `UpstreamFailure` once the signal is aborted. */
  async emptied(signal: AbortSignal): Promise<void> {
    if (this.#isFree()) {
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const item: Item = { run: resolve, byteCount: 0, of: undefined };
    const onAbort = (): void => {
      this.#waiting.delete(item);
      reject(abortOf(signal));
    };
    this.#waiting.add(item);
    signal.addEventListener("abort", onAbort, { once: true });
    await promise.finally(() => signal.removeEventListener("abort", onAbort));
  }

  /** Nobody waits any more for what belongs to this request. */
  forget(of: object): void {
    for (const item of this.#waiting) {
      if (item.of === of) {
        this.#drop(item);
      }
    }
  }

  #drop(item: Item): void {
    this.#waiting.delete(item);
    this.#byteCount -= item.byteCount;
  }

  /** Hands over nothing more until this is settled. */
  hold(pending: Promise<void> | void): void {
    if (pending === undefined) {
      return;
    }
    this.#holds += 1;
    const release = (): void => {
      this.#holds -= 1;
      this.#go();
    };
    pending.then(release, release);
  }

  #go(): void {
    for (const item of this.#waiting) {
      if (this.#holds > 0) {
        return;
      }
      this.#drop(item);
      this.hold(item.run());
    }
  }
}
