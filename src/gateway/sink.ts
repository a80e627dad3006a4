/**
 * The client's end of one request: where its answer goes. One for each transport.
 */
export interface Sink {
  /** A message that belongs to this request and is not its answer. Dropped where the client cannot take it. */
  readonly interim: (text: string) => void;
  /** The answer: an HTTP status (not used on stdio), one JSON-RPC message, and headers by lower-case name. */
  readonly answer: (status: number, text: string, headers?: Readonly<Record<string, string>>) => void;
  /** Ends without a message: an accepted notification (202), or a request that was cancelled. */
  readonly end: (status: number, headers?: Readonly<Record<string, string>>) => void;
  /** Calls back once if the client goes away before the answer is out. */
  readonly onGone: (listener: () => void) => void;
}
