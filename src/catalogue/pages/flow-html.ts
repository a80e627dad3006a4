import type { Pattern } from "../attacks/pattern.ts";
import { html, type Html } from "./html.ts";
import { shortText } from "../visible-text.ts";

/** The flow of an attack: an ordered list, and beside each step the same as a picture of who speaks to whom. */

type Step = Pattern["flow"][number];
type Actor = Step["from"];

/** From left to right. */
const ORDER: readonly Actor[] = [
  "person",
  "agent",
  "other agent",
  "gate",
  "server",
  "other server",
  "outside",
];

const SAYS_MAX = 200;

export const flowHtml = (flow: Pattern["flow"], label: string): Html => {
  const actors = ORDER.filter((actor) => flow.some(({ from, to }) => from === actor || to === actor));
  return html`<div class="flow of-${actors.length}">
    ${heads(actors)}
    <ol aria-label="${label}">
      ${flow.map((step, at) => stepItem(actors, step, at + 1))}
    </ol>
  </div>`;
};

/** The middle of an actor's lane, in percent. */
const middle = (actors: readonly Actor[], actor: Actor): string =>
  String(Math.round(((actors.indexOf(actor) + 0.5) / actors.length) * 10_000) / 100);

const heads = (actors: readonly Actor[]): Html =>
  html`<svg class="heads" aria-hidden="true">
    ${actors.map((actor) => {
      const words = actor.split(" ");
      const y = 34 - (words.length - 1) * 14;
      return html`<svg
        class="actor ${actor === "gate" ? "gate" : "plain"}"
        x="${middle(actors, actor)}%"
        overflow="visible"
      >
        <text text-anchor="middle">
          ${words.map((word, at) => html`<tspan x="0" y="${y + at * 14}">${word}</tspan>`)}
        </text>
        <path d="M-5 42H5" />
      </svg>`;
    })}
  </svg>`;

const stepItem = (actors: readonly Actor[], step: Step, number: number): Html => {
  const { from: speaker, to: hearer, says } = step;
  const who =
    speaker === hearer
      ? html`${speaker}`
      : html`${speaker} <span aria-hidden="true">→</span><span class="visually-hidden">to</span> ${hearer}`;
  return html`<li>
    <svg aria-hidden="true">
      ${actors.map((actor) => lifeline(middle(actors, actor), actor))} ${arrow(actors, step)}
      <svg class="number" x="${middle(actors, speaker)}%" y="22" overflow="visible">
        <circle r="10" />
        <text text-anchor="middle" y="4">${number}</text>
      </svg>
    </svg>
    <p><b>${who}</b> <span>${shortText(says, SAYS_MAX)}</span></p>
  </li> `;
};

const lifeline = (x: string, actor: Actor): Html =>
  html`<line class="life ${actor === "gate" ? "gate" : "plain"}" x1="${x}%" x2="${x}%" y1="0" y2="100%" />`;

const ARROW_RIGHT = html`<path class="head" d="M-1 0l-9-5v10z" />`;
const ARROW_LEFT = html`<path class="head" d="M1 0l9-5v10z" />`;
const LOOP = html`<path class="loop" d="M10-4H30V12H11" /> <path class="head" d="M3 12l9-5v10z" />`;

const arrow = (actors: readonly Actor[], { from, to }: Step): Html => {
  const [x1, x2] = [middle(actors, from), middle(actors, to)];
  if (from === to) {
    return html`<svg x="${x1}%" y="22" overflow="visible">${LOOP}</svg>`;
  }
  return html`<line class="arrow" x1="${x1}%" x2="${x2}%" y1="22" y2="22" />
    <svg x="${x2}%" y="22" overflow="visible">
      ${actors.indexOf(from) < actors.indexOf(to) ? ARROW_RIGHT : ARROW_LEFT}
    </svg>`;
};
