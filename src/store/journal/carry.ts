import { unitsFromText, unitsToText } from "../../base/decimal.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, member } from "../../base/json-value.ts";
import { JournalDamaged } from "./segments.ts";

/** `id` of what is added up; a call whose outcome is still to come keeps its own. */
const ADDED_UP = "carried";
/** Entries of one such line. */
const ENTRIES = 1_000;
const HOUR_MS = 3_600_000;
/** The longest month, and what a change of the clocks may add to it. */
const MONTH_MS = 32 * 24 * HOUR_MS;

interface Entry {
  readonly policy: string;
  readonly counter: string;
  readonly scope: string;
  readonly whose: string;
  readonly window: number | "month" | "lifetime";
  amount: bigint;
  at: number;
}

/**
 * What the lines of dropped segments took from counters, as lines that are read like records: `{ id, reserved }`.
 *
 * Amounts of one counter are added up where they stand close together, and count from the latest of them on: later
 * than they did is stricter, earlier would not be. What is for life is one sum. What its own window has forgotten is one
 * sum too, for a window that a policy makes longer later; only of counters for each session nothing is kept then.
 * What was given back is left out.
 */
export class Carry {
  readonly #sums = new Map<string, Entry>();
  /** Of forwarded calls whose outcome was not seen yet. */
  readonly #open = new Map<string, readonly Entry[]>();
  /** The longest window that each counter ever had. */
  readonly #windows = new Map<string, number>();
  #latest = -Infinity;

  constructor(former: readonly JsonObject[] = []) {
    for (const line of former) {
      const [id, entries] = [member(line, "id"), entriesOf(line)];
      this.#see(entries);
      if (typeof id === "string" && id !== ADDED_UP) {
        this.#open.set(id, entries);
      } else {
        entries.forEach((entry) => this.#add(entry));
      }
    }
  }

  /** Forwarded calls without an outcome so far. */
  get open(): ReadonlySet<string> {
    return new Set(this.#open.keys());
  }

  /** @throws JournalDamaged for an amount that cannot be read */
  line(record: JsonObject): void {
    const id = member(record, "id");
    const outcome = member(record, "outcome");
    if (typeof id !== "string") {
      return;
    }
    if (typeof outcome === "string") {
      this.#end(id, outcome);
    } else if (typeof member(record, "decision") === "string") {
      const entries = entriesOf(record);
      this.#see(entries);
      if (member(record, "decision") === "allow" || member(record, "enforced") === false) {
        this.#open.set(id, entries);
      } else {
        entries.forEach((entry) => this.#add(entry));
      }
    }
  }

  lines(): readonly JsonObject[] {
    const sums = new Map<string, Entry>();
    for (const [key, entry] of this.#sums) {
      const spent = this.#latest - entry.at >= (this.#windows.get(nameOf(entry)) ?? Infinity);
      if (!spent) {
        sums.set(key, entry);
      } else if (entry.scope !== "session") {
        addTo(sums, `${nameOf(entry)}${JSON.stringify([entry.whose, entry.window])}spent`, entry);
      }
    }
    // Times only go on: that of the latest entry is kept even where the entry itself was given back.
    const clock = { policy: "", counter: "", scope: "", whose: "", window: "lifetime", amount: 0n } as const;
    const all = [
      ...sums.values(),
      ...(Number.isFinite(this.#latest) ? [{ ...clock, at: this.#latest }] : []),
    ].map(jsonOf);
    const lines: JsonObject[] = [];
    for (let from = 0; from < all.length; from += ENTRIES) {
      lines.push({ id: ADDED_UP, reserved: all.slice(from, from + ENTRIES) });
    }
    for (const [id, entries] of this.#open) {
      if (entries.length > 0) {
        lines.push({ id, reserved: entries.map(jsonOf) });
      }
    }
    return lines;
  }

  #see(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const name = nameOf(entry);
      this.#latest = Math.max(this.#latest, entry.at);
      this.#windows.set(name, Math.max(this.#windows.get(name) ?? 0, lengthOf(entry.window)));
    }
  }

  #end(id: string, outcome: string): void {
    const entries = this.#open.get(id) ?? [];
    this.#open.delete(id);
    if (outcome !== "unavailable") {
      entries.forEach((entry) => this.#add(entry));
    }
  }

  #add(entry: Entry): void {
    const step = stepOf(entry.window);
    const place = step === Infinity ? "" : String(Math.floor(entry.at / step));
    addTo(this.#sums, `${nameOf(entry)}${JSON.stringify([entry.whose, entry.window])}${place}`, entry);
  }
}

const addTo = (sums: Map<string, Entry>, key: string, entry: Entry): void => {
  const sum = sums.get(key);
  if (sum === undefined) {
    sums.set(key, { ...entry });
  } else {
    sum.amount += entry.amount;
    sum.at = Math.max(sum.at, entry.at);
  }
};

const nameOf = ({ policy, counter, scope }: Entry): string => JSON.stringify([policy, counter, scope]);

/** Milliseconds after which an amount certainly counts no more: a sliding window forgets 1/64 late, a calendar's longest day has 25 hours. */
const lengthOf = (window: Entry["window"]): number => {
  if (typeof window === "string") {
    return window === "month" ? MONTH_MS : Infinity;
  }
  return window * 1_000 * (66 / 64) + (window >= 3_600 ? 2 * HOUR_MS : 0);
};

/**
 * Milliseconds of which the amounts are added up: an hour or finer, so that at most about a thousand sums stand for one
 * window; of windows longer than six weeks, which no calendar has, 1/1024.
 */
const stepOf = (window: Entry["window"]): number => {
  if (typeof window === "string") {
    return window === "month" ? HOUR_MS : Infinity;
  }
  return Math.max(Math.min(HOUR_MS, (window * 1_000) / 64), (window * 1_000) / 1_024);
};

const jsonOf = ({ policy, counter, scope, whose, window, amount, at }: Entry): JsonObject => ({
  policy,
  counter,
  scope,
  whose,
  window,
  amount: unitsToText(amount),
  at,
});

const entriesOf = (record: JsonObject): readonly Entry[] => {
  const reserved = member(record, "reserved");
  return isJsonArray(reserved) ? reserved.map(entryOf) : [];
};

const entryOf = (taken: Json): Entry => {
  const part = (name: string): Json | undefined => (isJsonObject(taken) ? member(taken, name) : undefined);
  const [policy, counter, scope, whose] = ["policy", "counter", "scope", "whose"].map((name) => part(name));
  const [amount, at] = [part("amount"), part("at")];
  const units = typeof amount === "string" ? unitsFromText(amount) : undefined;
  if (
    typeof policy !== "string" ||
    typeof counter !== "string" ||
    typeof scope !== "string" ||
    typeof whose !== "string" ||
    !(typeof at === "number" && Number.isInteger(at)) ||
    units === undefined ||
    units < 0n
  ) {
    throw new JournalDamaged("A record of the journal has an amount that cannot be read.");
  }
  return { policy, counter, scope, whose, window: windowOf(part("window")), amount: units, at };
};

/** What is none counts for ever. */
const windowOf = (window: Json | undefined): Entry["window"] =>
  (typeof window === "number" && window > 0) || window === "month" ? window : "lifetime";
