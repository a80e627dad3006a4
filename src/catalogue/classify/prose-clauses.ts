import { joinPairs, setOf } from "./words.ts";

/** A sentence, or a part of one, as lower-case words; commas and the like are words of their own. */
export type Clause = readonly string[];

/** A name of something else (`delete_file`) or quoted text: a mention, of which no word counts. */
export const MENTION = "_";

const TOKEN = /[\p{L}\p{N}_'’]+(?:[-./][\p{L}\p{N}_]+)*|[,()[\]/&:|–—-]|[.!?;\n]|[`"“”]/gu;
const ENDS: ReadonlySet<string> = new Set([".", "!", "?", ";", "\n"]);
const NESTS: ReadonlyMap<string, number> = new Map([
  ["(", 1],
  [")", -1],
  ["[", 1],
  ["]", -1],
]);
const QUOTES = setOf('` " “ ”');

/** Headings behind which arguments and results are described. */
const HEADINGS = setOf("args arguments parameters params returns example examples usage inputs input");

/**
 * The clauses of a text, without what stands in brackets and quotes. What follows a heading like "Args:" is left
 * out: it is about the arguments. Linear in the text's length.
 */
export const clausesOf = (text: string): readonly Clause[] => {
  const reader = new Reader();
  for (const [raw] of text.matchAll(TOKEN)) {
    if (!reader.take(raw.toLowerCase().replaceAll("’", "'"))) {
      break;
    }
  }
  reader.end();
  return reader.clauses;
};

const EITHER = /^(?!and\/or$)[a-z]+(?:\/[a-z]+)+$/;

class Reader {
  readonly clauses: Clause[] = [];
  private clause: string[] = [];
  private nested = 0;
  private quote = "";

  /** Whether there is more to read. */
  take(word: string): boolean {
    if (ENDS.has(word)) {
      this.end();
    } else if (NESTS.has(word)) {
      this.nested = Math.max(0, this.nested + (NESTS.get(word) ?? 0));
    } else if (QUOTES.has(word)) {
      this.turnQuote(word);
    } else if (this.nested === 0 && this.quote === "") {
      return this.takeWord(word);
    }
    return true;
  }

  private takeWord(word: string): boolean {
    if (word === ":" && this.isHeading()) {
      this.clause = [];
      return false;
    }
    if (word.includes("_")) {
      this.clause.push(MENTION);
    } else {
      // "Copy/duplicate a card"
      this.clause.push(
        ...(this.clause.length === 0 && EITHER.test(word) ? word.split(/(?=\/)|(?<=\/)/) : [word]),
      );
    }
    return true;
  }

  private isHeading(): boolean {
    return this.clauses.length > 0 && this.clause.length < 3 && HEADINGS.has(this.clause.at(-1) ?? "");
  }

  private turnQuote(word: string): void {
    if (this.quote === "") {
      this.clause.push(MENTION);
    }
    this.quote = this.quote === "" ? word : "";
  }

  end(): void {
    if (this.clause.some((word) => word.length > 1)) {
      this.clauses.push(joinPairs(this.clause));
    }
    this.clause = [];
    this.nested = 0;
    this.quote = "";
  }
}
