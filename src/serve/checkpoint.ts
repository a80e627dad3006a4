import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JournalPosition } from "../audit/port.ts";
import { fromPlain, toPlain } from "../base/json-plain.ts";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import type { Log } from "../base/log.ts";
import { countersFromCheckpoint, type MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec } from "../meter/port.ts";
import type { Journal } from "../store/journal/journal.ts";
import { adoptLimits, countsSomething, entriesOf, restoreCounters, type JournalLines } from "./counters.ts";

/**
 * Counters as they were when nothing was under way, with the place in the journal that they stand for. A start reads
 * the journal from there on, not from its beginning. Taken only when no call is under way: what a call under way
 * would give back later is not in the lines that follow.
 */
export const saveCheckpoint = (directory: string, journal: Journal, counters: MemoryCounters): void => {
  const { segment, offset } = journal.position();
  const text = writeJson(
    fromPlain({ position: { segment, offset }, head: journal.head(), counters: counters.checkpoint() }),
  );
  const file = join(directory, FILE);
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

const FILE = "counters.json";

interface Saved {
  readonly position: JournalPosition;
  /** Hash of the line before `position`. */
  readonly head: string;
  readonly counters: unknown;
}

/** Counters for these limits, from a checkpoint that fits the journal and the lines after it, or from the whole journal. */
export const openCounters = (
  directory: string,
  journal: Journal,
  limits: readonly LimitSpec[],
  log: Log,
): MemoryCounters => {
  const lines: JournalLines = () => journal.read({ only: countsSomething });
  const saved = readSaved(join(directory, FILE));
  if (saved === undefined || !continues(journal, saved)) {
    return restoreCounters(limits, lines);
  }
  const made = countersFromCheckpoint(saved.counters);
  if (!made.ok) {
    log.warn("the counters' checkpoint is of no use, the whole journal is read", { reason: made.reason });
    return restoreCounters(limits, lines);
  }
  made.counters.replay(entriesOf(() => journal.read({ from: saved.position, only: countsSomething })));
  adoptLimits(made.counters, limits, lines);
  return made.counters;
};

const readSaved = (file: string): Saved | undefined => {
  try {
    const value = readJson(readFileSync(file, "utf8"));
    const [position, head, counters] = ["position", "head", "counters"].map((name) =>
      isJsonObject(value) ? member(value, name) : undefined,
    );
    const place = placeOf(position);
    return place === undefined || typeof head !== "string" || counters === undefined
      ? undefined
      : { position: place, head, counters: toPlain(counters) };
  } catch {
    rmSync(file, { force: true });
    return undefined;
  }
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
