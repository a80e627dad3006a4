import {
  closeSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  truncateSync,
  writeSync,
} from "node:fs";
import {
  chainAdmin,
  chainDecision,
  chainOutcome,
  checkLine,
  GENESIS,
  type ChainedLine,
} from "../../audit/chain.ts";
import type { OutcomeRecord } from "../../audit/record.ts";
import { LedgerUnavailable, type Ledger } from "../../audit/port.ts";
import type { Clock } from "../../base/clock.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, member, type JsonObject } from "../../base/json-value.ts";
import { createGroupSync } from "./group-sync.ts";
import { readLines, segmentFile, segmentsIn, type HalfLine } from "./segments.ts";

const SEGMENT_BYTES = 64 * 1024 * 1024;

export interface JournalOptions {
  readonly directory: string;
  readonly durability: "process" | "disk";
  readonly clock: Clock;
  readonly segmentBytes?: number;
  /** Brings a file's bytes to stable storage; given by tests that count. */
  readonly sync?: typeof fsync;
}

/** The audit log as this process writes it. */
export interface Journal extends Ledger, Disposable {
  /** What was found and done when it was opened, for the operator. */
  readonly notes: readonly string[];
  /** Every record, oldest first, as it is now. */
  readonly read: () => Iterable<JsonObject>;
  /** Writes out what waits, and waits until it is as durable as it gets. */
  readonly flush: () => Promise<void>;
}

/** The journal cannot be opened: its end is not what the chain says. */
export class JournalDamaged extends Error {
  override readonly name = "JournalDamaged";
}

interface Open {
  readonly options: JournalOptions;
  file: number;
  segment: number;
  /** Bytes of whole lines in the segment. */
  bytes: number;
  head: string;
  /** Outcomes that wait to be written with the next record: losing one makes it `unknown`, never unrecorded. */
  waiting: string[];
  fault: string | undefined;
}

export const openJournal = (options: JournalOptions): Journal => {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  const end = findEnd(options.directory);
  const open: Open = { options, ...end, file: -1, waiting: [], fault: undefined };
  open.file = openSync(segmentFile(options.directory, open.segment), "a", 0o600);
  const sync = createGroupSync(() => open.file, options.sync ?? fsync);
  const settle = options.durability === "disk" ? sync.settled : () => undefined;
  closeOpenRecords(open, end.unfinished);
  return {
    notes: end.notes,
    append: (record) => {
      write(open, chainDecision(open.head, record));
      return settle();
    },
    admin: (record) => {
      write(open, chainAdmin(open.head, record));
      return settle();
    },
    outcome: (record) => later(open, record),
    health: () => (open.fault === undefined ? { ok: true } : { ok: false, reason: open.fault }),
    read: () => records(open),
    flush: async () => {
      writeWaiting(open);
      await sync.settled();
    },
    [Symbol.dispose]: () => {
      writeWaiting(open);
      closeSync(open.file);
    },
  };
};

const records = function* records(open: Open): Generator<JsonObject> {
  writeWaiting(open);
  for (const { text } of readLines(open.options.directory)) {
    const value = readJson(text);
    if (isJsonObject(value)) {
      yield value;
    }
  }
};

/** One synchronous append: what waits, then this. */
const write = (open: Open, link: ChainedLine): void => {
  const before = open.waiting;
  // The waiting outcomes were chained when they came; the record follows them.
  const text = before.length === 0 ? `${link.line}\n` : `${before.join("\n")}\n${link.line}\n`;
  put(open, text);
  open.waiting = [];
  open.head = link.hash;
};

/** An outcome is chained now and written with the next record, or at the end of this turn of the event loop. */
const later = (open: Open, body: OutcomeRecord): void => {
  const link = chainOutcome(open.head, body);
  open.head = link.hash;
  open.waiting.push(link.line);
  if (open.waiting.length === 1) {
    setImmediate(() => {
      try {
        writeWaiting(open);
      } catch {
        // Health says so; the lines wait for the next append.
      }
    });
  }
};

