import type { AskServer } from "./modern-own.ts";

interface Entry {
  /** How many subscriptions want it. */
  count: number;
  /** Whether the server is subscribed, when all that was asked of it before is done. */
  state: Promise<boolean>;
}

/** Legacy subscriptions to resources, each made for the first that wants it and ended after the last. */
export class ResourceSubscriptions {
  readonly #ask: AskServer;
  readonly #entries = new Map<string, Entry>();
  readonly #end = new AbortController();

  constructor(ask: AskServer) {
    this.#ask = ask;
  }

  /** Whether the server tells changes of it. To be released, whatever the answer is. */
  acquire(uri: string): Promise<boolean> {
    const entry = this.#entries.get(uri) ?? { count: 0, state: Promise.resolve(false) };
    this.#entries.set(uri, entry);
    entry.count += 1;
    if (entry.count === 1) {
      entry.state = entry.state.then(
        (isOn) => isOn || this.#ask("resources/subscribe", { uri }, this.#end.signal),
      );
    }
    return entry.state;
  }

  release(uri: string): void {
    const entry = this.#entries.get(uri);
    if (entry === undefined) {
      return;
    }
    entry.count -= 1;
    if (entry.count === 0) {
      entry.state = entry.state.then((isOn) => this.#leave(uri, entry, isOn));
    }
  }

  async #leave(uri: string, entry: Entry, isOn: boolean): Promise<boolean> {
    if (entry.count > 0) {
      return isOn; // Wanted again meanwhile.
    }
    if (isOn) {
      await this.#ask("resources/unsubscribe", { uri }, this.#end.signal);
    }
    if (entry.count === 0) {
      this.#entries.delete(uri);
    }
    return false;
  }

  /** Nothing more is asked of the server. */
  end(): void {
    this.#end.abort();
  }
}
