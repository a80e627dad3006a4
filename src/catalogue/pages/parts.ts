import type { Json } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import type { NamedPattern } from "../attacks/result.ts";
import type { ServerEntry, ToolEntry } from "../entry.ts";
import { RISKS, type Risk, type ToolClass } from "../verdict.ts";
import type { Frame } from "./frame.ts";
import { html, lines, type Html } from "./html.ts";
import { jsonText } from "./model/json-text.ts";
import { counted, grouped, type Prose } from "./model/prose.ts";
import { isUnsure, type ClassCount, type ToolRef } from "./model/tool-ref.ts";
import { shortText, visibleLines } from "../visible-text.ts";

/** Parts that several pages have. */

/** A shape for each class: colour alone says nothing to many. */
const SHAPES = {
  read: html`<circle cx="6" cy="6" r="4" />`,
  write: html`<rect x="2" y="2" width="8" height="8" rx="1" />`,
  execute: html`<path d="M3 1.5v9l7.5-4.5z" />`,
  destructive: html`<path d="M2.5 2.5l7 7M9.5 2.5l-7 7" />`,
  financial: html`<path d="M6 1l5 5-5 5-5-5z" />`,
} as const satisfies Record<ToolClass, Html>;

export const shape = (is: ToolClass): Html =>
  html`<svg class="shape ${is}" viewBox="0 0 12 12" aria-hidden="true">${SHAPES[is]}</svg>`;

export const classLabel = (is: ToolClass): Html => html`<span class="class ${is}">${shape(is)}${is}</span>`;

const TICKS = RISKS.map((_, at) => at);

/** `after`, `before`: what is to stand beside its name. */
export const riskLabel = (risk: Risk, after = "", before = ""): Html => {
  const level = RISKS.indexOf(risk);
  const ticks = TICKS.map((at) => {
    const height = 4 + at * 2;
    const is = at <= level ? "on" : "off";
    return html`<rect class="${is}" x="${at * 4}" y="${10 - height}" width="3" height="${height}" />`;
  });
  return html`<span class="risk ${risk}"
    ><svg viewBox="0 0 15 10" aria-hidden="true">${ticks}</svg>${before}${risk}${after}</span
  >`;
};

/** A bar of the classes. What it shows is always said beside it, in numbers. */
export const classBar = (counts: readonly ClassCount[]): Html => {
  const there = counts.filter(({ count }) => count > 0);
  const least = there.reduce((sum, { count }) => sum + count, 0) / SLIVERS;
  // Few among many would not be seen.
  const sizes = there.map(({ count }) => Math.max(count, least));
  const all = sizes.reduce((sum, size) => sum + size, 0);
  let x = 0;
  const parts = there.map(({ class: is }, at) => {
    const width = ((sizes[at] ?? 0) / all) * 100;
    const part = html`<rect class="${is}" x="${tidy(x)}" y="0" width="${tidy(width)}" height="10" />`;
    x += width;
    return part;
  });
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    ${parts}
  </svg>`;
};

const SLIVERS = 60;

const tidy = (value: number): string => String(Math.round(value * 100) / 100);

/** "12 read · 4 write", those that there are. */
export const classNumbers = (counts: readonly ClassCount[]): Html =>
  html`<span class="numbers"
    >${counts
      .filter(({ count }) => count > 0)
      .map(({ class: is, count }) => html`<span>${shape(is)}${grouped(count)} ${is}</span> `)}</span
  >`;

export const shownName = (name: string): string => shortText(name, LIMITS.page_name_characters_max);

const BREAKS = /(?<=[_./])|(?=\[)/u;

/** The same as HTML, where a long one may go on in the next line: between its words, not within them. */
export const brokenName = (name: string, most: number = LIMITS.page_name_characters_max): Html => {
  const text = shortText(name, most);
  return text.length <= BROKEN_FROM
    ? html`${text}`
    : html`${text.split(BREAKS).map((part, at) => (at === 0 ? part : html`<wbr />${part}`))}`;
};

const BROKEN_FROM = 14;

export const prose = (sentence: Prose): Html =>
  html`${sentence.map((part) =>
    typeof part === "string" ? part : html`<code>${brokenName(part.code)}</code>`,
  )}`;

export const paragraphs = (sentences: readonly Prose[]): Html =>
  html`<p>${sentences.map((sentence, at) => html`${at === 0 ? "" : " "}${prose(sentence)}`)}</p>`;

export const toolLink = ({ places, root }: Frame, { server, tool }: ToolRef): Html =>
  html`<a class="name" href="${root}${places.tool(server, tool)}">${brokenName(tool.name)}</a>`;

export const serverLink = ({ places, root }: Frame, server: ServerEntry): Html =>
  html`<a class="name" href="${root}${places.server(server)}">${brokenName(server.name)}</a>`;

export const attackLink = ({ places, root }: Frame, attack: NamedPattern): Html =>
  html`<a href="${root}${places.attack(attack)}">${shortText(attack.pattern.title, TITLE_MAX)}</a>`;

const TITLE_MAX = 100;

export const unsureMark = (tool: ToolEntry): Html | undefined =>
  isUnsure(tool) ? html` <span class="unsure">unsure</span>` : undefined;

/** Text of several lines, and what a button says that copies it, if it is for copying. The button needs a script. */
export const snippet = (text: string, label: string, copies?: string): Html =>
  html`<div class="snippet" tabindex="0" role="region" aria-label="${label}">
    ${copies === undefined ? undefined : html`<button type="button" class="copy" hidden>${copies}</button>`}
    <pre><code>${lines(visibleLines(text))}</code></pre>
  </div>`;

const COPIES = { policy: "Copy policy", excerpt: "Copy excerpt" } as const;

/** A policy, or a part of one. */
export const policySnippet = (is: keyof typeof COPIES, value: Json, label: string): Html =>
  snippet(jsonText(value), label, COPIES[is]);

export const tokensText = (tokens: number): string => counted(tokens, "token");
