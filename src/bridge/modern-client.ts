import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { LATEST_MODERN, META } from "../wire/revisions.ts";

/**
 * What a modern client (2026-07-28) and a legacy server have to be told differently. Requests lose the metadata that
 * the handshake replaces; results gain the members that the modern revision requires (its "Result" and "CacheableResult").
 */

const CACHEABLE: ReadonlySet<string> = new Set([
  "tools/list",
  "prompts/list",
  "resources/list",
  "resources/templates/list",
  "resources/read",
]);

const LEGACY_RESOURCE_NOT_FOUND = -32002;
const INVALID_PARAMS = -32602;

/** What the handshake of a legacy session says instead. */
const REPLACED: ReadonlySet<string> = new Set([
  META.protocolVersion,
  META.clientCapabilities,
  META.clientInfo,
  META.logLevel,
]);

const without = (value: JsonObject, drop: (name: string) => boolean): JsonObject => {
  const kept = bareObject();
  for (const [name, part] of Object.entries(value)) {
    if (!drop(name)) {
      kept[name] = part;
    }
  }
  return kept;
};

const having = (value: JsonObject, members: JsonObject): JsonObject =>
  Object.assign(bareObject(), value, members);

/** The request as a legacy server knows it: the same but for the per-request protocol metadata. */
export const toLegacyRequest = (frame: RequestFrame): RequestFrame => {
  const meta = frame.params === undefined ? undefined : member(frame.params, "_meta");
  if (frame.params === undefined || !isJsonObject(meta)) {
    return frame;
  }
  const kept = without(meta, (name) => REPLACED.has(name));
  const bare = without(frame.params, (name) => name === "_meta");
  const params = Object.keys(kept).length === 0 ? bare : having(bare, { _meta: kept });
  return { ...frame, params, value: having(frame.value, { params }) };
};

/** The answer as a modern client expects it: `resultType`, caching hints that promise nothing, and today's error codes. */
export const toModernResponse = (method: string, frame: ResponseFrame): ResponseFrame => {
  if (frame.error !== undefined) {
    if (member(frame.error, "code") !== LEGACY_RESOURCE_NOT_FOUND) {
      return frame;
    }
    const error = having(frame.error, { code: INVALID_PARAMS });
    return { ...frame, error, value: having(frame.value, { error }) };
  }
  if (frame.result === undefined) {
    return frame;
  }
  const hints: JsonObject = CACHEABLE.has(method) ? { ttlMs: 0, cacheScope: "private" } : {};
  const result = having(having({ resultType: "complete", ...hints }, frame.result), hints);
  return { ...frame, result, value: having(frame.value, { result }) };
};

/** `server/discover` for a legacy server, from what it said at `initialize`. */
export const discoverResult = (hello: JsonObject): JsonObject => {
  const result = bareObject();
  const legacy = member(hello, "protocolVersion");
  result["resultType"] = "complete";
  result["supportedVersions"] = [LATEST_MODERN, ...(typeof legacy === "string" ? [legacy] : [])];
  result["capabilities"] = carried(member(hello, "capabilities"));
  const instructions = member(hello, "instructions");
  if (typeof instructions === "string") {
    result["instructions"] = instructions;
  }
  result["ttlMs"] = 0;
  result["cacheScope"] = "private";
  const info = member(hello, "serverInfo");
  if (isJsonObject(info)) {
    result["_meta"] = having(bareObject(), { [META.serverInfo]: info });
  }
  return result;
};

/** Capabilities that hold over the bridge: no subscriptions and change notices, for which there is no stream yet. */
const carried = (capabilities: Json | undefined): JsonObject => {
  const kept = bareObject();
  for (const [name, value] of Object.entries(isJsonObject(capabilities) ? capabilities : {})) {
    if (name !== "logging" && name !== "tasks") {
      kept[name] = isJsonObject(value)
        ? without(value, (part) => part === "listChanged" || part === "subscribe")
        : value;
    }
  }
  return kept;
};

/** The client capability that a legacy server's request needs, where it is one that the bridge cannot carry. */
export const capabilityAsked = (method: string): string | undefined => ASKED.get(method);

const ASKED: ReadonlyMap<string, string> = new Map([
  ["sampling/createMessage", "sampling"],
  ["elicitation/create", "elicitation"],
  ["roots/list", "roots"],
]);
