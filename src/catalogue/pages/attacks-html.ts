import { CATEGORIES, type Category } from "../attacks/pattern.ts";
import type { NamedPattern } from "../attacks/result.ts";
import { sentence, command, stopLabel } from "./attack-parts.ts";
import { page, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { CATEGORY_MEANS, CATEGORY_NAMES } from "./model/attack-wording.ts";
import { counted, grouped } from "./model/prose.ts";
import { attackLink } from "./parts.ts";

/** The overview of the attack database as HTML. */
export const attacksHtml = (frame: Frame, attacks: readonly NamedPattern[]): string => {
  const groups = CATEGORIES.map((category) => ({
    category,
    own: attacks.filter(({ pattern }) => pattern.category === category),
  }));
  const open = attacks.filter(({ pattern }) => pattern.stops.by === "nothing").length;
  return page(frame, {
    title: "Known attacks on agents and their tools",
    description: `${counted(attacks.length, "known attack")}: what happens, where it is known from, and what stops it.`,
    here: "attacks",
    main: html`<h1>Known attacks, and what stops them</h1>
      <p class="lead">
        ${counted(attacks.length, "attack")} on agents and their tools, each with a public source and a
        scenario that plays
        it.${open === 0 ? undefined : html` ${counted(open, "is", "are")} not stopped yet, and marked so.`}
        Which of them get through your own policy?
      </p>
      ${command("tollgate attack run --policy FILE --all", "How to run them")}
      <nav aria-label="Categories">
        <ul class="contents">
          ${groups.map(
            ({ category, own }) =>
              html`<li>
                <a href="#${category}">${CATEGORY_NAMES[category]}</a>
                <span class="count">${grouped(own.length)}</span>
              </li>`,
          )}
        </ul>
      </nav>
      ${groups.map(({ category, own }) => group(frame, category, own))}`,
  });
};

const group = (frame: Frame, category: Category, own: readonly NamedPattern[]): Html =>
  html`<section aria-labelledby="${category}">
    <h2 id="${category}">${CATEGORY_NAMES[category]} <span class="count">${grouped(own.length)}</span></h2>
    <p class="means">${CATEGORY_MEANS[category]}</p>
    ${
      own.length === 0
        ? html`<p>There are none yet.</p>`
        : html`<ul class="attacks">
            ${own.map((attack) => row(frame, attack))}
          </ul>`
    }
  </section>`;

const row = (frame: Frame, attack: NamedPattern): Html =>
  html`<li>
    <div>
      <h3>${attackLink(frame, attack)}</h3>
      <p>${sentence(attack.pattern.summary)}</p>
    </div>
    ${stopLabel(attack.pattern.stops.by)}
  </li> `;
