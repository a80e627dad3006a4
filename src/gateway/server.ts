import type { Clock } from "../base/clock.ts";
import { canonicalJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { Log } from "../base/log.ts";
import { openLegacyOverModern } from "../bridge/legacy-over-modern.ts";
import { openModernOverLegacy } from "../bridge/modern-over-legacy.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { UpstreamFailure, type Answer, type Channel, type Upstream } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { eraOf, type ModernMeta } from "../wire/revisions.ts";
import type { Definitions } from "./definitions.ts";
import { Link } from "./link.ts";
import { Outage } from "./outage.ts";

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

/** The links that clients of one grant share, in the revision without sessions. */
interface Shared {
  /** To a server that speaks this revision; `undefined` once it is known that it does not. */
  native: Promise<Link | undefined> | undefined;
  /** To one that does not, by what the clients can. */
  readonly bridged: Map<string, Promise<Link>>;
}

/** A link for one legacy session, and what `initialize` was answered with. */
export interface Opened {
  readonly link: Link;
  readonly answer: Answer;
}

/**
 * One MCP server behind the gate and the links to it: one for each legacy session (the session holds it), and, for
 * clients that speak the revision without sessions, one for each grant. Never one for two grants.
 */
export class Server implements AsyncDisposable {
  readonly name: string;
  readonly upstream: Upstream;
  readonly #tools: ServerTools;
  readonly #outage: Outage;
  readonly #shared = new Map<string, Shared>();
  readonly #links = new Set<Link>();
  readonly #digests = new Map<string, string>();
  readonly #withheld = new Set<string>();
  #isModernOnly = false;
  #closed = false;

  constructor(upstream: Upstream, tools: ServerTools) {
    this.name = upstream.spec.name;
    this.#tools = tools;
    this.#outage = new Outage(this.name, tools.log);
    this.upstream = this.#outage.watching(upstream);
  }

  /**
   * The link for clients of this grant that speak the modern revision. What a client can is told to a legacy server
   * when the session begins, so there each set of capabilities has a link of its own. Throws `UpstreamFailure`.
   */
  async grantLink(grant: string, client: ModernMeta): Promise<Link> {
    const shared = this.#sharedOf(grant);
    return (await this.#nativeLink(shared)) ?? this.#bridgedLink(shared, client);
  }

  #sharedOf(grant: string): Shared {
    const known = this.#shared.get(grant);
    if (known !== undefined) {
      return known;
    }
    const made: Shared = { native: undefined, bridged: new Map() };
    this.#shared.set(grant, made);
    return made;
  }

  #nativeLink(shared: Shared): Promise<Link | undefined> {
    if (shared.native !== undefined) {
      return shared.native;
    }
    const opening = this.#outage.watch(this.#openNative());
    shared.native = opening;
    const forget = (): void => {
      shared.native = shared.native === opening ? undefined : shared.native;
    };
    opening.then((link) => (link === undefined ? forget() : link.channel.onClosed(forget)), forget);
    return opening;
  }

  async #openNative(): Promise<Link | undefined> {
    const channel = await this.upstream.openModern();
    return channel === undefined ? undefined : this.#keepShared(channel);
  }

  #bridgedLink({ bridged }: Shared, client: ModernMeta): Promise<Link> {
    const key = canonicalJson(client.clientCapabilities);
    const known = bridged.get(key);
    if (known !== undefined) {
      return known;
    }
    if (bridged.size >= LIMITS.capability_sets_max) {
      const detail = "Clients of this grant declare more different capabilities than a server is told.";
      return Promise.reject(new UpstreamFailure("never_ran", detail));
    }
    const opening = this.#outage.watch(this.#openBridged(client));
    bridged.set(key, opening);
    const forget = (): void => {
      if (bridged.get(key) === opening) {
        bridged.delete(key);
      }
    };
    opening.then((link) => link.channel.onClosed(forget), forget);
    return opening;
  }

  async #openBridged({ clientCapabilities, clientInfo }: ModernMeta): Promise<Link> {
    const { version } = this.#tools;
    const channel = await openModernOverLegacy(this.upstream, {
      version,
      capabilities: clientCapabilities,
      ...(clientInfo === undefined ? {} : { clientInfo }),
    });
    return this.#keepShared(channel);
  }

  /** Opens a link for one legacy session with the client's own `initialize`. Throws `UpstreamFailure`. */
  openSession(initialize: RequestFrame): Promise<Opened> {
    return this.#outage.watch(this.#openSession(initialize));
  }

  async #openSession(initialize: RequestFrame): Promise<Opened> {
    const refused = this.#isModernOnly ? undefined : await this.#openLegacy(initialize);
    if (refused?.answer.frame.result !== undefined) {
      return { link: this.#keep(refused.channel), answer: refused.answer };
    }
    const modern = await this.upstream.openModern();
    if (modern !== undefined) {
      this.#isModernOnly = true;
      await refused?.channel[Symbol.asyncDispose]();
      const { channel, answer } = openLegacyOverModern(modern, initialize);
      return { link: this.#keep(channel), answer };
    }
    this.#isModernOnly = false;
    if (refused === undefined) {
      throw new UpstreamFailure("never_ran", "The server speaks neither revision now.");
    }
    return { link: this.#keep(refused.channel), answer: refused.answer };
  }

  /** `undefined` where what came back is no answer to `initialize`, as from a server that never heard of it. */
  async #openLegacy(initialize: RequestFrame): Promise<{ channel: Channel; answer: Answer } | undefined> {
    try {
      const opened = await this.upstream.openLegacy(initialize);
      if (opened.answer.frame.result === undefined || eraOf(opened.channel.spoken.revision) === "legacy") {
        return opened;
      }
      await opened.channel[Symbol.asyncDispose]();
      throw new UpstreamFailure("nonsense", "The server agreed to a revision that is none of a session.");
    } catch (error) {
      if (error instanceof UpstreamFailure && error.kind === "nonsense") {
        return undefined;
      }
      throw error;
    }
  }

  /** Reports what is kept from clients, and what changed, each once. A change passes: pinning only warns so far. */
  #compare({ tools, withheld }: Definitions): void {
    for (const [tool, reason] of withheld) {
      if (!this.#withheld.has(tool) && this.#withheld.size < LIMITS.tool_names_kept) {
        this.#withheld.add(tool);
        this.#tools.log.warn("a tool is withheld from clients", { server: this.name, tool, reason });
      }
    }
    for (const { name, digest } of tools.values()) {
      const before = this.#digests.get(name);
      this.#digests.delete(name);
      this.#digests.set(name, digest);
      if (before !== undefined && before !== digest) {
        this.#tools.onChanged?.({ server: this.name, tool: name, before, after: digest });
      }
    }
    forgetOldest(this.#digests);
  }

  /** Nobody alone has a shared link, so nobody is told what belongs to no request. */
  #keepShared(channel: Channel): Link {
    const link = this.#keep(channel, this.upstream.spec.transport.kind !== "http");
    link.listen();
    link.watch();
    return link;
  }

  #keep(channel: Channel, sharesPipe = false): Link {
    const link = new Link(channel, {
      compile: this.#tools.compileSchema,
      now: this.#tools.clock.now,
      version: this.#tools.version,
      sharesPipe,
      onDefinitions: (definitions) => this.#compare(definitions),
    });
    this.#links.add(link);
    this.#outage.over();
    channel.onClosed((reason) => {
      this.#links.delete(link);
      if (!this.#closed) {
        this.#tools.log.info("link closed", { server: this.name, reason });
      }
    });
    return link;
  }

  /** Ends what a grant's clients shared. Calls under way fail as lost. */
  async closeGrant(grant: string): Promise<void> {
    const shared = this.#shared.get(grant);
    this.#shared.delete(grant);
    await Promise.allSettled(
      openingsOf(shared).map(async (opening) => (await opening)?.[Symbol.asyncDispose]()),
    );
  }

  /** Closes the grants' links that nobody has used for the server's idle time. */
  async sweep(): Promise<void> {
    const before = this.#tools.clock.now() - this.upstream.spec.idleMs;
    const openings = [...this.#shared.values()].flatMap(openingsOf);
    for (const opening of openings) {
      const link = await opening.catch(() => undefined);
      const idleSince = link?.idleSince();
      if (idleSince !== undefined && idleSince < before) {
        await link?.[Symbol.asyncDispose]();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#outage.end();
    this.#shared.clear();
    await Promise.allSettled([...this.#links].map((link) => link[Symbol.asyncDispose]()));
    await this.upstream[Symbol.asyncDispose]();
  }
}

const openingsOf = (shared: Shared | undefined): readonly Promise<Link | undefined>[] =>
  shared === undefined
    ? []
    : [...(shared.native === undefined ? [] : [shared.native]), ...shared.bridged.values()];

/** A server that gives its tools new names again and again is remembered no further back than this. */
const forgetOldest = (digests: Map<string, string>): void => {
  for (const name of digests.keys()) {
    if (digests.size <= LIMITS.tool_names_kept) {
      return;
    }
    digests.delete(name);
  }
};
