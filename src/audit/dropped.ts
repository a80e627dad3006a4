import type { KeyObject } from "node:crypto";
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../base/json-value.ts";
import { readSigned, signedLine } from "./sign.ts";

/**
 * What stands for the segments that retention dropped. The chain goes on from `head`, and counters from `carried`; so
 * what is left can be verified, and limits that never end still count what is gone.
 */
export interface Dropped {
  /** RFC 3339. */
  readonly at: string;
  /** The last segment that is gone; a segment of this number or less is not part of the journal any more. */
  readonly through: number;
  /** Hash of its last line: `prev` of the first that is left. */
  readonly head: string;
  /** Lines that are gone, in all. */
  readonly lines: number;
  /** Time of the last of them, RFC 3339. */
  readonly until: string;
  /** What they took from counters, in the form of records: `{ id, reserved }`, those of one counter added up. */
  readonly carried: readonly JsonObject[];
}

/** File in the journal's directory that holds it, one signed line. */
export const DROPPED_FILE = "dropped.json";

const KIND = "journal.dropped";

export const droppedLine = (dropped: Dropped, key: KeyObject): string =>
  signedLine({ v: 1, kind: KIND, ...dropped }, key);

/** Never throws. `problem` completes "The statement on dropped records …". */
export const readDropped = (
  text: string,
  publicKey: KeyObject,
): { readonly ok: true; readonly dropped: Dropped } | { readonly ok: false; readonly problem: string } => {
  const signed = readSigned(text, publicKey);
  if (!signed.ok) {
    return signed;
  }
  const dropped = droppedOf(signed.body);
  return dropped === undefined ? { ok: false, problem: "is not one" } : { ok: true, dropped };
};

const droppedOf = (body: JsonObject): Dropped | undefined => {
  const [at, head, until] = ["at", "head", "until"].map((name) => textOf(member(body, name)));
  const [through, lines] = ["through", "lines"].map((name) => countOf(member(body, name)));
  const carried = member(body, "carried");
  if (member(body, "kind") !== KIND || member(body, "v") !== 1 || !isJsonArray(carried)) {
    return undefined;
  }
  if (at === undefined || head === undefined || until === undefined) {
    return undefined;
  }
  return through === undefined || lines === undefined || !carried.every(isJsonObject)
    ? undefined
    : { at, through, head, lines, until, carried: carried.filter(isJsonObject) };
};

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

const countOf = (value: Json | undefined): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;
