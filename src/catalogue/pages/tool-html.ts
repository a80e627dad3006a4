import { LIMITS } from "../../base/limits.ts";
import { stopLabel } from "./attack-parts.ts";
import type { ArgumentFact, Evidence } from "../verdict.ts";
import { ABOUT_PLACE, ATTACKS_PLACE, INDEX_PLACE } from "./file-names.ts";
import { page, type Frame } from "./frame.ts";
import { html, type Html, type Part } from "./html.ts";
import type { Control } from "./model/control.ts";
import { counted, type Prose } from "./model/prose.ts";
import type { Snippet } from "./model/snippets.ts";
import type { Question } from "./model/questions.ts";
import type { ToolPage } from "./model/tool-page.ts";
import type { ToolRef } from "./model/tool-ref.ts";
import { shortText } from "../visible-text.ts";
import { CLASS_MEANS, EVIDENCE_FROM, KIND_NAMES, RISK_MEANS } from "./model/wording.ts";
import {
  attackLink,
  brokenName,
  classLabel,
  paragraphs,
  policySnippet,
  prose,
  riskLabel,
  serverLink,
  shape,
  shownName,
  toolLink,
  tokensText,
  unsureMark,
} from "./parts.ts";

/** The page of a tool as HTML. */
export const toolHtml = (frame: Frame, shown: ToolPage): string => {
  const { server, tool } = shown;
  const name = shownName(tool.name);
  const meta =
    shown.meta === undefined
      ? undefined
      : html` <a class="meta" href="${frame.root}${ABOUT_PLACE}#meta">meta-tool</a>`;
  return page(frame, {
    title: `${name} of ${shownName(server.name)}: ${tool.class}, ${tool.risk} risk`,
    description: `What ${name} does, why it needs a policy, and how to limit or block it.`,
    main: html`<nav class="crumbs" aria-label="Where this is">
        <a href="${frame.root}${INDEX_PLACE}">Servers</a>
        <span aria-hidden="true">/</span> ${serverLink(frame, server)}
      </nav>
      <h1 class="name">${brokenName(tool.name)}</h1>
      <p class="verdict">
        ${classLabel(tool.class)} ${riskLabel(tool.risk, " risk")}${unsureMark(tool)}${meta}
      </p>
      <div class="lead">${paragraphs(shown.does)}</div>
      <div class="split">
        <div>
          ${why(shown)} ${controlled(frame, shown)} ${argumentsTable(shown.arguments)}
          <section aria-labelledby="questions">
            <h2 id="questions">Questions</h2>
            ${shown.questions.map(question)}
          </section>
          ${attacksOn(frame, shown)} ${related(frame, shown)}
        </div>
        <aside aria-label="Facts">
          <h2>Facts</h2>
          ${facts(frame, shown)}
        </aside>
      </div>`,
  });
};

const facts = (frame: Frame, { server, tool }: ToolPage): Html => {
  const hints = Object.entries(tool.annotations).slice(0, HINTS_MAX);
  const said =
    hints.length === 0
      ? "none"
      : hints.map(
          ([hint, value]) => html`<div><code>${shortText(hint, 60)}</code> ${value ? "yes" : "no"}</div>`,
        );
  return html`<dl class="facts">
    <div>
      <dt>Server</dt>
      <dd>${serverLink(frame, server)}</dd>
    </div>
    <div>
      <dt>Class</dt>
      <dd>
        ${classLabel(tool.class)}
        <p>${CLASS_MEANS[tool.class]}</p>
      </dd>
    </div>
    <div>
      <dt>Risk</dt>
      <dd>
        ${riskLabel(tool.risk)}
        <p>${RISK_MEANS[tool.risk]}</p>
      </dd>
    </div>
    <div>
      <dt>Confidence</dt>
      <dd>${Math.floor(tool.confidence * 100)} %${unsureMark(tool)}</dd>
    </div>
    <div>
      <dt>Hints of the server</dt>
      <dd>${said}</dd>
    </div>
    <div>
      <dt>Definition</dt>
      <dd>
        ${tokensText(tool.tokens)}
        <p class="digest" title="SHA-256 of the definition">${shortText(tool.digest, 64)}</p>
      </dd>
    </div>
  </dl>`;
};

const HINTS_MAX = 12;

