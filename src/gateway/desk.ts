import type { Frame } from "../wire/frame.ts";
import type { Books } from "./books.ts";
import type { Gate } from "./gate.ts";
import type { InFlight } from "./in-flight.ts";
import type { Sessions } from "./session.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What the handling of one request needs besides the gate. Built once, in serve.ts. */
export interface Desk {
  readonly gate: Gate;
  readonly sessions: Sessions;
  /** Counts requests under way. */
  readonly inFlight: InFlight;
  /** Counts what clients say without waiting for an answer, until it is taken. */
  readonly passing: InFlight;
  /** Counts streams that stay open: they are no calls. */
  readonly openStreams: InFlight;
  readonly subscriptions: Subscriptions;
  readonly books: Books;
  /** Hides secrets that an upstream echoes. */
  readonly mask: (frame: Frame) => Frame;
}
