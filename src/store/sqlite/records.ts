import { statSync } from "node:fs";
import type { JournalPosition, RecordQuery, RecordRow, RecordSearch } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { JournalReader } from "../journal/reader.ts";
import { segmentFile, START } from "../journal/segments.ts";
import { DatabaseTooNew } from "./database.ts";
import { CopyUnusable, RecordsDatabase, setAside } from "./records-database.ts";

/** Lines that are still taken in at a stop. What remains waits for the next start. */
const FLUSH_LINES = 10_000;
const CORRUPT = 11;
const FULL = 13;
const IO_ERROR = 10;
const NOT_A_DATABASE = 26;
/** Extended: the file ends where a page should be. */
const SHORT_READ = 522;

interface RecordsOptions {
  readonly path: string;
  /** The journal's directory. */
  readonly journal: string;
  /** Told of what went wrong, once until it is well again. The record itself is not concerned. */
  readonly onFault: (message: string) => void;
  /** The last segment that retention dropped: its records go, too. */
  readonly gone?: () => number;
  readonly fillMs?: number;
}

/**
 * Records for search: a copy of the journal in SQLite, which follows it in small batches between calls. A copy that
 * is lost, damaged or of another journal is made anew.
 */
export class Records implements RecordSearch, Disposable {
  readonly #options: RecordsOptions;
  readonly #timer: NodeJS.Timeout;
  /** Absent after a damage that could not be mended at once. */
  #database: RecordsDatabase | undefined;
  #reader: JournalReader;
  /** Whether the next line has yet to be held against what the copy ends with. */
  #unproved = true;
  #faulty = false;
  #closed = false;
  /** The last segment of which the copy holds no more records. */
  #forgotten = 0;
  #next: NodeJS.Immediate | undefined;

  constructor(options: RecordsOptions) {
    this.#options = options;
    this.#database = this.#openAtStart();
    this.#reader = new JournalReader(options.journal, this.#database?.position ?? START);
    this.#timer = setInterval(() => this.#tick(), options.fillMs ?? LIMITS.search_fill_ms);
    this.#timer.unref();
  }

  /** How far the journal was taken in; `undefined` while there is no copy. */
  get position(): JournalPosition | undefined {
    return this.#database?.position;
  }

  search(query: RecordQuery): readonly RecordRow[] {
    return this.#look((database) => database.search(query));
  }

  find(id: string): RecordRow | undefined {
    return this.#look((database) => database.find(id));
  }

  /** Takes in what the journal has now, about so many lines at most; how many there were. */
  flush(lines = Number.POSITIVE_INFINITY): number {
    let taken = 0;
    while (taken < lines) {
      const batch = this.#attempt();
      if (batch === 0) {
        break;
      }
      taken += batch;
    }
    return taken;
  }

