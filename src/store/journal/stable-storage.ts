import { closeSync, openSync } from "node:fs";
import { LedgerUnavailable } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { createGroupSync } from "./group-sync.ts";
import { type JournalIo, syncFile } from "./io.ts";
import { codeOf, JournalDamaged } from "./segments.ts";
import type { Mark, SegmentWriter } from "./segment-writer.ts";

interface StableStorageOptions {
  readonly directory: string;
  readonly io: JournalIo;
  /** The segment that is written to. */
  readonly current: () => SegmentWriter;
  /** A sync may take this long; with a longer one the disk counts as hanging. */
  readonly syncMsMax: number;
  /** Told of a sync that failed, with the reason in plain words. */
  readonly onFailed: (reason: string) => void;
}

/** File systems that cannot sync a directory say so; they keep names in a way of their own. */
const CANNOT_SYNC: ReadonlySet<string> = new Set(["EINVAL", "ENOTSUP", "ENOSYS"]);

/** Brings the journal to stable storage in the thread pool, one sync at a time, and knows what is there. */
export class StableStorage implements Disposable {
  readonly #options: StableStorageOptions;
  /** Full segments whose last lines may not be on stable storage yet. */
  #retired: readonly SegmentWriter[] = [];
  /** A segment's name may not be on stable storage yet. */
  #unnamed = true;
  /** Why the last sync failed. Then a sync that succeeds proves nothing: the kernel may have dropped what it could not write. */
  #failed: string | undefined;
  /** When the sync that runs began, by the monotonic clock. */
  #began: number | undefined;
  /** Everything that is written when it is called is on stable storage when it resolves. */
  readonly sync: () => Promise<void>;

  constructor(options: StableStorageOptions) {
    this.#options = options;
    this.sync = createGroupSync(() => this.#sync());
  }

  /** Why nothing may be written before `mend`. */
  get failed(): string | undefined {
    return this.#failed;
  }

  /** A sync runs that takes too long. */
  get hangs(): boolean {
    return this.#began !== undefined && performance.now() - this.#began > this.#options.syncMsMax;
  }

  /** Begins a sync that nobody waits for, unless one runs. One that fails is told like any other. */
  syncBehind(): void {
    if (this.#began === undefined) {
      this.sync().catch(() => undefined);
    }
  }

  /** Whether so many times of what may wait for a sync does. */
  isFull(times: number): boolean {
    let { lines, bytes } = this.#options.current().waiting;
    for (const { waiting } of this.#retired) {
      lines += waiting.lines;
      bytes += waiting.bytes;
    }
    return lines >= times * LIMITS.unsynced_lines_max || bytes >= times * LIMITS.unsynced_bytes_max;
  }

  /** Another segment took the place of this one. It stays open until its lines are on stable storage. */
  retire(segment: SegmentWriter): void {
    this.#retired = [...this.#retired, segment];
    this.#unnamed = true;
  }

  /** After a failed sync: writes anew all that is not known to be on stable storage, and syncs it. */
  async mend(): Promise<void> {
    await this.#guarded(async () => {
      for (const segment of [...this.#retired, this.#options.current()]) {
        if (segment.lookNow() === "removed") {
          await segment.putBack();
        } else {
          segment.rewrite();
        }
      }
      this.#unnamed = true;
      await this.#bring();
    });
    this.#failed = undefined;
  }

  [Symbol.dispose](): void {
    this.#retired.forEach((segment) => segment[Symbol.dispose]());
    this.#options.current()[Symbol.dispose]();
  }

  async #sync(): Promise<void> {
    if (this.#failed !== undefined) {
      throw new LedgerUnavailable(this.#failed);
    }
    await this.#guarded(() => this.#bring());
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    this.#began = performance.now();
    try {
      await work();
    } catch (error) {
      const why = error instanceof JournalDamaged ? error.message : codeOf(error);
      this.#failed = `not brought to stable storage (${why})`;
      this.#options.onFailed(this.#failed);
      throw new LedgerUnavailable(this.#failed, { cause: error });
    } finally {
      this.#began = undefined;
    }
  }

  async #bring(): Promise<void> {
    const current = this.#options.current();
    const mark = current.mark();
    for (const old of this.#retired) {
      await this.#bringSegment(old, old.mark());
      this.#retired = this.#retired.filter((kept) => kept !== old);
      old[Symbol.dispose]();
    }
    await this.#bringSegment(current, mark);
    if (this.#unnamed) {
      await this.#bringNames();
    }
  }

  async #bringSegment(segment: SegmentWriter, mark: Mark): Promise<void> {
    await syncFile(this.#options.io, segment.file);
    segment.settle(mark);
  }

  async #bringNames(): Promise<void> {
    // A segment that is begun meanwhile says so anew.
    this.#unnamed = false;
    const directory = openSync(this.#options.directory, "r");
    try {
      await syncFile(this.#options.io, directory);
    } catch (error) {
      if (!CANNOT_SYNC.has(codeOf(error))) {
        this.#unnamed = true;
        throw error;
      }
    } finally {
      closeSync(directory);
    }
  }
}
