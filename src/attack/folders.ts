import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { killAll } from "./child.ts";

/**
 * The temporary folders of what is played. Their names say of which process they are, so that those of one that was
 * killed can be told from those of one that runs.
 */

/** Processes are counted by machine, and by container: several may share a temporary folder. */
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const NAME = /^tollgate-attack-([0-9a-f]+)-(\d+)-/u;

const made = new Set<string>();

export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), `tollgate-attack-${HOST}-${String(process.pid)}-`));
  made.add(folder);
  return folder;
};

export const removeFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  made.delete(folder);
};

/** Removes what processes of ours left behind that did not come to their end. */
export const clearFolders = (): void => {
  for (const name of readdirSync(tmpdir())) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host === HOST && !isRunning(Number(pid))) {
      clear(join(tmpdir(), name));
    }
  }
};

/** A folder of somebody else's with such a name is none of ours. */
const clear = (folder: string): void => {
  try {
    const found = lstatSync(folder);
    if (found.isDirectory() && found.uid === process.getuid?.()) {
      rmSync(folder, { recursive: true, force: true });
    }
  } catch {
    // Another run clears it at the same time.
  }
};

/** Also one of another user, which may not be asked. */
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
};

const ENDING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Once `signal` has asked for an end, a further signal to this process ends everything at once, and leaves nothing. */
export const endsAtOnce = (signal: AbortSignal): Disposable => {
  const end = (name: NodeJS.Signals): void => {
    stop();
    killAll();
    try {
      [...made].forEach(removeFolder);
    } catch {
      // The next run clears them.
    }
    // As if nobody had listened.
    process.kill(process.pid, name);
  };
  const stop = (): void => {
    signal.removeEventListener("abort", begin);
    ENDING.forEach((name) => process.off(name, end));
  };
  const begin = (): void => ENDING.forEach((name) => process.on(name, end));
  signal.addEventListener("abort", begin, { once: true });
  return { [Symbol.dispose]: stop };
};
