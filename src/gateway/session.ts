import { LIMITS } from "../base/limits.ts";
import type { Grant } from "../grant/grant.ts";
import type { Frame } from "../wire/frame.ts";
import type { Link } from "./link.ts";
import type { Server } from "./server.ts";

/** A legacy session: ours, bound to one grant and one server, with a link of its own. */
export interface Session {
  /** Random; a credential: whoever has it and the token is in the session. */
  readonly id: string;
  /** The id's keyed hash: what records and counters know the session by. */
  readonly mark: string;
  readonly grant: string;
  readonly server: Server;
  readonly link: Link;
  /** What `initialize` negotiated. */
  readonly revision: string;
  readonly client: { readonly name: string; readonly version?: string } | undefined;
  /** Capabilities the client declared: what the server may ask of it. */
  readonly capabilities: ReadonlySet<string>;
  /** Tools that were allowed in this session (policy.md section 3, `session.tools`). */
  readonly tools: Set<string>;
  /** Requests under way by the text of their id: how to cancel each, and where its messages go. */
  readonly underWay: Map<string, UnderWay>;
  /** Where the server's messages go while no request is under way; only a pipe has such a place. */
  readonly unasked: ((frame: Frame) => void) | undefined;
}

export interface UnderWay {
  readonly cancel: () => void;
  readonly interim: (frame: Frame) => void;
}

/** The legacy sessions of this gateway. */
export class Sessions implements AsyncDisposable {
  readonly #sessions = new Map<string, Session>();

  /** Where there is no room for another, false. */
  add(session: Session): boolean {
    if (this.#sessions.size >= LIMITS.sessions_max) {
      return false;
    }
    this.#sessions.set(session.id, session);
    session.link.channel.onClosed(() => this.#sessions.delete(session.id));
    session.link.onStray((frame) => {
      const interim = latest(session)?.interim ?? session.unasked;
      interim?.(frame);
      return interim !== undefined;
    });
    return true;
  }

  /** A session is found only by the grant and on the server it was opened with. */
  find(id: string, grant: Grant, server: string): Session | undefined {
    const session = this.#sessions.get(id);
    return session !== undefined && session.grant === grant.name && session.server.name === server
      ? session
      : undefined;
  }

  async close(session: Session): Promise<void> {
    this.#sessions.delete(session.id);
    await session.link[Symbol.asyncDispose]();
  }

  async closeGrant(grant: string): Promise<void> {
    await this.#closeWhere((session) => session.grant === grant);
  }

  async closeServer(server: Server): Promise<void> {
    await this.#closeWhere((session) => session.server === server);
  }

  /** Closes sessions that nobody has used for their server's idle time. */
  async sweep(now: number): Promise<void> {
    await this.#closeWhere((session) => {
      const idleSince = session.link.idleSince();
      return idleSince !== undefined && idleSince < now - session.server.upstream.spec.idleMs;
    });
  }

  async #closeWhere(matches: (session: Session) => boolean): Promise<void> {
    const closing = [...this.#sessions.values()].filter(matches);
    await Promise.allSettled(closing.map((session) => this.close(session)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeWhere(() => true);
  }
}

const latest = (session: Session): UnderWay | undefined => [...session.underWay.values()].at(-1);
