import type { Ledger } from "../audit/port.ts";
import type { ReservedEntry } from "../audit/record.ts";
import type { Counters } from "../meter/port.ts";

/** What a call took that may still be given back, by its record's id. */
export type OpenCharge = readonly [id: string, reserved: readonly ReservedEntry[]];

/**
 * Charges of calls under way: recorded, counted, and without an outcome. A checkpoint of the counters keeps them, so
 * that an outcome `unavailable` that comes after it can give them back.
 *
 * A charge is open exactly as long as the counters hold it and the record may still say that it was given back. It
 * ends in the same step in which it is given back or its outcome is written, whichever is first: a checkpoint between
 * the two would else give it back once more.
 */
export class OpenCharges {
  readonly #open = new Map<string, readonly ReservedEntry[]>();
  readonly #ids = new WeakMap<object, string>();

  /** All there are now. */
  list(): readonly OpenCharge[] {
    return [...this.#open];
  }

  /** The ledger, told of by each line that goes through it. */
  ledger(ledger: Ledger): Ledger {
    return {
      append: (record) => {
        const written = ledger.append(record);
        if (record.reserved.length > 0) {
          this.#open.set(record.id, record.reserved);
          this.#ids.set(record.reserved, record.id);
        }
        return written;
      },
      outcome: (record) => {
        this.#open.delete(record.id);
        return ledger.outcome(record);
      },
      admin: (record) => ledger.admin(record),
      abandon: (id) => ledger.abandon(id),
      health: () => ledger.health(),
    };
  }

  /** The counters, likewise. */
  counters(counters: Counters): Counters {
    return {
      reserve: (charges, at) => counters.reserve(charges, at),
      release: (reserved) => {
        this.#open.delete(this.#ids.get(reserved) ?? "");
        return counters.release(reserved);
      },
    };
  }
}