/** A table, and on a small screen a list: its cells below each other. */
const table = (label: string, head: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${label}">
    <table class="stack">
      <thead>
        <tr>
          ${head.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

const andMore = (all: number, most: number): Html | undefined =>
  all > most ? html`<p>and ${counted(all - most, "more", "more")}</p>` : undefined;

const why = ({ why: sentences, evidence }: ToolPage): Html =>
  html`<section aria-labelledby="why">
    <h2 id="why">Why it needs a policy</h2>
    ${paragraphs(sentences)}
    <h3 id="evidence">Evidence</h3>
    ${
      evidence.length === 0
        ? html`<p>None is kept.</p>`
        : table(
            "evidence",
            ["From", "Found", "It says"],
            evidence.slice(0, LIMITS.page_reasons_max).map(reason),
          )
    }
    ${andMore(evidence.length, LIMITS.page_reasons_max)}
  </section>`;

const reason = ({ from, found, says }: Evidence): Html =>
  html`<tr>
    <td class="from">${EVIDENCE_FROM[from]}</td>
    <td><code>${brokenName(found, 80)}</code></td>
    <td class="says">${shortText(says, 300)}</td>
  </tr> `;

const argumentsTable = (facts: readonly ArgumentFact[]): Html =>
  html`<section aria-labelledby="arguments">
    <h2 id="arguments">Arguments</h2>
    ${
      facts.length === 0
        ? html`<p>It takes none that are known.</p>`
        : table(
            "arguments",
            ["Argument", "Type", "Required", "Carries"],
            facts.slice(0, LIMITS.page_arguments_max).map(argument),
          )
    }
    ${andMore(facts.length, LIMITS.page_arguments_max)}
  </section>`;

const argument = ({ path, types, required, kinds }: ArgumentFact): Html => {
  const carries = kinds.map((kind) => KIND_NAMES[kind]).join(", ");
  return html`<tr>
    <th scope="row"><code>${brokenName(path)}</code></th>
    <td data-label="type">${types.length === 0 ? "any" : shortText(types.join(", "), 80)}</td>
    <td data-label="required">${required ? "yes" : "no"}</td>
    ${carries === "" ? html`<td></td>` : html`<td data-label="carries">${carries}</td>`}
  </tr> `;
};

const CONTROLS: Readonly<Record<Control["by"], (control: Control) => string>> = {
  hide: () => "The recommended policy hides it: agents are never shown it, and a call to it is refused.",
  rule: ({ open, asks }) => {
    if (!open) {
      return "The recommended policy shows it and refuses every call.";
    }
    return asks
      ? "The recommended policy holds its calls until a person agrees."
      : "The recommended policy admits it under this rule.";
  },
  default: ({ open }) =>
    open
      ? "The recommended policy admits it by its default."
      : "The recommended policy does not name it, so its default refuses it.",
};

const controlled = (frame: Frame, { control, server }: ToolPage): Html =>
  html`<section aria-labelledby="rule">
    <h2 id="rule">The rule that controls it</h2>
    <p>${CONTROLS[control.by](control)} It stands at <code>${brokenName(control.pointer)}</code>.</p>
    <p class="caption">
      <b>Excerpt</b> of the recommended policy, and no policy by itself. The whole one is on the page of
      ${serverLink(frame, server)}.
    </p>
    ${policySnippet("excerpt", control.excerpt, "The rule that controls it")}
  </section>`;

const question = ({ question: asked, answer, snippets }: Question): Html =>
  html`<details>
    <summary>${prose(asked)}</summary>
    <div class="answer">
      ${paragraphs(answer)} ${snippets.map((one) => captioned(one, shortText(plain(asked), 120)))}
    </div>
  </details> `;

const IS = { policy: "Whole policy.", excerpt: "Excerpt." } as const satisfies Record<Snippet["is"], string>;

const captioned = ({ is, document, caption }: Snippet, label: string): Html =>
  html`<p class="caption"><b>${IS[is]}</b>${caption.map((sentence) => html` ${prose(sentence)}`)}</p>
    ${policySnippet(is, document, `${label} ${IS[is]}`)}`;

const plain = (sentence: Prose): string =>
  sentence.map((part) => (typeof part === "string" ? part : part.code)).join("");

const attacksOn = (frame: Frame, { attacks }: ToolPage): Html | undefined =>
  attacks.length === 0
    ? undefined
    : html`<section aria-labelledby="attacks">
        <h2 id="attacks">Attacks that need such a tool</h2>
        <ul class="attacks">
          ${attacks
            .slice(0, LIMITS.page_attacks_max)
            .map(
              (attack) => html`<li>${attackLink(frame, attack)} ${stopLabel(attack.pattern.stops.by)}</li>`,
            )}
        </ul>
        ${andMore(attacks.length, LIMITS.page_attacks_max)}
        <p><a href="${frame.root}${ATTACKS_PLACE}">All known attacks</a></p>
      </section>`;

const RELATED = [
  { list: "inverse", title: "Undoes it, or is undone by it" },
  { list: "sameObject", title: "Acts on the same" },
  { list: "sameVerb", title: "Does the same to something else" },
  { list: "elsewhere", title: "Like it, on other servers" },
] as const;

const related = (frame: Frame, { related: lists, server }: ToolPage): Html | undefined => {
  const rows = RELATED.filter(({ list }) => lists[list].length > 0);
  if (rows.length === 0) {
    return undefined;
  }
  const item = (ref: ToolRef): Part => {
    const where =
      ref.server === server ? undefined : html` <span class="of">${shownName(ref.server.name)}</span>`;
    return html`<li>${shape(ref.tool.class)}${toolLink(frame, ref)}${where}</li>`;
  };
  return html`<section aria-labelledby="related">
    <h2 id="related">Related tools</h2>
    ${rows.map(
      ({ list, title }) =>
        html`<h3>${title}</h3>
          <ul class="names">
            ${lists[list].map(item)}
          </ul>`,
    )}
  </section>`;
};
