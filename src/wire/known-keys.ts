import { foldText } from "../base/fold.ts";
import type { JsonObject } from "../base/json-value.ts";
import { KNOWN_METHODS } from "./methods.ts";

/**
 * Servers read `Name` as `name` (Go) or end `name\u0000` at the NUL (C). A key that is nearly a known one would so be
 * judged as one thing and run as another, and is refused.
 */
export interface KnownKeys {
  readonly exact: ReadonlySet<string>;
  readonly folded: ReadonlySet<string>;
  readonly lengthMax: number;
}

const knownKeys = (names: readonly string[]): KnownKeys => ({
  exact: new Set(names),
  // All names are ASCII, for which folding is lower case.
  folded: new Set(names.map((name) => name.toLowerCase())),
  // A character that folds to one of ASCII has two UTF-16 units at most (mathematical letters).
  lengthMax: 2 * Math.max(...names.map((name) => name.length)),
});

export const ENVELOPE_KEYS = knownKeys(["jsonrpc", "id", "method", "params", "result", "error"]);

/** Members of `params` of every request and notification in the schemas of all five revisions and the tasks extension. */
export const PARAMS_KEYS = knownKeys([
  "_meta",
  "argument",
  "arguments",
  "capabilities",
  "clientInfo",
  "context",
  "createdAt",
  "cursor",
  "data",
  "elicitationId",
  "error",
  "includeContext",
  "inputRequests",
  "inputResponses",
  "lastUpdatedAt",
  "level",
  "logger",
  "maxTokens",
  "message",
  "messages",
  "metadata",
  "mode",
  "modelPreferences",
  "name",
  "notifications",
  "pollInterval",
  "pollIntervalMs",
  "progress",
  "progressToken",
  "protocolVersion",
  "reason",
  "ref",
  "requestId",
  "requestState",
  "requestedSchema",
  "result",
  "status",
  "statusMessage",
  "stopSequences",
  "systemPrompt",
  "task",
  "taskId",
  "temperature",
  "toolChoice",
  "tools",
  "total",
  "ttl",
  "ttlMs",
  "uri",
  "url",
]);

/** Members of `params` that policies are judged by, and whose own keys are checked too. */
export const NESTED_KEYS: Readonly<Record<string, KnownKeys>> = {
  ref: knownKeys(["type", "name", "uri", "title"]),
  notifications: knownKeys([
    "toolsListChanged",
    "promptsListChanged",
    "resourcesListChanged",
    "resourceSubscriptions",
    "taskIds",
  ]),
};

const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) {
      return false;
    }
  }
  return true;
};

const fold = (text: string): string => (isAscii(text) ? text.toLowerCase() : foldText(text));

/** Whether the key is not a known one, but becomes one by folding or by ending at a NUL. */
const isNearlyKnown = (key: string, known: KnownKeys): boolean => {
  if (known.exact.has(key)) {
    return false;
  }
  const nul = key.indexOf("\0");
  const head = nul === -1 ? key : key.slice(0, nul);
  return head.length <= known.lengthMax && known.folded.has(fold(head));
};

export const hasNearlyKnownKey = (value: JsonObject, known: KnownKeys): boolean => {
  for (const key in value) {
    if (isNearlyKnown(key, known)) {
      return true;
    }
  }
  return false;
};

const METHODS = knownKeys(KNOWN_METHODS);
/** White space, controls and what has no width, anywhere in the name. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;

/** Whether the method is not a known one, but becomes one by folding, trimming or by ending at a NUL. */
export const isNearlyMethod = (method: string): boolean => {
  if (METHODS.exact.has(method)) {
    return false;
  }
  if (isNearlyKnown(method, METHODS)) {
    return true;
  }
  const seen = method.replace(INVISIBLE, "");
  return seen.length <= METHODS.lengthMax && METHODS.folded.has(fold(seen));
};
