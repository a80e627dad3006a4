import { fromPlain } from "../../base/json-plain.ts";
import { isJsonObject, type Json } from "../../base/json-value.ts";
import type { Pattern } from "../attacks/pattern.ts";
import { html, lines, type Html, type Part } from "./html.ts";
import { STOPPED_BY } from "./model/attack-wording.ts";
import { shortText } from "../visible-text.ts";

/** Parts that the pages about attacks and the report have. */

const SENTENCE_MAX = 1_000;

/** A pattern's sentence, with what stands between `backticks` as code. */
export const sentence = (text: string): readonly Part[] =>
  shortText(text, SENTENCE_MAX)
    .split(/`([^`]+)`/u)
    .map((piece, at) => (at % 2 === 1 ? html`<code>${piece}</code>` : piece));

type Stops = Pattern["stops"];

/** A shape for each: colour alone says nothing to many. */
const SHAPES = {
  gate: html`<path d="M2 11V2M10 11V2M2 4.5h8M6 4.5V11" />`,
  policy: html`<path d="M2.5 1.5h7v9h-7zM4.5 4.5h3M4.5 7.5h3" />`,
  setting: html`<path d="M1 3.5h10M1 8.5h10M4 2v3M8 7v3" />`,
  nothing: html`<path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />`,
} as const satisfies Record<Stops["by"], Html>;

/** What stops an attack, as a label. */
export const stopLabel = (by: Stops["by"]): Html =>
  html`<span class="stop ${by}"
    ><svg viewBox="0 0 12 12" aria-hidden="true">${SHAPES[by]}</svg>${STOPPED_BY[by]}</span
  >`;

/** A command line, to copy. */
export const command = (text: string, label: string): Html =>
  html`<div class="snippet command" tabindex="0" role="region" aria-label="${label}">
    <button type="button" class="copy" hidden>Copy command</button>
    <pre><code>${lines(text)}</code></pre>
  </div>`;

const ADDRESS_MAX = 2_000;
const HOST_MAX = 80;

/** A link out of the site: by https, or it is text. */
export const sourceLink = (address: string, text?: string): Html => {
  const url = URL.parse(address);
  return url?.protocol === "https:" && url.href.length <= ADDRESS_MAX
    ? html`<a class="out" href="${url.href}" rel="noopener noreferrer external"
        >${shortText(text ?? url.host, HOST_MAX)}</a
      >`
    : html`<span>${shortText(address, HOST_MAX)}</span>`;
};

/** Of a pattern's own JSON; what is none is left out. */
export const plainJson = (value: unknown): Json | undefined => {
  try {
    return fromPlain(value);
  } catch {
    return undefined;
  }
};

/** Settings as they stand in the configuration. */
export const settingsOf = ({ gateway, server }: Stops): Json | undefined =>
  plainJson({
    ...(gateway === undefined ? {} : { gateway }),
    ...(server === undefined ? {} : { mcpServers: { NAME: { tollgate: server } } }),
  });

export const isEmpty = (value: Json | undefined): boolean =>
  !isJsonObject(value) || Object.keys(value).length === 0;
