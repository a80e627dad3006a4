/** Counts the requests under way of each grant. */
export class InFlight {
  readonly #max: () => number;
  readonly #counts = new Map<string, number>();
  #total = 0;
  #drained: (() => void) | undefined;

  constructor(max: () => number) {
    this.#max = max;
  }

  /** Takes a place, or returns `undefined` where the grant has none left. Call what it returns to give the place back; more than once is once. */
  enter(grant: string): (() => void) | undefined {
    const count = this.#counts.get(grant) ?? 0;
    if (count >= this.#max()) {
      return undefined;
    }
    this.#counts.set(grant, count + 1);
    this.#total += 1;
    let left = false;
    return () => {
      if (!left) {
        left = true;
        this.#leave(grant);
      }
    };
  }

  #leave(grant: string): void {
    const count = (this.#counts.get(grant) ?? 1) - 1;
    if (count > 0) {
      this.#counts.set(grant, count);
    } else {
      this.#counts.delete(grant);
    }
    this.#total -= 1;
    if (this.#total === 0) {
      this.#drained?.();
    }
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.#total === 0;
  }

  /** Resolves when nothing is under way. */
  async drained(): Promise<void> {
    if (this.#total > 0) {
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
      });
    }
  }
}
