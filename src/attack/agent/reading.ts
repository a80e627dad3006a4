import { isRecord, ORDER, plainOf, textsOf, type Plain } from "../plain.ts";

/** Something that an agent was told to do by what it read. */
export interface Order {
  readonly server: string | undefined;
  readonly tool: string;
  readonly arguments: Plain;
}

/** Tags of Unicode, which people do not see and models read (U+E0020 to U+E007E stand for ASCII). */
const TAGS = /[\u{E0020}-\u{E007E}]/gu;
const untagged = (text: string): string =>
  text.replaceAll(TAGS, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000));

/** What an agent read and has not yet obeyed. An agent that believes all it reads is what a model is at its worst. */
export class Reading {
  readonly #orders: (readonly [string | undefined, string, string])[] = [];
  readonly #known = new Set<string>();
  /** The last text of a result, which orders hand on as `$RESULT`. */
  #result = "";

  /** Reads an answer: a JSON text, or an event stream of them. */
  take(answer: string): void {
    const messages = answer.startsWith("{") || answer.startsWith("[") ? [answer] : eventsOf(answer);
    for (const text of messages) {
      this.#readMessage(plainOf(text));
    }
  }

  #readMessage(message: unknown): void {
    const texts = textsOf(message);
    const result = isRecord(message) ? message["result"] : undefined;
    const [first] = isRecord(result) ? textsOf(result["content"] ?? result["contents"]).slice(-1) : [];
    this.#result = first ?? this.#result;
    for (const text of texts) {
      for (const [whole, server, tool = "", given = ""] of untagged(text).matchAll(ORDER)) {
        if (!this.#known.has(whole)) {
          this.#known.add(whole);
          this.#orders.push([server, tool, given]);
        }
      }
    }
  }

  next(): Order | undefined {
    for (let order = this.#orders.shift(); order !== undefined; order = this.#orders.shift()) {
      const [server, tool, given] = order;
      const filled = plainOf(given.replaceAll("$RESULT", JSON.stringify(this.#result).slice(1, -1)));
      if (isRecord(filled)) {
        return { server, tool, arguments: filled };
      }
    }
    return undefined;
  }
}

const eventsOf = (stream: string): readonly string[] =>
  stream.split("\n").flatMap((line) => (line.startsWith("data:") ? [line.slice("data:".length)] : []));