const writeWaiting = (open: Open): void => {
  if (open.waiting.length > 0) {
    put(open, `${open.waiting.join("\n")}\n`);
    open.waiting = [];
  }
};

/** Writes all of it or nothing: a failed write is cut off again, so that the next line does not stand in its ruins. */
const put = (open: Open, text: string): void => {
  const bytes = Buffer.from(text, "utf8");
  try {
    mend(open);
    roll(open);
    for (let done = 0; done < bytes.length;) {
      done += writeSync(open.file, bytes, done);
    }
    open.bytes += bytes.length;
  } catch (error) {
    open.fault = error instanceof Error ? error.message : "unknown";
    throw new LedgerUnavailable(open.fault);
  }
};

const mend = (open: Open): void => {
  if (open.fault !== undefined) {
    ftruncateSync(open.file, open.bytes);
    open.fault = undefined;
  }
};

const roll = (open: Open): void => {
  if (open.bytes < (open.options.segmentBytes ?? SEGMENT_BYTES)) {
    return;
  }
  const next = openSync(segmentFile(open.options.directory, open.segment + 1), "a", 0o600);
  if (open.options.durability === "disk") {
    fsyncSync(open.file); // Appends that wait for a sync wait for one of the new file; this one must be whole before.
  }
  closeSync(open.file);
  open.file = next;
  open.segment += 1;
  open.bytes = 0;
};

interface End {
  readonly segment: number;
  readonly bytes: number;
  readonly head: string;
  readonly notes: readonly string[];
  /** Ids of forwarded calls without an outcome. */
  readonly unfinished: ReadonlySet<string>;
}

/** Where the journal ends, after cutting a half-written last line. */
const findEnd = (directory: string): End => {
  const notes: string[] = [];
  const unfinished = new Set<string>();
  const segment = segmentsIn(directory).at(-1) ?? 1;
  const half: HalfLine[] = [];
  let head = GENESIS;
  let bytes = 0;
  let last: string | undefined;
  for (const line of readLines(directory, undefined, (found) => half.push(found))) {
    last = line.text;
    bytes = line.segment === segment ? line.next.offset : 0;
    follow(unfinished, line.text);
  }
  if (last !== undefined) {
    const checked = checkLine(last);
    if (!checked.ok) {
      throw new JournalDamaged(`the last line of the journal is not whole`);
    }
    head = checked.hash;
  }
  for (const { segment: where, offset, bytes: cut } of half) {
    if (where !== segment) {
      throw new JournalDamaged(`segment ${String(where)} of the journal ends in the middle of a line`);
    }
    truncateSync(segmentFile(directory, where), offset);
    notes.push(`a half-written last line of ${String(cut)} bytes was cut from the journal`);
  }
  return { segment, bytes, head, notes, unfinished };
};

/** Cheap on purpose: every line of the journal passes here at a start. */
const follow = (unfinished: Set<string>, text: string): void => {
  const id = /"id":"([0-9a-f-]{36})"/u.exec(text)?.[1];
  if (id === undefined || text.includes('"act":')) {
    return;
  }
  const value = text.includes('"outcome":') ? readJson(text) : undefined;
  if (isJsonObject(value) && member(value, "outcome") !== undefined) {
    unfinished.delete(id);
  } else if (text.includes('"decision":"allow"') || text.includes('"enforced":false')) {
    unfinished.add(id);
  }
};

/** After a crash nobody knows how the calls under way ended (contract: outcome `unknown`). */
const closeOpenRecords = (open: Open, unfinished: ReadonlySet<string>): void => {
  const at = new Date(open.options.clock.now()).toISOString();
  for (const id of unfinished) {
    later(open, { id, outcome: "unknown", http_status: null, duration_ms: 0, result_bytes: 0, at });
  }
  writeWaiting(open);
};
