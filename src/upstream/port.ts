import type { JsonObject } from "../base/json-value.ts";
import type { Frame, ResponseFrame, RequestFrame, NotificationFrame } from "../wire/frame.ts";

/** A server as the configuration describes it, with secrets resolved. */
export interface ServerSpec {
  readonly name: string;
  readonly transport:
    | {
        readonly kind: "stdio";
        readonly command: string;
        readonly args: readonly string[];
        readonly env: Readonly<Record<string, string>>;
        readonly cwd: string;
      }
    /** `sse`: the HTTP+SSE transport of 2024-11-05, whose URL is that of its event stream. */
    | {
        readonly kind: "http" | "sse";
        readonly url: string;
        readonly headers: Readonly<Record<string, string>>;
      };
  /** Whether each client session has a process or session of its own, or shares one. */
  readonly isolation: "session" | "shared";
  readonly startMs: number;
  readonly callMs: number;
  /** With progress, at most this long in all. */
  readonly callMaxMs: number;
  readonly idleMs: number;
  readonly resultBytes: number;
}

/** What a channel speaks: the revision, and what the server said of itself. */
export interface Spoken {
  readonly era: "legacy" | "modern";
  /** `2025-11-25`, …: what was negotiated, or asked for where nothing is. */
  readonly revision: string;
  /** The revision that the server itself speaks, where a bridge stands between. */
  readonly bridged?: string;
  /** The `initialize` or `server/discover` result as it came. */
  readonly hello: JsonObject;
}

/**
 * Why a request has no answer. `never_ran`: it certainly did not reach the server (connection refused, spawn
 * failed, session unknown); all others may have acted.
 */
export type FailureKind = "never_ran" | "lost" | "timeout" | "nonsense" | "cancelled";

export class UpstreamFailure extends Error {
  override readonly name = "UpstreamFailure";
  readonly kind: FailureKind;
  /** For the operator's log and `doctor`; never sent to a client. */
  readonly detail: string;
  /** The server's own words, where it answered with an error: as they came, for who asked for nothing else than them. */
  readonly said: string | undefined;

  constructor(kind: FailureKind, detail: string, said?: string) {
    super(`upstream failure: ${kind}`);
    this.kind = kind;
    this.detail = detail;
    this.said = said;
  }
}

/** Nobody is there: no connection came about, or who stands before the server says that it is not there. */
export class NotThere extends UpstreamFailure {}

export interface Exchange {
  /**
   * Notifications and requests of the server that belong to this request, in order, before its answer. While what it
   * returns is not settled, the channel reads no more of this answer: whoever reads slowly makes the server wait.
   */
  readonly onInterim: (frame: Frame) => Promise<void> | void;
  /** Aborting stops waiting; `channel.request` tells the server in the way of its era. */
  readonly signal: AbortSignal;
  /** Whose `signal` that is, where the channel may abort it itself, with an `UpstreamFailure`: it then makes none of its own. */
  readonly controller?: AbortController;
  /**
   * Called once with what to tell when the server waits for the caller and no longer does: while it waits, the
   * channel's time-out for the request stands still.
   */
  readonly onHold?: (hold: (held: boolean) => void) => void;
  /** `params.name` or `params.uri` of what is sent, for the `Mcp-Name` header of a modern HTTP server. */
  readonly name?: string;
  /** `Mcp-Param-*` headers made from the judged arguments, modern HTTP only. */
  readonly paramHeaders?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly frame: ResponseFrame;
  /** Status of an HTTP upstream's answer; `null` over stdio and HTTP+SSE. */
  readonly httpStatus: number | null;
  /** Bytes of the answer as it came. */
  readonly bytes: number;
}

/** One line of talk with a server: a child process, or a session or era of an HTTP server. */
export interface Channel extends AsyncDisposable {
  readonly spoken: Spoken;
  /** Sends a request and waits for its answer, whose id is the request's. Throws `UpstreamFailure`. */
  readonly request: (frame: RequestFrame, exchange: Exchange) => Promise<Answer>;
  /** Sends a notification or a client's response. Throws `UpstreamFailure`. */
  readonly send: (frame: NotificationFrame | ResponseFrame) => Promise<void>;
  /** Called once, when the channel can no longer be used. */
  readonly onClosed: (listener: (reason: string) => void) => void;
  /** Messages of the server that belong to no request under way. The listener may make the channel wait, as `onInterim`. */
  readonly onMessage: (listener: (frame: Frame) => Promise<void> | void) => void;
}

/** Opens channels to one server. */
export interface Upstream extends AsyncDisposable {
  readonly spec: ServerSpec;
  /** Opens a legacy channel by sending this `initialize` request (without `notifications/initialized`, which is the client's to send). */
  readonly openLegacy: (
    initialize: RequestFrame,
  ) => Promise<{ readonly channel: Channel; readonly answer: Answer }>;
  /** A modern channel, or `undefined` where the server speaks no modern revision. Probed once and remembered. */
  readonly openModern: () => Promise<Channel | undefined>;
  /** The last of the server's standard error, masked, for the operator. */
  readonly stderrTail: () => string;
}

/** What every server is opened with. */
export interface OpenOptions {
  /** The gate's own, for servers that ask who asks. */
  readonly version: string;
  /** Takes the secrets out of what a server wrote, before an operator sees it. */
  readonly mask: (text: string) => string;
}
