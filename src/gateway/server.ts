import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { openBridged } from "../bridge/legacy-server.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import type { Answer, Channel, Upstream } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import type { Definitions } from "./definitions.ts";
import { Link } from "./link.ts";

interface ServerTools {
  readonly clock: Clock;
  readonly compileSchema: SchemaCompiler;
  readonly log: Log;
  readonly version: string;
  /** Told when a tool's definition is not what it was when this process first saw it; absent where nobody asks (`pin`). */
  readonly onChanged: ((change: ToolChange) => void) | undefined;
}

/** A definition that changed while the gateway ran. Digests are of the whole definition. */
export interface ToolChange {
  readonly server: string;
  readonly tool: string;
  readonly before: string;
  readonly after: string;
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
  readonly #digests = new Map<string, string>();
  readonly #withheld = new Set<string>();
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
      return this.#keep(this.#link(modern, false));
    }
    const legacy = await openBridged(this.upstream, this.#tools.version);
    return this.#keep(this.#link(legacy, true));
  }

  /** Opens a link for one legacy session with the client's own `initialize`. Throws `UpstreamFailure`. */
  async openSession(initialize: RequestFrame): Promise<{ readonly link: Link; readonly answer: Answer }> {
    const { channel, answer } = await this.upstream.openLegacy(initialize);
    return {
      link: this.#keep(this.#link(channel, false)),
      answer,
    };
  }

  #link(channel: Channel, bridged: boolean): Link {
    return new Link(channel, bridged, {
      compile: this.#tools.compileSchema,
      now: this.#tools.clock.now,
      onDefinitions: (definitions) => this.#compare(definitions),
    });
  }

  /** Reports what is kept from clients, and what changed, each once. A change passes: pinning only warns so far. */
  #compare({ tools, withheld }: Definitions): void {
    for (const [tool, reason] of withheld) {
      if (!this.#withheld.has(tool)) {
        this.#withheld.add(tool);
        this.#tools.log.warn("a tool is withheld from clients", { server: this.name, tool, reason });
      }
    }
    for (const { name, digest } of tools.values()) {
      const before = this.#digests.get(name);
      this.#digests.set(name, digest);
      if (before !== undefined && before !== digest) {
        this.#tools.onChanged?.({ server: this.name, tool: name, before, after: digest });
      }
    }
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
