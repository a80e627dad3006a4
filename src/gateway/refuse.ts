import { RPC } from "../base/rpc-codes.ts";
import { REFUSALS, type RefusalCode } from "../base/errors.ts";
import { member, type JsonObject } from "../base/json-value.ts";
import type { Decision } from "../policy/types.ts";
import { methodRow } from "../wire/methods.ts";
import { denialReply, errorReply, unknownToolReply } from "../wire/replies.ts";
import type { RequestId } from "../wire/frame.ts";
import type { AskedRequest } from "./ask.ts";
import type { Refusal } from "./refusal.ts";

/** Answers a refusal: the same bytes for all that a client must not be able to tell apart. */
export const refuse = (refused: Refusal): void => {
  const { asked, decision, received } = refused;
  const { sink } = received.arrival;
  const code = refused.code ?? (asked === undefined || decision === undefined ? "internal" : undefined);
  if (code === "cancelled" || isUnanswerable(refused)) {
    sink.end(202); // Nobody waits for an answer to what they cancelled.
  } else if (code !== undefined) {
    sink.answer(statusOf(code, refused), errorText(refused, code), headersOf(code));
  } else if (asked !== undefined && decision !== undefined) {
    sink.answer(200, denialText(asked, decision, refused.offered));
  }
};

/** JSON-RPC 2.0 section 4.1: a notification has no answer, not even an error. HTTP has statuses all the same. */
const isUnanswerable = ({ read, received }: Refusal): boolean =>
  read?.notification === true && received.arrival.transport === "stdio";

/** A hidden tool, and any name that the server does not offer, is an unknown tool, whatever gate refused it. */
const denialText = (asked: AskedRequest, decision: Decision, offered: boolean): string => {
  const { id, params, method } = asked.sent;
  if (methodRow(method)?.kind !== "call") {
    return errorReply(id, REFUSALS.internal.rpc, decision.message);
  }
  const tool = params === undefined ? undefined : member(params, "name");
  return (offered && decision.code !== "hidden") || typeof tool !== "string"
    ? denialReply(id, decision, asked.era === "modern")
    : unknownToolReply(id, tool);
};

/**
 * An unknown method is 404 in 2026-07-28 and an ordinary answer before it. A notification that is not accepted has an
 * error's status (2025-11-25 "Sending Messages to the Server"), not 404, which says that the session has ended.
 */
const statusOf = (code: RefusalCode, { asked, read }: Refusal): number => {
  if (code !== "unknown_method" || asked?.era === "modern") {
    return REFUSALS[code].http;
  }
  return read?.notification === true ? 400 : 200;
};

const headersOf = (code: RefusalCode): Readonly<Record<string, string>> | undefined =>
  code === "unauthenticated" ? { "www-authenticate": 'Bearer realm="tollgate"' } : undefined;

const idOf = (refused: Refusal): RequestId | undefined => refused.asked?.sent.id ?? refused.read?.id;

const errorText = (refused: Refusal, code: RefusalCode): string => {
  const row = REFUSALS[code];
  const message =
    row.message === refused.message || refused.message === undefined ? row.message : refused.message;
  return errorReply(
    idOf(refused),
    rpcCode(code, refused.asked),
    message,
    refused.data ?? gatewayData(refused, code),
  );
};

/** Before 2026-07-28 an unknown resource has a code of its own. */
const rpcCode = (code: RefusalCode, asked: AskedRequest | undefined): number => {
  const kind = asked === undefined ? undefined : methodRow(asked.frame.method)?.kind;
  const resource = kind === "read" || kind === "subscribe";
  return code === "unknown_item" && resource && asked?.era === "legacy"
    ? RPC.legacyResourceNotFound
    : REFUSALS[code].rpc;
};

/** Errors of the gate's own codes say which server and which request, so that the operator's log can be asked. */
const gatewayData = ({ asked, received }: Refusal, code: RefusalCode): JsonObject | undefined => {
  const { server, requestId } = received.arrival;
  return REFUSALS[code].rpc > 0
    ? { server: asked?.server?.name ?? server, request_id: requestId }
    : undefined;
};
