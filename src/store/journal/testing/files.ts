import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { checkLine } from "../../../audit/chain.ts";
import type { JournalPosition } from "../../../audit/port.ts";
import { readJson } from "../../../base/json-read.ts";
import { isJsonObject, type JsonObject } from "../../../base/json-value.ts";
import { type JournalIo, SYSTEM_IO } from "../io.ts";
import { openJournal } from "../open-journal.ts";
import type { Journal } from "../journal.ts";
import type { JournalOptions } from "../journal-options.ts";
import { readLines } from "../read.ts";

const clock = { now: () => Date.UTC(2026, 2, 2) };

export const open = (directory: string, options: Partial<JournalOptions> = {}): Journal =>
  openJournal({ directory, durability: "process", clock, ...options });

export const textsIn = (directory: string, from?: JournalPosition): readonly string[] =>
  [...readLines(directory, from)].map(({ text }) => text ?? "");

export const recordsIn = (directory: string, from?: JournalPosition): readonly JsonObject[] =>
  textsIn(directory, from).map((text) => {
    const value = checkLine(text).ok ? readJson(text) : null;
    return isJsonObject(value) ? value : {};
  });

export const isChained = (directory: string): boolean => {
  let head = "0".repeat(64);
  return textsIn(directory).every((text) => {
    const checked = checkLine(text);
    const follows = checked.ok && checked.prev === head;
    head = checked.ok ? checked.hash : "";
    return follows;
  });
};

export const segment = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(8, "0")}.jsonl`);

/** A disk that is full from the given number of bytes of the next write on. */
export const fullDisk = (): { readonly io: Partial<JournalIo>; room: number } => {
  const disk = {
    room: Number.POSITIVE_INFINITY,
    io: {
      write: (file: number, data: string | Uint8Array) => {
        const bytes = Buffer.from(data);
        const some = bytes.subarray(0, Math.min(bytes.length, disk.room));
        disk.room -= some.length;
        if (some.length === 0) {
          throw Object.assign(new Error("ENOSPC: no space left on device, write '/secret/path'"), {
            code: "ENOSPC",
          });
        }
        return SYSTEM_IO.write(file, some);
      },
    },
  };
  return disk;
};

/** Syncs that end when they are told to. */
export const heldSyncs = () => {
  const waiting: ((error: Error | null) => void)[] = [];
  const io: Partial<JournalIo> = { sync: (_, done) => void waiting.push(done) };
  const end = async (error: Error | null = null): Promise<void> => {
    waiting.shift()?.(error);
    await turn();
  };
  return { io, waiting, end };
};

export const EIO = (): Error =>
  Object.assign(new Error("EIO: i/o error, fsync '/secret/path'"), { code: "EIO" });
