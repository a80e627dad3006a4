import { JsonError, readJson } from "../../base/json-read.ts";
import { isJsonArray, isJsonObject, type Json } from "../../base/json-value.ts";
import { LIMITS } from "../../base/limits.ts";
import { premiseSaid, shownBy } from "../attacks/premise-words.ts";
import { tellsOf } from "../attacks/proposal-words.ts";
import type { AttackResult, Proof, Refused } from "../attacks/result.ts";
import { isEmpty, sentence, settingsOf, sourceLink } from "./attack-parts.ts";
import { html, lines, type Html, type Part } from "./html.ts";
import type { AttackReport } from "./model/attack-report.ts";
import { CATEGORY_NAMES } from "./model/attack-wording.ts";
import { jsonText } from "./model/json-text.ts";
import { counted } from "./model/prose.ts";
import { shortText, visibleLines } from "../visible-text.ts";

/** An attack that got through: what it is, what shows it, and what to add where. */

const SENTENCE_MAX = 1_000;

export const provenAttack = (report: AttackReport, result: AttackResult): Html => {
  const { name, pattern, outcome } = result;
  return html`<article class="proven ${outcome}" aria-labelledby="attack-${name}">
    <h3 id="attack-${name}">
      ${shortText(pattern.title, 100)} <span class="of">${CATEGORY_NAMES[pattern.category]}</span>
    </h3>
    <p>
      ${sentence(pattern.summary)} ${replaced(result)}
      ${premiseSaid(result).map((said) => html`${sentence(said)} `)}
    </p>
    <h4>What got through</h4>
    ${proofs(result)}
    <h4>Why</h4>
    ${whyThrough(report, result)}
    <h4>${outcome === "through" ? "What stops it" : "Why nothing stops it yet"}</h4>
    <p>${sentence(pattern.stops.says)}</p>
    ${outcome === "through" ? adding(report, result) : undefined}
    <p class="means">
      A real case: ${shortText(pattern.case.title, 200)}, ${pattern.case.date},
      ${sourceLink(pattern.case.source)}
    </p>
  </article>`;
};

/** Whose tools the attack was played with. */
const replaced = ({ tools }: AttackResult): Part => {
  const own = Object.entries(tools);
  return own.length === 0
    ? "It was played with tools of its own."
    : html`It was played with your
      ${own.map(
        ([name, tool], at) =>
          html`${at === 0 ? "" : ", "}<code>${shortText(tool, 200)}</code>${
            name === tool ? undefined : html` in the place of <code>${shortText(name, 200)}</code>`
          }`,
      )}.`;
};

const whyThrough = ({ policyIn, withSettings }: AttackReport, result: AttackResult): Html => {
  const refused = refusalList(result);
  const because = result.because === undefined ? undefined : sentence(result.because);
  const settings = withSettings ? ", and no setting," : "";
  const own = shownBy(result);
  const against =
    own === undefined
      ? html`: no rule of ${shortText(policyIn, 300)}${settings} is against them.`
      : html`: no rule of ${shortText(policyIn, 300)}${settings} is against what came before
          <code>${shortText(own, 200)}</code>, which is the scenario’s own.`;
  return refused === undefined
    ? html`<p>The gate refused none of its messages${because === undefined ? against : "."} ${because}</p>`
    : html`<p>${because} Some of it was refused, and that was not enough:</p>
        ${refused}`;
};

/** What the gate said no to, with its code and its rule. */
export const refusalList = ({ refused }: AttackResult): Html | undefined => {
  const left = refused.length - LIMITS.report_refusals_max;
  return refused.length === 0
    ? undefined
    : html`<ul class="refusals">
        ${refused.slice(0, LIMITS.report_refusals_max).map(refusal)}
        ${left > 0 ? html`<li>and ${counted(left, "more", "more")}</li>` : undefined}
      </ul>`;
};

const refusal = ({ asked, code, rule, message }: Refused): Html => {
  const where =
    rule === undefined || rule === "" ? undefined : html` by <code>${shortText(rule, 200)}</code>`;
  return html`<li>
    ${shortText(asked, 200)}: <code>${shortText(code, 80)}</code>${where}${
      message === "" ? undefined : html` <q>${shortText(message, 300)}</q>`
    }
  </li> `;
};

