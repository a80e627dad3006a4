import { hash as digest } from "node:crypto";
import { readJson } from "../base/json-read.ts";
import {
  isJsonArray,
  isJsonObject,
  type Json,
  JsonNumber,
  type JsonObject,
  member,
} from "../base/json-value.ts";
import { canonicalJson } from "../base/json-write.ts";
import { scanLine } from "./scan-line.ts";
import type { AdminRecord, DecisionRecord, OutcomeRecord, ReservedEntry } from "./record.ts";

/** `prev` of the first line: there is none before it. */
export const GENESIS = "0".repeat(64);

export interface ChainedLine {
  /** The line in RFC 8785 form, `hash` in its place, without a line feed. */
  readonly line: string;
  /** SHA-256, hex, of that line without `hash` (docs/audit.md). */
  readonly hash: string;
}

/**
 * Chains any record to the hash of the line before. The three of the gate have writers of their own below, which
 * say the same in a quarter of the time.
 *
 * @throws TypeError for what canonical JSON cannot say
 */
export const chainLine = (prev: string, body: JsonObject): ChainedLine => {
  const hash = digest("sha256", canonicalJson({ ...body, prev }), "hex");
  return { line: canonicalJson({ ...body, prev, hash }), hash };
};

/** `hash` sorts between the members of `head` and those of `tail`, so the line is made of the text that was hashed. */
const chained = (head: string, tail: string): ChainedLine => {
  readable(head);
  readable(tail);
  const hash = digest("sha256", `${head},${tail}`, "hex");
  return { line: `${head},"hash":"${hash}",${tail}`, hash };
};

/** JSON.stringify escapes surrogates only where they are alone, and a line with one could not be verified. */
const LONE_SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/;

const readable = (text: string): void => {
  if (text.includes("\\ud") && LONE_SURROGATE.test(text)) {
    throw new TypeError("a record has no place for half of a surrogate pair");
  }
};

/** Members of an object in text, without the braces' first or last. JSON.stringify keeps the order they are given in. */
const opened = (members: object): string => JSON.stringify(members).slice(0, -1);
const closed = (members: object): string => JSON.stringify(members).slice(1);

const finite = <N extends number | null>(value: N): N => {
  if (value !== null && !Number.isFinite(value)) {
    throw new TypeError("a number of a record is not finite");
  }
  return value;
};

/** Members in the order of RFC 8785 in all three: a test holds them against `canonicalJson`. */
export const chainDecision = (prev: string, record: DecisionRecord): ChainedLine => {
  const { at, client, code, decision, enforced, grant, groups } = record;
  const named = client === null ? null : { name: client.name, version: client.version };
  const first = `{"approval_id":${JSON.stringify(record.approval_id)},"args":${argsText(record.args)},`;
  const head = closed({ at, client: named, code, decision, enforced, grant, groups }).slice(0, -1);
  const { policy, reserved, rule, server, session, tool, tool_digest, transport, v } = record;
  return chained(
    first + head,
    closed({
      id: record.id,
      identity: record.identity,
      message: record.message,
      method: record.method,
      name: record.name,
      policy: policy === null ? null : { name: policy.name, sha256: policy.sha256, version: policy.version },
      prev,
      protocol: record.protocol,
      request_id: record.request_id,
      reserved: reserved.map(reservedMembers),
      retry_after_ms: finite(record.retry_after_ms),
      rule,
      server,
      session,
      tool,
      tool_digest,
      transport,
      v,
    }),
  );
};

const argsText = (args: DecisionRecord["args"]): string => {
  if (args === null) {
    return "null";
  }
  // The caller's own object: its order and its numbers' texts are not ours.
  const full = args.full === undefined ? "" : `"full":${canonicalJson(args.full)},`;
  const masked = args.masked === undefined ? "" : `"masked":${canonicalJson(args.masked)},`;
  const keys = args.keys === undefined ? "" : `"keys":${JSON.stringify(args.keys)},`;
  return `{${full}${keys}${masked}"sha256":${JSON.stringify(args.sha256)}}`;
};

const reservedMembers = ({ amount, at, counter, policy, scope, whose, window }: ReservedEntry) => ({
  amount,
  at: finite(at),
  counter,
  policy,
  scope,
  whose,
  window: typeof window === "number" ? finite(window) : window,
});

export const chainOutcome = (prev: string, record: OutcomeRecord): ChainedLine =>
  chained(
    opened({ at: record.at, duration_ms: finite(record.duration_ms) }),
    closed({
      http_status: finite(record.http_status),
      id: record.id,
      outcome: record.outcome,
      prev,
      result_bytes: finite(record.result_bytes),
    }),
  );

