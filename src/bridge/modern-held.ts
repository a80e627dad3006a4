import { LIMITS } from "../base/limits.ts";
import { Room } from "./modern-open-asks.ts";

export interface HeldLimits {
  readonly callsMax: number;
  readonly msMax: number;
  readonly charactersMax: number;
}

export const HELD_LIMITS: HeldLimits = {
  callsMax: LIMITS.held_calls_max,
  msMax: LIMITS.held_ms_max,
  charactersMax: LIMITS.held_characters_max,
};

interface Held<C> {
  readonly call: C;
  readonly timer: NodeJS.Timeout;
}

/** Calls that wait for their client, by the handle it was given. A handle is random, known to one client, and good once. */
export class HeldCalls<C> {
  /** For what they ask. */
  readonly room: Room;
  readonly #limits: HeldLimits;
  readonly #byHandle = new Map<string, Held<C>>();

  constructor(limits: HeldLimits) {
    this.#limits = limits;
    this.room = new Room(limits.charactersMax);
  }

  /** `undefined` where no more can wait. `onExpired` is called when the client took too long; the handle is worth nothing then. */
  hold(call: C, onExpired: () => void): string | undefined {
    if (this.#byHandle.size >= this.#limits.callsMax) {
      return undefined;
    }
    const handle = crypto.randomUUID();
    const timer = setTimeout(() => {
      this.#byHandle.delete(handle);
      onExpired();
    }, this.#limits.msMax).unref();
    this.#byHandle.set(handle, { call, timer });
    return handle;
  }

  find(handle: string): C | undefined {
    return this.#byHandle.get(handle)?.call;
  }

  /** The client is back: the handle is spent. */
  release(handle: string): void {
    clearTimeout(this.#byHandle.get(handle)?.timer);
    this.#byHandle.delete(handle);
  }

  clear(): void {
    for (const handle of this.#byHandle.keys()) {
      this.release(handle);
    }
  }
}
