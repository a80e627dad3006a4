import type { Log } from "../base/log.ts";
import { UpstreamFailure } from "../upstream/port.ts";

/** Tells the operator when a server stops being available and when it is again: each once, not at every call. */
export class Outage {
  readonly #server: string;
  readonly #log: Log;
  #isOut = false;
  #hasEnded = false;

  constructor(server: string, log: Log) {
    this.#server = server;
    this.#log = log;
  }

  /** Passes on what comes of opening a link. */
  async watch<T>(opening: Promise<T>): Promise<T> {
    try {
      return await opening;
    } catch (error) {
      this.#begin(error instanceof UpstreamFailure ? error.detail : "unknown");
      throw error;
    }
  }

  #begin(reason: string): void {
    if (!this.#isOut && !this.#hasEnded) {
      this.#isOut = true;
      this.#log.warn("a server is not available", { server: this.#server, reason });
    }
  }

  /** There is a link. */
  over(): void {
    if (this.#isOut) {
      this.#isOut = false;
      this.#log.info("a server is available again", { server: this.#server });
    }
  }

  /** The gate itself closes the server: an opening that fails of that is no failure of the server. */
  end(): void {
    this.#hasEnded = true;
  }
}
