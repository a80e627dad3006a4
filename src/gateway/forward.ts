import { member } from "../base/json-value.ts";
import type { Outcome } from "../audit/record.ts";
import { NotCarried } from "../bridge/not-carried.ts";
import { UpstreamFailure } from "../upstream/port.ts";
import { exchange, type Exchanged, type Hear } from "./exchange.ts";
import { failureCode, failureOutcome } from "./failure.ts";
import type { Desk } from "./desk.ts";
import { recordOutcome, type Recorded } from "./record.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** A recorded request and what its server answered. Only `forward` makes one. */
class AnsweredValue {
  readonly #answered = true;
  readonly recorded: Recorded;
  readonly exchanged: Exchanged;

  constructor(recorded: Recorded, exchanged: Exchanged) {
    this.recorded = recorded;
    this.exchanged = exchanged;
  }

  static is(value: object): boolean {
    return #answered in value && value.#answered;
  }
}
export type Answered = AnsweredValue;

/** Sends a recorded request to its server, and records how it ended. What never ran is given back to its limits. */
export const forward = async (desk: Desk, recorded: Recorded, hear?: Hear): Promise<Answered | Refusal> => {
  const { gate } = desk;
  const { permitted, reserved } = recorded.metered;
  const { asked } = permitted;
  try {
    const exchanged = await exchange(desk, recorded, hear);
    recordOutcome(gate, recorded, {
      outcome: outcomeOf(exchanged),
      httpStatus: exchanged.httpStatus,
      bytes: exchanged.bytes,
    });
    return new AnsweredValue(recorded, exchanged);
  } catch (error) {
    const ended = endOf(error);
    // Both in one turn: a checkpoint of the counters in between would have given back what the record has yet to say.
    const given = ended.outcome === "unavailable" ? gate.counters.release(reserved) : undefined;
    recordOutcome(gate, recorded, { outcome: ended.outcome, httpStatus: null, bytes: 0 });
    await given;
    if (!(error instanceof UpstreamFailure) && !(error instanceof NotCarried)) {
      throw error;
    }
    return refusal(asked.identified.received, ended.code, {
      asked,
      ...(error instanceof NotCarried ? { data: { requiredCapabilities: { [error.capability]: {} } } } : {}),
    });
  }
};

const outcomeOf = ({ frame }: Exchanged): Outcome => {
  if (frame.result === undefined) {
    return "rpc_error";
  }
  return member(frame.result, "isError") === true ? "tool_error" : "ok";
};

const endOf = (
  error: unknown,
): { readonly outcome: Outcome; readonly code: Parameters<typeof refusal>[1] } => {
  if (error instanceof UpstreamFailure) {
    return { outcome: failureOutcome(error), code: failureCode(error) };
  }
  return error instanceof NotCarried
    ? { outcome: "unknown", code: "capability_missing" }
    : { outcome: "unknown", code: "internal" };
};
