import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder, and those on the way to it that are not there, each once. Whether the folder itself was made. Throws
 * the system's error. (Node's own `recursive` tries for ever where a file system says of a folder that is there that
 * nothing can be made in it because "there is no such file", as /proc does.)
 */
export const makeFolder = (path: string, mode?: number): boolean => {
  const missing: string[] = [];
  for (let at = path; !isFolder(at) && dirname(at) !== at; at = dirname(at)) {
    missing.unshift(at);
  }
  return missing.map((folder) => makeOne(folder, mode)).at(-1) ?? false;
};

const makeOne = (folder: string, mode: number | undefined): boolean => {
  try {
    mkdirSync(folder, { mode });
    return true;
  } catch (error) {
    // Another process was faster.
    if (!isFolder(folder)) {
      throw error;
    }
    return false;
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
