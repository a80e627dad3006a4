import { isInteger } from "../base/decimal.ts";
import { JsonError } from "../base/json-error.ts";
import { readJson } from "../base/json-read.ts";
import { LIMITS } from "../base/limits.ts";
import { bareObject, isJsonArray, isJsonObject, JsonNumber, member } from "../base/json-value.ts";
import type { Json, JsonObject } from "../base/json-value.ts";
import type { Frame, RequestId, ResponseFrame, Unreadable } from "./frame.ts";
import { listenFault } from "./listen-filter.ts";
import { ENVELOPE_KEYS, hasNearlyKnownKey, isNearlyMethod, NESTED_KEYS, PARAMS_KEYS } from "./known-keys.ts";
import { methodIn, methodRow } from "./methods.ts";
import type { MethodRow } from "./methods.ts";
import { isRevision, META } from "./revisions.ts";

/** A method longer than this is not repeated in the record of a refusal. */
const METHOD_CHARACTERS_MAX = 128;

interface Read {
  readonly id: RequestId | undefined;
  readonly method: string | undefined;
}

const NOTHING: Read = { id: undefined, method: undefined };

const unreadable = (code: Unreadable["code"], reason: string, read: Read): Unreadable => ({
  kind: "unreadable",
  code,
  reason,
  id: read.id,
  method: read.method !== undefined && read.method.length <= METHOD_CHARACTERS_MAX ? read.method : undefined,
});

const isId = (value: Json | undefined): value is RequestId => {
  if (typeof value === "string") {
    return value.length <= LIMITS.id_characters_max;
  }
  const isShort = !(value instanceof JsonNumber) || value.text.length <= LIMITS.id_characters_max;
  return isShort && (typeof value === "number" || value instanceof JsonNumber) && isInteger(value);
};

const wellFormed = (item: unknown): string | undefined =>
  typeof item === "string" && item.length <= LIMITS.id_characters_max && item.isWellFormed()
    ? item
    : undefined;

/** JSON that the strict reader refuses may still say whom to answer; nothing else is taken from it. */
const readLoosely = (text: string): Read => {
  try {
    const value = JSON.parse(text) as Partial<Record<"id" | "method", unknown>> | null;
    if (typeof value !== "object" || value === null) {
      return NOTHING;
    }
    const id = Number.isSafeInteger(value.id) ? (value.id as number) : wellFormed(value.id);
    return { id, method: wellFormed(value.method) };
  } catch {
    return NOTHING;
  }
};

const SENTENCES: Readonly<Record<JsonError["kind"], string>> = {
  syntax: "The message is not JSON.",
  duplicate_key: "A name stands twice in one object.",
  lone_surrogate: "A string holds half of a surrogate pair.",
  too_deep: "The message is nested too deep.",
  too_many_keys: "An object has too many members.",
  number_range: "A number is outside the range of a double.",
};

const unreadableJson = (text: string, error: unknown): Unreadable => {
  if (!(error instanceof JsonError)) {
    throw error;
  }
  const sentence = `${SENTENCES[error.kind]} (line ${error.line}, column ${error.column})`;
  return error.kind === "syntax"
    ? unreadable("parse_error", sentence, NOTHING)
    : unreadable("invalid_request", sentence, readLoosely(text));
};

const hasNearlyKnownParams = (params: JsonObject): boolean => {
  if (hasNearlyKnownKey(params, PARAMS_KEYS)) {
    return true;
  }
  for (const name in NESTED_KEYS) {
    const keys = NESTED_KEYS[name];
    const value = member(params, name);
    if (keys !== undefined && isJsonObject(value) && hasNearlyKnownKey(value, keys)) {
      return true;
    }
  }
  return false;
};

const targetFault = (row: MethodRow, params: JsonObject): string | undefined => {
  if (row.method === "subscriptions/listen") {
    return listenFault(params);
  }
  if (row.target !== undefined && typeof member(params, row.target) !== "string") {
    return `params.${row.target} must be a string.`;
  }
  const takesArguments = row.kind === "call" || row.kind === "prompt";
  const given = takesArguments ? member(params, "arguments") : undefined;
  return given !== undefined && !isJsonObject(given) ? "params.arguments must be an object." : undefined;
};

const EMPTY: JsonObject = bareObject();

const paramsFault = (row: MethodRow | undefined, params: JsonObject = EMPTY): string | undefined => {
  const meta = member(params, "_meta");
  if (meta !== undefined && !isJsonObject(meta)) {
    return "params._meta must be an object.";
  }
  return row === undefined || isOfAnother(row, meta) ? undefined : targetFault(row, params);
};

/** A method that the message's own revision does not have is an unknown one, whatever its parameters are. */
const isOfAnother = (row: MethodRow, meta: JsonObject | undefined): boolean => {
  const revision = meta === undefined ? undefined : member(meta, META.protocolVersion);
  return typeof revision === "string" && isRevision(revision) && !methodIn(row, revision);
};

