import type { DocFile } from "./walk.ts";

// The files in sections, each with how often it has which words; ranked as BM25 does.

const SECTION_LINES_MAX = 60;
const SNIPPET_CHARS_MAX = 400;
const QUERY_WORDS_MAX = 32;
/** How soon more of the same word counts for nothing, and how much long sections are held back. */
const SATURATION = 1.2;
const LENGTH_WEIGHT = 0.75;
/** A word in the title counts as so many in the text. */
const TITLE_WEIGHT = 3;

interface Section {
  readonly path: string;
  readonly title: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly source: string | undefined;
  readonly words: ReadonlyMap<string, number>;
  readonly length: number;
}

export interface Hit {
  readonly path: string;
  readonly title: string;
  readonly line: number;
  readonly snippet: string;
  readonly score: number;
  readonly source_url?: string;
}

export interface Book {
  readonly sections: readonly Section[];
  readonly lengthMean: number;
  /** In how many sections a word is. */
  readonly spread: ReadonlyMap<string, number>;
}

/** Words in small letters; of a name like `OnBegin` or `creative_device` also its parts. */
const wordsOf = (text: string): readonly string[] =>
  (text.match(/[\p{L}\p{N}_]+/gu) ?? []).flatMap((word) => {
    const parts = word.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+|[^\p{Lu}\p{Ll}\p{N}_]+/gu) ?? [];
    const all = parts.length > 1 ? [word].concat(parts) : [word];
    return all.map((one) => one.toLowerCase());
  });

const countOf = (words: readonly string[], weight: number, counts: Map<string, number>): void => {
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + weight);
  }
};

const HEADING = /^#{1,6}\s+(.+?)\s*#*$/u;
const SOURCE = /^(?:#|\/\/)?\s*(?:source|source_url|url)\s*:\s*<?(https:\/\/[^\s<>"']+)/imu;
/** A source is named at the beginning of a file. */
const SOURCE_CHARS_MAX = 2_000;

const sectionsOf = ({ path, text }: DocFile): readonly Section[] => {
  const source = SOURCE.exec(text.slice(0, SOURCE_CHARS_MAX))?.[1];
  const sections: Section[] = [];
  let title = path;
  let from = 0;
  const lines = text.split(/\r?\n/u);
  const close = (to: number): void => {
    const body = lines.slice(from, to).join("\n").trim();
    if (body !== "") {
      sections.push(sectionOf({ path, title, line: from + 1, text: body, source }));
    }
    from = to;
  };
  for (const [index, line] of lines.entries()) {
    const heading = path.toLowerCase().endsWith(".md") ? HEADING.exec(line)?.[1] : undefined;
    if (heading !== undefined || index - from >= SECTION_LINES_MAX) {
      close(index);
      title = heading ?? title;
    }
  }
  close(lines.length);
  return sections;
};

const sectionOf = (section: Omit<Section, "words" | "length">): Section => {
  const words = new Map<string, number>();
  const body = wordsOf(section.text);
  countOf(body, 1, words);
  countOf(wordsOf(section.title), TITLE_WEIGHT, words);
  return { ...section, words, length: body.length };
};

export const bookOf = (files: readonly DocFile[]): Book => {
  const sections = files.flatMap(sectionsOf);
  const spread = new Map<string, number>();
  for (const { words } of sections) {
    countOf([...words.keys()], 1, spread);
  }
  const total = sections.reduce((sum, { length }) => sum + length, 0);
  return { sections, lengthMean: Math.max(1, total / Math.max(1, sections.length)), spread };
};

const scoreOf = (book: Book, { words, length }: Section, query: readonly string[]): number =>
  query.reduce((sum, word) => {
    const count = words.get(word) ?? 0;
    const among = book.spread.get(word) ?? 0;
    const rarity = Math.log(1 + (book.sections.length - among + 0.5) / (among + 0.5));
    const damping = SATURATION * (1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * length) / book.lengthMean);
    return sum + (count === 0 ? 0 : (rarity * count * (SATURATION + 1)) / (count + damping));
  }, 0);

/** Around the first line that has a word of the query. */
const snippetOf = (text: string, query: readonly string[]): string => {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => wordsOf(line).some((word) => query.includes(word)));
  const rest = lines.slice(Math.max(0, first)).join("\n");
  return rest.length > SNIPPET_CHARS_MAX ? `${rest.slice(0, SNIPPET_CHARS_MAX)} …` : rest;
};

const hitOf = (
  { path, title, line, text, source }: Section,
  score: number,
  query: readonly string[],
): Hit => {
  const hit = { path, title, line, snippet: snippetOf(text, query), score: Number(score.toFixed(3)) };
  return source === undefined ? hit : { ...hit, source_url: source };
};

export interface Hits {
  readonly total: number;
  readonly hits: readonly Hit[];
}

/** Sections that have any word of the query, the best first. */
export const search = (book: Book, text: string, offset: number, limit: number): Hits => {
  const query = [...new Set(wordsOf(text))].slice(0, QUERY_WORDS_MAX);
  const found = book.sections
    .map((section) => ({ section, score: scoreOf(book, section, query) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  const hits = found.slice(offset, offset + limit).map(({ section, score }) => hitOf(section, score, query));
  return { total: found.length, hits };
};
