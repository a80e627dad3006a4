import { having } from "../base/json-change.ts";
import { bareObject, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import type { Channel } from "../upstream/port.ts";
import type { Frame, RequestFrame } from "../wire/frame.ts";
import { META, type ModernMeta } from "../wire/revisions.ts";
import { requestFrame } from "../wire/make-frame.ts";
import type { Clock } from "./clocks.ts";
import { readDefinitions, type Definitions } from "./definitions.ts";
import { ownAnswer } from "./own-answer.ts";
import type { Pages } from "./pages.ts";
import { watchLists } from "./watch.ts";

const DEFINITION_SETS_MAX = 64;

interface LinkTools {
  readonly compile: SchemaCompiler;
  readonly now: () => number;
  readonly version: string;
  /** Several clients talk over it, and the server has but one stream for all of them. */
  readonly sharesPipe: boolean;
  /** Told of each reading of the server's tools. */
  readonly onDefinitions: (definitions: Definitions) => void;
}

/** Takes a message that belongs to no request. A promise makes the server wait. */
export type Stray = (frame: Frame) => Promise<void> | undefined;

/**
 * One line of talk with a server and what the gate has learned over it: its tools, for each set of capabilities
 * that clients declared (a server may show other tools to other capabilities).
 */
export class Link implements AsyncDisposable {
  readonly channel: Channel;
  readonly #tools: LinkTools;
  readonly #sets = new Map<string, Promise<Definitions>>();
  readonly #lists = new Map<string, { readonly pages: Promise<Pages>; staleAt: number }>();
  readonly #watching = new AbortController();
  #stray: Stray | undefined;
  #serial = 0;
  readonly #clocks = new Set<Clock>();
  readonly #inUse = new Set<() => void>();
  #lastUsedAt: number;

  constructor(channel: Channel, tools: LinkTools) {
    this.channel = channel;
    this.#tools = tools;
    this.#lastUsedAt = tools.now();
  }

  /** The server's tools as last read, read anew when they are stale. `modern`: the client's metadata, from which the modern era's is made. */
  async definitions(modern: ModernMeta | undefined): Promise<Definitions> {
    const meta = modern === undefined ? undefined : metaOf(modern);
    const key = meta === undefined ? "" : writeJson(meta);
    const known = this.#sets.get(key);
    if (known !== undefined) {
      const definitions = await known;
      if (this.#tools.now() < definitions.staleAt) {
        return definitions;
      }
    }
    const current = this.#sets.get(key);
    if (current !== undefined && current !== known) {
      return current;
    }
    return this.#read(key, meta);
  }

  #read(key: string, meta: JsonObject | undefined): Promise<Definitions> {
    const { compile, now, onDefinitions } = this.#tools;
    const reading = readDefinitions(
      this.channel,
      compile,
      (cursor) => this.ownRequest("tools/list", cursor === undefined ? {} : { cursor }, meta),
      now,
    );
    this.#sets.delete(key);
    this.#sets.set(key, reading);
    const oldest = this.#sets.keys().next();
    if (this.#sets.size > DEFINITION_SETS_MAX && oldest.done !== true) {
      this.#sets.delete(oldest.value);
    }
    reading.then(onDefinitions, () => {
      if (this.#sets.get(key) === reading) {
        this.#sets.delete(key);
      }
    });
    return reading;
  }

  /** What the server lists beside tools, kept for a while: where all servers are one, it says whose a URI is. */
  async list(
    name: string,
    meta: JsonObject | undefined,
    read: () => Promise<Pages>,
  ): Promise<Pages["items"]> {
    const key = `${name} ${meta === undefined ? "" : writeJson(meta)}`;
    const known = this.#lists.get(key);
    if (known !== undefined && this.#tools.now() < known.staleAt) {
      return (await known.pages).items;
    }
    const pages = read();
    const kept = { pages, staleAt: this.#tools.now() + LIMITS.definitions_ms };
    this.#lists.delete(key);
    this.#lists.set(key, kept);
    const oldest = this.#lists.keys().next();
    if (this.#lists.size > DEFINITION_SETS_MAX && oldest.done !== true) {
      this.#lists.delete(oldest.value);
    }
    pages.then(
      ({ ttlMs }) => {
        kept.staleAt =
          this.#tools.now() + Math.max(ttlMs ?? LIMITS.definitions_ms, LIMITS.definitions_ms_min);
      },
      () => (this.#lists.get(key) === kept ? this.#lists.delete(key) : undefined),
    );
    return (await pages).items;
  }

  /** A request of the gate's own, for a client whose metadata it carries in the modern era. */
  ownRequest(method: string, params: JsonObject, meta: JsonObject | undefined): RequestFrame {
    this.#serial += 1;
    const all = having(params, meta === undefined ? {} : { _meta: meta });
    return requestFrame(`tollgate-${String(this.#serial)}`, method, all);
  }

  /** Takes note of what the server says, whichever way it came: a list that changed is read again. */
  noticed(frame: Frame): void {
    if (frame.kind === "notification" && frame.method === "notifications/tools/list_changed") {
      this.#sets.clear();
    } else if (frame.kind === "notification" && frame.method === "notifications/resources/list_changed") {
      this.#lists.clear();
    }
  }

  #onMessage(frame: Frame): Promise<void> | undefined {
    this.noticed(frame);
    if (this.#stray !== undefined) {
      return this.#stray(frame);
    }
    if (frame.kind === "request") {
      // A server that waits for an answer waits in vain where nobody gives one.
      this.channel.send(ownAnswer(frame)).catch(() => {});
    }
    return undefined;
  }

  /** Listens for the gate itself to changes of the lists; of a legacy server they come unasked. */
  watch(): void {
    void watchLists({
      channel: this.channel,
      request: (method, params, meta) => this.ownRequest(method, params, meta),
      heard: (frame) => this.noticed(frame),
      missed: () => {
        this.#sets.clear();
        this.#lists.clear();
      },
      version: this.#tools.version,
      signal: this.#watching.signal,
    });
  }

  /** From now on messages of the server that belong to no request are taken, by whom where somebody wants them. */
  listen(stray?: Stray): void {
    this.#stray = stray;
    this.channel.onMessage((frame) => this.#onMessage(frame));
    this.channel.onClosed(() => this.#watching.abort());
  }

  /** The clock of a request under way. Gives how to take it out. */
  keepClock(clock: Clock): () => void {
    this.#clocks.add(clock);
    return () => this.#clocks.delete(clock);
  }

  /** Stops the clocks of what is under way now: the server asks, and does not say for which of its calls. */
  stopClocks(): () => void {
    const stopped = [...this.#clocks].map((clock) => clock.stop());
    return () => stopped.forEach((go) => go());
  }

  /** Marks the link as in use until the returned function is called: a link in use is not idle. Closing it calls `end`. */
  use(end: () => void): () => void {
    this.#inUse.add(end);
    return () => {
      this.#inUse.delete(end);
      this.#lastUsedAt = this.#tools.now();
    };
  }

  /** Whether others wait too when one of those who use it makes the server wait. */
  get holdsOthers(): boolean {
    return this.#tools.sharesPipe && this.#inUse.size > 1;
  }

  idleSince(): number | undefined {
    return this.#inUse.size > 0 ? undefined : this.#lastUsedAt;
  }

  /** Ends what is under way at once: a server may take seconds to end, and whoever lost the right to ask gets nothing of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching.abort();
    this.#inUse.forEach((end) => end());
    await this.channel[Symbol.asyncDispose]();
  }
}

/** The `_meta` that the gate's own requests carry for a client: who it is and what it can, without the rest. */
export const metaOf = (modern: ModernMeta): JsonObject => {
  const meta = bareObject();
  meta[META.protocolVersion] = modern.revision;
  meta[META.clientCapabilities] = modern.clientCapabilities;
  if (modern.clientInfo !== undefined) {
    meta[META.clientInfo] = modern.clientInfo;
  }
  return meta;
};