export const chainAdmin = (prev: string, record: AdminRecord): ChainedLine => {
  const after = record.after === null ? "null" : canonicalJson(record.after);
  const before = record.before === null ? "null" : canonicalJson(record.before);
  const by = JSON.stringify(record.by);
  return chained(
    `${opened({ act: record.act })},"after":${after},${closed({ at: record.at }).slice(0, -1)},"before":${before},"by":${by}`,
    closed({ id: record.id, prev, subject: record.subject, v: record.v }),
  );
};

/** A line that is what it says: its hash is that of its text, and its text is the canonical one. */
export interface SoundLine {
  readonly ok: true;
  readonly id: string | undefined;
  readonly prev: string;
  readonly hash: string;
}

/** A line that is not as the gate wrote it. */
interface UnsoundLine {
  readonly ok: false;
  /** Completes "The record …". */
  readonly problem: string;
  readonly id: string | undefined;
}

const HASH = /^[0-9a-f]{64}$/;

/** Judges one line by itself; whether it stands in its place is the chain's question. Never throws. */
export const checkLine = (text: string): SoundLine | UnsoundLine =>
  provedSound(text) ?? strictlyChecked(text);

/** One line's bytes at a time. Longer lines are read strictly. */
const SCRATCH = Buffer.alloc(64 * 1024);
const BYTES_OF_UNIT_MAX = 3;
const LF = 10;
const HASH_NAME = '"hash":';

/** The quick way, for nearly all lines that are sound. `undefined`: the strict one has the word. */
const provedSound = (text: string): SoundLine | undefined => {
  if (text.length * BYTES_OF_UNIT_MAX >= SCRATCH.length) {
    return undefined;
  }
  const end = SCRATCH.write(text, "utf8");
  SCRATCH[end] = LF;
  // Half of a surrogate pair has no bytes of its own.
  const marks = end === text.length || text.isWellFormed() ? scanLine(SCRATCH, end) : undefined;
  if (marks === undefined) {
    return undefined;
  }
  const { id, prev, hash, hashEnd } = marks;
  // `prev` is there and sorts behind `hash`, so a comma follows.
  SCRATCH.copyWithin(hashEnd - hash.length - 2 - HASH_NAME.length, hashEnd + 1, end);
  const length = end - hash.length - 3 - HASH_NAME.length;
  return hash === digest("sha256", SCRATCH.subarray(0, length), "hex")
    ? { ok: true, id, prev, hash }
    : undefined;
};

/** What the quick way must agree with: a line is read, and held against its canonical form. */
export const strictlyChecked = (text: string): SoundLine | UnsoundLine => {
  const value = tryRead(text);
  if (value === undefined || !isJsonObject(value)) {
    return { ok: false, problem: "cannot be read", id: undefined };
  }
  const [id, prev, hash] = [textMember(value, "id"), textMember(value, "prev"), textMember(value, "hash")];
  if (prev === undefined || hash === undefined || !HASH.test(prev) || !HASH.test(hash)) {
    return { ok: false, problem: "has no place in the chain", id };
  }
  if (!isCanonical(value, text)) {
    return { ok: false, problem: "is not in canonical form", id };
  }
  return hash === digest("sha256", withoutHash(text, hash), "hex")
    ? { ok: true, id, prev, hash }
    : { ok: false, problem: "is not what its hash was made of", id };
};

const tryRead = (text: string): Json | undefined => {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
};

const textMember = (value: JsonObject, name: string): string | undefined => {
  const found = member(value, name);
  return typeof found === "string" ? found : undefined;
};

/**
 * What the strict reader took can be off the canonical form by white space, escapes, numbers' texts and the order of
 * members. Most lines have none of the first three to ask about, and most others are what the built-in writer says.
 */
const isCanonical = (value: JsonObject, text: string): boolean =>
  (isSorted(value) && (isPlain(text) || JSON.stringify(value) === text)) || canonicalJson(value) === text;

const isPlain = (text: string): boolean => !MARKS.some((mark) => text.includes(mark));
const MARKS = ["\\", " ", "\t", "\n", "\r"] as const;

/** False also for numbers that are not written as ECMAScript prints them, which the reader keeps apart. */
const isSorted = (value: Json): boolean => {
  if (isJsonArray(value)) {
    return value.every(isSorted);
  }
  return isJsonObject(value) ? areSorted(value, Object.keys(value)) : !(value instanceof JsonNumber);
};

const areSorted = (value: JsonObject, names: readonly string[]): boolean => {
  let last = "";
  for (const name of names) {
    const inner = value[name] ?? null;
    if (name < last || (typeof inner === "object" && !isSorted(inner))) {
      return false;
    }
    last = name;
  }
  return true;
};

/** `prev` is there and sorts behind `hash`, so a comma follows. No other member further up can say this very hash. */
const withoutHash = (text: string, hash: string): string => {
  const written = `"hash":"${hash}",`;
  const start = text.indexOf(written);
  return text.slice(0, start) + text.slice(start + written.length);
};
