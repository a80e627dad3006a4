import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, unlinkSync, writeSync } from "node:fs";
import { segmentFile } from "./segments.ts";

/** What the journal asks of the system. */
export interface JournalIo {
  /** Appends; the number of bytes that were. */
  readonly write: (file: number, data: string | Uint8Array) => number;
  readonly truncate: (file: number, bytes: number) => void;
  /** Brings a file to stable storage, in the thread pool. */
  readonly sync: (file: number, done: (error: Error | null) => void) => void;
}

export const SYSTEM_IO: JournalIo = {
  write: (file, data) => (typeof data === "string" ? writeSync(file, data) : writeSync(file, data)),
  truncate: ftruncateSync,
  // A file's length is part of what fdatasync brings over, its times are not.
  sync: fdatasync,
};

/** One segment file as its only writer has it. Every append is there whole, or not at all. */
export class SegmentWriter implements Disposable {
  readonly number: number;
  readonly file: number;
  readonly #path: string;
  readonly #io: JournalIo;
  /** Bytes of whole lines. */
  #size: number;
  /** Something may stand behind them. */
  #torn = false;
  #closed = false;

  constructor(directory: string, number: number, io: JournalIo) {
    this.number = number;
    this.#path = segmentFile(directory, number);
    this.#io = io;
    this.file = openSync(this.#path, "a", 0o600);
    this.#size = fstatSync(this.file).size;
  }

  get size(): number {
    return this.#size;
  }

  append(text: string): void {
    if (this.#torn) {
      this.#mend();
    }
    const size = Buffer.byteLength(text);
    try {
      const written = this.#io.write(this.file, text);
      if (written < size) {
        this.#finish(Buffer.from(text).subarray(written));
      }
    } catch (error) {
      this.#torn = true;
      this.#tryMend();
      throw error;
    }
    this.#size += size;
  }

  /** Takes the file away again: it was begun in vain. */
  discard(): void {
    this[Symbol.dispose]();
    unlinkSync(this.#path);
  }

  [Symbol.dispose](): void {
    if (!this.#closed) {
      this.#closed = true;
      closeSync(this.file);
    }
  }

  #finish(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      const written = this.#io.write(this.file, rest);
      if (written <= 0) {
        throw new Error("nothing was written");
      }
      rest = rest.subarray(written);
    }
  }

  /** Cuts off what a failed write left: the next line must not stand in its ruins. */
  #mend(): void {
    this.#io.truncate(this.file, this.#size);
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
