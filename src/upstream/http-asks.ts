import { LIMITS } from "../base/limits.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { idKey } from "./calls.ts";
import type { Session } from "./http-session.ts";
import { UpstreamFailure } from "./port.ts";

interface Open {
  readonly session: Session;
  /** How many answers are still to come. */
  count: number;
  /** Two sessions asked with this id: it cannot be told which of them an answer is for. */
  readonly mixed: boolean;
}

/**
 * What servers ask their client, by id. A server that begins a new session begins its ids anew, and an answer that was
 * meant for the old session's question must not answer the new one's.
 */
export class Asks {
  readonly #open = new Map<string, Open>();

  asked(frame: RequestFrame, session: Session): void {
    const key = idKey(frame.id) ?? "";
    const before = this.#open.get(key);
    const clash = before !== undefined && (before.mixed || before.session !== session);
    this.#open.delete(key);
    this.#open.set(key, { session, count: clash ? before.count + 1 : 1, mixed: clash });
    if (this.#open.size > LIMITS.open_asks_max) {
      const [oldest = ""] = this.#open.keys();
      this.#open.delete(oldest);
    }
  }

  /** The session that an answer is for; `undefined` where nobody is known to have asked. Throws `never_ran` in doubt. */
  answered(frame: ResponseFrame): Session | undefined {
    const key = idKey(frame.id) ?? "";
    const open = this.#open.get(key);
    if (open === undefined) {
      return undefined;
    }
    open.count -= 1;
    if (open.count === 0) {
      this.#open.delete(key);
    }
    if (open.mixed) {
      throw new UpstreamFailure("never_ran", "Two sessions of the server asked with the same id.");
    }
    return open.session;
  }
}
