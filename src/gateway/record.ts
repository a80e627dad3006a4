import { LIMITS } from "../base/limits.ts";
import type { Outcome } from "../audit/record.ts";
import type { Decision } from "../policy/types.ts";
import {
  codeMembers,
  decisionMembers,
  nothingAsked,
  rfc3339,
  whatWasAsked,
  whatWasSaid,
  whoAndWhen,
} from "./facts.ts";
import type { Gate } from "./gate.ts";
import { keptArgNames, keptArgs } from "./redact.ts";
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
  const { permitted, args, verdict, reserved } = metered;
  const { asked, definition } = permitted;
  const { received, grant } = asked.identified;
  const { decision } = verdict;
  const offered = definition !== undefined;
  const line = {
    ...whoAndWhen(gate, received.arrival, grant, asked.server),
    ...whatWasAsked(gate, asked, args, offered),
    ...decisionMembers(decision, whatWasSaid(gate, asked, decision, offered)),
    tool_digest: definition?.digest ?? null,
    reserved,
  };
  try {
    await within(gate.ledger.append(line), LIMITS.audit_ms_max);
  } catch (error) {
    gate.log.error("the audit log cannot be written", { reason: reasonOf(error) });
    // Where only the wait was too long, the record is there or will be: it must not say that the call ran.
    gate.ledger.abandon(line.id);
    await gate.counters.release(reserved);
    return refusal(received, undefined, {
      grant,
      asked,
      args,
      offered,
      decision: UNRECORDED,
    });
  }
  if (decision.decision === "allow" && definition !== undefined) {
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
  const { grant, asked, received } = refused;
  if (grant === undefined) {
    if (asked === undefined) {
      gate.onStranger(refused.code ?? "internal");
    }
    return; // A call that was let through has its record, whatever became of it.
  }
  const line = {
    ...whoAndWhen(gate, received.arrival, grant, asked?.server),
    ...(await whatWasRefused(gate, refused)),
    ...whatWasDecided(gate, refused),
    tool_digest: refused.definition?.digest ?? null,
    reserved: [],
  };
  try {
    await within(gate.ledger.append(line), LIMITS.audit_ms_max);
  } catch (error) {
    gate.log.error("a refusal could not be recorded", { reason: reasonOf(error), code: line.code });
  }
};

const whatWasRefused = async (gate: Gate, { asked, args, read, offered, code, definition }: Refusal) => {
  if (asked === undefined) {
    return nothingAsked(gate, read?.method);
  }
  const keep = code === "overloaded" ? keptArgNames : keptArgs;
  return whatWasAsked(gate, asked, args === undefined ? await keep(gate, asked, definition) : args, offered);
};

const whatWasDecided = (gate: Gate, refused: Refusal) => {
  const { asked, decision, offered } = refused;
  if (decision === undefined) {
    return codeMembers(refused);
  }
  return asked === undefined
    ? decisionMembers(decision)
    : decisionMembers(decision, whatWasSaid(gate, asked, decision, offered));
};

/** How a forwarded request ended; the second and last line about it. */
export const recordOutcome = (
  gate: Gate,
  recorded: Recorded,
  ended: { readonly outcome: Outcome; readonly httpStatus: number | null; readonly bytes: number },
): void => {
  const now = gate.clock.now();
  const { at } = recorded.metered.permitted.asked.identified.received.arrival;
  // The call has run: its answer does not wait. Where this line is lost, the record reads `unknown` after a start.
  const lost = (error: unknown): void =>
    gate.log.error("an outcome could not be recorded", { reason: reasonOf(error), id: recorded.id });
  try {
    const written = gate.ledger.outcome({
      id: recorded.id,
      outcome: ended.outcome,
      http_status: ended.httpStatus,
      duration_ms: Math.max(0, now - at),
      result_bytes: ended.bytes,
      at: rfc3339(now),
    });
    written?.catch(lost);
  } catch (error) {
    lost(error);
  }
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");
