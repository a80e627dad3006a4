import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Somebody else owns the data directory. */
export class DataDirectoryHeld extends Error {
  override readonly name = "DataDirectoryHeld";
  readonly pid: number;

  constructor(directory: string, pid: number) {
    super(
      `The data directory ${directory} is in use by process ${String(pid)}. Stop it, or choose another with --data.`,
    );
    this.pid = pid;
  }
}

interface Owner {
  readonly pid: number;
  /** When the process started, in the kernel's ticks: a pid may be used again. */
  readonly started: string;
}

const lockFile = (directory: string): string => join(directory, "lock");

/** Takes the directory for this process; throws `DataDirectoryHeld`. Dispose to give it back. */
export const takeLock = (directory: string): Disposable => {
  const file = lockFile(directory);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (create(file)) {
      return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
    }
    const owner = readOwner(file);
    if (owner !== undefined && isAlive(owner)) {
      throw new DataDirectoryHeld(directory, owner.pid);
    }
    rmSync(file, { force: true });
  }
  throw new DataDirectoryHeld(directory, 0);
};

/** Who holds the directory, if anybody alive does. */
export const lockOwner = (directory: string): number | undefined => {
  const owner = readOwner(lockFile(directory));
  return owner !== undefined && isAlive(owner) ? owner.pid : undefined;
};

const create = (file: string): boolean => {
  let handle: number;
  try {
    handle = openSync(file, "wx", 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
  writeSync(handle, `${String(process.pid)} ${startOf(process.pid)}\n`);
  closeSync(handle);
  return true;
};

const readOwner = (file: string): Owner | undefined => {
  try {
    const [pid, started] = readFileSync(file, "utf8").trim().split(" ");
    return pid === undefined || started === undefined || !/^\d+$/u.test(pid)
      ? undefined
      : { pid: Number(pid), started };
  } catch {
    return undefined;
  }
};

const isAlive = ({ pid, started }: Owner): boolean => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return startOf(pid) === started;
};

/** Field 22 of /proc/PID/stat, counted from behind the name, which may hold anything; "-" where there is no /proc. */
const startOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
};
