import { createLineFramer } from "../wire/lines.ts";
import type { Line } from "../wire/lines.ts";

interface IntakeOptions {
  readonly bytesMax: number;
  readonly onLine: (line: Line) => void;
  /** Nothing more is to be read from the server, and then again. */
  readonly pause: () => void;
  readonly resume: () => void;
}

/**
 * What a server writes, line by line, no faster than it is taken: while somebody holds it, nothing is read, so that
 * the server's own writing waits. What was read before is at most one piece of the pipe.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #framer;
  #steps: (() => void)[] = [];
  #next = 0;
  #holds = 0;
  #ending = false;
  #cut = false;
  #last: (() => void) | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#framer = createLineFramer(options.bytesMax);
  }

  push(chunk: Uint8Array): void {
    // A server that is to end must not be kept from it by a full pipe: what nobody takes is thrown away.
    this.#cut ||= this.#ending && this.#holds > 0;
    if (this.#cut) {
      return;
    }
    for (const line of this.#framer.push(chunk)) {
      this.#steps.push(() => this.#options.onLine(line));
    }
    this.#go();
  }

  /** What is to be done before all that waits: the parts of a line that is more than one message. */
  first(steps: readonly (() => void)[]): void {
    this.#steps = [...steps, ...this.#steps.slice(this.#next)];
    this.#next = 0;
  }

  #go(): void {
    while (this.#holds === 0) {
      const step = this.#steps[this.#next];
      if (step === undefined) {
        this.#steps = [];
        this.#next = 0;
        this.#finish();
        return;
      }
      this.#next += 1;
      step();
    }
  }

  /** Takes no more until this is settled. */
  hold(pending: Promise<void> | void): void {
    if (pending === undefined) {
      return;
    }
    this.#holds += 1;
    if (this.#holds === 1 && !this.#ending) {
      this.#options.pause();
    }
    const release = (): void => {
      this.#holds -= 1;
      this.#go();
      if (this.#holds === 0) {
        this.#options.resume();
      }
    };
    pending.then(release, release);
  }

  /** Nothing more comes. Called once all that came is taken, or at once where it is no longer waited for. */
  last(step: () => void): void {
    this.#last = step;
    if (this.#holds === 0 || this.#ending) {
      this.#finish();
    }
  }

  #finish(): void {
    const last = this.#last;
    this.#last = undefined;
    last?.();
  }

  /** The server is to end: from now on it is read from whoever holds what. */
  end(): void {
    this.#ending = true;
    this.#options.resume();
    if (this.#holds > 0) {
      this.#finish();
    }
  }
}
