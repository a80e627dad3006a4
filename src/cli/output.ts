import type { Terminal } from "./terminal.ts";

const BLOCK_CHARACTERS = 64 * 1024;

/** Standard output for much text: in blocks, and no further than somebody reads. */
export class BlockOutput {
  readonly #terminal: Terminal;
  #parts: string[] = [];
  #characters = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Nobody reads any more (`| head`). */
  get ended(): boolean {
    return this.#terminal.outHasEnded?.() ?? false;
  }

  write(text: string): void | Promise<void> {
    this.#parts.push(text);
    this.#characters += text.length;
    return this.#characters >= BLOCK_CHARACTERS ? this.flush() : undefined;
  }

  async flush(): Promise<void> {
    const text = this.#parts.join("");
    this.#parts = [];
    this.#characters = 0;
    if (text !== "") {
      await this.#terminal.out(text);
    }
  }
}
