import type { NamedPattern } from "../attacks/result.ts";
import type { Pattern } from "../attacks/pattern.ts";
import { command, isEmpty, plainJson, sentence, settingsOf, sourceLink, stopLabel } from "./attack-parts.ts";
import { ABOUT_PLACE, ATTACKS_PLACE } from "./file-names.ts";
import { flowHtml } from "./flow-html.ts";
import { page, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";
import type { EnablingTools } from "./model/attack-tools.ts";
import { CASE_NAMES, CATEGORY_MEANS, CATEGORY_NAMES, STOPPED_MEANS } from "./model/attack-wording.ts";
import { grouped } from "./model/prose.ts";
import type { ToolRef } from "./model/tool-ref.ts";
import { KIND_NAMES, POWER_NEEDS } from "./model/wording.ts";
import { classLabel, policySnippet, riskLabel, shape, shownName, toolLink } from "./parts.ts";
import { shortText } from "../visible-text.ts";

/** The page of a pattern of the attack database as HTML. */
export const attackHtml = (
  frame: Frame,
  { name, pattern }: NamedPattern,
  enabling: EnablingTools,
): string => {
  const overview = `${frame.root}${ATTACKS_PLACE}`;
  const category = CATEGORY_NAMES[pattern.category];
  return page(frame, {
    title: `${pattern.title}: an attack and what stops it`,
    description: pattern.summary,
    here: "attacks",
    main: html`<nav class="crumbs" aria-label="Where this is">
        <a href="${overview}">Attacks</a>
        <span aria-hidden="true">/</span> <a href="${overview}#${pattern.category}">${category}</a>
      </nav>
      <h1>${shortText(pattern.title, 100)}</h1>
      <p class="lead">${sentence(pattern.summary)}</p>
      <div class="split">
        <div>
          ${happens(pattern)} ${stopping(pattern)} ${running(name, pattern)}
          ${tools(frame, pattern, enabling)}
        </div>
        <aside aria-label="Facts">
          <h2>Facts</h2>
          ${facts(frame, pattern)}
        </aside>
      </div>`,
  });
};

const happens = ({ what, flow, case: real }: Pattern): Html =>
  html`<section aria-labelledby="what">
      <h2 id="what">What happens</h2>
      ${what.map((paragraph) => html`<p>${sentence(paragraph)}</p> `)}
    </section>
    <section aria-labelledby="flow">
      <h2 id="flow">Step by step</h2>
      ${flowHtml(flow, "Steps of the attack")}
    </section>
    <section aria-labelledby="case">
      <h2 id="case">${CASE_NAMES[real.kind]}</h2>
      <p>
        <b>${shortText(real.title, 200)}</b>, <time datetime="${real.date}">${real.date}</time>.
        ${sentence(real.what)} Source: ${sourceLink(real.source)}
      </p>
    </section>`;

const stopping = ({ stops }: Pattern): Html => {
  const [policy, settings] = [plainJson(stops.policy), settingsOf(stops)];
  return html`<section aria-labelledby="stops">
    <h2 id="stops">What stops it</h2>
    <p class="verdict">${stopLabel(stops.by)}</p>
    <p>${sentence(stops.says)} <span class="aside">${STOPPED_MEANS[stops.by]}</span></p>
    ${
      policy === undefined
        ? undefined
        : html`<p class="caption">
              <b>Whole policy</b> for the tools of the scenario. Put the names and values of your own in.
            </p>
            ${policySnippet("policy", policy, "The policy that stops it")}`
    }
    ${
      settings === undefined || isEmpty(settings)
        ? undefined
        : html`<p class="caption">
              <b>Excerpt</b> of the configuration, <code>tollgate.json</code>. It goes beside what you have
              there.
            </p>
            ${policySnippet("excerpt", settings, "The setting that stops it")}`
    }
  </section>`;
};

const running = (name: string, { stops }: Pattern): Html =>
  html`<section aria-labelledby="run">
    <h2 id="run">Run it</h2>
    <p>
      ${stops.by === "setting" ? "Against a grant of yours, with its settings" : "Against a policy of yours"},
      on this machine alone: a hostile server and a scripted agent, with the gate between them. It says
      whether the attack was held or got through, and why.
    </p>
    ${command(
      `tollgate attack run ${stops.by === "setting" ? "--grant NAME" : "--policy FILE"} ${shortText(name, 100)}`,
      "How to run it",
    )}
  </section>`;

const tools = (frame: Frame, { needs }: Pattern, { any, tools: named, all }: EnablingTools): Html =>
  html`<section aria-labelledby="tools">
    <h2 id="tools">
      Tools that enable it${any ? undefined : html` <span class="count">${grouped(all)}</span>`}
    </h2>
    <p>${sentence(needs.says)}</p>
    ${
      any
        ? html`<p>Any tool of any server will do, so none is named here.</p>`
        : all === 0
          ? html`<p>The catalogue has no such tool.</p>`
          : html`${
                all > named.length
                  ? html`<p class="means">The riskiest ${named.length} of them in this catalogue:</p>`
                  : undefined
              }
              <ul class="enabling">
                ${named.map((ref) => tool(frame, ref))}
              </ul>`
    }
  </section>`;

const tool = (frame: Frame, ref: ToolRef): Html =>
  html`<li>
    <span>${shape(ref.tool.class)}${toolLink(frame, ref)}</span>
    <span class="of">${shownName(ref.server.name)}</span>
    ${riskLabel(ref.tool.risk)}
  </li> `;

const facts = (frame: Frame, pattern: Pattern): Html => {
  const { category, stops, needs, more = [], case: real } = pattern;
  return html`<dl class="facts">
    <div>
      <dt>Category</dt>
      <dd>
        <a href="${frame.root}${ATTACKS_PLACE}#${category}">${CATEGORY_NAMES[category]}</a>
        <p>${CATEGORY_MEANS[category]}</p>
      </dd>
    </div>
    <div>
      <dt>What stops it</dt>
      <dd>${stopLabel(stops.by)}</dd>
    </div>
    <div>
      <dt>Needs a tool that</dt>
      <dd>${needed(frame, needs)}</dd>
    </div>
    <div>
      <dt>Sources</dt>
      <dd>${[real.source, ...more].map((address) => html`<div>${sourceLink(address)}</div>`)}</dd>
    </div>
  </dl>`;
};

/** One row for each thing that a tool must have. */
const needed = (
  frame: Frame,
  { classes = [], powers = [], arguments: kinds = [], meta }: Pattern["needs"],
): Html => {
  const rows = [
    ...(classes.length === 0 ? [] : [html`is of class ${joined(classes.map(classLabel))}`]),
    ...(powers.length === 0 ? [] : [html`${joined(powers.map((power) => html`${POWER_NEEDS[power]}`))}`]),
    ...(kinds.length === 0 ? [] : [html`is given ${joined(kinds.map((kind) => html`${KIND_NAMES[kind]}`))}`]),
    ...(meta === true
      ? [html`is a <a class="meta" href="${frame.root}${ABOUT_PLACE}#meta">meta-tool</a>`]
      : []),
  ];
  return rows.length === 0
    ? html`is there: any will do`
    : html`${rows.map((row, at) => html`<div>${at === 0 ? undefined : "and "}${row}</div>`)}`;
};

const joined = (parts: readonly Html[]): Html =>
  html`${parts.map((part, at) => html`${at === 0 ? undefined : " or "}${part}`)}`;
