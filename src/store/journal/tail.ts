import { checkLine } from "../../audit/chain.ts";

export interface Count {
  readonly lines: number;
  readonly bytes: number;
}

/**
 * The lines of a segment that may not be on stable storage yet. They are kept in memory: after a failed sync no file
 * can be trusted to have them.
 */
export class Tail {
  #lines: string[] = [];
  /** Of all lines there ever were, and of those that are dropped. */
  readonly #added = { lines: 0, bytes: 0 };
  #dropped: Count = { lines: 0, bytes: 0 };

  get waiting(): Count {
    return {
      lines: this.#added.lines - this.#dropped.lines,
      bytes: this.#added.bytes - this.#dropped.bytes,
    };
  }

  /** A line with its line feed, and how long it is in UTF-8. */
  add(line: string, bytes: number): void {
    this.#lines.push(line);
    this.#added.lines += 1;
    this.#added.bytes += bytes;
  }

  /** All there ever were, for `drop`. */
  mark(): Count {
    return { ...this.#added };
  }

  /** Those up to the mark are on stable storage. */
  drop(mark: Count): void {
    if (mark.lines > this.#dropped.lines) {
      this.#lines = this.#lines.slice(mark.lines - this.#dropped.lines);
      this.#dropped = mark;
    }
  }

  text(): string {
    return this.#lines.join("");
  }
}

/** Whether a part of a segment is whole lines as the gate wrote them, each behind the one before. */
export const isChain = (part: string): boolean => {
  const lines = part.split("\n");
  let head: string | undefined;
  return (
    lines.pop() === "" &&
    lines.every((line) => {
      const checked = checkLine(line);
      const follows = checked.ok && checked.prev === (head ?? checked.prev);
      head = checked.ok ? checked.hash : undefined;
      return follows;
    })
  );
};
