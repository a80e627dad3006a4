import type { ServerEntry, ToolEntry } from "../../entry.ts";

/** What a search must find: the command's and that of the pages, which run the same cases. */

export const tool = (name: string, more: Partial<ToolEntry> = {}): ToolEntry => ({
  name,
  class: "read",
  risk: "low",
  confidence: 0.9,
  evidence: [],
  powers: [],
  arguments: [],
  meta: undefined,
  tokens: 100,
  digest: "0".repeat(64),
  annotations: {},
  ...more,
});

export const server = (name: string, ...tools: readonly ToolEntry[]): ServerEntry => ({
  name,
  origin: { from: "scan", at: 0 },
  product: undefined,
  revision: "2025-11-25",
  tools,
});

const amount = { path: "args.amount", types: ["number"], required: true, kinds: ["money"] } as const;

export const SERVERS: readonly ServerEntry[] = [
  server(
    "github",
    tool("list_issues"),
    tool("createIssue", { class: "write", risk: "medium" }),
    tool("delete_file", { class: "destructive", risk: "critical", powers: ["files"] }),
    tool("delete_profile", { class: "destructive", risk: "high" }),
    tool("get_profile"),
    tool("put", { class: "write", risk: "medium", powers: ["files"] }),
  ),
  server(
    "billing-kb",
    tool("refund", { class: "financial", risk: "critical", arguments: [amount] }),
    tool("list_refunds"),
    tool("profile"),
  ),
];

const ALL = [
  "github createIssue",
  "github delete_file",
  "github delete_profile",
  "github get_profile",
  "github list_issues",
  "billing-kb list_refunds",
  "billing-kb profile",
  "github put",
  "billing-kb refund",
] as const;

/** What is asked, and what comes of it, the best first. */
export const SEARCH_CASES: readonly (readonly [asked: string, found: readonly string[]])[] = [
  ["", ALL],
  // The whole name, then words that begin so, then other facts that do, then the middle of a word.
  ["refund", ["billing-kb refund", "billing-kb list_refunds"]],
  ["profile", ["billing-kb profile", "github delete_profile", "github get_profile"]],
  [
    "file",
    ["github delete_file", "github put", "github delete_profile", "github get_profile", "billing-kb profile"],
  ],
  ["delete file", ["github delete_file", "github delete_profile"]],
  ["FILE delete", ["github delete_file", "github delete_profile"]],
  ["file write", ["github put"]],
  // The middle of a word counts from four letters on.
  ["fil", ["github delete_file", "github put"]],
  ["ile", []],
  ["ofile", ["github delete_profile", "github get_profile", "billing-kb profile"]],
  // Camel case, and parts of names as they are written.
  ["Issue", ["github createIssue", "github list_issues"]],
  ["createissue", ["github createIssue"]],
  ["list_iss", ["github list_issues"]],
  ["te_pro", ["github delete_profile"]],
  // Server, class, risk, powers and kinds of arguments.
  ["list github", ["github list_issues"]],
  ["list delete", []],
  ["money", ["billing-kb refund"]],
  ["financial", ["billing-kb refund"]],
  ["critical fil", ["github delete_file"]],
  ["billing-kb", ["billing-kb list_refunds", "billing-kb profile", "billing-kb refund"]],
  ["kb list", ["billing-kb list_refunds"]],
  ["lling refund", ["billing-kb refund", "billing-kb list_refunds"]],
  ["nothing is called so", []],
];
