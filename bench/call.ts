/** The one `tools/call` that the gateway benchmark sends, and what its server says to everything. */

const REVISION = "2026-07-28";
const TOOL = "create_refund";

const META = {
  "io.modelcontextprotocol/protocolVersion": REVISION,
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

export const REQUEST_BODY = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "tools/call",
  params: {
    name: TOOL,
    arguments: { customer: "cus_48213", amount: 1250, currency: "EUR", reason: "The parcel never arrived." },
    _meta: META,
  },
});

export const requestHeaders = (token: string): Readonly<Record<string, string>> => ({
  Authorization: `Bearer ${token}`,
  "Content-Type": "application/json",
  Accept: "application/json, text/event-stream",
  "MCP-Protocol-Version": REVISION,
  "Mcp-Method": "tools/call",
  "Mcp-Name": TOOL,
});

const RESULT = {
  resultType: "complete",
  content: [{ type: "text", text: "Refund re_90211 of 1250 EUR for cus_48213 was created." }],
  isError: false,
};

/** The answer to the call, constant but for its id: a gate that several clients share may send another than theirs. */
export const responseBody = (id: string): string =>
  `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(RESULT)}}`;

/** What the client gets, whose id is always 1. */
export const RESPONSE_BODY = responseBody("1");

const SERVER_INFO = { name: "bench-upstream", version: "1" };
const CACHE = { ttlMs: 3_600_000, cacheScope: "public" };

const INPUT_SCHEMA = {
  type: "object",
  properties: {
    customer: { type: "string" },
    amount: { type: "number" },
    currency: { type: "string" },
    reason: { type: "string" },
  },
  required: ["customer", "amount", "currency"],
};

/** Results of everything but the call, by method. */
export const HOUSEKEEPING: Readonly<Record<string, object>> = {
  "server/discover": {
    resultType: "complete",
    supportedVersions: [REVISION],
    capabilities: { tools: {} },
    _meta: { "io.modelcontextprotocol/serverInfo": SERVER_INFO },
    ...CACHE,
  },
  "tools/list": {
    resultType: "complete",
    tools: [{ name: TOOL, description: "Creates a refund.", inputSchema: INPUT_SCHEMA }],
    ...CACHE,
  },
};

/** What the gate judges the call by: conditions, and a limit that is counted and never reached. */
export const POLICY = {
  version: "1",
  default: "deny",
  tools: {
    [TOOL]: {
      require: [
        {
          conditions: [
            { path: "args.customer", op: "starts_with", value: "cus_" },
            { path: "args.currency", op: "in", value: ["EUR", "USD", "GBP"] },
          ],
        },
      ],
      deny_if: [{ conditions: [{ path: "args.amount", op: "gt", value: 10_000 }], on_deny: "Ask finance." }],
      limits: [{ counter: "refunds", window: "minute", max: 1_000_000_000, scope: "grant" }],
    },
  },
};
