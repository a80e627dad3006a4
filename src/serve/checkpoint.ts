import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { JournalPosition } from "../audit/port.ts";
import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import type { Log } from "../base/log.ts";
import { countersFromCheckpoint, type Entry, type MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec } from "../meter/port.ts";
import type { Journal } from "../store/journal/journal.ts";
import { parseOwn } from "../store/journal/parse.ts";
import {
  adoptLimits,
  entriesOf,
  type JournalLines,
  releasedIn,
  restoreCounters,
  takenBy,
} from "./counters.ts";
import type { OpenCharges } from "./open-charges.ts";

const FILE = "counters.json";
const PIECE_CHARACTERS = 64 * 1024;

interface Place {
  /** The data directory. */
  readonly directory: string;
  /** The record's key: a checkpoint that anybody could write would be a way to forget what was admitted. */
  readonly key: KeyObject;
}

/**
 * Counters as they are now, with the place in the journal that they stand for and the charges of calls under way. A
 * start reads the journal from there on, not from its beginning. Two lines: JSON, and its HMAC-SHA256 in hex.
 *
 * To be called in a turn of its own: there no call is between its charge and its record, nor between what is given
 * back and its outcome. What it holds is taken at once; writing it takes other turns.
 */
export const saveCheckpoint = (
  place: Place,
  journal: Pick<Journal, "position" | "head">,
  counters: MemoryCounters,
  charges: OpenCharges,
): Promise<void> => {
  const { segment, offset } = journal.position();
  const head = JSON.stringify({
    v: 2,
    position: { segment, offset },
    head: journal.head(),
    open: charges.list(),
  });
  return write(place, [`${head.slice(0, -1)},"counters":`, counters.checkpointText()]);
};

/** Under its name it is whole and on stable storage, or the one before it still stands. */
const write = async (
  { directory, key }: Place,
  [head, counters]: readonly [string, Iterable<string>],
): Promise<void> => {
  const path = join(directory, FILE);
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  {
    await using file = await open(draft, "wx", 0o600);
    const mac = createHmac("sha256", key);
    let text = head;
    const put = async (): Promise<void> => {
      mac.update(text, "utf8");
      await file.writeFile(text);
      text = "";
    };
    for (const piece of counters) {
      text += piece;
      if (text.length >= PIECE_CHARACTERS) {
        await put();
      }
    }
    text += "}";
    await put();
    await file.writeFile(`\n${mac.digest("hex")}\n`);
    await file.sync();
  }
  await rename(draft, path);
};

interface Saved {
  readonly position: JournalPosition;
  /** Hash of the line before `position`. */
  readonly head: string;
  readonly open: readonly (readonly [id: string, reserved: readonly Entry[]])[];
  readonly counters: unknown;
}

/** Counters for these limits, from a checkpoint that fits the journal and the lines after it, or from the whole journal. */
export const openCounters = (
  place: Place,
  journal: Journal,
  limits: readonly LimitSpec[],
  log: Log,
): MemoryCounters => {
  const lines = provedLines(journal);
  const saved = readSaved(place);
  if (saved === undefined || !continues(journal, saved)) {
    return restoreCounters(limits, lines);
  }
  const made = countersFromCheckpoint(saved.counters);
  if (!made.ok) {
    log.warn("the counters' checkpoint is of no use, the whole journal is read", { reason: made.reason });
    return restoreCounters(limits, lines);
  }
  const later = provedLines(journal, saved.position);
  const released = releasedIn(later);
  made.counters.replay(entriesOf(later, released));
  for (const [id, reserved] of saved.open) {
    if (released.has(id)) {
      made.counters.release(reserved);
    }
  }
  adoptLimits(made.counters, limits, lines);
  return made.counters;
};

/** The journal's lines, proved the first time that they are read: a changed byte must not make a charge forgotten. */
const provedLines = (journal: Journal, from?: JournalPosition): JournalLines => {
  let proved = false;
  return (wanted) => {
    const options = { ...wanted, proved: !proved, ...(from === undefined ? {} : { from }) };
    proved = true;
    return journal.read(options);
  };
};

/** What stands there, if it is whole and of this data directory. */
const readSaved = ({ directory, key }: Place): Saved | undefined => {
  try {
    const [text = "", mac = ""] = readFileSync(join(directory, FILE), "utf8").split("\n");
    const made = createHmac("sha256", key).update(text, "utf8").digest();
    const given = Buffer.from(mac, "hex");
    const value = given.length === made.length && timingSafeEqual(given, made) ? parseOwn(text) : undefined;
    return value === undefined ? undefined : savedOf(value);
  } catch {
    return undefined;
  }
};

const savedOf = (value: JsonObject): Saved | undefined => {
  const place = placeOf(member(value, "position"));
  const [head, open, counters] = ["head", "open", "counters"].map((name) => member(value, name));
  return place === undefined || typeof head !== "string" || !isJsonArray(open) || counters === undefined
    ? undefined
    : { position: place, head, open: open.flatMap(openOf), counters };
};

const openOf = (charge: Json): Saved["open"] => {
  const [id, reserved] = isJsonArray(charge) ? charge : [];
  return typeof id === "string" ? [[id, takenBy(reserved, false)]] : [];
};

const placeOf = (value: Json | undefined): JournalPosition | undefined => {
  const segment = isJsonObject(value) ? member(value, "segment") : undefined;
  const offset = isJsonObject(value) ? member(value, "offset") : undefined;
  return typeof segment === "number" && typeof offset === "number" ? { segment, offset } : undefined;
};

/** Whether the journal goes on from where the checkpoint was taken: another journal's does not. */
const continues = (journal: Journal, { position, head }: Saved): boolean => {
  try {
    const next = first(journal.read({ from: position }));
    return next === undefined
      ? journal.head() === head && isEnd(journal, position)
      : member(next, "prev") === head;
  } catch {
    return false;
  }
};

const isEnd = (journal: Journal, { segment, offset }: JournalPosition): boolean => {
  const end = journal.position();
  return end.segment === segment && end.offset === offset;
};

const first = (lines: Iterable<JsonObject>): JsonObject | undefined => {
  for (const line of lines) {
    return line;
  }
  return undefined;
};
