import type { RequestFrame } from "../wire/frame.ts";
import type { Answer, Channel, OpenOptions, ServerSpec, Upstream } from "./port.ts";
import { Launcher, waitFor } from "./stdio-launch.ts";
import type { Launched } from "./stdio-launch.ts";

/** A server that is a command: each channel is a process of its own. */
export class StdioUpstream implements Upstream {
  readonly spec: ServerSpec;
  readonly #launcher: Launcher;

  constructor(spec: ServerSpec, options: OpenOptions) {
    this.spec = spec;
    this.#launcher = new Launcher(spec, options);
  }

  #channel({ link, spoken }: Launched): Channel {
    return {
      spoken,
      request: (frame, exchange) =>
        link.request(frame, exchange, { wait: waitFor(frame, this.spec), cancellable: true }),
      send: (frame) => link.send(frame),
      onMessage: link.onMessage,
      onClosed: link.inbox.onClosed,
      [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
    };
  }

  async openLegacy(initialize: RequestFrame): Promise<{ channel: Channel; answer: Answer }> {
    const launched = await this.#launcher.legacy(initialize);
    return { channel: this.#channel(launched), answer: launched.answer };
  }

  async openModern(): Promise<Channel | undefined> {
    const launched = await this.#launcher.modern();
    return launched === undefined ? undefined : this.#channel(launched);
  }

  stderrTail(): string {
    return this.#launcher.stderrTail();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#launcher[Symbol.asyncDispose]();
  }
}