  [Symbol.dispose](): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    clearInterval(this.#timer);
    clearImmediate(this.#next);
    this.flush(FLUSH_LINES);
    this.#reader[Symbol.dispose]();
    this.#database?.[Symbol.dispose]();
  }

  #look<T>(read: (database: RecordsDatabase) => T): T {
    if (this.#database === undefined) {
      throw new Error("The search copy of the record cannot be opened at the moment.");
    }
    try {
      return read(this.#database);
    } catch (error) {
      // What a search finds damaged is made anew like what a batch does.
      if (isDamage(error)) {
        this.#fault(error);
      }
      throw error;
    }
  }

  /**
   * Calls run between two batches: none of them waits for more than one. After a batch that was not full the next
   * waits for the timer: to follow every line at once would be a transaction for each.
   */
  #tick(): void {
    if (this.#next === undefined && this.#attempt() >= LIMITS.search_fill_lines) {
      this.#next = setImmediate(() => {
        this.#next = undefined;
        this.#tick();
      });
    }
  }

  /** One batch; how many lines it had, or how many it dropped. Throws nothing: it runs on a timer. */
  #attempt(): number {
    try {
      const database = this.#database ?? this.#restart(this.#open());
      if (!database.isInPlace()) {
        throw new CopyUnusable("its file is gone");
      }
      const lines = this.#fill(database);
      const done = lines > 0 ? lines : this.#forget(database);
      this.#faulty = false;
      return done;
    } catch (error) {
      this.#fault(error);
      return 0;
    }
  }

  #fault(error: unknown): void {
    if (isDamage(error)) {
      this.#giveUp();
    }
    if (!this.#faulty) {
      this.#options.onFault(`The search copy of the record lags behind the journal: ${messageOf(error)}.`);
    }
    this.#faulty = true;
  }

  /** One batch of records whose segment is gone; how many there were. */
  #forget(database: RecordsDatabase): number {
    const gone = this.#options.gone?.() ?? 0;
    const rows = gone > this.#forgotten ? database.forget(gone, LIMITS.search_fill_lines) : 0;
    this.#forgotten = rows === 0 ? gone : this.#forgotten;
    return rows;
  }

  #fill(database: RecordsDatabase): number {
    const lines = this.#reader.next(LIMITS.search_fill_lines);
    const [first] = lines;
    if (first === undefined) {
      return 0;
    }
    try {
      if (this.#unproved && !database.continues(first)) {
        throw new CopyUnusable("it is a copy of another journal");
      }
      this.#unproved = false;
      database.fill(lines);
      return lines.length;
    } catch (error) {
      this.#restart(database); // These lines are still to be taken in.
      throw error;
    }
  }

  /** The next batch begins with a new one. */
  #giveUp(): void {
    try {
      this.#database?.[Symbol.dispose]();
      setAside(this.#options.path);
    } catch {
      // Opening it says what is wrong with it, and sets it aside.
    }
    this.#database = undefined;
  }

  /** Reads on from what the copy really has. */
  #restart(database: RecordsDatabase): RecordsDatabase {
    this.#database = database;
    this.#forgotten = 0;
    this.#reader[Symbol.dispose]();
    this.#reader = new JournalReader(this.#options.journal, database.position);
    return database;
  }

  /** A full disk is no reason not to start: the copy is opened later. A path that cannot be is. */
  #openAtStart(): RecordsDatabase | undefined {
    try {
      return this.#open();
    } catch (error) {
      if (!isPassing(error)) {
        throw error;
      }
      this.#faulty = true;
      this.#options.onFault(`The search copy of the record cannot be opened: ${messageOf(error)}.`);
      return undefined;
    }
  }

  #open(): RecordsDatabase {
    const { path, journal } = this.#options;
    try {
      const database = new RecordsDatabase(path);
      if (isThere(journal, database.position)) {
        return database;
      }
      database[Symbol.dispose]();
      throw new CopyUnusable("it is further than the journal");
    } catch (error) {
      if (error instanceof DatabaseTooNew || !isDamage(error)) {
        throw error;
      }
      return this.#anew(error);
    }
  }

  #anew(reason: unknown): RecordsDatabase {
    this.#options.onFault(
      `The search copy of the record is made anew from the journal: ${messageOf(reason)}.`,
    );
    setAside(this.#options.path);
    return new RecordsDatabase(this.#options.path);
  }
}

/**
 * What `Records` would throw at a start, found without taking anything in. What it mends is left to it.
 *
 * @throws DatabaseTooNew; whatever says that a file at this path can never be opened
 */
export const checkPlace = (path: string): void => {
  try {
    new RecordsDatabase(path)[Symbol.dispose]();
  } catch (error) {
    if (error instanceof DatabaseTooNew || !(isDamage(error) || isPassing(error))) {
      throw error;
    }
  }
};

/** A full or failing disk. */
const isPassing = (error: unknown): boolean => resultOf(error) === FULL || resultOf(error) === IO_ERROR;

/** Whether a journal is as long as that. */
const isThere = (directory: string, { segment, offset }: JournalPosition): boolean => {
  if (segment === START.segment && offset === START.offset) {
    return true;
  }
  return offset <= (statSync(segmentFile(directory, segment), { throwIfNoEntry: false })?.size ?? -1);
};

const isDamage = (error: unknown): boolean => {
  if (error instanceof CopyUnusable) {
    return true;
  }
  const code = resultOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE || extendedOf(error) === SHORT_READ;
};

/** SQLite's extended result codes carry the primary one in their low byte. */
const resultOf = (error: unknown): number => extendedOf(error) & 0xff;

const extendedOf = (error: unknown): number =>
  error instanceof Error && "errcode" in error ? Number(error.errcode) : 0;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "unknown");
