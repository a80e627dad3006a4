import { isJsonObject, member } from "../base/json-value.ts";
import type { Json } from "../base/json-value.ts";
import type { Frame, RequestFrame, RequestId, Unreadable } from "../wire/frame.ts";
import { readBatch } from "../wire/read-frame.ts";
import { META, readModernMeta } from "../wire/revisions.ts";
import type { Era } from "../wire/revisions.ts";

/** One message as it came, and what the strict reader makes of it. The text is what is passed on. */
export interface Message {
  readonly text: string;
  /** One, or the elements of a 2025-03-26 batch. */
  readonly parts: readonly (Frame | Unreadable)[];
  readonly batch: boolean;
}

const isBatch = (
  value: Frame | Unreadable | readonly (Frame | Unreadable)[],
): value is readonly (Frame | Unreadable)[] => Array.isArray(value);

export const readMessage = (text: string): Message => {
  const read = readBatch(text);
  return isBatch(read) ? { text, parts: read, batch: true } : { text, parts: [read], batch: false };
};

/** The one frame of a message that is no batch. */
export const soleOf = (message: Message): Frame | Unreadable | undefined =>
  message.batch ? undefined : message.parts[0];

/** Ids that wait for an answer; also of requests that the strict reader refuses: the gateway says so itself. */
export const idsOf = (message: Message): readonly RequestId[] =>
  message.parts.flatMap((part) => {
    const asks = part.kind === "request" || (part.kind === "unreadable" && part.method !== undefined);
    return asks && part.id !== undefined ? [part.id] : [];
  });

export const isRequestOf = (part: Frame | Unreadable | undefined, method: string): part is RequestFrame =>
  part?.kind === "request" && part.method === method;

export const hasNotification = (message: Message, method: string): boolean =>
  message.parts.some((part) => part.kind === "notification" && part.method === method);

/** The era that a message itself tells (2026-07-28 "Versioning"). */
export const eraTold = (message: Message): Era => {
  const part = soleOf(message);
  const tells = part?.kind === "request" || part?.kind === "notification";
  return tells && readModernMeta(part.params).kind !== "legacy" ? "modern" : "legacy";
};

/** The revision that a modern message tells, well-formed or not. */
export const revisionTold = (params: Json | undefined): string | undefined => {
  const meta = isJsonObject(params) ? member(params, "_meta") : undefined;
  const revision = isJsonObject(meta) ? member(meta, META.protocolVersion) : undefined;
  return typeof revision === "string" ? revision : undefined;
};

/** A line end in JSON text is white space; MCP stdio wants none within a message. */
export const oneLine = (text: string): string =>
  /[\r\n]/u.test(text) ? text.replaceAll(/\r\n|\r|\n/gu, " ") : text;
