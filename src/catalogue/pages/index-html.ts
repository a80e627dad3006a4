import { ATTACKS_PLACE } from "./file-names.ts";
import { page, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";
import type { IndexPage, ServerRow } from "./model/index-page.ts";
import { isScanned, originText } from "./model/origin.ts";
import { counted, grouped } from "./model/prose.ts";
import type { ClassCount, RiskCount } from "./model/tool-ref.ts";
import { shortText } from "../visible-text.ts";
import { classBar, classNumbers, riskLabel, serverLink, shape, tokensText } from "./parts.ts";

/** The first page as HTML: the search, and the servers. */
export const indexHtml = (frame: Frame, shown: IndexPage, attacks: number): string => {
  const { servers, tools, counts, risks, meta, unsure, scanned } = shown;
  return page(frame, {
    title: "Tollgate catalogue",
    description: `${counted(tools, "tool")} of ${counted(servers.length, "server")}: what each does, how risky it is, and which rule fits.`,
    here: "index",
    main: html`<h1>What every tool does, and which rule fits</h1>
      <p class="lead">
        ${counted(tools, "tool")} of ${counted(servers.length, "server")}, each judged by its definition: what
        it does, how bad a wrong call is, and a policy to start
        from.${meta === 0 ? undefined : html` ${counted(meta, "is a meta-tool", "are meta-tools")}.`}${
          unsure === 0 ? undefined : html` ${counted(unsure, "verdict is", "verdicts are")} unsure.`
        }${scanned === 0 ? undefined : html` ${counted(scanned, "server was", "servers were")} scanned here.`}
      </p>
      <p>
        <a href="${frame.root}${ATTACKS_PLACE}">${counted(attacks, "known attack")}</a>, what each needs, and
        what stops it.
      </p>
      ${searching(counts, risks)}
      <noscript><p>Searching takes scripts. Every tool is on the page of its server.</p></noscript>
      <section aria-labelledby="servers" id="all">
        <div class="head">
          <h2 id="servers">Servers</h2>
          <label class="sort" hidden
            >Sort
            <select>
              <option value="name">by name</option>
              <option value="danger">most dangerous first</option>
            </select></label
          >
        </div>
        ${classBar(counts)} ${servers.length === 0 ? html`<p>There are none yet.</p>` : undefined}
        <ul class="servers">
          ${servers.map((row) => serverRow(frame, row))}
        </ul>
      </section>`,
  });
};

const searching = (counts: readonly ClassCount[], risks: readonly RiskCount[]): Html =>
  html`<search class="search" hidden>
    <div class="field">
      <label for="query" class="visually-hidden">Search tools and servers</label>
      <input
        id="query"
        type="search"
        placeholder="Search tools and servers"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-controls="found"
        aria-describedby="keys"
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
    <p id="keys" class="visually-hidden">
      Press the slash key to come here, the arrow keys to go through what is found, Escape to clear.
    </p>
    <fieldset>
      <legend>Class</legend>
      ${counts.map(
        ({ class: is, count }) =>
          html`<label class="pick ${is}"
            ><input type="checkbox" name="class" value="${is}" />${shape(is)}${is}
            <span class="count">${grouped(count)}</span></label
          >`,
      )}
    </fieldset>
    <fieldset>
      <legend>Risk</legend>
      ${risks.map(
        ({ risk, count }) =>
          html`<label class="pick"
            ><input type="checkbox" name="risk" value="${risk}" />${riskLabel(risk)}
            <span class="count">${grouped(count)}</span></label
          >`,
      )}
    </fieldset>
    <p class="status" role="status"></p>
    <ol id="found" hidden></ol>
  </search>`;

/** Risks that are said of a server in the list. */
const WORST: readonly RiskCount["risk"][] = ["critical", "high"];

const serverRow = (frame: Frame, { server, counts, risks, tokens }: ServerRow): Html => {
  const worst = WORST.map((risk) => risks.find((one) => one.risk === risk) ?? { risk, count: 0 });
  return html`<li data-worst="${worst.map(({ count }) => String(count)).join(" ")}">
    <div class="who">
      <h3>${serverLink(frame, server)}</h3>
      <p>${scannedMark(server)}${shortText(originText(server), 120)}</p>
    </div>
    <div class="how">${classBar(counts)}${classNumbers(counts)}${worstNumbers(worst)}</div>
    <div class="size">
      <b>${grouped(server.tools.length)}</b>
      ${server.tools.length === 1 ? "tool" : "tools"}<br />${tokensText(tokens)}
    </div>
  </li> `;
};

const scannedMark = (server: ServerRow["server"]): Html | undefined =>
  isScanned(server) ? html`<span class="here">scanned here</span> ` : undefined;

const worstNumbers = (worst: readonly RiskCount[]): Html | undefined => {
  const there = worst.filter(({ count }) => count > 0);
  return there.length === 0
    ? undefined
    : html`<span class="numbers worst"
        >${there.map(({ risk, count }) => riskLabel(risk, "", `${grouped(count)} `))}</span
      >`;
};
