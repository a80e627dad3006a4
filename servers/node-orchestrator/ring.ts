import { StringDecoder } from "node:string_decoder";
import { stripVTControlCharacters } from "node:util";
import { LOG_BYTES_MAX, LOG_LINE_CHARS_MAX, LOG_LINES_MAX } from "./limits.ts";

/** Colours and whatever else moves a cursor is for terminals. */
const plain = (line: string): string => stripVTControlCharacters(line).replaceAll(/(?!\t)\p{Cc}/gu, "");

const OWN = "-- orchestrator: ";

/** The last lines of a server, bounded in number and in bytes. */
export class Ring {
  readonly #grew: () => void;
  #lines: string[] = [];
  #bytes = 0;
  /** Lines that were dropped from the beginning. */
  #dropped = 0;

  constructor(grew: () => void) {
    this.#grew = grew;
  }

  /** What the orchestrator itself has to say. */
  note(text: string): void {
    this.add(`${OWN}${text} --`);
  }

  add(line: string): void {
    const kept = plain(line);
    const cut = kept.length > LOG_LINE_CHARS_MAX ? `${kept.slice(0, LOG_LINE_CHARS_MAX)}…` : kept;
    this.#lines.push(cut);
    this.#bytes += Buffer.byteLength(cut) + 1;
    while (this.#lines.length > LOG_LINES_MAX || this.#bytes > LOG_BYTES_MAX) {
      const first = this.#lines.shift() ?? "";
      this.#bytes -= Buffer.byteLength(first) + 1;
      this.#dropped += 1;
    }
    this.#grew();
  }

  /** Takes what one stream of a process says; call with `undefined` at its end. */
  writer(): (chunk: Buffer | undefined) => void {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    return (chunk) => {
      const lines = (rest + (chunk === undefined ? decoder.end() : decoder.write(chunk))).split(/\r?\n/u);
      rest = lines.pop() ?? "";
      lines.forEach((line) => this.add(line));
      if (rest.length > LOG_LINE_CHARS_MAX || (chunk === undefined && rest !== "")) {
        this.add(rest);
        rest = "";
      }
    };
  }

  /** Where the next line comes; for `since`. */
  get mark(): number {
    return this.#dropped + this.#lines.length;
  }

  /** What a process said since then, as far as it is kept. */
  since(mark: number): readonly string[] {
    return this.#lines.slice(Math.max(0, mark - this.#dropped)).filter((line) => !line.startsWith(OWN));
  }

  text(): string {
    const before = this.#dropped > 0 ? [`-- ${String(this.#dropped)} earlier lines are not kept --`] : [];
    return [...before, ...this.#lines, ""].join("\n");
  }
}
