import { LIMITS } from "../base/limits.ts";
import type { Outcome } from "../audit/record.ts";
import type { Decision } from "../policy/types.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import type { NotificationFrame } from "../wire/frame.ts";
import { methodRow } from "../wire/methods.ts";
import { admitsMethod } from "../policy/list.ts";
import type { AskedMessage } from "./ask.ts";
import { ALL_SERVERS } from "./edge.ts";
import { decisionMembers, nothingAsked, rfc3339, whoAndWhen } from "./facts.ts";
import { failureOutcome } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { refusal, type Refusal } from "./refusal.ts";
import type { Server } from "./server.ts";
import type { Session } from "./session.ts";
import { within } from "./within.ts";

export interface Announced {
  readonly asked: AskedMessage;
  readonly session: Session;
  readonly server: Server;
  readonly frame: NotificationFrame;
}

/** A notification of a method that no revision and no official extension has. */
export const asAnnounced = (asked: AskedMessage): Announced | undefined => {
  const { frame, session, identified } = asked;
  const [server] = identified.servers;
  return session !== undefined &&
    server !== undefined &&
    frame.kind === "notification" &&
    methodRow(frame.method) === undefined
    ? { asked, session, server, frame }
    : undefined;
};

const ADMITTED: Decision = { decision: "allow", code: "allowed", message: "The policy admits it." };
const REFUSED: Decision = {
  decision: "deny",
  code: "default_deny",
  message: "The policy does not admit this notification.",
};

/**
 * Nobody answers a notification, but a server may act on it: like a request of its method it is judged by `methods`
 * (docs/policy.md) and recorded before it goes on.
 */
export const announce = async (gate: Gate, announced: Announced): Promise<Refusal | undefined> => {
  const { asked, session, frame } = announced;
  const { received, grant, snapshot } = asked.identified;
  const policy = grant.policy === undefined ? undefined : snapshot.policies.get(grant.policy);
  const refused = (decision: Decision): Refusal =>
    refusal(received, "unknown_method", {
      grant,
      decision,
      read: { method: frame.method, notification: true },
    });
  const { at } = received.arrival;
  if (snapshot.freezes.hold({ server: announced.server.name, grant, tool: undefined, at })) {
    return refused({ ...REFUSED, code: "frozen", message: "This is frozen." });
  }
  // Where all servers are one, nothing says whose it is.
  if (received.arrival.server === ALL_SERVERS || !admitsMethod(policy?.set, frame.method)) {
    return refused(policy === undefined ? { ...REFUSED, code: "no_policy" } : REFUSED);
  }
  const line = {
    ...whoAndWhen(gate, received.arrival, grant),
    ...nothingAsked(gate, frame.method),
    session: session.parts.mark,
    protocol: asked.revision,
    ...decisionMembers(ADMITTED),
    tool_digest: null,
    reserved: [],
  };
  try {
    await within(gate.ledger.append(line), LIMITS.audit_ms_max);
  } catch {
    gate.ledger.abandon(line.id);
    return refused({ ...REFUSED, code: "audit_unavailable", message: "The audit log cannot be written." });
  }
  let outcome: Outcome = "unknown"; // What throws all the same may have been told to the server.
  try {
    outcome = await sent(announced);
  } finally {
    const at = rfc3339(gate.clock.now());
    await gate.ledger.outcome({
      id: line.id,
      outcome,
      http_status: null,
      duration_ms: 0,
      result_bytes: 0,
      at,
    });
  }
  return undefined;
};

const sent = async ({ session, server, frame }: Announced): Promise<Outcome> => {
  try {
    const link = await session.linkTo(server);
    await link?.channel.send(frame);
    return link === undefined ? "unavailable" : "ok";
  } catch (error) {
    if (error instanceof UpstreamFailure) {
      return failureOutcome(error);
    }
    throw error;
  }
};
