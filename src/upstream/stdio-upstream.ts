import type { RequestFrame } from "../wire/frame.ts";
import { callWait, ENDLESS, fixedWait } from "./deadline.ts";
import { agreed } from "./handshake.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, Exchange, ServerSpec, Spoken, Upstream } from "./port.ts";
import { discoverRequest, PROBE_MS, verdictOf } from "./probe.ts";
import { StdioLink } from "./stdio.ts";
import { Tail } from "./tail.ts";

/** A server that was silent so often is taken for legacy for good; the first silence may be a slow start. */
const SILENT_MAX = 2;

const unheard = (): Exchange => ({ onInterim: () => {}, signal: new AbortController().signal });

/** A server that is a command: each channel is a process of its own. */
export class StdioUpstream implements Upstream {
  readonly spec: ServerSpec;
  readonly #mask: (text: string) => string;
  readonly #tail = new Tail();
  readonly #links = new Set<StdioLink>();
  #isLegacy = false;
  #silences = 0;

  constructor(spec: ServerSpec, mask: (text: string) => string) {
    this.spec = spec;
    this.#mask = mask;
  }

  #start(): StdioLink {
    const link = new StdioLink(this.spec, this.#tail);
    this.#links.add(link);
    link.inbox.onClosed(() => this.#links.delete(link));
    return link;
  }

  #channel(link: StdioLink, spoken: Spoken): Channel {
    const { callMs } = this.spec;
    return {
      spoken,
      request: (frame, exchange) => {
        const wait = frame.method === "subscriptions/listen" ? ENDLESS : callWait(callMs);
        return link.request(frame, exchange, { wait, cancellable: true });
      },
      send: (frame) => link.send(frame),
      onMessage: link.onMessage,
      onClosed: link.inbox.onClosed,
      [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
    };
  }

  async openLegacy(initialize: RequestFrame): Promise<{ channel: Channel; answer: Answer }> {
    const link = this.#start();
    try {
      const exchange: Exchange = { ...unheard(), onInterim: (frame) => link.inbox.deliver(frame) };
      const options = { wait: fixedWait(this.spec.startMs), cancellable: false };
      const answer = await link.request(initialize, exchange, options);
      return { channel: this.#channel(link, agreed(initialize, answer)), answer };
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  async openModern(): Promise<Channel | undefined> {
    if (this.#isLegacy) {
      return undefined;
    }
    const link = this.#start();
    const spoken = await this.#probe(link).catch(async (error: unknown) => {
      await link[Symbol.asyncDispose]();
      throw error;
    });
    if (spoken === undefined) {
      await link[Symbol.asyncDispose]();
      return undefined;
    }
    return this.#channel(link, spoken);
  }

  /** 2026-07-28 stdio "Backward Compatibility": an error, silence, or an end at once are a legacy server. */
  async #probe(link: StdioLink): Promise<Spoken | undefined> {
    const wait = fixedWait(Math.min(PROBE_MS, this.spec.startMs));
    try {
      const answer = await link.request(discoverRequest(), unheard(), { wait, cancellable: false });
      const verdict = verdictOf(answer);
      this.#isLegacy = verdict.kind !== "modern";
      return verdict.kind === "modern" ? verdict.spoken : undefined;
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || !link.started) {
        throw error;
      }
      this.#silences += 1;
      this.#isLegacy = error.kind !== "timeout" || this.#silences >= SILENT_MAX;
      return undefined;
    }
  }

  stderrTail(): string {
    return this.#tail.read(this.#mask);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#links].map((link) => link[Symbol.asyncDispose]()));
  }
}
