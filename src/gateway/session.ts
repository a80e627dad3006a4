import type { JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import type { Grant } from "../grant/grant.ts";
import type { Frame, RequestFrame } from "../wire/frame.ts";
import type { Asks } from "./asks.ts";
import type { Link } from "./link.ts";
import type { Server } from "./server.ts";
import type { Sink } from "./sink.ts";
import type { Streams } from "./streams.ts";

export interface UnderWay {
  /** With the client's own word why, where it gave one. */
  readonly cancel: (reason?: string) => void;
  /** Where what belongs to this request goes. */
  readonly sink: Sink;
}

/** What a session is made of. */
export interface SessionParts {
  /** Random; a credential: whoever has it and the token is in the session. */
  readonly id: string;
  /** The id's keyed hash: what records and counters know the session by. */
  readonly mark: string;
  readonly grant: string;
  /** The grant of a pipe itself, which need not be among those of the configuration. */
  readonly local: Grant | undefined;
  /** The path it was opened at: a server's name, or `ALL_SERVERS`. */
  readonly path: string;
  /** What `initialize` negotiated. */
  readonly revision: string;
  readonly client: { readonly name: string; readonly version?: string } | undefined;
  /** Capabilities the client declared: what a server may ask of it. */
  readonly capabilities: JsonObject;
  /** The client's own `initialize`, for a server that has to be begun with anew. */
  readonly initialize: RequestFrame;
  readonly streams: Streams;
  readonly asks: Asks;
  /** The pipe, where the session is on one: all that belongs to no request goes there. */
  readonly pipe: ((text: string) => Promise<void> | undefined) | undefined;
  /** Opens a link to a server that has none in this session; absent where the session ends with its only link. */
  readonly reopen: ((server: Server, session: Session) => Promise<Link>) | undefined;
}

/** A legacy session: ours, bound to one grant and one path, with a link of its own to each of its servers. */
export class Session implements AsyncDisposable {
  readonly parts: SessionParts;
  /** Tools that were allowed in this session (docs/policy.md, `session.tools`). */
  readonly tools = new Set<string>();
  /** Requests under way by the text of their id: how to cancel each, and where its messages go. */
  readonly underWay = new Map<string, UnderWay>();
  /** What the client said last of how much servers shall log, where all servers are one. */
  logLevel: JsonObject | undefined;
  readonly #links = new Map<string, { readonly server: Server; readonly opening: Promise<Link> }>();
  /** Those of them that are open. */
  readonly #open = new Set<Link>();
  #listeners = 0;
  /** When it was last seen in use, milliseconds since the epoch, as far as its links do not say. */
  #usedAt: number | undefined;
  #closed = false;

  constructor(parts: SessionParts) {
    this.parts = parts;
  }

  get id(): string {
    return this.parts.id;
  }

  /** Keeps a link until it closes. `onStray` is told of messages that belong to no request, and says whether it took one. */
  keep(server: Server, opening: Promise<Link>, onClosed: () => void): void {
    if (this.#closed) {
      void closeOpened(opening);
      return;
    }
    this.#links.set(server.name, { server, opening });
    const forget = (): void => {
      if (this.#links.get(server.name)?.opening === opening) {
        this.#links.delete(server.name);
        onClosed();
      }
    };
    opening.then((link) => {
      this.#open.add(link);
      link.channel.onClosed(() => {
        this.#open.delete(link);
        this.parts.asks.forget(link);
        forget();
      });
      if (this.#closed) {
        void link[Symbol.asyncDispose](); // It came too late: nobody would ever close it.
      }
    }, forget);
  }

  /** The link to this server, opened anew where the session may. `undefined` where it has none and gets none. */
  linkTo(server: Server): Promise<Link> | undefined {
    if (this.#closed) {
      return undefined;
    }
    const known = this.#links.get(server.name);
    return known !== undefined && known.server === server ? known.opening : this.parts.reopen?.(server, this);
  }

  hasServer(server: Server): boolean {
    return this.#links.get(server.name)?.server === server;
  }

  /** The links that are open: one that is being opened keeps nobody waiting. */
  links(): readonly Link[] {
    return [...this.#open];
  }

  /**
   * Says what belongs to no request. A stdio server's requests and log messages name no call: they go with the latest
   * one under way that is read, to a client that may not listen otherwise; else to whoever listens, or comes back.
   */
  say(text: string, about: "call" | "lists"): Promise<void> | undefined {
    const { pipe, streams } = this.parts;
    if (pipe !== undefined) {
      return pipe(text);
    }
    const sinks = [...this.underWay.values()].map(({ sink }) => sink).filter((sink) => sink.takesInterim);
    const read = sinks.findLast((sink) => sink.isRead());
    const latest = read ?? sinks.at(-1);
    const standing = streams.standing.read && (about === "lists" || read === undefined);
    return standing || latest === undefined ? streams.standing.say(text) : latest.interim(text);
  }

  /**
   * Whether what belongs to no request reaches the client. Before its first call it may yet come to listen; while its
   * calls wait, and take nothing but their answers, a question would keep them waiting.
   */
  get isHeard(): boolean {
    const { pipe, streams } = this.parts;
    return (
      pipe !== undefined ||
      streams.standing.read ||
      this.underWay.size === 0 ||
      [...this.underWay.values()].some(({ sink }) => sink.takesInterim)
    );
  }

  /** Somebody listens to the session's standing stream: it is not idle. Returns how to say that they no longer do. */
  listened(): () => void {
    this.#listeners += 1;
    return () => {
      this.#listeners -= 1;
    };
  }

  /** Whether nobody has used it for its servers' idle times. One on a pipe ends with the pipe. */
  async isIdle(now: number): Promise<boolean> {
    if (this.parts.pipe !== undefined || this.#listeners > 0 || this.underWay.size > 0) {
      this.#usedAt = now;
      return false;
    }
    const open = [...this.#links.values()];
    if (open.length === 0) {
      // Its servers are gone, and it may open them again.
      this.#usedAt ??= now;
      return this.#usedAt < now - LIMITS.idle_ms;
    }
    const usedAt = this.#usedAt ?? 0;
    const idle = await Promise.all(
      open.map(async ({ server, opening }) => {
        const link = await opening.catch(() => undefined);
        const since = link?.idleSince();
        return since !== undefined && Math.max(since, usedAt) < now - server.upstream.spec.idleMs;
      }),
    );
    return idle.every(Boolean);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.parts.streams.end();
    // One that is still being opened must not keep the others.
    await Promise.allSettled([...this.#links.values()].map(({ opening }) => closeOpened(opening)));
  }
}

const closeOpened = async (opening: Promise<Link>): Promise<void> => {
  const link = await opening.catch(() => undefined);
  await link?.[Symbol.asyncDispose]();
};

/** The legacy sessions of this gateway. */
export class Sessions implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();
  readonly #max: () => number;

  constructor(max: () => number) {
    this.#max = max;
  }

  /** Where there is no room for another, false. */
  add(session: Session): boolean {
    const all = this.#sessions.size;
    if (all >= this.#max() || this.ofGrant(session.parts.grant).length >= LIMITS.grant_sessions_max) {
      return false;
    }
    this.#sessions.set(session.id, session);
    return true;
  }

  /** A session is found only by the grant and at the path it was opened with. */
  find(id: string, grant: Grant, path: string): Session | undefined {
    const session = this.#sessions.get(id);
    return session !== undefined && session.parts.grant === grant.name && session.parts.path === path
      ? session
      : undefined;
  }

  ofGrant(grant: string): readonly Session[] {
    return [...this.#sessions.values()].filter(({ parts }) => parts.grant === grant);
  }

  /** The session's only link is gone: so is the session (404 from now on). */
  forget(session: Session): void {
    this.#sessions.delete(session.id);
    session.parts.streams.end();
  }

  async close(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    await session[Symbol.asyncDispose]();
  }

  async closeGrant(grant: string): Promise<void> {
    await this.#closeWhere((session) => session.parts.grant === grant);
  }

  async closeServer(server: Server): Promise<void> {
    await this.#closeWhere((session) => session.hasServer(server));
  }

  /** Closes sessions that nobody has used for their servers' idle time, and forgets what was said long ago. */
  async sweep(now: number): Promise<void> {
    const all = [...this.#sessions.values()];
    all.forEach(({ parts }) => parts.streams.sweep(now));
    forgetMost(all.map(({ parts }) => parts.streams));
    // Each by itself: one whose server takes its time to start must not keep the others.
    await Promise.allSettled(
      all.map(async (session) => {
        if (await session.isIdle(now)) {
          await this.close(session);
        }
      }),
    );
  }

  async #closeWhere(matches: (session: Session) => boolean): Promise<void> {
    const closing = [...this.#sessions.values()].filter(matches);
    await Promise.allSettled(closing.map((session) => this.close(session)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeWhere(() => true);
  }
}

/** Whoever has most kept loses it where it is too much for all: a client that comes back is told so. */
const forgetMost = (all: readonly Streams[]): void => {
  let kept = all.reduce((sum, { characters }) => sum + characters, 0);
  const most = kept > LIMITS.replay_characters_total_max ? [...all] : [];
  for (const streams of most.sort((one, other) => other.characters - one.characters)) {
    if (kept <= LIMITS.replay_characters_total_max) {
      return;
    }
    kept -= streams.characters;
    streams.forget();
  }
};

/** What a message that belongs to no request is about. */
export const aboutOf = (frame: Frame): "call" | "lists" =>
  frame.kind === "notification" && frame.method !== "notifications/message" ? "lists" : "call";
