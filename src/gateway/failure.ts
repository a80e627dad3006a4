import type { RefusalCode } from "../base/errors.ts";
import type { Outcome } from "../audit/record.ts";
import type { FailureKind, UpstreamFailure } from "../upstream/port.ts";

/** What a failure of the server is to the client, and to the record. `unavailable` says that the call never ran. */
const FAILURES = {
  never_ran: { code: "upstream_unavailable", outcome: "unavailable" },
  lost: { code: "upstream_unavailable", outcome: "unknown" },
  timeout: { code: "upstream_timeout", outcome: "timeout" },
  nonsense: { code: "upstream_nonsense", outcome: "unknown" },
  cancelled: { code: "cancelled", outcome: "cancelled" },
} as const satisfies Record<FailureKind, { readonly code: RefusalCode; readonly outcome: Outcome }>;

export const failureCode = (failure: UpstreamFailure): RefusalCode => FAILURES[failure.kind].code;
export const failureOutcome = (failure: UpstreamFailure): Outcome => FAILURES[failure.kind].outcome;
