import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { canonicalJson } from "../base/json-write.ts";
import { fromPlain } from "../base/json-plain.ts";
import { overridesBy, type Overrides } from "../catalogue/override.ts";
import type { OverrideStore } from "../catalogue/port.ts";
import type { Config } from "../config.ts";
import type { ConfiguredServer } from "../config/servers.ts";
import type { PolicyInForce, Snapshot } from "../gateway/gate.ts";
import { compileFreezes, type Freezes } from "../gateway/freezes.ts";
import { endGrant } from "../gateway/revoke.ts";
import { Server, type ToolChange } from "../gateway/server.ts";
import type { Sessions } from "../gateway/session.ts";
import type { FreezeStore, GrantStore } from "../grant/port.ts";
import { buildGrants, endedGrants, type GrantTable } from "../grant/table.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import { openUpstream } from "../upstream/open.ts";
import { createMasker, type Masker } from "../upstream/mask.ts";

interface WorldTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly compileSchema: SchemaCompiler;
  readonly version: string;
  readonly grants: GrantStore;
  readonly freezes: Pick<FreezeStore, "list">;
  readonly overrides: Pick<OverrideStore, "list">;
  readonly sessions: Sessions;
  readonly onChanged: (change: ToolChange) => void;
  /** Grants that may see something else of their servers' lists than before, and grants that are over. */
  readonly onGrants: (event: "lists_changed" | "ended", grants: ReadonlySet<string>) => void;
}

interface Kept {
  readonly fingerprint: string;
  readonly server: Server;
}

/**
 * What is served now. `publish` builds the next snapshot and swaps one reference; then what the new one no longer
 * allows is ended. Servers whose entry did not change stay as they are, with their sessions.
 */
export class World implements AsyncDisposable {
  readonly #tools: WorldTools;
  #config: Config;
  #policies: ReadonlyMap<string, PolicyInForce>;
  #kept = new Map<string, Kept>();
  #table: GrantTable;
  #masker: Masker;
  #freezes: Freezes;
  #overrides: Overrides;
  #snapshot: Snapshot;

  constructor(config: Config, policies: ReadonlyMap<string, PolicyInForce>, tools: WorldTools) {
    this.#tools = tools;
    this.#config = config;
    this.#policies = policies;
    this.#masker = createMasker(config.secrets);
    this.#table = this.#buildTable(this.#config);
    this.#kept = this.#keepServers();
    this.#freezes = compileFreezes(tools.freezes.list());
    this.#overrides = overridesBy(tools.overrides.list());
    this.#snapshot = this.#take();
  }

  get config(): Config {
    return this.#config;
  }

  get table(): GrantTable {
    return this.#table;
  }

  /** How many freezes are in force. */
  get frozen(): number {
    return this.#freezes.count(this.#tools.clock.now());
  }

