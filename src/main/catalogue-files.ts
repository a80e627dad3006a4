import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { LIMITS } from "../base/limits.ts";
import { readEntries } from "../catalogue/book/read-entries.ts";
import type { Pool } from "../catalogue/book/pool.ts";
import type { ServerEntry } from "../catalogue/entry.ts";
import type { FileProblem } from "../cli/ports.ts";
import { codeOf } from "../store/journal/segments.ts";

export type EntriesIn =
  | { readonly ok: true; readonly servers: readonly ServerEntry[] }
  | { readonly ok: false; readonly problem: FileProblem };

/** The entries of a file, or what is wrong with it. */
export const entriesIn = (file: string, pool: Pool): EntriesIn => {
  const text = textIn(file);
  if (typeof text !== "string") {
    return { ok: false, problem: { file, message: text.message } };
  }
  const read = readEntries(text, pool);
  return read.ok ? read : { ok: false, problem: { file, ...read.problem } };
};

/** The text of a file that may be anything. */
const textIn = (file: string): string | { readonly message: string } => {
  try {
    const found = statSync(file);
    if (!found.isFile()) {
      return { message: "this is no file" };
    }
    if (found.size > LIMITS.catalogue_file_bytes_max) {
      return {
        message: `more than ${String(LIMITS.catalogue_file_bytes_max / (1024 * 1024))} MiB are not read`,
      };
    }
    return UTF_8.decode(readFileSync(file));
  } catch (error) {
    return {
      message: error instanceof TypeError ? "this is not UTF-8 text" : `it cannot be read (${codeOf(error)})`,
    };
  }
};

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Written, synced and renamed: whoever reads finds the old one or the new one. */
export const replaceFile = (file: string, text: string, mode: number): void => {
  const draft = `${file}.${String(process.pid)}.new`;
  rmSync(draft, { force: true });
  try {
    writeWhole(draft, Buffer.from(text), mode);
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
};

/** A disk that is nearly full takes a part, and refuses only the rest. */
const writeWhole = (file: string, bytes: Buffer, mode: number): void => {
  const descriptor = openSync(file, "wx", mode);
  try {
    for (let at = 0; at < bytes.length;) {
      at += writeSync(descriptor, bytes, at);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Why a file cannot be written, for people. */
export const whyNot = (error: unknown): string => REASONS.get(codeOf(error)) ?? codeOf(error);

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk is full"],
  ["EFBIG", "files may not be that large here"],
]);
