import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A file system of its own that can be filled. */
export interface SmallDisk extends Disposable {
  readonly path: string;
  /** Leaves not one byte. */
  readonly fill: () => void;
  /** Gives back what `fill` took. */
  readonly free: () => void;
}

/** A disk of so many bytes, or why there is none: only root may mount, and only Linux has tmpfs. */
export const mountSmallDisk = (bytes: number): SmallDisk | string => {
  const path = mkdtempSync(join(tmpdir(), "tollgate-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${String(bytes)}`, "tollgate-test", path], {
      stdio: "pipe",
    });
  } catch (error) {
    rmSync(path, { recursive: true });
    return `a tmpfs cannot be mounted here: ${error instanceof Error ? error.message.trim() : "unknown"}`;
  }
  const filler = join(path, "filler");
  return {
    path,
    fill: () => {
      const file = openSync(filler, "a");
      try {
        for (let size = 64 * 1024; size >= 1;) {
          size = takes(file, size) ? size : Math.floor(size / 2);
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    [Symbol.dispose]: () => {
      execFileSync("umount", ["-l", path], { stdio: "pipe" });
      rmSync(path, { recursive: true, force: true });
    },
  };
};

const takes = (file: number, size: number): boolean => {
  try {
    return writeSync(file, Buffer.alloc(size)) === size;
  } catch {
    return false;
  }
};
