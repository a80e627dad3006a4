import { ABOUT_PLACE, ATTACKS_PLACE, INDEX_PLACE, type Places } from "./file-names.ts";
import { html, type Html } from "./html.ts";
import { PAGE_SIGNATURE } from "./signature.ts";
import { shortText } from "../visible-text.ts";

/** What every part of a page needs to know of the site and of where the page is. */
export interface Frame {
  readonly places: Places;
  /** How a page leads to the root of the site: empty, `../` or `../../`. */
  readonly root: string;
}

export const frameAt = (places: Places, path: string): Frame => ({
  places,
  root: "../".repeat(path.split("/").length - 1),
});

/**
 * Nothing is loaded from elsewhere, and nothing that stands in a page runs. `file:` is for pages opened from a disk,
 * where not every browser takes it for `'self'`; elsewhere no browser loads it.
 */
const SECURITY = [
  "default-src 'none'",
  "script-src 'self' file:",
  "style-src 'self' file:",
  "img-src 'self' file:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const TITLE_MAX = 80;

export const page = (
  { root }: Frame,
  {
    title,
    description,
    main,
    here,
  }: {
    readonly title: string;
    readonly description: string;
    readonly main: Html;
    readonly here?: "index" | "attacks" | "about";
  },
): string =>
  PAGE_SIGNATURE +
  html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${SECURITY}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="referrer" content="no-referrer" />
      <title>${shortText(title, TITLE_MAX)}</title>
      <meta name="description" content="${shortText(description, TITLE_MAX * 2)}" />
      <link rel="icon" href="${root}assets/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="${root}assets/site.css" />
      <script src="${root}assets/site.js"></script>
    </head>
    <body data-root="${root}">
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top">
        <div class="wrap">
          <a class="brand" href="${root}${INDEX_PLACE}">${MARK}<b>Tollgate</b> <span>catalogue</span></a>
          <nav aria-label="Site">
            <a href="${root}${INDEX_PLACE}" ${here === "index" ? CURRENT : ""}>Servers</a>
            <a href="${root}${ATTACKS_PLACE}" ${here === "attacks" ? CURRENT : ""}>Attacks</a>
            <a href="${root}${ABOUT_PLACE}" ${here === "about" ? CURRENT : ""}>About</a>
            <button type="button" class="theme" hidden>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <circle cx="8" cy="8" r="6" />
                <path d="M8 2a6 6 0 0 1 0 12z" /></svg
              ><span></span>
            </button>
          </nav>
        </div>
      </header>
      <main id="main" class="wrap" tabindex="-1">${main}</main>
      <footer class="wrap">
        <p>
          Made by <code>tollgate catalogue export</code> from ${FROM[here ?? "index"]}.
          <a href="${root}${ABOUT_PLACE}">How it judges</a>
        </p>
      </footer>
    </body>
  </html> `.text;

const TOOLS = "what the tools’ definitions say";
const FROM = { index: TOOLS, about: TOOLS, attacks: "the attack database" } as const;

const CURRENT = html` aria-current="page"`;

const MARK = html`<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
  <path d="M3 17V4M17 17V4M3 8h14M8 8v9M12 8v9" />
</svg>`;

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="4" fill="#20302c"/><path d="M5 16V5M15 16V5M5 8h10M8.5 8v8M11.5 8v8" fill="none" stroke="#f4efe4" stroke-width="1.5" stroke-linecap="round"/></svg>
`;
