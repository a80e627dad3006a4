import type { CedarCall } from "./cedar.ts";

/** The same rules twice: 20 tools, each with three conditions and one limit, in Tollgate's language and in Cedar's. */

const TOOLS = 20;
const CALLS = 1_000;
const CURRENCIES = ["EUR", "USD", "GBP"];

const toolName = (index: number): string => `tool_${String(index)}`;
const highest = (index: number): number => 1_000 + index;

export const TOLLGATE_POLICY = JSON.stringify({
  version: "1",
  default: "deny",
  tools: Object.fromEntries(
    Array.from({ length: TOOLS }, (_, index) => [
      toolName(index),
      {
        require: [
          {
            conditions: [
              { path: "args.amount", op: "lte", value: highest(index) },
              { path: "args.currency", op: "in", value: CURRENCIES },
              { path: "args.customer", op: "starts_with", value: "cus_" },
            ],
          },
        ],
        limits: [{ counter: `calls_${String(index)}`, window: "minute", max: 1_000_000_000, scope: "grant" }],
      },
    ]),
  ),
});

/** Cedar has no limits: it is asked for less. */
export const CEDAR_POLICY = Array.from(
  { length: TOOLS },
  (_, index) => `
permit (principal == Grant::"agent", action == Action::"call", resource == Tool::"${toolName(index)}")
when {
  context.amount <= ${String(highest(index))} &&
  ${JSON.stringify(CURRENCIES)}.contains(context.currency) &&
  context.customer like "cus_*"
};`,
).join("\n");

export interface CaseCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, string | number>>;
  readonly cedar: CedarCall;
  readonly allowed: boolean;
}

/** Calls over all tools in turn. Of ten, seven are allowed and each condition fails in one. */
export const CASE_CALLS: readonly CaseCall[] = Array.from({ length: CALLS }, (_, index) => {
  const tool = index % TOOLS;
  const kind = Math.floor(index / TOOLS) % 10;
  const judged = {
    customer: kind === 9 ? `usr_${String(index)}` : `cus_${String(index)}`,
    amount: kind === 7 ? highest(tool) + 1 : 1 + (index % 1_000),
    currency: kind === 8 ? "CHF" : (CURRENCIES[index % CURRENCIES.length] ?? ""),
  };
  return {
    tool: toolName(tool),
    args: { ...judged, reason: "The parcel never arrived." },
    cedar: {
      principal: { type: "Grant", id: "agent" },
      action: { type: "Action", id: "call" },
      resource: { type: "Tool", id: toolName(tool) },
      // Only what the policies look at: handing over the rest would cost Cedar time.
      context: judged,
    },
    allowed: kind < 7,
  };
});
