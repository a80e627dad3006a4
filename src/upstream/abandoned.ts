import { LIMITS } from "../base/limits.ts";

interface Left {
  readonly owner: object | undefined;
  /** Of `performance.now()`. */
  readonly until: number;
}

/**
 * Requests whose answer nobody waits for any more, by the id they were sent with. The server may still be at work on
 * them: their ids are not used again, and whoever made them may be meant by what it asks.
 */
export class Abandoned {
  readonly #byId = new Map<string, Left>();
  /** Until when somebody may be meant whose request is not known any more. */
  #unknownUntil = 0;

  add(key: string, owner: object | undefined): void {
    this.#byId.set(key, { owner, until: performance.now() + LIMITS.abandoned_ms_max });
    const [oldest] = this.#byId;
    if (oldest !== undefined && this.#byId.size > LIMITS.abandoned_calls_max) {
      const [id, { owner: lost, until }] = oldest;
      this.#byId.delete(id);
      this.#unknownUntil = lost === undefined ? this.#unknownUntil : until;
    }
  }

  has(key: string): boolean {
    return this.#byId.has(key);
  }

  /** The answer came after all. */
  answered(key: string): void {
    this.#byId.delete(key);
  }

  /** Whose requests may still be under way at the server; `undefined` among them where it is not known whose. */
  owners(): Set<object | undefined> {
    const now = performance.now();
    const owners = new Set<object | undefined>();
    for (const { owner, until } of this.#byId.values()) {
      if (owner !== undefined && until > now) {
        owners.add(owner);
      }
    }
    return this.#unknownUntil > now ? owners.add(undefined) : owners;
  }
}
