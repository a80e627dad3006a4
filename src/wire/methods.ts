import { isJsonObject, member } from "../base/json-value.ts";
import type { JsonObject } from "../base/json-value.ts";
import { REVISIONS } from "./revisions.ts";
import type { Revision } from "./revisions.ts";

/**
 * What a method does, as far as a gate cares:
 * `call` a tool, `read` a resource, get a `prompt`, `complete` an argument, `subscribe` to changes, `list` what there is,
 * `task` (the tasks extension), `open` a conversation, `housekeeping` (nothing of the server's is reached),
 * `ask` (a request of the server to the client), `notification`.
 */
export type MethodKind =
  | "call"
  | "read"
  | "prompt"
  | "complete"
  | "subscribe"
  | "list"
  | "task"
  | "open"
  | "housekeeping"
  | "ask"
  | "notification";

export type ListMember = "tools" | "resources" | "resourceTemplates" | "prompts" | "tasks";

export interface MethodRow {
  readonly method: string;
  readonly kind: MethodKind;
  /** Who sends it. */
  readonly from: "client" | "server" | "both";
  readonly revisions: readonly Revision[];
  /** The string of `params` that says what is meant. A request without it is malformed. */
  readonly target?: "name" | "uri" | "taskId";
  /** Whether a modern HTTP request must mirror the target in `Mcp-Name` (2026-07-28 "Standard Request Headers", SEP-2663). */
  readonly named?: true;
  /** The array of the result that a list has. */
  readonly list?: ListMember;
}

const since = (first: Revision, last: Revision = "2026-07-28"): readonly Revision[] =>
  REVISIONS.slice(REVISIONS.indexOf(first), REVISIONS.indexOf(last) + 1);

const ALL = since("2024-11-05");
const LEGACY = since("2024-11-05", "2025-11-25");
const TASKS = since("2025-11-25");
const TASKS_LEGACY = since("2025-11-25", "2025-11-25");
const MODERN = since("2026-07-28");

