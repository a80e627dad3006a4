import { unwatchFile, watchFile } from "node:fs";
import { WATCH_MS } from "./limits.ts";

/**
 * Says when one of some files changes, comes or goes. It looks at them again and again: that works on every file system,
 * and with editors that put another file in a file's place.
 */
export class FileWatch {
  readonly #changed: () => void;
  #files: ReadonlySet<string> = new Set();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  readonly #look = (): void => this.#changed();

  follow(files: readonly string[]): void {
    const next = new Set(files);
    for (const file of this.#files) {
      if (!next.has(file)) {
        unwatchFile(file, this.#look);
      }
    }
    for (const file of next) {
      if (!this.#files.has(file)) {
        watchFile(file, { interval: WATCH_MS, persistent: false }, this.#look);
      }
    }
    this.#files = next;
  }

  close(): void {
    this.follow([]);
  }
}
