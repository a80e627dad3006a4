import { RISKS, TOOL_CLASSES, UNSURE_BELOW } from "../verdict.ts";
import { ATTACKS_PLACE, INDEX_PLACE } from "./file-names.ts";
import { page, type Frame } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { CLASS_MEANS, CLASS_WHY, META_REACHES, META_RUNS, RISK_MEANS } from "./model/wording.ts";
import { classLabel, riskLabel } from "./parts.ts";

const classes = (frame: Frame): Html =>
  html`<section aria-labelledby="class">
    <h2 id="class">Classes</h2>
    <p>A tool has one class: the most dangerous thing that it is for.</p>
    <dl class="terms">
      ${TOOL_CLASSES.map(
        (is) =>
          html`<div>
            <dt>${classLabel(is)}</dt>
            <dd>
              ${CLASS_MEANS[is]} <span class="aside">${CLASS_WHY[is]}</span>
              <a href="${frame.root}${INDEX_PLACE}#class=${is}">Tools of this class</a>
            </dd>
          </div>`,
      )}
    </dl>
  </section>`;

const risks = (frame: Frame): Html =>
  html`<section aria-labelledby="risk">
    <h2 id="risk">Risks</h2>
    <p>
      The risk does not follow from the class. It is how bad a wrong call is: how much harm it does, whether
      that can be taken back, and how far it reaches.
    </p>
    <dl class="terms">
      ${RISKS.map(
        (risk) =>
          html`<div>
            <dt>${riskLabel(risk)}</dt>
            <dd>
              ${RISK_MEANS[risk]}
              <a href="${frame.root}${INDEX_PLACE}#risk=${risk}">Tools of this risk</a>
            </dd>
          </div>`,
      )}
    </dl>
  </section>`;

const VERDICTS = html`<section aria-labelledby="verdict">
    <h2 id="verdict">How a verdict is made</h2>
    <p>
      The words of the name, the title and the description are looked up in a list of actions. The arguments
      are looked at for what they carry: money, paths, addresses, program text, names of other tools. What was
      found is listed on the tool’s page as evidence, and
      <code>tollgate catalogue classify</code> says the same for any list of tools.
    </p>
    <p>
      Hints that a server gives about itself, such as <code>readOnlyHint</code>, may raise a risk and never
      lower it: they are claims of whoever wrote the server, and often wrong.
    </p>
    <p>
      The catalogue keeps facts and its own sentences. Descriptions that servers give of their tools are read
      and not kept.
    </p>
  </section>
  <section aria-labelledby="unsure">
    <h2 id="unsure">Unsure verdicts</h2>
    <p>
      Where the definition says too little, the more dangerous class is taken, and the verdict is marked
      <span class="unsure">unsure</span>. A confidence below ${UNSURE_BELOW * 100} % means that. People can
      put their own verdict in its place.
    </p>
  </section>`;

const RUNS = ["tools", "code", "commands", "sql"] as const;

const META = html`<section aria-labelledby="meta">
  <h2 id="meta">Meta-tools</h2>
  <p>
    A meta-tool can do what other tools do, because it is told what to do. A policy that blocks a tool and
    leaves a meta-tool beside it open has blocked nothing.
  </p>
  <dl class="terms">
    ${RUNS.map(
      (runs) =>
        html`<div>
          <dt>Told by ${META_RUNS[runs]}</dt>
          <dd>${META_REACHES[runs]}</dd>
        </div>`,
    )}
  </dl>
</section>`;

/** How verdicts are made, as HTML. */
export const aboutHtml = (frame: Frame): string =>
  page(frame, {
    title: "How the catalogue judges",
    description: "How verdicts are made, and what classes and risks mean.",
    here: "about",
    main: html`<article class="text">
      <h1>How it judges</h1>
      <p class="lead">
        Every verdict is made from the tool’s definition alone, by rules that are open, offline and the same
        every time. No model is asked.
      </p>
      <nav aria-label="On this page">
        <ul class="contents">
          <li><a href="#class">Classes</a></li>
          <li><a href="#risk">Risks</a></li>
          <li><a href="#verdict">How a verdict is made</a></li>
          <li><a href="#unsure">Unsure verdicts</a></li>
          <li><a href="#meta">Meta-tools</a></li>
          <li><a href="#attacks">Attacks</a></li>
          <li><a href="#limits">What it cannot know</a></li>
        </ul>
      </nav>
      ${classes(frame)} ${risks(frame)} ${VERDICTS} ${META}
      <section aria-labelledby="attacks">
        <h2 id="attacks">Attacks</h2>
        <p>
          The page of a tool lists the known attacks that need such a tool, by its class, its powers and what
          its arguments carry. That says what could be tried with it, not that its server is hostile.
        </p>
        <p><a href="${frame.root}${ATTACKS_PLACE}">All known attacks, and what stops them</a></p>
      </section>
      <section aria-labelledby="limits">
        <h2 id="limits">What it cannot know</h2>
        <p>
          A definition is what a server says, not what it does. One that means harm can say anything. A
          verdict helps to write the policy; it is the policy that holds, whatever a tool turns out to do.
        </p>
        <p><a href="${frame.root}${INDEX_PLACE}">All tools and servers</a></p>
      </section>
    </article>`,
  });