/** Every method of the core protocol, of all revisions, and of its official extensions. */
const ROWS: readonly MethodRow[] = [
  { method: "initialize", kind: "open", from: "client", revisions: LEGACY },
  { method: "server/discover", kind: "open", from: "client", revisions: MODERN },
  { method: "ping", kind: "housekeeping", from: "both", revisions: LEGACY },
  { method: "logging/setLevel", kind: "housekeeping", from: "client", revisions: LEGACY },

  { method: "tools/list", kind: "list", from: "client", revisions: ALL, list: "tools" },
  { method: "resources/list", kind: "list", from: "client", revisions: ALL, list: "resources" },
  {
    method: "resources/templates/list",
    kind: "list",
    from: "client",
    revisions: ALL,
    list: "resourceTemplates",
  },
  { method: "prompts/list", kind: "list", from: "client", revisions: ALL, list: "prompts" },

  { method: "tools/call", kind: "call", from: "client", revisions: ALL, target: "name", named: true },
  { method: "resources/read", kind: "read", from: "client", revisions: ALL, target: "uri", named: true },
  { method: "prompts/get", kind: "prompt", from: "client", revisions: ALL, target: "name", named: true },
  { method: "completion/complete", kind: "complete", from: "client", revisions: ALL },
  { method: "resources/subscribe", kind: "subscribe", from: "client", revisions: LEGACY, target: "uri" },
  { method: "resources/unsubscribe", kind: "subscribe", from: "client", revisions: LEGACY, target: "uri" },
  { method: "subscriptions/listen", kind: "subscribe", from: "client", revisions: MODERN },

  { method: "tasks/list", kind: "task", from: "both", revisions: TASKS_LEGACY, list: "tasks" },
  { method: "tasks/result", kind: "task", from: "both", revisions: TASKS_LEGACY, target: "taskId" },
  { method: "tasks/get", kind: "task", from: "both", revisions: TASKS, target: "taskId", named: true },
  { method: "tasks/cancel", kind: "task", from: "both", revisions: TASKS, target: "taskId", named: true },
  { method: "tasks/update", kind: "task", from: "client", revisions: MODERN, target: "taskId", named: true },

  { method: "sampling/createMessage", kind: "ask", from: "server", revisions: LEGACY },
  { method: "roots/list", kind: "ask", from: "server", revisions: LEGACY },
  {
    method: "elicitation/create",
    kind: "ask",
    from: "server",
    revisions: since("2025-06-18", "2025-11-25"),
  },

  { method: "notifications/initialized", kind: "notification", from: "client", revisions: LEGACY },
  { method: "notifications/roots/list_changed", kind: "notification", from: "client", revisions: LEGACY },
  { method: "notifications/cancelled", kind: "notification", from: "both", revisions: ALL },
  {
    method: "notifications/progress",
    kind: "notification",
    from: "both",
    revisions: ALL,
  },
  { method: "notifications/message", kind: "notification", from: "server", revisions: ALL },
  { method: "notifications/tools/list_changed", kind: "notification", from: "server", revisions: ALL },
  { method: "notifications/prompts/list_changed", kind: "notification", from: "server", revisions: ALL },
  { method: "notifications/resources/list_changed", kind: "notification", from: "server", revisions: ALL },
  { method: "notifications/resources/updated", kind: "notification", from: "server", revisions: ALL },
  {
    method: "notifications/elicitation/complete",
    kind: "notification",
    from: "server",
    revisions: TASKS_LEGACY,
  },
  { method: "notifications/tasks/status", kind: "notification", from: "both", revisions: TASKS_LEGACY },
  { method: "notifications/tasks", kind: "notification", from: "server", revisions: MODERN },
  {
    method: "notifications/subscriptions/acknowledged",
    kind: "notification",
    from: "server",
    revisions: MODERN,
  },
];

const BY_METHOD: ReadonlyMap<string, MethodRow> = new Map(ROWS.map((row) => [row.method, row]));

export const KNOWN_METHODS: readonly string[] = ROWS.map((row) => row.method);

/** The row of a method of any revision; `undefined` for one that neither the core nor an official extension has. */
export const methodRow = (method: string): MethodRow | undefined => BY_METHOD.get(method);

/** Whether a client may keep the result, which then says for how long (2026-07-28 "CacheableResult"). */
export const isCacheable = (method: string): boolean => {
  const row = BY_METHOD.get(method);
  return row?.kind === "read" || (row?.kind === "list" && row.list !== undefined);
};

/** Whether this revision knows the method. */
export const methodIn = (row: MethodRow, revision: Revision): boolean => row.revisions.includes(revision);

/** The string of the parameters that says what the request is about (`params.name`, `params.uri`, `params.taskId`). */
export const targetOf = (row: MethodRow, params: JsonObject | undefined): string | undefined => {
  const value = row.target === undefined || params === undefined ? undefined : member(params, row.target);
  return typeof value === "string" ? value : undefined;
};

/** What a completion is for: a prompt's name or a resource's URI or template. */
export type CompletionTarget =
  | { readonly kind: "prompt"; readonly name: string }
  | { readonly kind: "resource"; readonly uri: string };

/** Reads `params.ref` of `completion/complete`; `undefined` where it is neither of the two. */
export const completionTarget = (params: JsonObject | undefined): CompletionTarget | undefined => {
  const ref = params === undefined ? undefined : member(params, "ref");
  if (!isJsonObject(ref)) {
    return undefined;
  }
  const name = member(ref, "name");
  const uri = member(ref, "uri");
  const type = member(ref, "type");
  if (type === "ref/prompt" && typeof name === "string") {
    return { kind: "prompt", name };
  }
  return type === "ref/resource" && typeof uri === "string" ? { kind: "resource", uri } : undefined;
};
