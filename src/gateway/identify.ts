import type { Grant } from "../grant/grant.ts";
import type { Gate, Snapshot } from "./gate.ts";
import { ALL_SERVERS, receive, type Received } from "./edge.ts";
import type { Server } from "./server.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** A request whose sender is known and may speak to this server. Only `identify` makes one. */
class IdentifiedValue {
  readonly #identified = true;
  readonly received: Received;
  readonly grant: Grant;
  /** The servers it may speak to at its path: the one, or all of its grant. */
  readonly servers: readonly Server[];
  /** The state of the world this request is judged by, whatever is published meanwhile. */
  readonly snapshot: Snapshot;

  constructor(received: Received, grant: Grant, servers: readonly Server[], snapshot: Snapshot) {
    this.received = received;
    this.grant = grant;
    this.servers = servers;
    this.snapshot = snapshot;
  }

  static is(value: object): boolean {
    return #identified in value && value.#identified;
  }
}
export type Identified = IdentifiedValue;

/** Who asks, and may they speak to this server at all: 401, then 403 (unknown servers too: a token learns nothing of others). */
export const identify = (gate: Gate, received: Received): Identified | Refusal => {
  const { arrival } = received;
  const snapshot = gate.snapshot();
  const { credential } = arrival;
  let grant: Grant;
  if (credential.kind === "local") {
    grant = credential.grant;
  } else {
    const found = snapshot.identify(credential.token ?? "", arrival.at);
    if (!found.ok) {
      return refusal(received, "unauthenticated");
    }
    grant = found.grant;
  }
  const named = arrival.server === ALL_SERVERS ? grant.servers : [arrival.server];
  const servers = named.flatMap((name) =>
    grant.servers.includes(name) ? (snapshot.servers.get(name) ?? []) : [],
  );
  if (servers.length === 0) {
    // The grant is known, so the refusal is recorded; the record names it without a call.
    return refusal(received, "server_forbidden", { grant });
  }
  return new IdentifiedValue(received, grant, servers, snapshot);
};

/** A message that took no longer than this to come is judged as of its beginning. */
const AT_ONCE_MS = 20;

/**
 * The same sender, once its message is there. One that took its time over the body is looked at again: a token that
 * was good half a minute ago opens nothing, and a call counts and is dated when it can be judged, not before.
 */
export const identifyAgain = (gate: Gate, before: Identified): Identified | Refusal => {
  const { arrival } = before.received;
  const at = gate.clock.now();
  return at - arrival.at <= AT_ONCE_MS && at >= arrival.at && gate.snapshot() === before.snapshot
    ? before
    : identify(gate, receive({ ...arrival, at }));
};
