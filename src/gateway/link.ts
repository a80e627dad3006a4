import { bareObject, type Json, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { SchemaCompiler } from "../policy/types.ts";
import type { Channel } from "../upstream/port.ts";
import type { Frame, RequestFrame } from "../wire/frame.ts";
import { META, type ModernMeta } from "../wire/revisions.ts";
import { readDefinitions, type Definitions } from "./definitions.ts";
import { ownAnswer } from "./own-answer.ts";

const DEFINITION_SETS_MAX = 64;

interface LinkTools {
  readonly compile: SchemaCompiler;
  readonly now: () => number;
  /** Told of each reading of the server's tools. */
  readonly onDefinitions: (definitions: Definitions) => void;
}

const IN_VAIN = (): void => {};

/**
 * One line of talk with a server and what the gate has learned over it: its tools, for each set of capabilities
 * that clients declared (a server may show other tools to other capabilities).
 */
export class Link implements AsyncDisposable {
  readonly channel: Channel;
  /** A legacy channel that serves modern clients: the gate opened it, so its handshake is the gate's own. */
  readonly bridged: boolean;
  readonly #tools: LinkTools;
  readonly #sets = new Map<string, Promise<Definitions>>();
  readonly #strays = new Set<(frame: Frame) => boolean>();
  readonly #asked = new Set<(frame: Frame) => void>();
  #serial = 0;
  readonly #inUse = new Set<() => void>();
  #lastUsedAt: number;

  constructor(channel: Channel, bridged: boolean, tools: LinkTools) {
    this.channel = channel;
    this.bridged = bridged;
    this.#tools = tools;
    this.#lastUsedAt = tools.now();
    channel.onMessage((frame) => this.#stray(frame));
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
    const reading = readDefinitions(this.channel, compile, (cursor) => this.#listRequest(cursor, meta), now);
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

  #listRequest(cursor: string | undefined, meta: JsonObject | undefined): RequestFrame {
    this.#serial += 1;
    const id = `tollgate-${String(this.#serial)}`;
    const params = bareObject();
    if (cursor !== undefined) {
      params["cursor"] = cursor;
    }
    if (meta !== undefined) {
      params["_meta"] = meta;
    }
    return requestFrame(id, "tools/list", params);
  }

  /** Forgets the definitions: the server said that its list changed. */
  forget(): void {
    this.#sets.clear();
  }

  /** Takes note of what the server says, whichever way it came. */
  noticed(frame: Frame): void {
    if (frame.kind === "notification" && frame.method === "notifications/tools/list_changed") {
      this.forget();
    }
  }

  #stray(frame: Frame): void {
    this.noticed(frame);
    let taken = false;
    for (const listener of this.#strays) {
      taken = listener(frame) || taken;
    }
    if (frame.kind === "request" && !taken) {
      this.#answer(frame);
    }
  }

  /** A server that waits for an answer waits in vain where nobody gives one. */
  #answer(frame: RequestFrame): void {
    const [only] = this.#asked;
    if (only !== undefined && this.#asked.size === 1) {
      only(frame);
    } else {
      this.channel.send(ownAnswer(frame)).catch(() => {});
    }
  }

  /** Messages of the server that belong to no request. The listener says whether it could take one. */
  onStray(listener: (frame: Frame) => boolean): () => void {
    this.#strays.add(listener);
    return () => this.#strays.delete(listener);
  }

  /** Requests of the server that nobody else takes, while one call alone is under way; returns how to stop listening. */
  onAsk(listener: (frame: Frame) => void): () => void {
    if (!this.bridged) {
      return IN_VAIN; // A session's server asks its own client.
    }
    this.#asked.add(listener);
    return () => this.#asked.delete(listener);
  }

  /** Marks the link as in use until the returned function is called: a link in use is not idle. Closing it calls `end`. */
  use(end: () => void): () => void {
    this.#inUse.add(end);
    return () => {
      this.#inUse.delete(end);
      this.#lastUsedAt = this.#tools.now();
    };
  }

  idleSince(): number | undefined {
    return this.#inUse.size > 0 ? undefined : this.#lastUsedAt;
  }

  /** Ends what is under way at once: a server may take seconds to end, and whoever lost the right to ask gets nothing of it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#inUse.forEach((end) => end());
    await this.channel[Symbol.asyncDispose]();
  }
}

/** A request of the gate's own. */
const requestFrame = (id: Json, method: string, params: JsonObject | undefined): RequestFrame => {
  const value = bareObject();
  value["jsonrpc"] = "2.0";
  value["id"] = id;
  value["method"] = method;
  if (params !== undefined) {
    value["params"] = params;
  }
  return { kind: "request", value, id, method, params };
};

/** The `_meta` that the gate's own requests carry for a client: who it is and what it can, without the rest. */
const metaOf = (modern: ModernMeta): JsonObject => {
  const meta = bareObject();
  meta[META.protocolVersion] = modern.revision;
  meta[META.clientCapabilities] = modern.clientCapabilities;
  if (modern.clientInfo !== undefined) {
    meta[META.clientInfo] = modern.clientInfo;
  }
  return meta;
};
