import { isJsonArray, isJsonObject, member, type Json, type JsonObject } from "../base/json-value.ts";
import { createCounters, type Entry, type MemoryCounters } from "../meter/counters.ts";
import type { LimitSpec } from "../meter/port.ts";
import { parseTaken } from "../store/journal/parse.ts";
import type { ReadOptions } from "../store/journal/read.ts";

/** A fresh reading of those lines of the journal that are wanted by their text, oldest first, each time it is called. */
export type JournalLines = (wanted: Pick<ReadOptions, "only" | "parse">) => Iterable<JsonObject>;

/**
 * What was taken from counters, as the journal has it: of decision records their `reserved`, marked where the call
 * never ran and its charge was given back (outcome `unavailable`). Reads the journal twice, because an outcome
 * comes after its record.
 */
export const entriesOf = function* entriesOf(
  lines: JournalLines,
  released: ReadonlySet<string> = releasedIn(lines),
): Generator<Entry> {
  for (const line of lines({ only: takes, parse: parseTaken })) {
    const id = member(line, "id");
    yield* takenBy(member(line, "reserved"), typeof id === "string" && released.has(id));
  }
};

/** Ids of the calls that never ran. */
export const releasedIn = (lines: JournalLines): ReadonlySet<string> => {
  const released = new Set<string>();
  for (const line of lines({ only: givesBack })) {
    const id = member(line, "id");
    if (member(line, "outcome") === "unavailable" && typeof id === "string") {
      released.add(id);
    }
  }
  return released;
};

/** Of a record's `reserved`. */
export const takenBy = (reserved: Json | undefined, released: boolean): readonly Entry[] =>
  isJsonArray(reserved) ? reserved.map((taken) => entryOf(taken, released)) : [];

const entryOf = (taken: Json, released: boolean): Entry => {
  const text = (name: string): string => {
    const value = isJsonObject(taken) ? member(taken, name) : undefined;
    return typeof value === "string" ? value : "";
  };
  const at = isJsonObject(taken) ? member(taken, "at") : undefined;
  return {
    policy: text("policy"),
    counter: text("counter"),
    scope: text("scope"),
    whose: text("whose"),
    amount: text("amount"),
    at: typeof at === "number" ? at : Number.NaN,
    released,
  };
};

// Lines that say nothing of counters need not be read. Cheap: every line of the journal passes here.
const takes = (line: string): boolean => line.includes('"reserved":[{');
const givesBack = (line: string): boolean => line.includes('"outcome":"unavailable"');

/** Counters as they were: everything that the journal says was admitted counts again, for the limits in force. */
export const restoreCounters = (limits: readonly LimitSpec[], lines: JournalLines): MemoryCounters => {
  const counters = createCounters();
  counters.adopt(limits, entriesOf(lines));
  return counters;
};

/** Before new policies judge: counters they bring, or cut into other windows, count what was admitted before. */
export const adoptLimits = (
  counters: MemoryCounters,
  limits: readonly LimitSpec[],
  lines: JournalLines,
): void => {
  const wanting = counters.needsHistory(limits);
  if (wanting.length > 0) {
    counters.adopt(wanting, entriesOf(lines));
  }
};
