import { closeSync, fdatasync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { chainDecision, chainOutcome, GENESIS } from "../src/audit/chain.ts";
import { systemClock } from "../src/base/clock.ts";
import { decisionOf, outcomeOf } from "../src/store/conformance/sample-records.ts";
import { openJournal } from "../src/store/journal/open-journal.ts";
import { RecordsThread } from "../src/store/sqlite/records-thread.ts";

/** Something that writes two lines a call: what is decided, before the call goes on, and how it ended. */
export interface Writer {
  /** Resolves when the call may go on. */
  readonly before: (call: number) => void | Promise<void>;
  /** Nobody waits for it. */
  readonly after: (call: number) => void | Promise<void>;
  readonly close: () => void | Promise<void>;
}

/** Brings a file to stable storage. */
type Sync = (file: number, done: (error: Error | null) => void) => void;

/** A disk that takes its time: most need a millisecond or more, where a machine's cache is not asked. */
const slowed =
  (ms: number): Sync =>
  (file, done) =>
    fdatasync(file, (error) => void setTimeout(() => done(error), ms));

export interface Contender {
  readonly name: string;
  /** The one it is measured against. */
  readonly beside?: string;
  /** Whether calls that wait at the same time share a sync: more callers are another measurement. */
  readonly shares: boolean;
  readonly open: (directory: string) => Writer;
}

/** The lines that the journal would write, made beforehand: what is left is the writing. */
const LINES = [chainDecision(GENESIS, decisionOf(1)), chainOutcome(GENESIS, outcomeOf(1))] as const;
const [DECISION, OUTCOME] = [`${LINES[0].line}\n`, `${LINES[1].line}\n`];

const opened = (directory: string): number => openSync(join(directory, "bare.jsonl"), "a", 0o600);

/** One write for each line, and a sync for each call if it is asked for. */
const append = (synced: boolean): Contender => ({
  name: synced ? "bare append, each synced" : "bare append",
  shares: false,
  open: (directory) => {
    const file = opened(directory);
    return {
      before: () => {
        writeSync(file, DECISION);
        if (synced) {
          fdatasyncSync(file);
        }
      },
      after: () => void writeSync(file, OUTCOME),
      close: () => closeSync(file),
    };
  },
});

/** Writes at once; those who wait while a sync runs share the next one. */
const grouped = (slow = 0): Contender => ({
  name: `bare append, grouped sync${slowName(slow)}`,
  shares: true,
  open: (directory) => {
    const file = opened(directory);
    const syncFile = slow === 0 ? fdatasync : slowed(slow);
    let waiting: (() => void)[] = [];
    let running = false;
    const sync = (): void => {
      const served = waiting;
      waiting = [];
      running = true;
      syncFile(file, (error) => {
        running = false;
        if (error !== null) {
          throw error;
        }
        if (waiting.length > 0) {
          sync();
        }
        served.forEach((done) => done());
      });
    };
    const settled = (): Promise<void> =>
      new Promise((done) => {
        waiting.push(done);
        if (!running) {
          sync();
        }
      });
    return {
      before: () => {
        writeSync(file, DECISION);
        return settled();
      },
      after: () => {
        writeSync(file, OUTCOME);
        return settled();
      },
      close: async () => {
        await settled();
        closeSync(file);
      },
    };
  },
});

const slowName = (ms: number): string => (ms === 0 ? "" : `, ${String(ms)} ms slower`);

/** One row and one commit a line. */
const sqlite = (synced: boolean): Contender => ({
  name: synced ? "bare SQLite insert, each synced" : "bare SQLite insert",
  shares: false,
  open: (directory) => {
    const database = new DatabaseSync(join(directory, "bare.db"));
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synced ? "FULL" : "OFF"}`);
    database.exec(
      "CREATE TABLE lines (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, line TEXT NOT NULL) STRICT",
    );
    const insert = database.prepare("INSERT INTO lines (id, line) VALUES (?, ?)");
    return {
      before: (call) => void insert.run(String(call), DECISION),
      after: (call) => void insert.run(String(call), OUTCOME),
      close: () => database.close(),
    };
  },
});

/** The gate's own: chained lines, and with them the search copy that follows. */
const journal = (durability: "process" | "disk", { searched = false, slow = 0 } = {}): Contender => ({
  name: `journal, ${durability}${searched ? ", with the search copy" : ""}${slowName(slow)}`,
  shares: durability === "disk",
  open: (directory) => {
    const folder = join(directory, "journal");
    const io = slow === 0 ? {} : { io: { sync: slowed(slow) } };
    const ledger = openJournal({ directory: folder, durability, clock: systemClock, ...io });
    const failed = (message: string): never => {
      throw new Error(message);
    };
    const records = searched
      ? new RecordsThread({
          path: join(directory, "records.db"),
          journal: folder,
          onFault: failed,
          gone: () => 0,
        })
      : undefined;
    return {
      before: (call) => ledger.append(decisionOf(call)),
      after: (call) => ledger.outcome(outcomeOf(call)),
      close: async () => {
        await ledger[Symbol.asyncDispose]();
        await records?.[Symbol.asyncDispose]();
      },
    };
  },
});

/** The same loop with nothing to write: what it costs is taken off the others. */
export const EMPTY: Contender = {
  name: "nothing",
  shares: false,
  open: () => ({
    before: (call) => void decisionOf(call),
    after: (call) => void outcomeOf(call),
    close: () => undefined,
  }),
};

/** Calls that do not wait for the disk are beside the first, those that do beside the first before them that shares syncs. */
export const contenders = (slowMs: number): readonly Contender[] => {
  const shared = [grouped(), grouped(slowMs)] as const;
  return [
    append(false),
    sqlite(false),
    journal("process"),
    journal("process", { searched: true }),
    append(true),
    sqlite(true),
    shared[0],
    { ...journal("disk"), beside: shared[0].name },
    shared[1],
    { ...journal("disk", { slow: slowMs }), beside: shared[1].name },
  ];
};
