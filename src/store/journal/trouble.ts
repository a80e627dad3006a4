import { LedgerUnavailable } from "../../audit/port.ts";
import type { AdminRecord } from "../../audit/record.ts";
import type { Clock } from "../../base/clock.ts";
import { ownAct } from "./lines.ts";
import type { Misplaced } from "./segment-writer.ts";

/** Written when the journal is well again. */
const RECOVERED_ACT = "journal.recovered";

export const MISPLACED = {
  removed: "its file was removed",
  replaced: "its file was replaced by another",
  changed: "its file was changed by another program",
  unreachable: "its file cannot be reached",
} as const satisfies Record<Misplaced, string>;

interface State {
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** In plain words, without paths: users see it. */
  readonly reason: string;
  /** Decisions that could not be recorded. */
  readonly unrecorded: number;
}

/** A time in which the journal cannot be written: since when, why, and what is missing. */
export class Trouble {
  readonly #clock: Clock;
  readonly #tell: (message: string) => void;
  #state: State | undefined;

  /** @param tell told of its beginning and its end, in a sentence for the operator */
  constructor(clock: Clock, tell: (message: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  get reason(): string | undefined {
    return this.#state?.reason;
  }

  /** It begins, or goes on for this reason. What the refused caller is thrown. */
  refusal(reason: string, cause?: unknown): LedgerUnavailable {
    if (this.#state === undefined) {
      this.#tell(`The journal cannot be written: ${reason}. Calls are refused until it can.`);
    }
    this.#state = { since: this.#clock.now(), unrecorded: 0, ...this.#state, reason };
    return new LedgerUnavailable(reason, { cause });
  }

  /** A decision could not be recorded. */
  missed(): void {
    if (this.#state !== undefined) {
      this.#state = { ...this.#state, unrecorded: this.#state.unrecorded + 1 };
    }
  }

  /** What is to be written before anything else, for the trouble to end. */
  act(): AdminRecord | undefined {
    if (this.#state === undefined) {
      return undefined;
    }
    const { since, reason, unrecorded } = this.#state;
    return ownAct(this.#clock.now(), RECOVERED_ACT, null, {
      since: new Date(since).toISOString(),
      reason,
      unrecorded,
    });
  }

  end(): void {
    if (this.#state !== undefined) {
      const { unrecorded } = this.#state;
      this.#state = undefined;
      this.#tell(
        `The journal can be written again. Decisions that could not be recorded: ${String(unrecorded)}.`,
      );
    }
  }
}
