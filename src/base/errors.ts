import { RPC } from "./rpc-codes.ts";

/**
 * Every code the gate can give. Decisions carry a `DecisionCode` (docs/policy.md); what is refused before
 * there is a decision carries a `RefusalCode`. The tables say how each leaves: a row forgotten does not compile.
 */
export const DECISION_CODES = [
  "allowed",
  "frozen",
  "no_policy",
  "hidden",
  "default_deny",
  "action_deny",
  "unknown_tool",
  "tool_changed",
  "invalid_arguments",
  "require_failed",
  "deny_if_matched",
  "approval_required",
  "approval_denied",
  "approval_expired",
  "invalid_increment",
  "limit_exceeded",
  "counter_unavailable",
  "audit_unavailable",
] as const;
export type DecisionCode = (typeof DECISION_CODES)[number];

export const REFUSAL_CODES = [
  "host_forbidden",
  "origin_forbidden",
  "token_in_query",
  "duplicate_authorization",
  "unauthenticated",
  "server_forbidden",
  "not_found",
  "method_not_allowed",
  "body_too_large",
  "unsupported_media_type",
  "not_acceptable",
  "parse_error",
  "invalid_request",
  "invalid_params",
  "header_mismatch",
  "unsupported_version",
  "unknown_session",
  "unknown_method",
  "unknown_item",
  "capability_missing",
  "upstream_unavailable",
  "upstream_timeout",
  "upstream_nonsense",
  "cancelled",
  "overloaded",
  "stopping",
  "internal",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** How a refusal leaves: HTTP status, JSON-RPC error code and a sentence that names nothing internal. */
export interface RefusalRow {
  readonly http: number;
  readonly rpc: number;
  readonly message: string;
}

/** JSON-RPC 2.0 section 5.1; MCP 2026-07-28 "Error Codes"; 1001 to 1005 are the gate's own. */
export const REFUSALS = {
  host_forbidden: { http: 403, rpc: RPC.invalidRequest, message: "This Host is not served here." },
  origin_forbidden: {
    http: 403,
    rpc: RPC.invalidRequest,
    message: "Requests from this Origin are not allowed.",
  },
  token_in_query: {
    http: 400,
    rpc: RPC.invalidRequest,
    message: "A token must not be in the URL. Send it as Authorization: Bearer.",
  },
  duplicate_authorization: {
    http: 400,
    rpc: RPC.invalidRequest,
    message: "More than one Authorization header.",
  },
  unauthenticated: {
    http: 401,
    rpc: RPC.invalidRequest,
    message: "A valid token is required: Authorization: Bearer TOKEN.",
  },
  server_forbidden: { http: 403, rpc: RPC.invalidRequest, message: "This token is not for this server." },
  not_found: { http: 404, rpc: RPC.invalidRequest, message: "Nothing is served at this path." },
  method_not_allowed: {
    http: 405,
    rpc: RPC.invalidRequest,
    message: "This HTTP method is not served at this path.",
  },
  body_too_large: { http: 413, rpc: RPC.invalidRequest, message: "The body is larger than is accepted." },
  unsupported_media_type: {
    http: 415,
    rpc: RPC.invalidRequest,
    message: "The body must be application/json in UTF-8.",
  },
  not_acceptable: {
    http: 406,
    rpc: RPC.invalidRequest,
    message: "Accept must list application/json and text/event-stream.",
  },
  parse_error: { http: 400, rpc: RPC.parseError, message: "The body is not JSON." },
  invalid_request: { http: 400, rpc: RPC.invalidRequest, message: "The body is not one JSON-RPC request." },
  invalid_params: { http: 400, rpc: RPC.invalidParams, message: "The parameters are not of the right type." },
  header_mismatch: { http: 400, rpc: RPC.headerMismatch, message: "The headers do not match the body." },
  unsupported_version: { http: 400, rpc: RPC.unsupportedVersion, message: "Unsupported protocol version." },
  unknown_session: {
    http: 404,
    rpc: RPC.invalidRequest,
    message: "There is no such session. Initialize again.",
  },
  unknown_method: { http: 404, rpc: RPC.methodNotFound, message: "Method not found." },
  unknown_item: { http: 200, rpc: RPC.invalidParams, message: "There is no such resource or prompt." },
  capability_missing: {
    http: 400,
    rpc: RPC.capabilityMissing,
    message: "The server needs something of the client that cannot be carried.",
  },
  upstream_unavailable: { http: 200, rpc: 1001, message: "The server is not available." },
  upstream_timeout: {
    http: 200,
    rpc: 1002,
    message: "The server did not answer in time. Whether it acted is not known.",
  },
  upstream_nonsense: { http: 200, rpc: 1003, message: "The server answered something that cannot be read." },
  cancelled: { http: 202, rpc: 1001, message: "The request was cancelled." },
  overloaded: { http: 200, rpc: 1004, message: "Too many calls are in flight. Try again later." },
  stopping: { http: 503, rpc: 1005, message: "The gateway is stopping." },
  internal: {
    http: 500,
    rpc: RPC.internalError,
    message: "Something went wrong in the gateway. The call was not forwarded.",
  },
} as const satisfies Record<RefusalCode, RefusalRow>;
