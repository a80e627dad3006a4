/** Error codes of JSON-RPC 2.0 section 5.1 and of MCP (2026-07-28 "Error Codes"). */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  /** Until 2025-11-25; 2026-07-28 says `invalidParams` instead. */
  legacyResourceNotFound: -32002,
  headerMismatch: -32020,
  capabilityMissing: -32021,
  unsupportedVersion: -32022,
} as const;
