import type { Streams } from "./streams.ts";

/**
 * The client's end of one request: where its answer goes. One for each transport.
 */
export interface Sink {
  /**
   * A message that belongs to this request and is not its answer. Dropped where the client cannot take it. Where the
   * client reads slowly it gives a promise that settles when there is room: whoever has more waits for it.
   */
  readonly interim: (text: string) => Promise<void> | undefined;
  /** Whether messages before the answer reach the client, now or when it comes back for them. */
  readonly takesInterim: boolean;
  /** Whether somebody reads them now. */
  readonly isRead: () => boolean;
  /** From now on what is said can be asked for again: it goes through a stream of this session (2025-11-25 "Resumability"). */
  readonly follow: (streams: Streams) => void;
  /** The answer: an HTTP status (not used on stdio), one JSON-RPC message, and headers by lower-case name. */
  readonly answer: (status: number, text: string, headers?: Readonly<Record<string, string>>) => void;
  /** Ends without a message: an accepted notification (202), or a request that was cancelled. */
  readonly end: (status: number, headers?: Readonly<Record<string, string>>) => void;
  /** Calls back once if the client goes away before the answer is out. */
  readonly onGone: (listener: () => void) => void;
  /** Settles when what was said has left the gate or never will; `undefined` where nothing waits. */
  readonly flushed: () => Promise<void> | undefined;
}
