import { compareCodePoints } from "../../base/text.ts";
import type { ServerEntry, ToolEntry } from "../entry.ts";
import type { Power, Risk, ToolClass } from "../verdict.ts";

/** What tools are looked for. What is absent does not matter; each word must be there. */
export interface CatalogueQuery {
  readonly words: readonly string[];
  readonly class?: ToolClass | undefined;
  readonly risk?: Risk | undefined;
  readonly server?: string | undefined;
  readonly power?: Power | undefined;
  /** How many are given, at most. */
  readonly limit: number;
}

export interface FoundTool {
  readonly server: ServerEntry;
  readonly tool: ToolEntry;
}

export interface CatalogueFound {
  /** How many there are. */
  readonly total: number;
  /** The best first; equally good ones by name, then by server. */
  readonly tools: readonly FoundTool[];
}

/** All tools of a catalogue, ready to be looked through one after the other. */
export type CatalogueSearch = (query: CatalogueQuery) => CatalogueFound;

export const createSearch = (servers: readonly ServerEntry[]): CatalogueSearch => {
  const found = servers
    .flatMap((server) => server.tools.map((tool) => ({ server, tool, key: tool.name.toLowerCase() })))
    .toSorted((a, b) => compareCodePoints(a.key, b.key) || compareCodePoints(a.server.name, b.server.name));
  const index = new ToolIndex(found);
  return (query) => {
    const ranks = index.ranksOf(query);
    const alike: FoundTool[][] = [];
    let total = 0;
    // Loops over numbers here and below: iterators are ten times as slow.
    for (let row = 0; row < ranks.length; row += 1) {
      const rank = ranks[row] ?? ABSENT;
      const tool = rank === ABSENT ? undefined : found[row];
      if (tool !== undefined) {
        total += 1;
        const those = (alike[rank] ??= []);
        if (those.length < query.limit) {
          those.push({ server: tool.server, tool: tool.tool });
        }
      }
    }
    return { total, tools: alike.flat().slice(0, query.limit) };
  };
};

/**
 * Ranks: the whole name, the beginning of a word of it, or of something that is searched besides names; and last, whatever
 * the other words of the query are, the middle of a word. The pages have the same (`pages/script-search.ts`).
 */
const WHOLE = 0;
const START = 1;
const REST_START = 2;
const INSIDE = 20;
const REST_INSIDE = 21;
const WORST = 254;
const ABSENT = 255;
/** Fewer letters are in the middle of too many words: "file" is meant, "il" is chance. */
const INSIDE_FROM = 4;

/**
 * The tools as long texts, a line each, in which the engine finds a word faster than in fifty thousand short ones;
 * and as columns of numbers.
 */
class ToolIndex {
  readonly #tools: readonly FoundTool[];
  /** The names as they are. */
  readonly #names: Lines;
  /** Their words, each behind a space. */
  readonly #words: Lines;
  /** What is searched besides; thousands of tools have the same … */
  readonly #rests: Lines;
  /** … namely this line of it. */
  readonly #restOf: Uint32Array;

