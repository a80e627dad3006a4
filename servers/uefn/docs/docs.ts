import { fromJsonSchema, type CallToolResult, type JsonSchemaType } from "@modelcontextprotocol/server";
import { answer, problem } from "../answers.ts";
import type { JsonObject } from "../editor/json.ts";
import { bookOf, search, type Book, type Hit } from "./book.ts";
import { readPage, type PageReader } from "./pages.ts";
import { walk } from "./walk.ts";

const LIMIT_DEFAULT = 10;
const LIMIT_MAX = 50;
const FETCHES_DEFAULT = 3;
const FETCHES_MAX = 5;
/** Of each page that is read along with a search. */
const FETCHED_CHARS_MAX = 20_000;

export const QUERY_SCHEMA = fromJsonSchema({
  type: "object",
  properties: {
    query: { type: "string" },
    total: { type: "integer", description: "How many sections have a word of the query." },
    offset: { type: "integer" },
    incomplete: {
      type: "boolean",
      description: "Whether files were left out: too many, too large, not text.",
    },
    results: {
      type: "array",
      items: {
        type: "object",
        properties: {
          path: { type: "string", description: "From the folder of documentation." },
          title: { type: "string" },
          line: { type: "integer" },
          snippet: { type: "string" },
          score: { type: "number" },
          source_url: { type: "string" },
          source_text: { type: "string", description: "The page at source_url, cut where it is long." },
          source_problem: { type: "string", description: "Why the page was not read." },
        },
        required: ["path", "title", "line", "snippet", "score"],
        additionalProperties: false,
      },
    },
  },
  required: ["query", "total", "offset", "incomplete", "results"],
  additionalProperties: false,
} satisfies JsonSchemaType);

export const PAGE_SCHEMA = fromJsonSchema({
  type: "object",
  properties: {
    url: { type: "string", description: "Where the page was, after redirects." },
    content_type: { type: "string" },
    text: { type: "string" },
  },
  required: ["url", "content_type", "text"],
  additionalProperties: false,
} satisfies JsonSchemaType);

interface Shelf {
  readonly book: Book;
  readonly cut: boolean;
}

type Sourced = Hit & { readonly source_text?: string; readonly source_problem?: string };

const NO_FOLDER =
  "There is no documentation to search: this server was started without a folder. Start it with --docs DIR.";
const BAD_FOLDER =
  "The folder of documentation cannot be read. Look at the --docs DIR that this server was started with.";

/** The documentation, without an editor. */
export class Docs {
  readonly #folder: string | undefined;
  readonly #reader: PageReader;
  #shelf: Promise<Shelf> | undefined;

  constructor(folder: string | undefined, reader: PageReader) {
    this.#folder = folder;
    this.#reader = reader;
  }

  async query(params: JsonObject, signal: AbortSignal): Promise<CallToolResult> {
    if (this.#folder === undefined) {
      return problem(NO_FOLDER);
    }
    const query = typeof params["query"] === "string" ? params["query"] : "";
    const limit = between(params["limit"], 1, LIMIT_MAX, LIMIT_DEFAULT);
    const offset = between(params["offset"], 0, Number.MAX_SAFE_INTEGER, 0);
    let shelf: Shelf;
    try {
      shelf = await (this.#shelf ??= shelfOf(this.#folder));
    } catch {
      // It may be there the next time.
      this.#shelf = undefined;
      return problem(BAD_FOLDER);
    }
    const { total, hits } = search(shelf.book, query, offset, limit);
    const fetches = between(params["max_fetches"], 0, FETCHES_MAX, FETCHES_DEFAULT);
    const results = params["fetch_source_urls"] === true ? await this.#sourced(hits, fetches, signal) : hits;
    return answer({ query, total, offset, incomplete: shelf.cut, results });
  }

  async page(params: JsonObject, signal: AbortSignal): Promise<CallToolResult> {
    const page = await readPage(String(params["url"]), this.#reader, signal);
    return page.kind === "refused"
      ? problem(`The page was not read. ${page.problem}`)
      : answer({ url: page.url, content_type: page.contentType, text: page.text });
  }

  /** The pages of the first hits that have one; each page once. */
  async #sourced(hits: readonly Hit[], fetches: number, signal: AbortSignal): Promise<readonly Sourced[]> {
    const urls = [...new Set(hits.flatMap(({ source_url: url }) => url ?? []))].slice(0, fetches);
    const pages = new Map(
      await Promise.all(urls.map(async (url) => [url, await readPage(url, this.#reader, signal)] as const)),
    );
    return hits.map((hit) => {
      const page = hit.source_url === undefined ? undefined : pages.get(hit.source_url);
      if (page === undefined) {
        return hit;
      }
      return page.kind === "page"
        ? { ...hit, source_text: page.text.slice(0, FETCHED_CHARS_MAX) }
        : { ...hit, source_problem: page.problem };
    });
  }
}

const shelfOf = async (folder: string): Promise<Shelf> => {
  const { files, cut } = await walk(folder);
  return { book: bookOf(files), cut };
};

const between = (value: unknown, min: number, max: number, otherwise: number): number =>
  typeof value === "number" ? Math.min(max, Math.max(min, value)) : otherwise;
