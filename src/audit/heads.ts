import type { KeyObject } from "node:crypto";
import { type JsonObject, member } from "../base/json-value.ts";
import type { JournalPosition } from "./port.ts";
import { keyIdOf, readSigned, readStatement, signedLine } from "./sign.ts";

/**
 * A statement of how far the record had come: whoever keeps one elsewhere can tell that the end was cut off later, or
 * that the chain was made anew. The newest stands for all before it.
 */
export interface Head {
  /** When it was signed, RFC 3339. */
  readonly at: string;
  /** The place behind the last line that it covers. */
  readonly place: JournalPosition;
  /** Hash of that line. */
  readonly head: string;
}

/** File in the data directory that keeps them, one a line. */
export const HEADS_FILE = "heads.jsonl";

const KIND = "journal.head";
const HASH = /^[0-9a-f]{64}$/;

export const headLine = ({ at, place, head }: Head, key: KeyObject): string =>
  signedLine({ v: 1, kind: KIND, at, segment: place.segment, offset: place.offset, head }, key);

/** Never throws. `problem` completes "The signed head …"; `unread`: it is no JSON, as a half-written one is not. */
export const readHead = (
  text: string,
  publicKey: KeyObject,
):
  | { readonly ok: true; readonly head: Head }
  | { readonly ok: false; readonly problem: string; readonly unread: boolean } => {
  const signed = readSigned(text, publicKey);
  if (!signed.ok) {
    const written = readStatement(text);
    const key = written === undefined ? undefined : member(written, "key");
    const other = typeof key === "string" && key !== keyIdOf(publicKey);
    return {
      ok: false,
      problem: other ? "is signed with another key" : signed.problem,
      unread: written === undefined,
    };
  }
  const head = headOf(signed.body);
  return head === undefined ? { ok: false, problem: "is not one", unread: false } : { ok: true, head };
};

const headOf = (body: JsonObject): Head | undefined => {
  const [at, head] = [member(body, "at"), member(body, "head")];
  const [segment, offset] = [member(body, "segment"), member(body, "offset")];
  if (member(body, "kind") !== KIND || member(body, "v") !== 1 || !isCount(segment) || !isCount(offset)) {
    return undefined;
  }
  return typeof at === "string" && typeof head === "string" && HASH.test(head)
    ? { at, place: { segment, offset }, head }
    : undefined;
};

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

/** What the lines of a file of heads say. */
export interface HeadsRead {
  readonly heads: readonly Head[];
  /** One sentence on the first line that is not believed. */
  readonly problem: string | undefined;
}

/** Reads a file of heads. A half-written last line, which a gateway that was killed leaves behind, is no matter. */
export const readHeads = (text: string, name: string, publicKey: KeyObject): HeadsRead => {
  const heads: Head[] = [];
  let problem: string | undefined;
  const lines = text.split("\n");
  lines.forEach((line, index) => {
    const last = index === lines.length - 1;
    if (line === "") {
      return;
    }
    const read = readHead(line, publicKey);
    if (read.ok) {
      heads.push(read.head);
    } else if (!last || !read.unread) {
      problem ??= `The signed head in line ${String(index + 1)} of ${name} ${read.problem}.`;
    }
  });
  return { heads, problem };
};

/** Before or behind another place, or 0 where they are one. */
export const comparePlaces = (one: JournalPosition, other: JournalPosition): number =>
  one.segment === other.segment ? one.offset - other.offset : one.segment - other.segment;
