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

/** Of a start that is going on: less than the whole, so that its end is further. */
const PART_MAX = 0.9;

/** All servers of a configuration, which may change while they run. */
export class Fleet {
  readonly #place: Place;
  readonly #told: Told;
  readonly #servers = new Map<string, Managed>();
  readonly #watch = new FileWatch(() => void this.load());
  #specs: readonly ServerSpec[] = [];
  #loaded: Omit<Loaded, "specs" | "files"> = { source: "orchestrator.json", problem: undefined };
  #loading: Promise<void> = Promise.resolve();
  #stoppingAll = new AbortController();
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
        this.#servers.set(spec.id, new Managed(spec, this.#told.logGrew, () => this.#settled()));
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

  #settled(): void {
    const { size } = this.#servers;
    this.#forget();
    if (this.#servers.size < size) {
      this.#told.serversChanged();
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
    return [...this.#servers.values()];
  }

  get(id: string): Managed | undefined {
    return this.#servers.get(id);
  }

  /**
   * Starts all, some at a time, until it is cancelled or all are stopped. Told: how many are done, of how many; who is
   * not done yet counts for a part.
   */
  async startAll(cancelled: AbortSignal, progress: Progress): Promise<ReadonlyMap<string, Started>> {
    const signal = AbortSignal.any([cancelled, this.#stoppingAll.signal]);
    const servers = this.all.filter(({ spec }) => spec.withAll);
    const queue = [...servers];
    const outcomes = new Map<string, Started>();
    const parts = new Map<string, number>();
    const tell = (id: string, part: number, message: string): void => {
      parts.set(id, part);
      const done = [...parts.values()].reduce((sum, each) => sum + each, 0);
      progress(done, servers.length, `${id}: ${message}`);
    };
    const work = async (): Promise<void> => {
      for (let server = queue.shift(); server !== undefined; server = queue.shift()) {
        const { id } = server.spec;
        if (this.#servers.get(id) !== server) {
          // Configured no more by now.
          continue;
        }
        const outcome = await server.start(signal, (done, total, message) =>
          tell(id, PART_MAX * Math.min(done / total, 1), message),
        );
        outcomes.set(id, outcome);
        tell(id, 1, outcome.kind.replaceAll("_", " "));
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
    // What is starting all goes on with none that is still to come.
    this.#stoppingAll.abort();
    this.#stoppingAll = new AbortController();
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
