import type { Frame } from "../wire/frame.ts";

/** Messages that come before anybody listens are kept so many. */
const KEPT_MAX = 1_000;

/** What a server says unasked, and that it is gone. */
export class Inbox {
  readonly #onMessage: ((frame: Frame) => void)[] = [];
  readonly #onClosed: ((reason: string) => void)[] = [];
  #kept: Frame[] = [];
  #closed: string | undefined;

  /** Why nothing more comes; `undefined` while it may. */
  get closed(): string | undefined {
    return this.#closed;
  }

  readonly onMessage = (listener: (frame: Frame) => void): void => {
    this.#onMessage.push(listener);
    const kept = this.#kept;
    this.#kept = [];
    kept.forEach((frame) => listener(frame));
  };

  readonly onClosed = (listener: (reason: string) => void): void => {
    if (this.#closed === undefined) {
      this.#onClosed.push(listener);
    } else {
      listener(this.#closed);
    }
  };

  deliver(frame: Frame): void {
    if (this.#onMessage.length > 0) {
      this.#onMessage.forEach((listener) => listener(frame));
    } else if (this.#kept.length < KEPT_MAX) {
      this.#kept.push(frame);
    }
  }

  close(reason: string): void {
    if (this.#closed === undefined) {
      this.#closed = reason;
      this.#onClosed.forEach((listener) => listener(reason));
    }
  }
}
