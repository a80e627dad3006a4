import { LIMITS } from "../base/limits.ts";
import { uuidv7 } from "../base/ids.ts";
import { bareObject } from "../base/json-value.ts";
import type { DecisionRecord, Outcome } from "../audit/record.ts";
import type { Grant } from "../grant/grant.ts";
import type { Decision } from "../policy/types.ts";
import { REFUSALS } from "../base/errors.ts";
import { methodRow, targetOf } from "../wire/methods.ts";
import type { AskedRequest } from "./ask.ts";
import type { Arrival } from "./edge.ts";
import type { Gate, PolicyInForce } from "./gate.ts";
import { argumentsOf, policyOf } from "./permit.ts";
import { refusal, type Refusal } from "./refusal.ts";
import type { Metered } from "./spend.ts";
import { within } from "./within.ts";

/** A request whose decision is in the audit log. Only `record` makes one, and only this can be forwarded. */
class RecordedValue {
  readonly #recorded = true;
  readonly metered: Metered;
  /** The record's id. */
  readonly id: string;

  constructor(metered: Metered, id: string) {
    this.metered = metered;
    this.id = id;
  }

  static is(value: object): boolean {
    return #recorded in value && value.#recorded;
  }
}
export type Recorded = RecordedValue;

/** Gate 12: the decision and what it reserved are one append, before anything is forwarded. */
export const record = async (gate: Gate, metered: Metered): Promise<Recorded | Refusal> => {
  const { permitted, verdict, reserved } = metered;
  const { asked, definition, policy } = permitted;
  const { received, grant } = asked.identified;
  const line = {
    ...facts(gate, received.arrival, grant, asked, policy),
    ...decisionMembers(verdict.decision),
    tool_digest: definition?.digest ?? null,
    reserved,
  };
  try {
    await within(gate.ledger.append(line), LIMITS.audit_ms_max);
  } catch (error) {
    gate.log.error("the audit log cannot be written", { reason: reasonOf(error) });
    await gate.counters.release(reserved);
    return refusal(received, undefined, {
      grant,
      asked,
      offered: definition !== undefined,
      decision: UNRECORDED,
    });
  }
  if (verdict.decision.decision === "allow" && definition !== undefined) {
    asked.session?.tools.add(definition.name);
  }
  return new RecordedValue(metered, line.id);
};

const UNRECORDED: Decision = {
  decision: "deny",
  code: "audit_unavailable",
  message: "The audit log cannot be written, so nothing is forwarded. Try again later.",
};

/** Refusals of a known sender are recorded too. One that cannot be is refused all the same. */
export const recordRefusal = async (gate: Gate, refused: Refusal): Promise<void> => {
  const { grant, asked, decision, code, received } = refused;
  if (grant === undefined) {
    return;
  }
  const policy = asked === undefined ? undefined : policyOf(asked);
  const line = {
    ...facts(gate, received.arrival, grant, asked, policy),
    ...(decision === undefined ? codeMembers(refused) : decisionMembers(decision)),
    tool_digest: refused.digest ?? null,
    ...(asked === undefined ? { method: refused.read?.method ?? null } : {}),
    reserved: [],
  };
  try {
    await within(gate.ledger.append(line), LIMITS.audit_ms_max);
  } catch (error) {
    gate.log.error("a refusal could not be recorded", {
      reason: reasonOf(error),
      code: decision?.code ?? code ?? "internal",
    });
  }
};

/** How a forwarded request ended; the second and last line about it. */
export const recordOutcome = async (
  gate: Gate,
  recorded: Recorded,
  ended: { readonly outcome: Outcome; readonly httpStatus: number | null; readonly bytes: number },
): Promise<void> => {
  const now = gate.clock.now();
  const { at } = recorded.metered.permitted.asked.identified.received.arrival;
  try {
    await gate.ledger.outcome({
      id: recorded.id,
      outcome: ended.outcome,
      http_status: ended.httpStatus,
      duration_ms: Math.max(0, now - at),
      result_bytes: ended.bytes,
      at: rfc3339(now),
    });
  } catch (error) {
    // The call has run: its answer goes out, and the record reads `unknown` after the next start.
    gate.log.error("an outcome could not be recorded", { reason: reasonOf(error), id: recorded.id });
  }
};

type Facts = Omit<
  DecisionRecord,
  | "tool_digest"
  | "decision"
  | "code"
  | "rule"
  | "name"
  | "message"
  | "enforced"
  | "retry_after_ms"
  | "approval_id"
  | "reserved"
>;

const facts = (
  gate: Gate,
  arrival: Arrival,
  grant: Grant,
  asked: AskedRequest | undefined,
  policy: PolicyInForce | undefined,
): Facts => ({
  v: 1,
  id: uuidv7(arrival.at),
  at: rfc3339(arrival.at),
  request_id: arrival.requestId,
  server: arrival.server,
  grant: grant.name,
  identity: grant.identity.name,
  groups: grant.identity.groups,
  session: asked?.session === undefined ? null : gate.redaction.session(asked.session.id),
  client:
    asked?.client === undefined ? null : { name: asked.client.name, version: asked.client.version ?? null },
  protocol: asked === undefined || asked.revision === "" ? null : asked.revision,
  transport: arrival.transport,
  method: asked?.frame.method ?? null,
  tool: asked === undefined ? null : subjectName(asked),
  args: asked === undefined ? null : argsOf(gate, asked),
  policy:
    policy === undefined
      ? null
      : { name: policy.set.name, version: policy.set.version, sha256: policy.sha256 },
});

/** The tool's name; for other requests the URI or name that was judged. */
const subjectName = (asked: AskedRequest): string | null => {
  const row = methodRow(asked.frame.method);
  return row === undefined ? null : (targetOf(row, asked.frame.params) ?? null);
};

const argsOf = (gate: Gate, asked: AskedRequest): DecisionRecord["args"] => {
  if (methodRow(asked.frame.method)?.kind !== "call") {
    return null;
  }
  return gate.redaction.args(argumentsOf(asked) ?? bareObject());
};

const decisionMembers = (decision: Decision) => ({
  decision: decision.decision,
  code: decision.code,
  rule: decision.rule ?? null,
  name: decision.name ?? null,
  message: decision.message,
  enforced: decision.enforced ?? true,
  retry_after_ms: decision.retry_after_ms ?? null,
  approval_id: decision.approval_id ?? null,
});

const codeMembers = ({ code, message }: Refusal) => ({
  decision: "deny" as const,
  code: code ?? "internal",
  rule: null,
  name: null,
  message: message ?? REFUSALS[code ?? "internal"].message,
  enforced: true,
  retry_after_ms: null,
  approval_id: null,
});

const rfc3339 = (ms: number): string => new Date(ms).toISOString();
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");