  constructor(tools: readonly (FoundTool & { readonly key: string })[]) {
    this.#tools = tools;
    this.#names = new Lines(tools.map(({ key }) => key));
    this.#words = new Lines(tools.map(({ tool }) => spaced(tool.name)));
    const rests = new Map<string, number>();
    this.#restOf = Uint32Array.from(tools, (found) => {
      const text = restOf(found);
      const line = rests.get(text) ?? rests.size;
      rests.set(text, line);
      return line;
    });
    this.#rests = new Lines([...rests.keys()]);
  }

  /** For each tool the sum of its ranks for the words, or `ABSENT`. */
  ranksOf(query: CatalogueQuery): Uint8Array {
    const ranks = new Uint8Array(this.#tools.length);
    if (asksMore(query)) {
      this.#tools.forEach((found, row) => (ranks[row] = fits(found, query) ? 0 : ABSENT));
    }
    for (const word of wordsOf(query)) {
      const places = this.#placesOf(word);
      for (let row = 0; row < ranks.length; row += 1) {
        const rank = ranks[row] ?? ABSENT;
        const place = places[row] ?? ABSENT;
        ranks[row] = rank === ABSENT || place === ABSENT ? ABSENT : Math.min(WORST, rank + place);
      }
    }
    return ranks;
  }

  #placesOf(word: string): Uint8Array {
    const rests = new Uint8Array(this.#rests.count).fill(ABSENT);
    const inside = word.length >= INSIDE_FROM;
    if (inside) {
      this.#rests.each(word, (line) => (rests[line] = REST_INSIDE));
    }
    this.#rests.each(` ${word}`, (line) => (rests[line] = REST_START));
    const ranks = new Uint8Array(this.#restOf.length);
    for (let row = 0; row < ranks.length; row += 1) {
      ranks[row] = rests[this.#restOf[row] ?? 0] ?? ABSENT;
    }
    this.#names.each(word, (row, at, whole) => {
      const rank = at === 0 ? START : inside ? INSIDE : ABSENT;
      ranks[row] = whole ? WHOLE : Math.min(ranks[row] ?? ABSENT, rank);
    });
    this.#words.each(` ${word}`, (row) => {
      ranks[row] = Math.min(ranks[row] ?? ABSENT, START);
    });
    return ranks;
  }
}

/** Server, class, risk, powers and kinds of arguments, each behind a space; the server also by the words of its name. */
const restOf = ({ server, tool: { class: is, risk, powers, arguments: facts } }: FoundTool): string => {
  const kinds = new Set(facts.flatMap((fact) => fact.kinds));
  return ` ${[server.name, server.name.replaceAll("-", " "), is, risk, ...powers, ...kinds].join(" ")}`;
};

/** Texts of one line each as one long text, and where each begins. */
class Lines {
  readonly #text: string;
  readonly #starts: Uint32Array;

  constructor(lines: readonly string[]) {
    this.#text = `\n${lines.map((line) => line.replaceAll("\n", " ")).join("\n")}\n`;
    let start = 1;
    this.#starts = Uint32Array.from(lines, ({ length }) => {
      const here = start;
      start += length + 1;
      return here;
    });
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Calls back for each line that has the word, where in it, and whether it is nothing else. */
  each(word: string, found: (row: number, at: number, whole: boolean) => void): void {
    let row = 0;
    for (let at = this.#text.indexOf(word); at !== -1; at = this.#text.indexOf(word, this.#end(row))) {
      while (this.#end(row) <= at) {
        row += 1;
      }
      const from = at - (this.#starts[row] ?? 0);
      found(row, from, from === 0 && this.#end(row) === at + word.length + 1);
    }
  }

  /** Where the next line begins. */
  #end(row: number): number {
    return this.#starts[row + 1] ?? this.#text.length;
  }
}

const wordsOf = ({ words }: CatalogueQuery): ReadonlySet<string> =>
  new Set(words.flatMap((word) => word.toLowerCase().split(/\s+/u)).filter((word) => word !== ""));

/** `createIssue-2` → ` create issue 2`. */
const spaced = (text: string): string => {
  const apart = text.replaceAll(/([\p{Ll}\d])(?=\p{Lu})/gu, "$1 ");
  return ` ${apart
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim()}`;
};

const asksMore = (query: CatalogueQuery): boolean =>
  [query.class, query.risk, query.server, query.power].some((filter) => filter !== undefined);

const fits = ({ server, tool }: FoundTool, query: CatalogueQuery): boolean =>
  (query.class === undefined || tool.class === query.class) &&
  (query.risk === undefined || tool.risk === query.risk) &&
  (query.server === undefined || server.name === query.server) &&
  (query.power === undefined || tool.powers.includes(query.power));
