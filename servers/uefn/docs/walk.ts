import { open, opendir } from "node:fs/promises";
import { extname, join } from "node:path";

// The documentation files of a folder, within bounds. Links are not followed: they could lead out of it.

const SUFFIXES: ReadonlySet<string> = new Set([".md", ".txt", ".verse"]);
const DEPTH_MAX = 12;
const ENTRIES_MAX = 50_000;
const FILES_MAX = 5_000;
const FILE_BYTES_MAX = 1024 * 1024;
const TOTAL_BYTES_MAX = 64 * 1024 * 1024;

export interface DocFile {
  /** From the folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Walked {
  readonly files: readonly DocFile[];
  /** Whether something was left out because there was too much. */
  readonly cut: boolean;
}

interface Folder {
  readonly path: string;
  readonly depth: number;
}

/** What one walk has found so far. */
class Walk {
  readonly #root: string;
  readonly folders: Folder[] = [{ path: "", depth: 0 }];
  readonly files: DocFile[] = [];
  cut = false;
  #entries = 0;
  #bytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** `false` where there is too much: the rest is left out. */
  async take({ path, depth }: Folder, entry: Entry): Promise<boolean> {
    this.#entries += 1;
    if (this.#entries > ENTRIES_MAX || this.files.length >= FILES_MAX || this.#bytes >= TOTAL_BYTES_MAX) {
      this.cut = true;
      return false;
    }
    const inner = path === "" ? entry.name : `${path}/${entry.name}`;
    if (entry.isDirectory()) {
      this.#enter({ path: inner, depth: depth + 1 });
    } else if (entry.isFile() && SUFFIXES.has(extname(entry.name).toLowerCase())) {
      await this.#read(inner);
    }
    return true;
  }

  #enter(folder: Folder): void {
    if (folder.depth > DEPTH_MAX) {
      this.cut = true;
      return;
    }
    this.folders.push(folder);
  }

  async #read(path: string): Promise<void> {
    const text = await textOf(join(this.#root, path));
    if (text === undefined) {
      this.cut = true;
      return;
    }
    this.#bytes += text.length;
    this.files.push({ path, text });
  }
}

/** Rejects where the folder itself cannot be read. */
export const walk = async (root: string): Promise<Walked> => {
  const found = new Walk(root);
  // An array yields what is added while it is walked.
  for (const folder of found.folders) {
    for (const entry of await entriesOf(root, folder)) {
      if (!(await found.take(folder, entry))) {
        return found;
      }
    }
  }
  return found;
};

type Entry = { name: string; isDirectory(): boolean; isFile(): boolean };

const entriesOf = async (root: string, { path, depth }: Folder): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  try {
    for await (const entry of await opendir(join(root, path))) {
      if (entries.length >= ENTRIES_MAX) {
        break;
      }
      entries.push(entry);
    }
  } catch (error) {
    if (depth === 0) {
      throw error;
    }
  }
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
};

/** `undefined` where it is too large, is not text, or cannot be read. */
const textOf = async (path: string): Promise<string | undefined> => {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    if (size > FILE_BYTES_MAX) {
      return undefined;
    }
    // One that grows meanwhile is not read further.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, bytesRead));
  } catch {
    return undefined;
  }
};
