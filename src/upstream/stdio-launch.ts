import type { RequestFrame } from "../wire/frame.ts";
import { Backoff } from "./backoff.ts";
import { callWait, ENDLESS, fixedWait } from "./deadline.ts";
import type { Wait } from "./deadline.ts";
import { agreed } from "./handshake.ts";
import { UpstreamFailure } from "./port.ts";
import type { Answer, Exchange, OpenOptions, ServerSpec, Spoken } from "./port.ts";
import { discoverRequest, PROBE_MS, verdictOf } from "./probe.ts";
import { StdioLink } from "./stdio.ts";
import { Tail } from "./tail.ts";

/** A server that was silent so often is taken for legacy for good; the first silence may be a slow start. */
const SILENT_MAX = 2;

const unheard = (): Exchange => ({ onInterim: () => {}, signal: new AbortController().signal });

/** How long a request of a client is waited for. */
export const waitFor = (frame: RequestFrame, spec: ServerSpec): Wait =>
  frame.method === "subscriptions/listen" ? ENDLESS : callWait(spec);

/** A process that has said what it speaks. */
export interface Launched {
  readonly link: StdioLink;
  readonly spoken: Spoken;
}

/** Starts the processes of one command, and ends them. */
export class Launcher implements AsyncDisposable {
  readonly spec: ServerSpec;
  readonly tail = new Tail();
  readonly #mask: (text: string) => string;
  readonly #version: string;
  readonly #links = new Set<StdioLink>();
  readonly #backoff = new Backoff();
  readonly #end = new AbortController();
  #isLegacy = false;
  #silences = 0;

  constructor(spec: ServerSpec, { mask, version }: OpenOptions) {
    this.spec = spec;
    this.#mask = mask;
    this.#version = version;
  }

  /** `forgiven`: whether it is no failure of the command that this process ends early. */
  async #start(forgiven: (link: StdioLink) => boolean): Promise<StdioLink> {
    const start = await this.#backoff.turn(this.spec.startMs, this.#end.signal);
    const link = new StdioLink(this.spec, this.tail);
    this.#links.add(link);
    link.inbox.onClosed(() => {
      this.#links.delete(link);
      if (!link.ending && !forgiven(link)) {
        this.#backoff.ended(start);
      }
    });
    return link;
  }

  /** A process opened with this `initialize`. Throws `UpstreamFailure`. */
  async legacy(initialize: RequestFrame): Promise<Launched & { readonly answer: Answer }> {
    const link = await this.#start(() => false);
    try {
      const exchange: Exchange = { ...unheard(), onInterim: (frame) => link.inbox.deliver(frame) };
      const options = { wait: fixedWait(this.spec.startMs), cancellable: false };
      const answer = await link.request(initialize, exchange, options);
      return { link, spoken: agreed(initialize, answer), answer };
    } catch (error) {
      await link[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A process that speaks the modern era; `undefined` where the command does not. Throws `UpstreamFailure`. */
  async modern(): Promise<Launched | undefined> {
    if (this.#isLegacy) {
      return undefined;
    }
    let probing = true;
    // A server that ends because of a question it does not know has not failed.
    const link = await this.#start(({ started }) => probing && started);
    const spoken = await this.#probe(link).catch(async (error: unknown) => {
      await link[Symbol.asyncDispose]();
      throw error;
    });
    probing = false;
    if (spoken === undefined) {
      await link[Symbol.asyncDispose]();
      return undefined;
    }
    return { link, spoken };
  }

  /** 2026-07-28 stdio "Backward Compatibility": an error, silence, or an end at once are a legacy server. */
  async #probe(link: StdioLink): Promise<Spoken | undefined> {
    const wait = fixedWait(Math.min(PROBE_MS, this.spec.startMs));
    try {
      const answer = await link.request(discoverRequest(this.#version), unheard(), {
        wait,
        cancellable: false,
      });
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
    return this.tail.read(this.#mask);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await Promise.all([...this.#links].map((link) => link[Symbol.asyncDispose]()));
  }
}
