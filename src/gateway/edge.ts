import type { RefusalCode } from "../base/errors.ts";
import type { Grant } from "../grant/grant.ts";
import type { Frame, RequestId, Unreadable } from "../wire/frame.ts";
import type { HeaderLists } from "../wire/headers.ts";
import type { UnderWay } from "./session.ts";
import type { Sink } from "./sink.ts";

/** What a peer shows to be let in: a token, or, on stdio, that it was started by the owner of the grant. */
export type Credential =
  | { readonly kind: "bearer"; readonly token: string | undefined }
  | { readonly kind: "local"; readonly grant: Grant };

/** The path of all servers of a grant as one. No server can have this name. */
export const ALL_SERVERS = "*";

/** What came: a message's text, an element of a batch that is read already, or why there is nothing to read. */
export type Came =
  | { readonly text: string }
  | { readonly element: Frame | Unreadable }
  /** `id`: of a message that is not read, where it can be told. */
  | { readonly refused: RefusalCode; readonly id?: RequestId | undefined };

export interface Arrival {
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly transport: "http" | "stdio";
  readonly credential: Credential;
  /** Name of the server in the path, or `ALL_SERVERS`. */
  readonly server: string;
  /** Headers that mirror the body (2026-07-28, "Request Metadata"); `undefined` on stdio, where there are none. */
  readonly headers: HeaderLists | undefined;
  /** The legacy session that the message says it is in. */
  readonly sessionId: string | undefined;
  /** Read only once the peer is known. */
  readonly read: () => Promise<Came>;
  readonly sink: Sink;
  /** Requests under way of a peer that has no session but one pipe: how to cancel each. */
  readonly underWay?: Map<string, UnderWay>;
}

/** A request at the door: nothing is known of it but how it came. Only `receive` makes one. */
class ReceivedValue {
  readonly #received = true;
  readonly arrival: Arrival;

  constructor(arrival: Arrival) {
    this.arrival = arrival;
  }

  static is(value: object): boolean {
    return #received in value && value.#received;
  }
}
export type Received = ReceivedValue;

export const receive = (arrival: Arrival): Received => new ReceivedValue(arrival);
