import {
  closeSync,
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type JournalIo, syncFile, writeAll } from "./io.ts";
import { codeOf, JournalDamaged, segmentFile } from "./segments.ts";
import { type Count, isChain, Tail } from "./tail.ts";

/** What may have become of a segment's file behind its writer's back. */
export type Misplaced = "removed" | "replaced" | "changed" | "unreachable";

/** How far a segment was written at some moment. */
export interface Mark {
  readonly bytes: number;
  readonly kept: Count;
}

export interface SegmentOptions {
  readonly io: JournalIo;
  /** Whether lines are kept in memory until they are on stable storage. */
  readonly keep: boolean;
}

const COPY_BYTES = 1024 * 1024;
const DRAFT = ".new";

/** One segment file as its only writer has it. Every append is there whole, or not at all. */
export class SegmentWriter implements Disposable {
  readonly number: number;
  readonly file: number;
  readonly #path: string;
  readonly #options: SegmentOptions;
  /** Which file it is: device and inode. */
  #identity: Pick<Stats, "dev" | "ino">;
  /** Bytes of whole lines. */
  #size: number;
  /** … of which so many are on stable storage … */
  #synced = 0;
  /** … and of the rest these are in memory. */
  readonly #tail = new Tail();
  /** The last line that was appended. */
  #last = "";
  /** Something may stand behind them. */
  #torn = false;
  #finished = false;
  #closed = false;

