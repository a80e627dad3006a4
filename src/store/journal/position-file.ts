import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { JournalPosition } from "../../audit/port.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, type Json, member } from "../../base/json-value.ts";
import { writeJson } from "../../base/json-write.ts";
import { codeOf } from "./segments.ts";

/** How far a reader of the journal has come. */
export interface Place {
  /** Where it reads on. */
  readonly next: JournalPosition;
  /** The last line that was taken; absent before the first. `hash` is `null` where it cannot be read. */
  readonly last: { readonly position: JournalPosition; readonly hash: string | null } | undefined;
  /** Lines behind it were given out, and nobody knows whether they were taken. */
  readonly open: boolean;
}

/** The file is not what `writePlace` writes. */
export class PlaceUnreadable extends Error {
  override readonly name = "PlaceUnreadable";
}

/** `undefined` where there is no such file. */
export const readPlace = (file: string): Place | undefined => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
  const place = placeOf(tryRead(text));
  if (place === undefined) {
    throw new PlaceUnreadable(`${file} is no position in the record.`);
  }
  return place;
};

/** Written, synced and renamed: after a crash it is the old one or the new one. */
export const writePlace = (file: string, { next, last, open }: Place): void => {
  const draft = `${file}.${String(process.pid)}.new`;
  const written = {
    v: 1,
    ...next,
    last: last === undefined ? null : { ...last.position, hash: last.hash },
    open,
  };
  const descriptor = openSync(draft, "w", 0o600);
  try {
    writeSync(descriptor, `${writeJson(written)}\n`);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  syncDirectory(dirname(file));
};

const syncDirectory = (directory: string): void => {
  const descriptor = openSync(directory, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

const tryRead = (text: string): Json | undefined => {
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
};

const placeOf = (value: Json | undefined): Place | undefined => {
  const next = positionOf(value);
  const [last, open] = [partOf(value, "last"), partOf(value, "open")];
  const position = positionOf(last);
  if (next === undefined || partOf(value, "v") !== 1 || typeof open !== "boolean") {
    return undefined;
  }
  if (position === undefined) {
    return last === null ? { next, last: undefined, open } : undefined;
  }
  const hash = partOf(last, "hash");
  return { next, last: { position, hash: typeof hash === "string" ? hash : null }, open };
};

const partOf = (value: Json | undefined, name: string): Json | undefined =>
  value !== undefined && isJsonObject(value) ? member(value, name) : undefined;

const positionOf = (value: Json | undefined): JournalPosition | undefined => {
  const [segment, offset] = [countOf(partOf(value, "segment")), countOf(partOf(value, "offset"))];
  return segment === undefined || offset === undefined ? undefined : { segment, offset };
};

const countOf = (value: Json | undefined): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
