import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { attackReportHtml } from "../../src/catalogue/pages/attack-report-html.ts";
import { HOSTILE_NAMES } from "../../src/catalogue/pages/testing/entries.ts";
import { hostilePattern, PATTERNS, resultOf } from "../../src/catalogue/pages/testing/patterns.ts";
import { OUTCOMES } from "../../src/catalogue/attacks/result.ts";
import { openBrowser } from "../support/browser.ts";
import { temporaryDirectory } from "../support/gateway.ts";

// The report of an attack in a real browser: alone, without scripts, whatever the messages that got through say.

const HURTS = HOSTILE_NAMES.flatMap((hurts, at) =>
  OUTCOMES.map((outcome) =>
    resultOf(hostilePattern(`hostile-${String(at)}`, hurts), outcome, {
      why: hurts,
      proofs: [
        { says: hurts, message: hurts },
        { says: hurts, message: JSON.stringify({ long: "x".repeat(100), hurts }) },
      ],
      refused: [{ asked: hurts, code: hurts, rule: hurts, message: hurts }],
      tools: { [hurts]: hurts, other: "get" },
      premise: [hurts],
      proposal: {
        adds: { [hurts]: hurts, hide: [hurts] },
        replaces: [hurts],
        closes: [hurts],
        others: [hurts],
        refuses: [{ tool: hurts, given: { [hurts]: hurts }, code: hurts }],
        asks: [hurts],
      },
      unproposed: hurts,
      because: hurts,
    }),
  ),
);
const RULE = {
  tools: {
    read_file: { require: [{ conditions: [{ path: "args.path", op: "within", value: ["/srv"] }] }] },
  },
};
const FOLDER = temporaryDirectory();
const FILES = {
  "hostile.html": { about: HOSTILE_NAMES[0] ?? "", results: HURTS },
  "plain.html": {
    about: "a.policy.json",
    results: PATTERNS.map((attack) =>
      resultOf(attack, "through", { proposal: { adds: RULE, replaces: [], closes: [] } }),
    ),
  },
} as const;

let browser: Browser | string;

beforeAll(async () => {
  for (const [name, { about, results }] of Object.entries(FILES)) {
    const page = attackReportHtml({
      about,
      policyIn: about,
      again: `tollgate attack run --policy ${about}`,
      all: "--all",
      withSettings: false,
      at: Date.UTC(2026, 6, 28),
      asked: results.length,
      results,
    });
    writeFileSync(join(FOLDER, name), page);
  }
  browser = await openBrowser();
});

afterAll(async () => {
  if (typeof browser === "object") {
    await browser.close();
  }
  rmSync(FOLDER, { recursive: true, force: true });
});

const opened = async (
  { skip }: Pick<TestContext, "skip">,
  options: { readonly width: number; readonly colorScheme: "light" | "dark" },
): Promise<{
  readonly page: Page;
  readonly wrong: readonly string[];
  readonly close: () => Promise<void>;
}> => {
  if (typeof browser === "string") {
    console.warn(`skipped: ${browser}`);
    return skip(browser);
  }
  const { width, colorScheme } = options;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("dialog", (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => wrong.push(`error ${error.message}`));
  page.on("console", (message) => wrong.push(`console ${message.text()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(pathToFileURL(FOLDER).href)) {
      wrong.push(`request ${request.url()}`);
    }
  });
  return { page, wrong, close: () => context.close() };
};

const SEEN = `({
  scripts: document.scripts.length,
  loaded: document.querySelectorAll("img,iframe,object,embed,link,form,svg svg [onload]").length,
  wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  styled: getComputedStyle(document.querySelector("main")).maxWidth,
})`;

describe.each(["light", "dark"] as const)("a report, %s", (colorScheme) => {
  it.for([320, 380, 1280])("runs and loads nothing, and fits %d px", async (width, test) => {
    const { page, wrong, close } = await opened(test, { width, colorScheme });
    for (const name of Object.keys(FILES)) {
      await page.goto(pathToFileURL(join(FOLDER, name)).href);
      const seen = await page.evaluate(SEEN);
      expect([name, seen]).toEqual([name, { scripts: 0, loaded: 0, wide: 0, styled: "1120px" }]);
      expect(await page.title()).not.toBe("owned");
    }
    expect(wrong).toEqual([]);
    await close();
  });
});

describe("a report", () => {
  it("marks a whole rule with one click, in the colours of the reader's system", async (test) => {
    const grounds: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, close } = await opened(test, { width: 1280, colorScheme });
      await page.goto(pathToFileURL(join(FOLDER, "plain.html")).href);
      const rule = page.locator("#attack-path-escape ~ .copied code").first();
      await rule.click();
      const marked = await page.evaluate<string>("getSelection().toString()");
      expect(JSON.parse(marked)).toEqual(RULE);
      grounds.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
      await close();
    }
    expect(new Set(grounds).size).toBe(2);
  });

  it("leads only to parts of itself and, by https, to sources", async (test) => {
    const { page, close } = await opened(test, { width: 1280, colorScheme: "light" });
    for (const name of Object.keys(FILES)) {
      const own = pathToFileURL(join(FOLDER, name)).href;
      await page.goto(own);
      const links = await page.evaluate<readonly { href: string; rel: string; found: boolean }[]>(
        "[...document.links].map(({ href, rel, hash }) => ({ href, rel, found: document.getElementById(decodeURIComponent(hash.slice(1))) !== null }))",
      );
      expect(links.length).toBeGreaterThan(5);
      expect(
        links.filter(({ href, rel, found }) =>
          href.startsWith(own)
            ? !found
            : !href.startsWith("https://") || rel !== "noopener noreferrer external",
        ),
      ).toEqual([]);
    }
    await close();
  });
});
