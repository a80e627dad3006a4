import { having, without } from "../base/json-change.ts";
import { RPC } from "../base/rpc-codes.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { NotificationFrame, RequestFrame, ResponseFrame } from "../wire/frame.ts";
import { paramHeadersOf } from "../wire/param-headers.ts";
import { requestFrame } from "../wire/make-frame.ts";
import { isCacheable } from "../wire/methods.ts";
import { nonsense } from "./legacy-frames.ts";

/**
 * What a legacy client and a modern server (2026-07-28) have to be told differently. Requests gain the metadata that
 * replaces the handshake; results lose the members that the legacy revisions have not, and get back their error codes.
 */

/** Members of a modern retry (2026-07-28 "Multi Round-Trip Requests"): no legacy client answers in that way. */
const OF_A_RETRY = ["inputResponses", "requestState"] as const;

const withMeta = (params: JsonObject, meta: JsonObject): JsonObject => {
  const own = member(params, "_meta");
  return having(params, { _meta: having(isJsonObject(own) ? own : {}, meta) });
};

/** The request as a modern server knows it. What the client put into `_meta` stays, but for the protocol's own keys. */
export const toModernRequest = (frame: RequestFrame, meta: JsonObject): RequestFrame => {
  const params = withMeta(without(frame.params ?? {}, ...OF_A_RETRY), meta);
  return { ...frame, params, value: having(frame.value, { params }) };
};

export const toModernNotification = (frame: NotificationFrame, meta: JsonObject): NotificationFrame => {
  const params = withMeta(frame.params ?? {}, meta);
  return { ...frame, params, value: having(frame.value, { params }) };
};

/** The same request under another id: a retry is a request of its own. */
export const anew = (frame: RequestFrame, id: string, params = frame.params): RequestFrame =>
  requestFrame(id, frame.method, params);

const isObjectSchema = (schema: Json | undefined): boolean =>
  isJsonObject(schema) && member(schema, "type") === "object";

/**
 * A legacy client takes a list with one schema that it does not know for no list at all: output schemas of other
 * types than `object` came with 2026-07-28. A tool whose `x-mcp-header` marks cannot be kept to is left out there.
 */
const legacyTools = (tools: Json | undefined): Json | undefined =>
  isJsonArray(tools) ? tools.filter((tool) => isCallable(tool)).map((tool) => legacyTool(tool)) : tools;

const isCallable = (tool: Json): boolean =>
  !isJsonObject(tool) || paramHeadersOf(member(tool, "inputSchema")).kind === "valid";

const legacyTool = (tool: Json): Json =>
  isJsonObject(tool) && Object.hasOwn(tool, "outputSchema") && !isObjectSchema(member(tool, "outputSchema"))
    ? without(tool, "outputSchema")
    : tool;

/** Structured content is an object in the legacy revisions. Any other value is in the text beside it, or is put there. */
const legacyCallResult = (result: JsonObject): JsonObject => {
  const structured = member(result, "structuredContent");
  if (structured === undefined || isJsonObject(structured)) {
    return result;
  }
  const content = member(result, "content");
  const told = isJsonArray(content) && content.length > 0;
  const text = { type: "text", text: writeJson(structured) };
  return having(without(result, "structuredContent"), told ? {} : { content: [text] });
};

const legacyResult = (method: string, result: JsonObject): JsonObject => {
  const type = member(result, "resultType");
  if (type !== undefined && type !== "complete") {
    // 2026-07-28 "ResultType": an unknown one is invalid. Tasks are one of them, for the bridge never declares them.
    throw nonsense("The result is of a type that nothing declared.");
  }
  const bare = without(result, "resultType", ...(isCacheable(method) ? ["ttlMs", "cacheScope"] : []));
  if (method === "tools/list") {
    const tools = legacyTools(member(bare, "tools"));
    return tools === undefined ? bare : having(bare, { tools });
  }
  return method === "tools/call" ? legacyCallResult(bare) : bare;
};

/**
 * Errors about headers and revisions are about what the bridge wrote, so they are no answer for the client. -32021 is
 * one: it names what the client would have had to declare.
 */
const legacyError = (method: string, error: JsonObject): JsonObject => {
  const code = member(error, "code");
  if (code === RPC.headerMismatch || code === RPC.unsupportedVersion) {
    throw nonsense(`The server refuses what the bridge says for the client (${String(code)}).`);
  }
  return method === "resources/read" && code === RPC.invalidParams
    ? having(error, { code: RPC.legacyResourceNotFound })
    : error;
};

/** The answer as a legacy client expects it, under the client's id. Throws `UpstreamFailure` `nonsense`. */
export const toLegacyResponse = (request: RequestFrame, frame: ResponseFrame): ResponseFrame => {
  const { id, method } = request;
  if (frame.error !== undefined) {
    const error = legacyError(method, frame.error);
    return { ...frame, id, error, value: having(frame.value, { id, error }) };
  }
  if (frame.result === undefined) {
    throw nonsense("The answer is neither a result nor an error.");
  }
  const result = legacyResult(method, frame.result);
  return { ...frame, id, result, value: having(frame.value, { id, result }) };
};
