import type { RequestFrame } from "../wire/frame.ts";
import { callWait, fixedWait } from "./deadline.ts";
import { agreed } from "./handshake.ts";
import { HttpEndpoint } from "./http-endpoint.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, OpenOptions, ServerSpec, Spoken, Upstream } from "./port.ts";
import { SseLink } from "./sse-link.ts";
import { Tail } from "./tail.ts";

/** A server of the HTTP+SSE transport of 2024-11-05: each channel is an event stream of its own. */
export class SseUpstream implements Upstream {
  readonly spec: ServerSpec;
  readonly #mask: (text: string) => string;
  readonly #tail = new Tail();
  readonly #links = new Set<SseLink>();
  #endpoint: HttpEndpoint | undefined;

  constructor(spec: ServerSpec, { mask }: OpenOptions) {
    this.spec = spec;
    this.#mask = mask;
  }

  #link(): SseLink {
    const { spec } = this;
    if (spec.transport.kind !== "sse") {
      throw new UpstreamFailure("never_ran", "The server is not one of HTTP+SSE.");
    }
    this.#endpoint ??= new HttpEndpoint(spec);
    const note = (text: string): void => this.#tail.note(text);
    const link = new SseLink({ spec, url: spec.transport.url, endpoint: this.#endpoint, note });
    this.#links.add(link);
    link.inbox.onClosed(() => this.#links.delete(link));
    return link;
  }

  #channel(link: SseLink, spoken: Spoken): Channel {
    const options = { wait: callWait(this.spec), cancellable: true };
    return {
      spoken,
      request: (frame, exchange) => link.request(frame, exchange, options),
      send: (frame) => link.send(frame),
      onMessage: link.inbox.onMessage,
      onClosed: link.inbox.onClosed,
      [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
    };
  }

  async openLegacy(initialize: RequestFrame): Promise<{ channel: Channel; answer: Answer }> {
    const last = performance.now() + this.spec.startMs;
    const link = this.#link();
    try {
      await link.open();
      const exchange: Exchange = {
        onInterim: (frame) => link.inbox.deliver(frame),
        signal: new AbortController().signal,
      };
      const wait = fixedWait(Math.max(1, last - performance.now()));
      const answer = await link.request(initialize, exchange, { wait, cancellable: false });
      const spoken = agreed(initialize, answer);
      link.begin(spoken.revision);
      return { channel: this.#channel(link, spoken), answer };
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The transport is older than the first modern revision, and none of those knows it. */
  openModern(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  stderrTail(): string {
    return this.#tail.read(this.#mask);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#links].map((link) => link[Symbol.asyncDispose]()));
    await this.#endpoint?.[Symbol.asyncDispose]();
  }
}
