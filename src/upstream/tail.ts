import { LIMITS } from "../base/limits.ts";

const KEPT = 2 * LIMITS.stderr_bytes_kept;
/** Controls but tab and line end: an operator's terminal must not obey a server. */
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/** The last of what a server wrote on standard error, and notes of ours about what it wrote elsewhere. */
export class Tail {
  #chunks: Buffer[] = [];
  #byteCount = 0;

  push(chunk: Buffer): void {
    // A copy, so that no large buffer is kept for a few bytes of it.
    const kept = Buffer.from(chunk.subarray(-KEPT));
    this.#chunks.push(kept);
    this.#byteCount += kept.length;
    if (this.#byteCount > 2 * KEPT) {
      const joined = Buffer.from(Buffer.concat(this.#chunks).subarray(-KEPT));
      this.#chunks = [joined];
      this.#byteCount = joined.length;
    }
  }

  note(text: string): void {
    this.push(Buffer.from(`[tollgate] ${text}\n`));
  }

  /** Masked before it is cut, so that no half of a secret is left at the cut. */
  read(mask: (text: string) => string): string {
    const text = Buffer.concat(this.#chunks).subarray(-KEPT).toString("utf8").replaceAll(CONTROLS, "");
    return mask(text).slice(-LIMITS.stderr_bytes_kept);
  }
}
