import { bareObject } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { RPC } from "../base/rpc-codes.ts";
import type { RequestId } from "./frame.ts";
import type { Era } from "./revisions.ts";

/** A decision as far as an agent sees it (docs/policy.md). */
export interface DecisionLike {
  readonly decision: string;
  readonly code: string;
  readonly rule?: string;
  readonly name?: string;
  readonly message: string;
  readonly enforced?: boolean;
  readonly retry_after_ms?: number;
  readonly approval_id?: string;
}

/** The members of a decision that go into `_meta`, in this order. `message` is in the text. */
const DECISION_MEMBERS = [
  "decision",
  "code",
  "rule",
  "name",
  "enforced",
  "retry_after_ms",
  "approval_id",
] as const satisfies readonly (keyof DecisionLike)[];

const DECISION_META = "tollgate/decision";

export const resultReply = (id: RequestId, result: Json): string => writeJson({ jsonrpc: "2.0", id, result });

/** An error; without `id` where the request's could not be read (2026-07-28 "Error Responses"). */
export const errorReply = (id: RequestId | undefined, code: number, message: string, data?: Json): string => {
  const error: JsonObject = data === undefined ? { code, message } : { code, message, data };
  return writeJson(id === undefined ? { jsonrpc: "2.0", error } : { jsonrpc: "2.0", id, error });
};

/** Errors that have an HTTP status of their own in 2026-07-28 (Streamable HTTP "Error Responses"). */
const MODERN_STATUS: ReadonlyMap<Json | undefined, number> = new Map([
  [RPC.methodNotFound, 404],
  [RPC.headerMismatch, 400],
  [RPC.capabilityMissing, 400],
  [RPC.unsupportedVersion, 400],
]);

/** The status that an answer goes with: before 2026-07-28 an error is an ordinary answer. */
export const errorStatus = (error: JsonObject | undefined, era: Era): number =>
  era === "modern" && error !== undefined ? (MODERN_STATUS.get(error["code"]) ?? 200) : 200;

const decisionMeta = (decision: DecisionLike): JsonObject => {
  const made = bareObject();
  for (const key of DECISION_MEMBERS) {
    const value = decision[key];
    if (value !== undefined) {
      made[key] = value;
    }
  }
  return made;
};

/** The result of a call that is refused (docs/policy.md "What the agent sees of a denial"). */
const denialResult = (decision: DecisionLike, modern: boolean): JsonObject => {
  const result: JsonObject = {
    content: [{ type: "text", text: `[POLICY DENIED] ${decision.message}` }],
    isError: true,
    _meta: { [DECISION_META]: decisionMeta(decision) },
  };
  // 2026-07-28 "ResultType": every result says what it is.
  return modern ? { resultType: "complete", ...result } : result;
};

export const denialReply = (id: RequestId, decision: DecisionLike, modern: boolean): string =>
  resultReply(id, denialResult(decision, modern));

/** The answer to a name that is hidden or not offered, the same bytes for both (docs/policy.md). */
export const unknownToolReply = (id: RequestId, name: string): string =>
  errorReply(id, RPC.invalidParams, `Unknown tool: ${name}`);
