import { having, without } from "../base/json-change.ts";
import { RPC } from "../base/rpc-codes.ts";
import { bareObject, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import type { RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { isCacheable } from "../wire/methods.ts";
import { LATEST_LEGACY, LATEST_MODERN, META } from "../wire/revisions.ts";
import { requestFrame } from "../wire/make-frame.ts";

/**
 * What a modern client (2026-07-28) and a legacy server have to be told differently. Requests lose the metadata that
 * the handshake replaces; results gain the members that the modern revision requires (its "Result" and "CacheableResult").
 */

/** What the handshake of a legacy session, or its `logging/setLevel`, says instead. */
const REPLACED = [META.protocolVersion, META.clientCapabilities, META.clientInfo, META.logLevel] as const;

/** The request as a legacy server knows it: the same but for the per-request protocol metadata. */
export const toLegacyRequest = (frame: RequestFrame): RequestFrame => {
  const meta = frame.params === undefined ? undefined : member(frame.params, "_meta");
  if (frame.params === undefined || !isJsonObject(meta)) {
    return frame;
  }
  const kept = without(meta, ...REPLACED);
  const bare = without(frame.params, "_meta");
  const params = Object.keys(kept).length === 0 ? bare : having(bare, { _meta: kept });
  return { ...frame, params, value: having(frame.value, { params }) };
};

/** The answer as a modern client expects it: `resultType`, caching hints that promise nothing, and today's error codes. */
export const toModernResponse = (method: string, frame: ResponseFrame): ResponseFrame => {
  if (frame.error !== undefined) {
    if (member(frame.error, "code") !== RPC.legacyResourceNotFound) {
      return frame;
    }
    const error = having(frame.error, { code: RPC.invalidParams });
    return { ...frame, error, value: having(frame.value, { error }) };
  }
  if (frame.result === undefined) {
    return frame;
  }
  const hints: JsonObject = isCacheable(method) ? { ttlMs: 0, cacheScope: "private" } : {};
  const result = having(having({ resultType: "complete", ...hints }, frame.result), hints);
  return { ...frame, result, value: having(frame.value, { result }) };
};

/** `server/discover` for a legacy server, from what it said at `initialize`. */
export const discoverResult = (hello: JsonObject): JsonObject => {
  const result = bareObject();
  const legacy = member(hello, "protocolVersion");
  result["resultType"] = "complete";
  result["supportedVersions"] = [LATEST_MODERN, ...(typeof legacy === "string" ? [legacy] : [])];
  const capabilities = member(hello, "capabilities");
  // The experimental tasks of 2025-11-25 are not those of today's extension.
  result["capabilities"] = without(isJsonObject(capabilities) ? capabilities : {}, "tasks");
  const instructions = member(hello, "instructions");
  if (typeof instructions === "string") {
    result["instructions"] = instructions;
  }
  result["ttlMs"] = 0;
  result["cacheScope"] = "private";
  const info = member(hello, "serverInfo");
  if (isJsonObject(info)) {
    result["_meta"] = { [META.serverInfo]: info };
  }
  return result;
};

/** The extension whose messages have no counterpart in a legacy session. */
const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

const legacyCapability = (name: string, value: Json): Json => {
  if (!isJsonObject(value)) {
    return value;
  }
  if (name === "roots") {
    // A modern client tells no changes of its roots.
    return without(value, "listChanged");
  }
  return name === "extensions" ? without(value, TASKS_EXTENSION) : value;
};

/** What a modern client declares, as a legacy server reads it at `initialize`. */
const legacyCapabilities = (modern: JsonObject): JsonObject => {
  const kept = bareObject();
  for (const [name, value] of Object.entries(modern)) {
    if (name !== "tasks") {
      kept[name] = legacyCapability(name, value);
    }
  }
  return kept;
};

export const initializeRequest = (capabilities: JsonObject, clientInfo: JsonObject): RequestFrame =>
  requestFrame("tollgate-initialize", "initialize", {
    protocolVersion: LATEST_LEGACY,
    capabilities: legacyCapabilities(capabilities),
    clientInfo,
  });
