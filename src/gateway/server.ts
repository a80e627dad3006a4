import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { openBridged } from "../bridge/legacy-server.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import type { Answer, Upstream } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { Link } from "./link.ts";

interface ServerTools {
  readonly clock: Clock;
  readonly compileSchema: SchemaCompiler;
  readonly log: Log;
  readonly version: string;
}

/**
 * One MCP server behind the gate and the links to it: one for each legacy session (the session holds it), and one
 * for each grant whose clients speak the revision without sessions. Never one for two grants.
 */
export class Server implements AsyncDisposable {
  readonly name: string;
  readonly upstream: Upstream;
  readonly #tools: ServerTools;
  readonly #byGrant = new Map<string, Promise<Link>>();
  readonly #links = new Set<Link>();
  #closed = false;

  constructor(upstream: Upstream, tools: ServerTools) {
    this.name = upstream.spec.name;
    this.upstream = upstream;
    this.#tools = tools;
  }

  /** The link for clients of this grant that speak the modern revision. Throws `UpstreamFailure`. */
  grantLink(grant: string): Promise<Link> {
    const known = this.#byGrant.get(grant);
    if (known !== undefined) {
      return known;
    }
    const opening = this.#openModern();
    this.#byGrant.set(grant, opening);
    const forget = (): void => {
      if (this.#byGrant.get(grant) === opening) {
        this.#byGrant.delete(grant);
      }
    };
    opening.then((link) => link.channel.onClosed(forget), forget);
    return opening;
  }

  async #openModern(): Promise<Link> {
    const modern = await this.upstream.openModern();
    if (modern !== undefined) {
      return this.#keep(new Link(modern, false, this.#tools.compileSchema, this.#tools.clock.now));
    }
    const legacy = await openBridged(this.upstream, this.#tools.version);
    return this.#keep(new Link(legacy, true, this.#tools.compileSchema, this.#tools.clock.now));
  }

  /** Opens a link for one legacy session with the client's own `initialize`. Throws `UpstreamFailure`. */
  async openSession(initialize: RequestFrame): Promise<{ readonly link: Link; readonly answer: Answer }> {
    const { channel, answer } = await this.upstream.openLegacy(initialize);
    return {
      link: this.#keep(new Link(channel, false, this.#tools.compileSchema, this.#tools.clock.now)),
      answer,
    };
  }

  #keep(link: Link): Link {
    this.#links.add(link);
    link.channel.onClosed((reason) => {
      this.#links.delete(link);
      if (!this.#closed) {
        this.#tools.log.info("link closed", { server: this.name, reason });
      }
    });
    return link;
  }

  /** Ends what a grant's clients shared. Calls under way fail as lost. */
  async closeGrant(grant: string): Promise<void> {
    const link = this.#byGrant.get(grant);
    this.#byGrant.delete(grant);
    if (link !== undefined) {
      await link.then(
        (open) => open[Symbol.asyncDispose](),
        () => {},
      );
    }
  }

  /** Closes the grants' links that nobody has used for the server's idle time. */
  async sweep(): Promise<void> {
    const before = this.#tools.clock.now() - this.upstream.spec.idleMs;
    for (const [grant, opening] of this.#byGrant) {
      const link = await opening.catch(() => undefined);
      const idleSince = link?.idleSince();
      if (idleSince !== undefined && idleSince < before) {
        await this.closeGrant(grant);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#byGrant.clear();
    await Promise.allSettled([...this.#links].map((link) => link[Symbol.asyncDispose]()));
    await this.upstream[Symbol.asyncDispose]();
  }
}
