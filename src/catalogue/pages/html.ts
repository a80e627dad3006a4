import { visibleText } from "../visible-text.ts";

/** Text that is HTML already: made by `html` and nothing else. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type { Html };

/** What may stand between the pieces of a template. Text is escaped; nothing of it is lost, and none of it is markup. */
export type Part = Html | string | number | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and for attributes in quotation marks alike. */
const escapeHtml = (text: string): string => (SIMPLE.test(text) ? text : escapeAll(text));

/** Nothing in it needs an escape. Most text is so, and then this is all that is done. */
const SIMPLE = /^[ !#-%(-;=?-~]*$/u;

const escapeAll = (text: string): string =>
  visibleText(text).replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? "");

const textOf = (part: Part): string => {
  if (part === undefined) {
    return "";
  }
  if (part instanceof Html) {
    return part.text;
  }
  return typeof part === "object" ? part.map(textOf).join("") : escapeHtml(String(part));
};

/** The only way to HTML. Attributes that hold a part are written in quotation marks. */
export const html = (pieces: TemplateStringsArray, ...parts: readonly Part[]): Html => {
  const bare = withoutIndent(pieces);
  let text = bare[0] ?? "";
  for (const [at, part] of parts.entries()) {
    text += textOf(part) + (bare[at + 1] ?? "");
  }
  return new Html(text);
};

const BARE = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The indentation of this source is nothing that a page needs. */
const withoutIndent = (pieces: TemplateStringsArray): readonly string[] => {
  const known = BARE.get(pieces);
  if (known !== undefined) {
    return known;
  }
  const bare = pieces.map((piece) => piece.replaceAll(/\s*\n\s*/gu, "\n"));
  BARE.set(pieces, bare);
  return bare;
};

const BETWEEN_LINES = /\n/u;

/** Text of several lines, for `<pre>`. */
export const lines = (text: string): Html => new Html(text.split(BETWEEN_LINES).map(escapeHtml).join("\n"));

/** Style of ours, within a page that stands alone. The browser decodes nothing in it, so nothing of others may be in it. */
export const styleElement = (css: string): Html => new Html(`<style>${css}</style>`);
