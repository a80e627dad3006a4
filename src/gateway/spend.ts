import type { KeptArgs } from "../audit/record.ts";
import { LIMITS } from "../base/limits.ts";
import type { Reservation, Reserved } from "../meter/port.ts";
import { refuseLimit, type Verdict } from "../policy/decide.ts";
import type { Gate } from "./gate.ts";
import type { Permitted } from "./permit.ts";
import type { Redacted } from "./redact.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { within } from "./within.ts";

/** A permitted request whose limits all had room, and what it took from them. Only `spend` makes one. */
class MeteredValue {
  readonly #metered = true;
  readonly permitted: Permitted;
  readonly args: KeptArgs | null;
  readonly verdict: Verdict;
  readonly reserved: readonly Reserved[];

  constructor({ permitted, args }: Redacted, verdict: Verdict, reserved: readonly Reserved[]) {
    this.permitted = permitted;
    this.args = args;
    this.verdict = verdict;
    this.reserved = reserved;
  }

  static is(value: object): boolean {
    return #metered in value && value.#metered;
  }
}
export type Metered = MeteredValue;

const NONE: readonly Reserved[] = [];

/** Gate 11: reserves all charges of the call together, or refuses. */
export const spend = async (gate: Gate, redacted: Redacted): Promise<Metered | Refusal> => {
  const { permitted } = redacted;
  const { verdict, policy, asked } = permitted;
  if (verdict.charges.length === 0 || policy === undefined) {
    return new MeteredValue(redacted, verdict, NONE);
  }
  const reservation = await reserve(gate, permitted);
  if (reservation.ok) {
    return new MeteredValue(redacted, verdict, reservation.reserved);
  }
  const refused = refuseLimit(
    policy.set,
    verdict,
    reservation.index,
    reservation.code,
    reservation.retryAfterMs,
  );
  return refused.passes
    ? new MeteredValue(redacted, refused, NONE)
    : refusal(asked.identified.received, undefined, {
        grant: asked.identified.grant,
        asked,
        args: redacted.args,
        decision: refused.decision,
        offered: true,
        definition: permitted.definition,
      });
};

/** At the time of now: a call may have waited for its server to start, and runs no earlier than this. */
const reserve = async (gate: Gate, { verdict }: Permitted): Promise<Reservation> => {
  try {
    return await within(gate.counters.reserve(verdict.charges, gate.clock.now()), LIMITS.counter_ms_max);
  } catch (error) {
    gate.log.error("counters did not answer", { reason: error instanceof Error ? error.message : "unknown" });
    return { ok: false, code: "counter_unavailable", index: 0 };
  }
};
