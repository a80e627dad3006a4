import type { OutcomeRecord } from "../../audit/record.ts";
import { ownOutcome } from "./lines.ts";

/** Forwarded calls without an outcome in the journal, and the outcomes that it owes them. */
export class OpenCalls {
  readonly #ids: Set<string>;
  readonly #owed: Map<string, OutcomeRecord>;

  /** @param left by a crash: nobody knows how they ended (docs/audit.md) */
  constructor(left: ReadonlySet<string>, now: number) {
    this.#ids = new Set(left);
    this.#owed = new Map([...left].map((id) => [id, ownOutcome(now, id, "unknown")]));
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  list(): readonly string[] {
    return [...this.#ids];
  }

  begin(id: string): void {
    this.#ids.add(id);
  }

  /** Its outcome is in the journal. */
  end(id: string): void {
    this.#ids.delete(id);
    this.#owed.delete(id);
  }

  /** Its outcome is known and is not in the journal. One that JSON cannot say would be in the way of all others. */
  owe(outcome: OutcomeRecord): void {
    if (this.#ids.has(outcome.id) && Number.isFinite(outcome.duration_ms)) {
      this.#owed.set(outcome.id, outcome);
    }
  }

  /** Oldest first; those that end meanwhile are left out. */
  owed(): Iterable<OutcomeRecord> {
    return this.#owed.values();
  }

  get owes(): boolean {
    return this.#owed.size > 0;
  }
}
