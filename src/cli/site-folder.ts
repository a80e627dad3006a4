import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isOwnPage, SIGNATURE_BYTES, type SiteFile } from "../catalogue/pages/site.ts";

/** A file or folder could not be written. */
export class FileFailure extends Error {
  override readonly name = "FileFailure";
  /** From the folder of the site. */
  readonly path: string;

  constructor(path: string, error: unknown) {
    super(REASONS.get(codeOf(error)) ?? "it cannot be written");
    this.path = path;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk is full"],
  ["EACCES", "writing there is not allowed"],
  ["EPERM", "writing there is not allowed"],
  ["EROFS", "the disk is read-only"],
  ["ENOTDIR", "a file stands where a folder must be"],
  ["EEXIST", "a file stands where a folder must be"],
  ["EISDIR", "a folder stands where a file must be"],
]);

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** Folders of the site with pages that come and go. */
const PAGE_FOLDERS = ["servers", "tools"] as const;
const INDEX = "index.html";

/** The folder that a site is written to. Files of others in it are never touched. */
export class SiteFolder {
  readonly #directory: string;
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>();
  #bytes = 0;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What is in it before the first page is written. */
  get state(): "empty" | "export" | "others" {
    const names = this.#list("");
    if (names.length === 0) {
      return "empty";
    }
    return this.#isOwn(INDEX) ? "export" : "others";
  }

  get files(): number {
    return this.#written.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  write({ path, text }: SiteFile): void {
    const file = join(this.#directory, path);
    const bytes = Buffer.from(text);
    try {
      const folder = dirname(file);
      if (!this.#folders.has(folder)) {
        mkdirSync(folder, { recursive: true });
        this.#folders.add(folder);
      }
      writeFileSync(file, bytes);
    } catch (error) {
      throw new FileFailure(path, error);
    }
    this.#written.add(path);
    this.#bytes += bytes.length;
  }

  /** Takes away pages that an earlier export wrote and this one did not. How many there were. */
  removeStale(): number {
    let removed = 0;
    for (const folder of PAGE_FOLDERS) {
      for (const path of this.#pagesBelow(folder)) {
        if (!this.#written.has(path) && this.#isOwn(path)) {
          try {
            rmSync(join(this.#directory, path));
          } catch (error) {
            throw new FileFailure(path, error);
          }
          removed += 1;
        }
      }
    }
    return removed;
  }

  /** Links lead elsewhere, and are not followed. */
  *#pagesBelow(folder: string): Generator<string> {
    for (const entry of this.#list(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        yield* this.#pagesBelow(path);
      } else if (entry.isFile() && entry.name.endsWith(".html")) {
        yield path;
      }
    }
  }

  #list(folder: string) {
    try {
      return readdirSync(join(this.#directory, folder), { withFileTypes: true });
    } catch (error) {
      if (codeOf(error) === "ENOENT") {
        return [];
      }
      throw new FileFailure(folder, error);
    }
  }

  /** Whether a file begins as our pages do. */
  #isOwn(path: string): boolean {
    let file: number;
    try {
      file = openSync(join(this.#directory, path), "r");
    } catch {
      return false;
    }
    try {
      const start = Buffer.alloc(SIGNATURE_BYTES);
      return isOwnPage(start.subarray(0, readSync(file, start)).toString("utf8"));
    } catch {
      return false;
    } finally {
      closeSync(file);
    }
  }
}
