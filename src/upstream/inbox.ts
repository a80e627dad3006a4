import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Frame } from "../wire/frame.ts";

const together = (taken: readonly (Promise<void> | void)[]): Promise<void> | undefined => {
  const waiting = taken.filter((each) => each instanceof Promise);
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => {});
};

/** What a server says unasked, and that it is gone. */
export class Inbox {
  readonly #onMessage: ((frame: Frame) => Promise<void> | void)[] = [];
  readonly #onClosed: ((reason: string) => void)[] = [];
  /** What comes before anybody listens, within bounds. */
  #kept: Frame[] = [];
  #keptCharacters = 0;
  /** The listener is still busy with what came before it listened. */
  #behind: Promise<void> | undefined;
  #closed: string | undefined;

  /** Why nothing more comes; `undefined` while it may. */
  get closed(): string | undefined {
    return this.#closed;
  }

  readonly onMessage = (listener: (frame: Frame) => Promise<void> | void): void => {
    this.#onMessage.push(listener);
    const kept = this.#kept;
    this.#kept = [];
    this.#behind = together(kept.map((frame) => listener(frame)));
    this.#behind?.catch(() => {}); // Whoever waits for it next is told.
  };

  readonly onClosed = (listener: (reason: string) => void): void => {
    if (this.#closed === undefined) {
      this.#onClosed.push(listener);
    } else {
      listener(this.#closed);
    }
  };

  /** Gives a message to all who listen. Where one of them wants time, the wait for all of them. */
  deliver(frame: Frame): Promise<void> | undefined {
    if (this.#onMessage.length > 0) {
      const behind = this.#behind;
      this.#behind = undefined;
      return together([behind, ...this.#onMessage.map((listener) => listener(frame))]);
    }
    this.#keep(frame);
    return undefined;
  }

  #keep(frame: Frame): void {
    if (this.#kept.length >= LIMITS.waiting_messages_max) {
      return;
    }
    const { length } = writeJson(frame.value);
    if (this.#keptCharacters + length <= LIMITS.waiting_characters_max) {
      this.#keptCharacters += length;
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