/** A known method has its one shape: what is a request has an id, what is a notification has none. */
const shapeFault = (row: MethodRow | undefined, isRequest: boolean): string | undefined => {
  if (row === undefined) {
    return undefined;
  }
  if (row.kind === "notification") {
    return isRequest ? "A notification must not have an id." : undefined;
  }
  return isRequest ? undefined : "A request must have an id.";
};

const readCall = (value: JsonObject, method: string, read: Read): Frame | Unreadable => {
  if (isNearlyMethod(method)) {
    return unreadable("invalid_request", "The method is nearly, but not exactly, a known one.", read);
  }
  const params = member(value, "params");
  if (params !== undefined && !isJsonObject(params)) {
    return unreadable("invalid_params", "params must be an object.", read);
  }
  const row = methodRow(method);
  const shape = shapeFault(row, read.id !== undefined);
  if (shape !== undefined) {
    return unreadable("invalid_request", shape, read);
  }
  if (params !== undefined && hasNearlyKnownParams(params)) {
    return unreadable("invalid_request", "A name in params is nearly, but not exactly, a known one.", read);
  }
  const fault = paramsFault(row, params);
  if (fault !== undefined) {
    return unreadable("invalid_params", fault, read);
  }
  return read.id === undefined
    ? { kind: "notification", value, method, params }
    : { kind: "request", value, id: read.id, method, params };
};

const isError = (value: Json | undefined): value is JsonObject => {
  if (!isJsonObject(value)) {
    return false;
  }
  const code = member(value, "code");
  const whole = (typeof code === "number" || code instanceof JsonNumber) && isInteger(code);
  return whole && typeof member(value, "message") === "string";
};

const readResponse = (value: JsonObject, read: Read): ResponseFrame | Unreadable => {
  const result = member(value, "result");
  const error = member(value, "error");
  if ((result === undefined) === (error === undefined)) {
    return unreadable(
      "invalid_request",
      "A message needs a method, a result or an error, and only one of them.",
      read,
    );
  }
  if (isError(error)) {
    return { kind: "response", value, id: read.id, result: undefined, error };
  }
  if (isJsonObject(result) && read.id !== undefined) {
    return { kind: "response", value, id: read.id, result, error: undefined };
  }
  const reason =
    error === undefined
      ? "A result must be an object and have an id."
      : "An error must have a whole number as code and a message.";
  return unreadable("invalid_request", reason, read);
};

const callFault = (value: JsonObject, read: Read): string | undefined => {
  if (Object.hasOwn(value, "result") || Object.hasOwn(value, "error")) {
    return "A message with a method has neither result nor error.";
  }
  return read.method === undefined ? "method must be a string." : undefined;
};

const envelopeFault = (value: JsonObject, read: Read): string | undefined => {
  if (hasNearlyKnownKey(value, ENVELOPE_KEYS)) {
    return "A name in the message is nearly, but not exactly, a known one.";
  }
  if (member(value, "jsonrpc") !== "2.0") {
    return 'jsonrpc must be "2.0".';
  }
  const hasMethod = Object.hasOwn(value, "method");
  // JSON-RPC 2.0 section 5: an error whose request could not be read has the id null.
  if (Object.hasOwn(value, "id") && read.id === undefined && (hasMethod || value["id"] !== null)) {
    return "id must be a string or a whole number, and not too long.";
  }
  return hasMethod ? callFault(value, read) : undefined;
};

/** Reads one message that the strict JSON reader made; also an element of a batch. */
export const frameOf = (value: Json): Frame | Unreadable => {
  if (!isJsonObject(value)) {
    return unreadable("invalid_request", "The message is not one JSON object.", NOTHING);
  }
  const id = member(value, "id");
  const method = member(value, "method");
  const read: Read = {
    id: isId(id) ? id : undefined,
    method: typeof method === "string" ? method : undefined,
  };
  const fault = envelopeFault(value, read);
  if (fault !== undefined) {
    return unreadable("invalid_request", fault, read);
  }
  return read.method === undefined ? readResponse(value, read) : readCall(value, read.method, read);
};

/**
 * Reads one JSON-RPC 2.0 message from text, strictly: what two readers could take for two things is refused.
 * An array is refused; a 2025-03-26 session reads it with `readBatch`.
 */
export const readFrame = (text: string): Frame | Unreadable => {
  let value: Json;
  try {
    value = readJson(text);
  } catch (error) {
    return unreadableJson(text, error);
  }
  return frameOf(value);
};

/** As `readFrame`, and an array gives its elements, each read alone (2025-03-26 "Batching"). An empty array is refused. */
export const readBatch = (text: string): Frame | Unreadable | readonly (Frame | Unreadable)[] => {
  let value: Json;
  try {
    value = readJson(text);
  } catch (error) {
    return unreadableJson(text, error);
  }
  return isJsonArray(value) && value.length > 0 ? value.map(frameOf) : frameOf(value);
};