const proofs = ({ proofs: all, why }: AttackResult): Html => {
  const left = all.length - LIMITS.report_proofs_max;
  return all.length === 0
    ? html`<p>${shortText(why, SENTENCE_MAX)}</p>`
    : html`${all.slice(0, LIMITS.report_proofs_max).map(proof)}
      ${left > 0 ? html`<p class="means">and ${counted(left, "message", "messages")} more</p>` : undefined}`;
};

const proof = ({ says, message }: Proof): Html => {
  const isCut = message.length >= LIMITS.attack_shown_characters_max;
  return html`<p class="caption">
      ${shortText(says, SENTENCE_MAX)}${
        isCut
          ? html` <span class="aside"
              >The first ${LIMITS.attack_shown_characters_max} characters of it:</span
            >`
          : undefined
      }
    </p>
    <div class="snippet message" tabindex="0" role="region" aria-label="The message that got through">
      <pre><code>${lines(visibleLines(readable(message)))}</code></pre>
    </div>`;
};

const ONE_LINE = 100;

/** JSON with its lines broken; anything else as it is. */
const readable = (message: string): string => {
  if (message.length <= ONE_LINE) {
    return message;
  }
  try {
    const value = readJson(message);
    return isJsonObject(value) || isJsonArray(value) ? jsonText(value) : message;
  } catch (error) {
    if (error instanceof JsonError) {
      return message;
    }
    throw error;
  }
};

/** The rule and the setting, and where each belongs. */
const adding = (report: AttackReport, result: AttackResult): Html => {
  const { pattern } = result;
  const settings = settingsOf(pattern.stops);
  return html`${ruling(report, result)}${
    settings === undefined || isEmpty(settings)
      ? undefined
      : html`<p class="caption">
            <b>Add to the configuration</b>, <code>tollgate.json</code>${
              pattern.stops.server === undefined
                ? undefined
                : html`, with your server’s name for <code>NAME</code>`
            }.
          </p>
          ${copied(settings, "The setting that stops it")}`
  }
  ${result.unproposed === undefined ? again(report, result) : undefined}`;
};

/** What to put into the policy, which was seen to hold it; or why there is nothing. */
const ruling = ({ policyIn }: AttackReport, { proposal, unproposed, tools }: AttackResult): Html => {
  const told = proposal === undefined ? undefined : tellsOf(proposal);
  const isOwn = Object.keys(tools).length > 0;
  return html`${unproposed === undefined ? undefined : html`<p>${sentence(unproposed)}</p>`}${
    told === undefined
      ? undefined
      : html`<p class="caption">
            <b>Put into ${shortText(policyIn, 300)}</b>${shortText(told.place, SENTENCE_MAX)}.${
              isOwn ? "" : " The tools are those of the scenario: put your own in their place."
            }
            It was played again with this, and held.
          </p>
          ${copied(told.adds, "The rule that stops it")}
          <p class="means">${told.notes.map((note) => html`${sentence(note)} `)}</p>`
  }`;
};

/** A policy alone is tried without settings. With other tools that are as open it is not yet held. */
const again = (
  { withSettings, again: before }: AttackReport,
  { name, pattern, proposal }: AttackResult,
): Html =>
  pattern.stops.by === "setting" && !withSettings
    ? html`<p class="caption">
          Then see that it is held. Settings are tried with a grant of the configuration:
        </p>
        ${commandBlock(`tollgate attack run --grant NAME ${name}`)}`
    : html`<p class="caption">
          ${proposal?.others === undefined ? "Then see that it is held:" : "Then play it again:"}
        </p>
        ${commandBlock(`${before} ${name}`)}`;

const commandBlock = (text: string): Html =>
  html`<div class="snippet copied">
    <pre><code>${lines(text)}</code></pre>
  </div>`;

/** Without a script: one click marks all of it. */
const copied = (value: Json, label: string): Html =>
  html`<div class="snippet copied" tabindex="0" role="region" aria-label="${label}">
    <pre><code>${lines(visibleLines(jsonText(value)))}</code></pre>
  </div>`;
