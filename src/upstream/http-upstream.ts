import type { RequestFrame } from "../wire/frame.ts";
import { LATEST_MODERN } from "../wire/revisions.ts";
import { agreed, asking } from "./handshake.ts";
import { HttpChannel } from "./http-channel.ts";
import { HttpEndpoint } from "./http-endpoint.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Channel, OpenOptions, ServerSpec, Spoken, Upstream } from "./port.ts";
import { Tail } from "./tail.ts";
import { discoverRequest, verdictOf } from "./probe.ts";
import type { Verdict } from "./probe.ts";

const PROBING: Spoken = { era: "modern", revision: LATEST_MODERN, hello: {} };

/** A server that is a URL: channels share its connections. */
export class HttpUpstream implements Upstream {
  readonly spec: ServerSpec;
  readonly #mask: (text: string) => string;
  readonly #version: string;
  readonly #tail = new Tail();
  #endpoint: HttpEndpoint | undefined;
  readonly #channels = new Set<HttpChannel>();
  #isLegacy = false;
  #modern: Spoken | undefined;

  constructor(spec: ServerSpec, { mask, version }: OpenOptions) {
    this.spec = spec;
    this.#mask = mask;
    this.#version = version;
  }

  /** A URL that no server may have is found when it is used, as everything else that keeps a server from answering. */
  #channel(spoken: Spoken): HttpChannel {
    this.#endpoint ??= new HttpEndpoint(this.spec);
    const note = (text: string): void => this.#tail.note(text);
    const channel = new HttpChannel({ spec: this.spec, endpoint: this.#endpoint, note }, spoken);
    this.#channels.add(channel);
    channel.onClosed(() => this.#channels.delete(channel));
    return channel;
  }

  async openLegacy(initialize: RequestFrame): Promise<{ channel: Channel; answer: Answer }> {
    const channel = this.#channel(asking(initialize));
    try {
      const answer = await channel.initialize(initialize);
      channel.begin(agreed(initialize, answer));
      return { channel, answer };
    } catch (error) {
      await channel[Symbol.asyncDispose]();
      throw error;
    }
  }

  async openModern(): Promise<Channel | undefined> {
    if (this.#isLegacy) {
      return undefined;
    }
    if (this.#modern !== undefined) {
      return this.#channel(this.#modern);
    }
    const channel = this.#channel(PROBING);
    const verdict = await this.#probe(channel).catch(async (error: unknown) => {
      await channel[Symbol.asyncDispose]();
      throw error;
    });
    if (verdict.kind === "modern") {
      this.#modern = verdict.spoken;
      channel.begin(verdict.spoken);
      return channel;
    }
    this.#isLegacy = verdict.kind === "legacy";
    await channel[Symbol.asyncDispose]();
    return undefined;
  }

  /** 2026-07-28 Streamable HTTP "Backward Compatibility": what is not an answer of a modern server is a legacy one's. */
  async #probe(channel: HttpChannel): Promise<Verdict> {
    try {
      return verdictOf(await channel.initialize(discoverRequest(this.#version)));
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || error.kind === "never_ran" || error.kind === "timeout") {
        throw error;
      }
      return { kind: error.kind === "nonsense" ? "legacy" : "unsure" };
    }
  }

  stderrTail(): string {
    return this.#tail.read(this.#mask);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#channels].map((channel) => channel[Symbol.asyncDispose]()));
    await this.#endpoint?.[Symbol.asyncDispose]();
  }
}
