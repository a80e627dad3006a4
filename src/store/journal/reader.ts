import { isUtf8 } from "node:buffer";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { JournalLine, JournalPosition } from "../../audit/port.ts";
import { LIMITS } from "../../base/limits.ts";
import { codeOf, JournalDamaged, segmentFile, segmentsIn, START } from "./segments.ts";

const BLOCK_BYTES = 256 * 1024;
const LF = 10;

/**
 * Reads the journal's lines from a place on, while it may be written, by this process or another. A line is there
 * once its line feed is; what stands behind the last one is left alone, because its writer may take it back.
 */
export class JournalReader implements Disposable {
  readonly #directory: string;
  #segment: number;
  /** Of the first line that is not yet given out. */
  #offset: number;
  #file: number | undefined;
  #buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  /** Whole lines that are read; `#taken` bytes of them are given out. */
  #block = this.#buffer.subarray(0, 0);
  #taken = 0;
  #valid = true;
  /** Bytes behind the last line feed, in `#buffer` from 0 on. */
  #unfinished = 0;

  constructor(directory: string, from: JournalPosition = START) {
    this.#directory = directory;
    this.#segment = from.segment;
    this.#offset = from.offset;
  }

  get position(): JournalPosition {
    return { segment: this.#segment, offset: this.#offset };
  }

  /** The next lines, at most so many; none if there are no more for now. */
  next(max: number): readonly JournalLine[] {
    const lines: JournalLine[] = [];
    while (lines.length < max && (this.#taken < this.#block.length || this.#refill(lines))) {
      this.#take(lines, max);
    }
    return lines;
  }

  /** What stands behind the last line feed of the journal, after `next` gave nothing. */
  rest(): string {
    return this.#buffer.toString("utf8", 0, this.#unfinished);
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) {
      closeSync(this.#file);
      this.#file = undefined;
    }
  }

  #take(lines: JournalLine[], max: number): void {
    const block = this.#block;
    while (lines.length < max && this.#taken < block.length) {
      const end = block.indexOf(LF, this.#taken);
      const valid = this.#valid || isUtf8(block.subarray(this.#taken, end));
      const text = valid ? block.toString("utf8", this.#taken, end) : undefined;
      const position = this.position;
      this.#offset += end + 1 - this.#taken;
      this.#taken = end + 1;
      lines.push({ text, position, next: this.position });
    }
  }

  /** Reads more whole lines; false where there are none now. Moves on to the next segment at the end of one. */
  #refill(lines: JournalLine[]): boolean {
    let later: number | undefined;
    for (;;) {
      if (this.#fill()) {
        return true;
      }
      if (later !== undefined) {
        this.#move(later, lines);
        return lines.length > 0 || this.#refill(lines);
      }
      // Asked before the segment is read once more: its writer may have finished it in between.
      later = this.#later();
      if (later === undefined) {
        return false;
      }
    }
  }

  /**
   * The next segment with something in it. Anybody can put an empty file there, and its writer makes one before it
   * knows whether it can write: who moved on to that would miss what is still written to this one.
   */
  #later(): number | undefined {
    return segmentsIn(this.#directory).find(
      (segment) =>
        segment > this.#segment &&
        (statSync(segmentFile(this.#directory, segment), { throwIfNoEntry: false })?.size ?? 0) > 0,
    );
  }

  /** Reads from the first line that is not given out: a half line that was read before may have been taken back. */
  #fill(): boolean {
    const read = this.#read();
    this.#taken = 0;
    const end = read === 0 ? 0 : this.#buffer.lastIndexOf(LF, read - 1) + 1;
    this.#block = this.#buffer.subarray(0, end);
    this.#valid = isUtf8(this.#block);
    if (end === 0 && read === this.#buffer.length) {
      this.#grow();
      return this.#fill();
    }
    this.#unfinished = end === 0 ? read : 0;
    return end > 0;
  }

  #read(): number {
    try {
      this.#file ??= openSync(segmentFile(this.#directory, this.#segment), "r");
    } catch (error) {
      if (codeOf(error) === "ENOENT") {
        return 0;
      }
      throw error;
    }
    return readSync(this.#file, this.#buffer, 0, this.#buffer.length, this.#offset);
  }

  #grow(): void {
    if (this.#buffer.length >= LIMITS.record_bytes_max) {
      throw new JournalDamaged(
        `Segment ${String(this.#segment)} of the journal has no end of line within ${String(LIMITS.record_bytes_max)} bytes.`,
      );
    }
    this.#buffer = Buffer.allocUnsafe(this.#buffer.length * 2);
  }

  /** A segment that another follows was finished with a line feed. One that is not is shown as it is. */
  #move(segment: number, lines: JournalLine[]): void {
    const position = this.position;
    const text = this.rest();
    this[Symbol.dispose]();
    this.#segment = segment;
    this.#offset = 0;
    if (text !== "") {
      lines.push({ text, position, next: this.position });
    }
  }
}
