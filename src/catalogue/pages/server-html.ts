import { LIMITS } from "../../base/limits.ts";
import type { ToolEntry } from "../entry.ts";
import type { ToolClass } from "../verdict.ts";
import { ABOUT_PLACE, INDEX_PLACE } from "./file-names.ts";
import { page, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { originProse } from "./model/origin.ts";
import { counted, grouped } from "./model/prose.ts";
import type { ServerPage } from "./model/server-page.ts";
import { shortText } from "../visible-text.ts";
import { CLASS_MEANS, KIND_NAMES } from "./model/wording.ts";
import {
  brokenName,
  classBar,
  classLabel,
  policySnippet,
  prose,
  riskLabel,
  shape,
  shownName,
  snippet,
  tokensText,
  toolLink,
  unsureMark,
} from "./parts.ts";

/** The page of a server as HTML. */
export const serverHtml = (frame: Frame, shown: ServerPage): string => {
  const { server, counts } = shown;
  const name = shownName(server.name);
  return page(frame, {
    title: `${name}: ${counted(server.tools.length, "tool")}`,
    description: `What the tools of ${name} do, how risky they are, and a policy to start from.`,
    main: html`<nav class="crumbs" aria-label="Where this is">
        <a href="${frame.root}${INDEX_PLACE}">Servers</a>
      </nav>
      <h1 class="name">${brokenName(server.name)}</h1>
      <p class="lead">${counted(server.tools.length, "tool")}. ${prose(originProse(server))}</p>
      <div class="spread">
        ${classBar(counts)}
        <ul class="legend">
          ${counts.map(({ class: is, count }) => legendItem(is, count))}
        </ul>
      </div>
      <div class="split">
        <div>${policy(shown)} ${watch(frame, shown)}</div>
        <div class="whole">${tools(frame, shown)}</div>
        <aside aria-label="Facts">
          <h2>Facts</h2>
          ${facts(frame, shown)}
        </aside>
      </div>`,
  });
};

const legendItem = (is: ToolClass, count: number): Html =>
  count === 0
    ? html`<li class="none">${shape(is)}<b>0</b> ${is}</li>`
    : html`<li>
        <a href="#${is}">${shape(is)}<b>${grouped(count)}</b> ${is}</a>
      </li>`;

const facts = (frame: Frame, { server, tokens, share, heaviest, meta, unsure }: ServerPage): Html => {
  const product =
    server.product === undefined
      ? undefined
      : html`<div>
          <dt>Calls itself</dt>
          <dd>${shortText(`${server.product.name} ${server.product.version}`, 120)}</dd>
        </div>`;
  return html`<dl class="facts">
    <div>
      <dt>Definitions</dt>
      <dd>
        ${tokensText(tokens)}, about <b>${percent(share)}</b> of a context of
        ${grouped(LIMITS.context_tokens)}
        <svg
          class="meter ${meterOf(share)}"
          viewBox="0 0 100 4"
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <rect class="whole" width="100" height="4" />
          <rect class="part" width="${Math.max(0.5, Math.min(100, share * 100)).toFixed(1)}" height="4" />
        </svg>
      </dd>
    </div>
    ${
      heaviest === undefined
        ? undefined
        : html`<div>
            <dt>Heaviest tool</dt>
            <dd>${toolLink(frame, { server, tool: heaviest })} ${tokensText(heaviest.tokens)}</dd>
          </div>`
    }
    <div>
      <dt>Meta-tools</dt>
      <dd>${meta.length === 0 ? "none" : meta.length}</dd>
    </div>
    <div>
      <dt>Unsure verdicts</dt>
      <dd>${unsure === 0 ? "none" : html`${unsure} <a href="${frame.root}${ABOUT_PLACE}#unsure">why</a>`}</dd>
    </div>
    ${product}
    <div>
      <dt>Protocol</dt>
      <dd>${shortText(server.revision, 40)}</dd>
    </div>
  </dl>`;
};

/** Definitions that leave a model little of its context, or none. */
const meterOf = (share: number): string => (share > 1 ? "over" : share > 0.5 ? "much" : "calm");

const percent = (share: number): string => {
  const value = share * 100;
  return value > 0 && value < 0.1 ? "less than 0.1 %" : `${value.toFixed(value < 10 ? 1 : 0)} %`;
};

const watch = (frame: Frame, shown: ServerPage): Html => {
  const { destroying, modifying, meta } = shown;
  const rows = [
    { title: "Can destroy or spend", tools: destroying },
    { title: "Meta-tools: can do what other tools do", tools: meta },
    { title: "Can modify or run", tools: modifying },
  ].filter((row) => row.tools.length > 0);
  const nothing = html`<p>Nothing here destroys, spends, modifies or runs anything.</p>`;
  return html`<section aria-labelledby="watch">
    <h2 id="watch">What to watch</h2>
    ${
      rows.length === 0
        ? nothing
        : rows.map(
            (row) =>
              html`<h3>${row.title} <span class="count">${grouped(row.tools.length)}</span></h3>
                ${names(frame, shown, row.tools)}`,
          )
    }
  </section>`;
};

const names = (frame: Frame, { server }: ServerPage, tools: readonly ToolEntry[]): Html => {
  const shown = tools.slice(0, LIMITS.page_watched_max);
  const left = tools.length - shown.length;
  const more = left === 0 ? undefined : html`<li><a href="#tools">and ${grouped(left)} more</a></li>`;
  return html`<ul class="names">
    ${shown.map((tool) => html`<li>${shape(tool.class)}${toolLink(frame, { server, tool })}</li>`)}${more}
  </ul>`;
};

const policy = ({ policy: { commented, policy: document } }: ServerPage): Html =>
  html`<section aria-labelledby="policy">
    <h2 id="policy">Recommended policy</h2>
    <p>
      A starting point: read it and put your own values in. Let <code>tollgate policy check</code> look at
      what you made of it.
    </p>
    ${policySnippet("policy", document, "Recommended policy")}
    <details>
      <summary>With comments and proposals, for reading</summary>
      <p>A policy’s file has no comments, so no command takes this form.</p>
      ${snippet(commented, "Recommended policy with comments")}
    </details>
  </section>`;

const tools = (frame: Frame, shown: ServerPage): Html => {
  const { server, groups } = shown;
  return html`<section aria-labelledby="tools" class="tools">
    <div class="head">
      <h2 id="tools">All tools</h2>
      <label class="narrow" hidden
        >Filter by name <input type="search" autocomplete="off" spellcheck="false"
      /></label>
    </div>
    ${server.tools.length === 0 ? html`<p>It has none.</p>` : undefined}
    ${groups.map(
      ({ class: is, tools: own }) =>
        html`<section class="group" aria-labelledby="${is}">
          <h3 id="${is}">${classLabel(is)} <span class="count">${grouped(own.length)}</span></h3>
          <p class="means">${CLASS_MEANS[is]}</p>
          ${table(frame, shown, is, own.slice(0, LIMITS.page_listed_max))}
          ${
            own.length > LIMITS.page_listed_max
              ? html`<details>
                  <summary>${counted(own.length - LIMITS.page_listed_max, "more", "more")}</summary>
                  ${table(frame, shown, is, own.slice(LIMITS.page_listed_max))}
                </details>`
              : undefined
          }
        </section>`,
    )}
  </section>`;
};

const table = (frame: Frame, shown: ServerPage, is: ToolClass, own: readonly ToolEntry[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${is}">
    <table class="list">
      <thead>
        <tr>
          <th scope="col">Tool</th>
          <th scope="col">Risk</th>
          <th scope="col">Arguments carry</th>
          <th scope="col" class="number">Tokens</th>
        </tr>
      </thead>
      <tbody>
        ${own.map((tool) => row(frame, shown, tool))}
      </tbody>
    </table>
  </div>`;

const row = (frame: Frame, { server }: ServerPage, tool: ToolEntry): Html => {
  const kinds = [...new Set(tool.arguments.flatMap((argument) => argument.kinds))];
  const meta = tool.meta === undefined ? undefined : html` <span class="meta">meta-tool</span>`;
  return html`<tr>
    <th scope="row">${toolLink(frame, { server, tool })}${unsureMark(tool)}${meta}</th>
    <td>${riskLabel(tool.risk)}</td>
    <td class="kinds">${kinds.map((kind) => KIND_NAMES[kind]).join(", ")}</td>
    <td class="number">${grouped(tool.tokens)}</td>
  </tr> `;
};
