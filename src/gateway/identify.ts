import type { Grant } from "../grant/grant.ts";
import type { Gate, Snapshot } from "./gate.ts";
import type { Received } from "./edge.ts";
import type { Server } from "./server.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** A request whose sender is known and may speak to this server. Only `identify` makes one. */
class IdentifiedValue {
  readonly #identified = true;
  readonly received: Received;
  readonly grant: Grant;
  readonly server: Server;
  /** The state of the world this request is judged by, whatever is published meanwhile. */
  readonly snapshot: Snapshot;

  constructor(received: Received, grant: Grant, server: Server, snapshot: Snapshot) {
    this.received = received;
    this.grant = grant;
    this.server = server;
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
  const server = grant.servers.includes(arrival.server) ? snapshot.servers.get(arrival.server) : undefined;
  if (server === undefined) {
    // The grant is known, so the refusal is recorded; the record names it without a call.
    return refusal(received, "server_forbidden", { grant });
  }
  return new IdentifiedValue(received, grant, server, snapshot);
};
