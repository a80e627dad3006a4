import { RPC } from "../base/rpc-codes.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { LIMITS } from "../base/limits.ts";
import { UpstreamFailure, type Channel } from "../upstream/port.ts";
import type { RequestFrame } from "../wire/frame.ts";
import type { ListMember } from "../wire/methods.ts";

/** A list of a server, whole. */
export interface Pages {
  readonly items: readonly JsonObject[];
  /** The shortest `ttlMs` that a page named. */
  readonly ttlMs: number | undefined;
}

export interface ListQuestion {
  readonly method: string;
  readonly list: ListMember;
  /** What each item is known by; an item without it makes the list none. */
  readonly key: string;
  readonly request: (cursor: string | undefined) => RequestFrame;
}

/** Reads every page of a list, in the time of one long call. A list that is broken anywhere is no list: `UpstreamFailure` of kind `nonsense`. */
export const readPages = async (channel: Channel, question: ListQuestion): Promise<Pages> => {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(LATE), LIMITS.call_ms_max);
  try {
    return await readAll(channel, question, late.signal);
  } finally {
    clearTimeout(timer);
  }
};

const LATE = new UpstreamFailure("timeout", "The pages of a list take too long together.");

const readAll = async (channel: Channel, question: ListQuestion, signal: AbortSignal): Promise<Pages> => {
  const items: JsonObject[] = [];
  let ttlMs: number | undefined;
  let cursor: string | undefined;
  let bytes = 0;
  for (let page = 0; page < LIMITS.list_pages_max; page += 1) {
    const read = await readPage(channel, question, cursor, signal);
    if (read === undefined) {
      return { items, ttlMs }; // A server without such things.
    }
    const { result } = read;
    bytes += read.bytes;
    items.push(...itemsOf(result, question));
    ttlMs = lesser(ttlMs, member(result, "ttlMs"));
    cursor = nextCursor(result, cursor, question);
    if (cursor === undefined) {
      return { items, ttlMs };
    }
    if (items.length > LIMITS.listed_tools_max || bytes > LIMITS.list_bytes_max) {
      break;
    }
  }
  throw new UpstreamFailure("nonsense", `${question.method} has more pages, items or bytes than are read`);
};

const readPage = async (
  channel: Channel,
  { method, request }: ListQuestion,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly result: JsonObject; readonly bytes: number } | undefined> => {
  const { frame, bytes } = await channel.request(request(cursor), { onInterim: () => {}, signal });
  const { result, error } = frame;
  if (error !== undefined && member(error, "code") === RPC.methodNotFound && cursor === undefined) {
    return undefined;
  }
  if (result === undefined) {
    throw new UpstreamFailure("nonsense", `${method} was answered with an error`, saidIn(error));
  }
  return { result, bytes };
};

const saidIn = (error: JsonObject | undefined): string | undefined => {
  const message = error === undefined ? undefined : member(error, "message");
  return typeof message === "string" ? message : undefined;
};

const nextCursor = (
  result: JsonObject,
  before: string | undefined,
  { method }: ListQuestion,
): string | undefined => {
  const next = member(result, "nextCursor") ?? undefined;
  if (next !== undefined && (typeof next !== "string" || next === before)) {
    throw new UpstreamFailure("nonsense", `${method} pages do not end`);
  }
  return next;
};

const itemsOf = (result: JsonObject, { method, list, key }: ListQuestion): readonly JsonObject[] => {
  const items = member(result, list);
  const named = (item: Json): item is JsonObject =>
    isJsonObject(item) && typeof member(item, key) === "string";
  if (!isJsonArray(items) || !items.every(named)) {
    throw new UpstreamFailure("nonsense", `${method} answered no list of ${list}`);
  }
  return items;
};

const lesser = (before: number | undefined, told: Json | undefined): number | undefined =>
  typeof told === "number" && told >= 0 ? Math.min(before ?? told, told) : before;
