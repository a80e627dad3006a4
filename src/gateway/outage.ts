import type { Log } from "../base/log.ts";
import { NotThere, UpstreamFailure, type Channel, type Upstream } from "../upstream/port.ts";

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

  /** The same server: what is asked over an open channel tells too. */
  watching(upstream: Upstream): Upstream {
    return {
      spec: upstream.spec,
      openLegacy: async (initialize) => {
        const opened = await upstream.openLegacy(initialize);
        return { ...opened, channel: this.#watched(opened.channel) };
      },
      openModern: async () => {
        const channel = await upstream.openModern();
        return channel === undefined ? undefined : this.#watched(channel);
      },
      stderrTail: () => upstream.stderrTail(),
      [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
    };
  }

  #watched(channel: Channel): Channel {
    return {
      get spoken() {
        return channel.spoken;
      },
      request: async (frame, exchange) => {
        try {
          const answer = await channel.request(frame, exchange);
          this.over();
          return answer;
        } catch (error) {
          if (error instanceof NotThere) {
            this.#begin(error.detail);
          }
          throw error;
        }
      },
      send: (frame) => channel.send(frame),
      onClosed: (listener) => channel.onClosed(listener),
      onMessage: (listener) => channel.onMessage(listener),
      [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
    };
  }

  #begin(reason: string): void {
    if (!this.#isOut && !this.#hasEnded) {
      this.#isOut = true;
      this.#log.warn("a server is not available", { server: this.#server, reason });
    }
  }

  /** There is a link, or an answer. */
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
