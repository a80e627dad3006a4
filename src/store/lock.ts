import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, type Json, member } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";

/** Another process owns the data directory. */
export class DataDirectoryHeld extends Error {
  override readonly name = "DataDirectoryHeld";
  /** 0 where it is not known. */
  readonly pid: number;

  constructor(directory: string, owner: Owner | undefined) {
    const who =
      owner === undefined ? "another process" : `process ${String(owner.pid)}, since ${owner.since}`;
    super(`The data directory ${directory} is held by ${who}. Stop it, or choose another with --data.`);
    this.pid = owner?.pid ?? 0;
  }
}

/** Who holds a data directory, for people: the lock itself does not depend on it. */
interface Owner {
  readonly pid: number;
  /** RFC 3339. */
  readonly since: string;
  /** When the process started, in the kernel's ticks: pids are used again. "" where the system does not say. */
  readonly started: string;
}

const BUSY = 5;

/**
 * Takes a data directory for this process; dispose to give it back.
 *
 * The lock is the operating system's, held through SQLite on an empty file: it ends with the process however that
 * ends, so there are no stale locks to guess about, and it holds between containers that share a volume, where pids
 * mean nothing. Who holds it stands in a file beside it.
 *
 * @throws DataDirectoryHeld
 */
export const takeLock = (directory: string, nowMs: number): Disposable => {
  const database = openLock(join(directory, "lock"));
  try {
    // Nothing is ever written: without a journal file it can be taken while the disk is full.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isBusy(error)) {
      throw new DataDirectoryHeld(directory, readOwner(directory));
    }
    throw error;
  }
  writeOwner(directory, nowMs);
  return {
    [Symbol.dispose]: () => {
      if (database.isOpen) {
        rmSync(ownerFile(directory), { force: true });
        database.close();
      }
    },
  };
};

/** The process that holds a directory, if one does. */
export const lockOwner = (directory: string): number | undefined => {
  const owner = readOwner(directory);
  return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
};

const openLock = (path: string): DatabaseSync => {
  try {
    // Never opened and closed again where it is there: closing any handle on a file ends this process's locks on it.
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) {
      throw error;
    }
  }
  return new DatabaseSync(path, { timeout: 0 });
};

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && (Number(error.errcode) & 0xff) === BUSY;

const ownerFile = (directory: string): string => join(directory, "owner.json");

const writeOwner = (directory: string, nowMs: number): void => {
  const since = new Date(nowMs).toISOString();
  const draft = `${ownerFile(directory)}.new`;
  const text = writeJson({ pid: process.pid, since, started: startOf(process.pid) });
  try {
    writeFileSync(draft, `${text}\n`, { mode: 0o600 });
    renameSync(draft, ownerFile(directory));
  } catch {
    rmSync(ownerFile(directory), { force: true }); // A full disk; what stands there is of the owner before.
  }
};

const readOwner = (directory: string): Owner | undefined => {
  try {
    return ownerOf(readJson(readFileSync(ownerFile(directory), "utf8")));
  } catch {
    return undefined; // Its holder is between taking the lock and telling of it, or gone.
  }
};

const ownerOf = (value: Json): Owner | undefined => {
  const part = (name: string): Json | undefined => (isJsonObject(value) ? member(value, name) : undefined);
  const [pid, since, started] = [part("pid"), part("since"), part("started")];
  return typeof pid === "number" && typeof since === "string" && typeof started === "string"
    ? { pid, since, started }
    : undefined;
};

const isAlive = ({ pid, started }: Owner): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return startOf(pid) === started;
};

/** Field 22 of /proc/PID/stat, counted from behind the command's name, which may hold anything. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
};
