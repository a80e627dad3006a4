import { isDeepStrictEqual } from "node:util";
import { STARTS_AT_ONCE } from "./limits.ts";
import { load, type Loaded, type Place } from "./load.ts";
import { Managed, type Started, type Stopped } from "./managed.ts";
import type { ServerSpec } from "./spec.ts";
import type { Progress } from "./start.ts";
import { FileWatch } from "./watch.ts";

/** What others are told of. */
export interface Told {
  readonly logGrew: (id: string) => void;
  /** There are other servers than before. */
  readonly serversChanged: () => void;
}

/** All servers of a configuration, which may change while they run. */
export class Fleet {
  readonly #place: Place;
  readonly #told: Told;
  readonly #servers = new Map<string, Managed>();
  readonly #watch = new FileWatch(() => void this.load());
  #specs: readonly ServerSpec[] = [];
  #loaded: Omit<Loaded, "specs" | "files"> = { source: "orchestrator.json", problem: undefined };
  #loading: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(place: Place, told: Told) {
    this.#place = place;
    this.#told = told;
  }

  /** Reads the configuration, one reading after the other, and follows it from then on. */
  load(): Promise<void> {
    this.#loading = this.#loading.then(() => this.#load());
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { specs, files, ...loaded } = await load(this.#place);
    if (this.#closed) {
      return;
    }
    this.#watch.follow(files);
    this.#loaded = loaded;
    if (specs !== undefined && !isDeepStrictEqual(specs, this.#specs)) {
      this.#specs = specs;
      this.#configure(specs);
      this.#told.serversChanged();
    }
  }

  #configure(specs: readonly ServerSpec[]): void {
    this.#forget();
    for (const spec of specs) {
      const server = this.#servers.get(spec.id);
      if (server === undefined) {
        this.#servers.set(spec.id, new Managed(spec, this.#told.logGrew));
      } else {
        server.configure(spec);
      }
    }
  }

  /** Who is configured no more and still runs stays until it is stopped. */
  #forget(): void {
    const configured = new Set(this.#specs.map(({ id }) => id));
    for (const [id, server] of this.#servers) {
      if (!configured.has(id) && !server.active) {
        this.#servers.delete(id);
      }
    }
  }

  get source(): Loaded["source"] {
    return this.#loaded.source;
  }

  /** What is wrong with the configuration; the last good one is in force. */
  get problem(): string | undefined {
    return this.#loaded.problem;
  }

  get all(): readonly Managed[] {
    this.#forget();
    return [...this.#servers.values()];
  }

  get(id: string): Managed | undefined {
    this.#forget();
    return this.#servers.get(id);
  }

  /** Starts all, some at a time. Told: how many are done, of how many. */
  async startAll(signal: AbortSignal, progress: Progress): Promise<ReadonlyMap<string, Started>> {
    const servers = this.all.filter(({ spec }) => spec.withAll);
    const queue = [...servers];
    const outcomes = new Map<string, Started>();
    const work = async (): Promise<void> => {
      for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
        const { id } = server.spec;
        const outcome = await server.start(signal, () => {});
        outcomes.set(id, outcome);
        progress(outcomes.size, servers.length, `${id}: ${outcome.kind.replaceAll("_", " ")}`);
      }
    };
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, work));
    return new Map(
      servers.flatMap(({ spec: { id } }) => {
        const outcome = outcomes.get(id);
        return outcome === undefined ? [] : [[id, outcome]];
      }),
    );
  }

  async stopAll(): Promise<ReadonlyMap<string, Stopped>> {
    const stopped = this.all.map(async (server) => [server.spec.id, await server.stop()] as const);
    return new Map(await Promise.all(stopped));
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watch.close();
    await this.stopAll();
  }
}
