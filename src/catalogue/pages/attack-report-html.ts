import { createHash } from "node:crypto";
import type { AttackResult, Outcome } from "../attacks/result.ts";
import { provenAttack, refusalList } from "./attack-proven-html.ts";
import { html, styleElement, type Html, type Part } from "./html.ts";
import { byOutcome, headline, type AttackReport } from "./model/attack-report.ts";
import { CATEGORY_NAMES, OUTCOME_MEANS, OUTCOME_NAMES } from "./model/attack-wording.ts";
import { counted, grouped } from "./model/prose.ts";
import { PAGE_SIGNATURE } from "./signature.ts";
import { STYLE } from "./style.ts";
import { shortText } from "../visible-text.ts";

/** What came of attacks, as one page that stands alone: no other file, no script, nothing loaded. */

/** The style of this file, and nothing else. */
const SECURITY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const TITLE_MAX = 80;
const ABOUT_MAX = 300;
const WHY_MAX = 1_000;

export const attackReportHtml = (report: AttackReport): string => {
  const about = shortText(report.about, ABOUT_MAX);
  const groups = byOutcome(report.results);
  return (
    PAGE_SIGNATURE +
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${SECURITY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${shortText(`${headline(report)}: ${report.about}`, TITLE_MAX)}</title>
        ${styleElement(STYLE)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <main id="main" class="wrap report" tabindex="-1">
          <p class="crumbs"><b>Tollgate</b> attack report</p>
          <h1>${headline(report)}</h1>
          <p class="lead">
            Played against <code>${about}</code> on <time datetime="${iso(report)}">${when(report)}</time>, on
            this machine alone: a hostile server and a scripted agent, with the gate between them. What got
            through is what the server or the agent had in hand; the gate’s own word was not asked.
          </p>
          ${ofThem(groups)} ${interrupted(report)} ${summary(groups)}
          ${groups.map((group) => section(report, group))}
          <section aria-labelledby="again">
            <h2 id="again">Play them again</h2>
            <p>After a change of the policy or the configuration:</p>
            <div class="snippet copied">
              <pre><code>${report.again} ${report.all}</code></pre>
            </div>
          </section>
        </main>
        <footer class="wrap">
          <p>
            Made by <code>tollgate attack run</code>. Secrets of the run are masked. The same for programs:
            <code>report.json</code>.
          </p>
        </footer>
      </body>
    </html> `.text
  );
};

const iso = ({ at }: AttackReport): string => new Date(at).toISOString();

/** `2026-07-28 09:30 UTC`. */
const when = (report: AttackReport): string => `${iso(report).slice(0, 16).replace("T", " ")} UTC`;

const interrupted = ({ asked, results }: AttackReport): Html | undefined =>
  asked > results.length
    ? html`<p class="warning">
        It was interrupted: ${counted(asked - results.length, "attack was", "attacks were")} not played and
        ${asked - results.length === 1 ? "is" : "are"} not in this report.
      </p>`
    : undefined;

/** Of those that got through: which can be stopped. */
const ofThem = (groups: readonly Group[]): Html | undefined => {
  const count = (of: Outcome): number => groups.find(({ outcome }) => outcome === of)?.results.length ?? 0;
  const [through, open] = [count("through"), count("not_stopped")];
  if (through + open === 0) {
    return undefined;
  }
  return html`<p>
    ${
      through === 0
        ? "None of those that got through can be stopped yet."
        : html`${counted(through, "of them", "of them")} can be stopped: what to add, and where, stands below
          each.`
    }
    ${through > 0 && open > 0 ? html`${counted(open, "of them cannot yet.", "of them cannot yet.")}` : undefined}
  </p>`;
};

interface Group {
  readonly outcome: Outcome;
  readonly results: readonly AttackResult[];
}

/** A bar, and the same in numbers that lead to each part. */
const summary = (groups: readonly Group[]): Html => {
  const there = groups.filter(({ results }) => results.length > 0);
  const all = there.reduce((sum, { results }) => sum + results.length, 0);
  let x = 0;
  const parts = there.map(({ outcome, results }) => {
    const width = (results.length / all) * 100;
    const part = html`<rect
      class="${outcome}"
      x="${x.toFixed(2)}"
      y="0"
      width="${width.toFixed(2)}"
      height="10"
    />`;
    x += width;
    return part;
  });
  return html`<nav class="spread" aria-label="What came out">
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
    <ul class="legend">
      ${groups.map(({ outcome, results }) => legendItem(outcome, results.length))}
    </ul>
  </nav>`;
};

const legendItem = (outcome: Outcome, count: number): Html =>
  count === 0
    ? html`<li class="none">${dot(outcome)}<b>0</b> ${small(outcome)}</li> `
    : html`<li>
        <a href="#${outcome}">${dot(outcome)}<b>${grouped(count)}</b> ${small(outcome)}</a>
      </li> `;

const small = (outcome: Outcome): string => OUTCOME_NAMES[outcome].toLowerCase();

/** A shape for each: colour alone says nothing to many. */
const DOTS = {
  through: html`<path d="M1 6h9M6.5 2L10.5 6l-4 4" />`,
  failed: html`<path d="M4 4a2 2 0 1 1 2 2.5v1M6 10v.2" />`,
  unclear: html`<path d="M1.5 7.5c1.5-3 3-3 4.5-1.5s3 1.5 4.5-1.5" />`,
  not_stopped: html`<path d="M6 1.5v5.5M6 10v.2" />`,
  held: html`<path d="M2 11V2M10 11V2M2 4.5h8M6 4.5V11" />`,
  not_applicable: html`<path d="M2.5 6h7" />`,
} as const satisfies Record<Outcome, Html>;

const dot = (outcome: Outcome): Html =>
  html`<svg class="dot ${outcome}" viewBox="0 0 12 12" aria-hidden="true">${DOTS[outcome]}</svg>`;

const section = (report: AttackReport, { outcome, results }: Group): Html | undefined =>
  results.length === 0
    ? undefined
    : html`<section aria-labelledby="${outcome}">
        <h2 id="${outcome}">
          ${dot(outcome)}${OUTCOME_NAMES[outcome]} <span class="count">${grouped(results.length)}</span>
        </h2>
        <p class="means">${OUTCOME_MEANS[outcome]}</p>
        ${SHOWN[outcome](report, results)}
      </section>`;

type Show = (report: AttackReport, results: readonly AttackResult[]) => Part;

const proven: Show = (report, results) =>
  html`${
    results.length < LISTED_FROM
      ? undefined
      : html`<ul class="names">
          ${results.map(
            ({ name, pattern }) =>
              html`<li><a href="#attack-${name}">${shortText(pattern.title, 100)}</a></li> `,
          )}
        </ul>`
  }${results.map((result) => provenAttack(report, result))}`;

/** So many are listed first. */
const LISTED_FROM = 4;

const list =
  (below: (result: AttackResult) => Part): Show =>
  (_, results) =>
    html`<ul class="attacks">
      ${results.map(
        (result) =>
          html`<li>
            <div>
              <h3>${shortText(result.pattern.title, 100)}</h3>
              ${below(result)}
            </div>
            <span class="means">${CATEGORY_NAMES[result.pattern.category]}</span>
          </li> `,
      )}
    </ul>`;

const why = ({ why: said }: AttackResult): Html => html`<p>${shortText(said, WHY_MAX)}</p>`;

const unclear = (result: AttackResult): Html =>
  html`${why(result)}${
    result.pattern.stops.by === "nothing"
      ? undefined
      : html`<p>What stops it: ${shortText(result.pattern.stops.says, WHY_MAX)}</p>`
  }`;

const refusals = (result: AttackResult): Html => refusalList(result) ?? why(result);

const SHOWN = {
  through: proven,
  failed: list(why),
  unclear: list(unclear),
  not_stopped: proven,
  held: list(refusals),
  not_applicable: list(why),
} as const satisfies Record<Outcome, Show>;
