import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { dirname, join } from "node:path";
import { signatureOf } from "../catalogue/pages/signature.ts";
import type { SiteFile } from "../catalogue/pages/site.ts";

/** A file or folder could not be written. */
export class FileFailure extends Error {
  override readonly name = "FileFailure";
  /** From the folder of the site. */
  readonly path: string;

  constructor(path: string, error: unknown) {
    super(typeof error === "string" ? error : (REASONS.get(codeOf(error)) ?? "it cannot be written"));
    this.path = path;
  }
}

const NO_FOLDER = "a file stands where a folder must be";
const NO_FILE = "a folder stands where a file must be";
const LINK = "a symbolic link stands there; links are not followed";

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk is full"],
  ["EFBIG", "files may not be that large here"],
  ["ENOENT", "nothing can be made there"],
  ["EACCES", "writing there is not allowed"],
  ["EPERM", "writing there is not allowed"],
  ["EROFS", "the disk is read-only"],
  ["ENOTDIR", NO_FOLDER],
  ["EEXIST", NO_FOLDER],
  ["EISDIR", NO_FILE],
]);

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

/** Folders of the site with pages that come and go. */
const PAGE_FOLDERS = ["servers", "tools", "attacks"] as const;
const INDEX = "index.html";

/**
 * The folder that a site is written to. It may be a link itself, as somebody named it; below it nothing is written,
 * read or removed through one.
 */
export class SiteFolder {
  readonly #directory: string;
  readonly #written = new Set<string>();
  /** No file of others ends like this. */
  readonly #draft = `.${randomUUID()}.new`;
  #bytes = 0;

  readonly #makeFolder: (path: string) => void;

  constructor(directory: string, makeFolder: (path: string) => void) {
    this.#directory = directory;
    this.#makeFolder = makeFolder;
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

  /** The first of these where a file stands that no export wrote. Throws where one cannot be written at all. */
  foreign(paths: Iterable<string>): string | undefined {
    for (const path of paths) {
      if (this.#fileAt(path) !== undefined && !this.#isOwn(path)) {
        return path;
      }
    }
    return undefined;
  }

  /** Makes the folder. Throws where nothing can be written in it. */
  expectWritable(): void {
    const draft = join(this.#directory, this.#draft);
    try {
      this.#makeFolder(this.#directory);
      writeFileSync(draft, "", { flag: "wx" });
    } catch (error) {
      throw new FileFailure("", error);
    }
    rmSync(draft, { force: true });
  }

  /** Written beside and renamed: whoever reads a page finds the old one or the new one. */
  write({ path, text }: SiteFile): void {
    const file = join(this.#directory, path);
    const draft = `${file}${this.#draft}`;
    const bytes = Buffer.from(text);
    this.#fileAt(path);
    try {
      this.#makeFolder(dirname(file));
      writeFileSync(draft, bytes, { flag: "wx" });
      renameSync(draft, file);
    } catch (error) {
      rmSync(draft, { force: true });
      throw new FileFailure(path, error);
    }
    this.#written.add(path);
    this.#bytes += bytes.length;
  }

  /** Takes away pages that an earlier export wrote and this one did not. How many there were. */
  removeStale(): number {
    let removed = 0;
    for (const folder of PAGE_FOLDERS.filter((name) => this.#stats(name)?.isDirectory())) {
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

  /** The file that is there. Throws where something else is, or a link or a file on the way to it. */
  #fileAt(path: string): Stats | undefined {
    const steps = path.split("/");
    for (let at = 1; at < steps.length; at += 1) {
      const folder = steps.slice(0, at).join("/");
      const found = this.#stats(folder);
      if (found === undefined) {
        return undefined;
      }
      if (!found.isDirectory()) {
        throw new FileFailure(folder, found.isSymbolicLink() ? LINK : NO_FOLDER);
      }
    }
    const found = this.#stats(path);
    if (found === undefined || found.isFile()) {
      return found;
    }
    const what = found.isSymbolicLink() ? LINK : "something else stands where a file must be";
    throw new FileFailure(path, found.isDirectory() ? NO_FILE : what);
  }

  /** Of the thing itself, and not of what a link leads to. */
  #stats(path: string): Stats | undefined {
    try {
      return lstatSync(join(this.#directory, path), { throwIfNoEntry: false });
    } catch (error) {
      throw new FileFailure(path, error);
    }
  }

  /** Whether a file begins as ours do. Neither a link nor a pipe is one. */
  #isOwn(path: string): boolean {
    const signature = Buffer.from(signatureOf(path));
    let file: number;
    try {
      file = openSync(join(this.#directory, path), READ_HERE);
    } catch {
      return false;
    }
    try {
      const start = Buffer.alloc(signature.length);
      return readSync(file, start) === start.length && start.equals(signature);
    } catch {
      return false;
    } finally {
      closeSync(file);
    }
  }
}

const READ_HERE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