  get masker(): Masker {
    return this.#masker;
  }

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** Swaps the configuration in, whole. */
  async publish(config: Config, policies: ReadonlyMap<string, PolicyInForce>): Promise<void> {
    const before = { kept: this.#kept, table: this.#table, seen: this.#seen() };
    const table = this.#buildTable(config); // Where this throws, all is as it was.
    this.#config = config;
    this.#policies = policies;
    this.#masker = createMasker(config.secrets);
    this.#table = table;
    this.#kept = this.#keepServers();
    this.#snapshot = this.#take();
    await this.#endGrants(before.table);
    const gone = [...before.kept].filter(([name, { server }]) => this.#kept.get(name)?.server !== server);
    await Promise.allSettled(gone.map(([, { server }]) => this.#closeServer(server)));
    const changed = [...this.#seen()].filter(([name, view]) => (before.seen.get(name) ?? view) !== view);
    this.#tools.onGrants("lists_changed", new Set(changed.map(([name]) => name)));
  }

  /** What decides what each grant sees of its servers' lists. */
  #seen(): ReadonlyMap<string, string> {
    return new Map(
      this.#table.list(this.#tools.clock.now()).map(({ name, policy, servers }) => {
        const sha256 = policy === undefined ? undefined : this.#policies.get(policy)?.sha256;
        return [name, JSON.stringify([servers, sha256])];
      }),
    );
  }

  /** Reads the store's grants anew: one was made, rotated or revoked. */
  async publishGrants(): Promise<void> {
    const before = this.#table;
    this.#table = this.#buildTable(this.#config);
    this.#snapshot = this.#take();
    await this.#endGrants(before);
  }

  /** Reads the store's freezes anew. From here on every message is judged by them, what waits included. */
  publishFreezes(): void {
    this.#freezes = compileFreezes(this.#tools.freezes.list());
    this.#snapshot = this.#take();
  }

  /** Reads the store's overrides anew. Calls that wait are judged again, by what tools are now. */
  publishOverrides(): void {
    this.#overrides = overridesBy(this.#tools.overrides.list());
    this.#snapshot = this.#take();
  }

  /** Ends what is open of grants that may no longer be used, expired ones too. */
  async #endGrants(before: GrantTable): Promise<void> {
    const ended = endedGrants(before, this.#table, this.#tools.clock.now());
    await this.#end(ended);
  }

  async #end(grants: readonly string[]): Promise<void> {
    const servers = [...this.#kept.values()].map(({ server }) => server);
    this.#tools.onGrants("ended", new Set(grants));
    await Promise.allSettled(grants.map((name) => endGrant(name, servers, this.#tools.sessions)));
  }

  async #closeServer(server: Server): Promise<void> {
    await this.#tools.sessions.closeServer(server);
    await server[Symbol.asyncDispose]();
  }

  #buildTable(config: Config): GrantTable {
    const { grants, log } = this.#tools;
    return buildGrants({
      declared: config.grants,
      identities: config.identities,
      stored: grants.list(),
      marks: grants.marks(),
      onExpired: (name, nowMs) => {
        try {
          const { tokenSha256, revokedAt } = grants.marks().find((known) => known.name === name) ?? {};
          grants.mark({ name, tokenSha256, revokedAt, expiredSeenAt: nowMs });
        } catch {
          log.warn("that a grant has expired could not be kept; it stays so while this gateway runs", {
            name,
          });
        }
      },
    });
  }

  #keepServers(): Map<string, Kept> {
    const { clock, log, compileSchema, version, onChanged } = this.#tools;
    const next = new Map<string, Kept>();
    for (const configured of this.#config.servers) {
      const fingerprint = fingerprintOf(configured);
      const known = this.#kept.get(configured.spec.name);
      if (known?.fingerprint === fingerprint) {
        next.set(configured.spec.name, known);
        continue;
      }
      const upstream = openUpstream(configured.spec, {
        version,
        mask: (text) => this.#masker.maskText(text),
      });
      next.set(configured.spec.name, {
        fingerprint,
        server: new Server(upstream, {
          clock,
          compileSchema,
          log,
          version,
          onChanged: configured.pin === "warn" ? onChanged : undefined,
        }),
      });
    }
    return next;
  }

  #take(): Snapshot {
    const table = this.#table;
    const { gateway } = this.#config;
    const own = gateway.publicUrl === undefined ? undefined : new URL(gateway.publicUrl);
    return {
      identify: table.identify,
      grant: table.live,
      policies: this.#policies,
      servers: new Map([...this.#kept].map(([name, { server }]) => [name, server])),
      allowedHosts: new Set([
        ...gateway.allowedHosts,
        gateway.host,
        ...(own === undefined ? [] : [own.host]),
      ]),
      allowedOrigins: new Set([...gateway.allowedOrigins, ...(own === undefined ? [] : [own.origin])]),
      freezes: this.#freezes,
      overrides: this.#overrides,
    };
  }

  /** Closes what has been idle for its server's idle time, and what grants have open that expired since. */
  async sweep(): Promise<void> {
    const now = this.#tools.clock.now();
    const { sessions } = this.#tools;
    const servers = [...this.#kept.values()].map(({ server }) => server);
    const expired = this.#table.newlyExpired(now);
    await Promise.allSettled([
      sessions.sweep(now),
      ...servers.map((server) => server.sweep()),
      this.#end(expired),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tools.sessions[Symbol.asyncDispose]();
    await Promise.allSettled([...this.#kept.values()].map(({ server }) => server[Symbol.asyncDispose]()));
  }
}

const fingerprintOf = (configured: ConfiguredServer): string => canonicalJson(fromPlain(configured));
