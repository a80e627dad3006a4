import { fdatasync, ftruncateSync, writeSync } from "node:fs";

/** What the journal asks of the system. */
export interface JournalIo {
  /** Appends; the number of bytes that were. */
  readonly write: (file: number, data: string | Uint8Array) => number;
  /** Writes at a place; the number of bytes that were. */
  readonly rewrite: (file: number, data: Uint8Array, offset: number) => number;
  readonly truncate: (file: number, bytes: number) => void;
  /** Brings a file to stable storage, in the thread pool. */
  readonly sync: (file: number, done: (error: Error | null) => void) => void;
}

export const SYSTEM_IO: JournalIo = {
  write: (file, data) => (typeof data === "string" ? writeSync(file, data) : writeSync(file, data)),
  rewrite: (file, data, offset) => writeSync(file, data, 0, data.length, offset),
  truncate: ftruncateSync,
  // A file's length is part of what fdatasync brings over, its times are not.
  sync: fdatasync,
};

/** Everything, where one call of the system may take a part only. `write` is told where its part begins. */
export const writeAll = (bytes: Uint8Array, write: (rest: Uint8Array, done: number) => number): void => {
  for (let done = 0; done < bytes.length;) {
    const written = write(bytes.subarray(done), done);
    if (written <= 0) {
      throw new Error("nothing was written");
    }
    done += written;
  }
};

export const syncFile = (io: JournalIo, file: number): Promise<void> =>
  new Promise((resolve, reject) => {
    io.sync(file, (error) => (error === null ? resolve() : reject(error)));
  });