  constructor(directory: string, number: number, options: SegmentOptions) {
    this.number = number;
    this.#path = segmentFile(directory, number);
    this.#options = options;
    this.file = openSync(this.#path, "a+", 0o600);
    const { dev, ino, size } = fstatSync(this.file);
    this.#identity = { dev, ino };
    this.#size = size;
  }

  /**
   * Begins a segment with its first line, or leaves none.
   *
   * @throws what the system says; JournalDamaged where a file with something in it is in its place
   */
  static begin(directory: string, number: number, options: SegmentOptions, first: string): SegmentWriter {
    const segment = new SegmentWriter(directory, number, options);
    if (segment.size > 0) {
      segment[Symbol.dispose]();
      throw new JournalDamaged("there is a file in the next segment's place");
    }
    try {
      segment.append(first);
      return segment;
    } catch (error) {
      segment[Symbol.dispose]();
      unlinkSync(segment.#path);
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  /** No line comes behind the last one any more, whatever its size. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Bytes that may not be on stable storage. */
  get unsynced(): number {
    return this.#size - this.#synced;
  }

  /** Lines that are kept because they may not be on stable storage. */
  get waiting(): Count {
    return this.#tail.waiting;
  }

  append(text: string): void {
    if (this.#torn) {
      this.#mend();
    }
    const { io, keep } = this.#options;
    const size = Buffer.byteLength(text);
    try {
      const written = io.write(this.file, text);
      if (written < size) {
        writeAll(Buffer.from(text).subarray(written), (rest) => io.write(this.file, rest));
      }
    } catch (error) {
      this.#torn = true;
      this.#tryMend();
      throw error;
    }
    this.#size += size;
    this.#last = text;
    if (keep) {
      this.#tail.add(text, size);
    }
  }

  mark(): Mark {
    return { bytes: this.#size, kept: this.#tail.mark() };
  }

  /** What was written at that moment is on stable storage. */
  settle({ bytes, kept }: Mark): void {
    this.#synced = Math.max(this.#synced, bytes);
    this.#tail.drop(kept);
  }

  /**
   * Writes once more, where it is, all that may not be on stable storage: a sync that failed may have left pages in
   * memory that the kernel takes for written.
   *
   * @throws JournalDamaged where lines that are not kept in memory cannot be read back as they were written
   */
  rewrite(): void {
    if (this.#torn) {
      this.#mend();
    }
    const bytes = this.#unsynced();
    // The other descriptor appends, wherever it is told to write.
    const file = openSync(this.#path, "r+");
    try {
      if (this.#judge(fstatSync(file), this.#size) !== undefined) {
        throw new JournalDamaged("the file is not the one that was written");
      }
      const from = this.#synced;
      writeAll(bytes, (rest, done) => this.#options.io.rewrite(file, rest, from + done));
    } finally {
      closeSync(file);
    }
  }

  /** What became of its file, if it is not where it was, as it was written. */
  async look(): Promise<Misplaced | undefined> {
    const least = this.#size;
    try {
      return this.#judge(await stat(this.#path), least);
    } catch (error) {
      return gone(error);
    }
  }

  /** The same at once, with a call of the system. */
  lookNow(): Misplaced | undefined {
    try {
      return this.#judge(statSync(this.#path), this.#size);
    } catch (error) {
      return gone(error);
    }
  }

  /**
   * Makes its file anew where somebody took it away, from what is still behind the descriptor. It is finished then:
   * who reads it may have the old one open, and goes on with the next segment.
   */
  async putBack(): Promise<void> {
    const draft = `${this.#path}${DRAFT}`;
    const copy = openSync(draft, "w", 0o600);
    try {
      this.#copyTo(copy);
      await syncFile(this.#options.io, copy);
      // Never over a file that came there meanwhile.
      linkSync(draft, this.#path);
      const { dev, ino } = fstatSync(copy);
      this.#identity = { dev, ino };
    } finally {
      closeSync(copy);
      unlinkSync(draft);
    }
    this.#finished = true;
    this.settle(this.mark());
  }

  [Symbol.dispose](): void {
    if (!this.#closed) {
      this.#closed = true;
      closeSync(this.file);
    }
  }

  /** @param least how long it was when it was asked for: it may have grown since. */
  #judge({ dev, ino, size }: Stats, least: number): Misplaced | undefined {
    if (dev !== this.#identity.dev || ino !== this.#identity.ino) {
      return "replaced";
    }
    return size < least || (size > this.#size && !this.#torn) ? "changed" : undefined;
  }

  #unsynced(): Buffer {
    const kept = this.#tail.text();
    const before = this.#read(this.#synced, this.#size - this.#tail.waiting.bytes - this.#synced).toString(
      "utf8",
    );
    // What is in memory needs no proof; what comes from the file must lead up to it, or to the last line.
    if (before !== "" && !(isChain(before + kept) && (before + kept).endsWith(this.#last))) {
      throw new JournalDamaged("lines cannot be read back as they were written");
    }
    return Buffer.from(before + kept);
  }

  #copyTo(copy: number): void {
    for (let done = 0; done < this.#synced;) {
      const block = this.#read(done, Math.min(COPY_BYTES, this.#synced - done));
      writeAll(block, (rest) => writeSync(copy, rest));
      done += block.length;
    }
    writeAll(this.#unsynced(), (rest) => writeSync(copy, rest));
  }

  #read(from: number, bytes: number): Buffer {
    const block = Buffer.allocUnsafe(bytes);
    for (let done = 0; done < bytes;) {
      const read = readSync(this.file, block, done, bytes - done, from + done);
      if (read === 0) {
        throw new JournalDamaged("the file was cut short");
      }
      done += read;
    }
    return block;
  }

  /** Cuts off what a failed write left: the next line must not stand in its ruins. */
  #mend(): void {
    this.#options.io.truncate(this.file, this.#size);
    this.#torn = false;
  }

  #tryMend(): void {
    try {
      this.#mend();
    } catch {
      // The next append tries again, and writes nothing before it is done.
    }
  }
}

const gone = (error: unknown): Misplaced => (codeOf(error) === "ENOENT" ? "removed" : "unreachable");

/** Removes what a process that was killed in `putBack` left. */
export const dropDrafts = (directory: string): void =>
  readdirSync(directory)
    .filter((name) => name.endsWith(`.jsonl${DRAFT}`))
    .forEach((name) => unlinkSync(join(directory, name)));
