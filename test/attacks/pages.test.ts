import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { renderSite } from "../../src/catalogue/pages/site.ts";
import { argumentOf, HOSTILE_NAMES, serverOf, toolOf } from "../../src/catalogue/pages/testing/entries.ts";
import { hostilePattern, PATTERNS } from "../../src/catalogue/pages/testing/patterns.ts";
import { openBrowser } from "../support/browser.ts";
import { temporaryDirectory } from "../support/gateway.ts";

// The catalogue's pages in a real browser. Whatever a server calls its tools, nothing of it runs, nothing is loaded from
// elsewhere, and every page can be reached.

const HOSTILE = serverOf(
  "hostile",
  HOSTILE_NAMES.map((name) =>
    toolOf(name, {
      class: "execute",
      risk: "critical",
      evidence: [{ from: "description", found: name, says: name }],
      arguments: [argumentOf(`args.${name}`, ["command"], { types: [name] })],
      meta: { runs: "commands", arguments: [`args.${name}`], batch: true },
      annotations: { [name]: true },
    }),
  ),
  {
    product: { name: HOSTILE_NAMES[0] ?? "", version: HOSTILE_NAMES[2] ?? "" },
    revision: HOSTILE_NAMES[3] ?? "",
  },
);
const ALONE = serverOf("alone", [toolOf("get_one")]);
const PLAIN = serverOf("plain", [
  ...Array.from({ length: 150 }, (_, at) => toolOf(`get_thing_${String(at)}`)),
  toolOf("delete_thing_1", { class: "destructive", risk: "high" }),
]);

const ATTACKS = [
  ...PATTERNS,
  ...HOSTILE_NAMES.map((hurts, at) => hostilePattern(`hostile-${String(at)}`, hurts)),
];

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  css: "text/css",
  js: "text/javascript",
  svg: "image/svg+xml",
};

let browser: Browser | string;
let folder = "";
let server: Server;
let paths: readonly string[];

beforeAll(async () => {
  folder = temporaryDirectory();
  const written: string[] = [];
  for (const { path, text } of renderSite([ALONE, HOSTILE, PLAIN], ATTACKS)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    written.push(path);
  }
  paths = written.filter((path) => path.endsWith(".html"));
  server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
    try {
      const body = readFileSync(join(folder, path));
      response
        .writeHead(200, { "content-type": TYPES[path.split(".").at(-1) ?? ""] ?? "text/plain" })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  browser = await openBrowser();
});

afterAll(async () => {
  if (typeof browser === "object") {
    await browser.close();
  }
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const SITES = {
  "from a disk": () => pathToFileURL(`${folder}/`).href,
  "from a web server": () => `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
} as const;

/** A page, and everything that it did and should not have. */
const openPage = async (
  { skip }: Pick<TestContext, "skip">,
  site: string,
  options: { readonly width?: number; readonly javaScriptEnabled?: boolean } = {},
): Promise<{
  readonly page: Page;
  readonly wrong: readonly string[];
  readonly close: () => Promise<void>;
}> => {
  if (typeof browser === "string") {
    console.warn(`skipped: ${browser}`);
    return skip(browser);
  }
  const { width = 1280, javaScriptEnabled = true } = options;
  const context = await browser.newContext({ javaScriptEnabled, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on("dialog", (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => wrong.push(`error ${error.message}`));
  page.on("console", (message) => wrong.push(`console ${message.text()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(site)) {
      wrong.push(`request ${request.url()}`);
    }
  });
  page.on("requestfailed", (request) => wrong.push(`failed ${request.url()}`));
  return { page, wrong, close: () => context.close() };
};

const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

/** Tables that show no risk or size without being moved, and a last button of the head that stands out of the text. */
const CUT_OFF = `(() => {
  const wide = [...document.querySelectorAll(".scroll:has(.list)")].filter((one) => one.scrollWidth > one.clientWidth);
  const main = document.querySelector("main");
  const edge = main.getBoundingClientRect().right - parseFloat(getComputedStyle(main).paddingRight);
  return String(wide.length) + " " + String(Math.round(document.querySelector(".theme").getBoundingClientRect().right - edge));
})()`;

describe.each(Object.entries(SITES))("the pages %s", (_, site) => {
  it("run nothing of a server's text, load nothing from elsewhere, and fit a small screen", async (test) => {
    const { page, wrong, close } = await openPage(test, site(), { width: 320 });
    for (const path of paths.filter((one) => !one.includes("get_thing_") || one.includes("get_thing_7."))) {
      await page.goto(site() + path);
      expect([path, await page.title()]).not.toEqual([path, "owned"]);
      expect([path, await page.evaluate("document.scripts.length + ' ' + document.images.length")]).toEqual([
        path,
        "1 0",
      ]);
      expect([path, await overflow(page)]).toEqual([path, 0]);
      expect([path, await page.evaluate(CUT_OFF)]).toEqual([path, "0 0"]);
    }
    expect(wrong).toEqual([]);
    await close();
  });

  it("find what is typed, by the keyboard alone", async (test) => {
    const { page, wrong, close } = await openPage(test, site());
    await page.goto(`${site()}index.html`);
    await page.keyboard.press("/");
    await page.keyboard.type("thing");
    const links = page.locator("#found a");
    await expect.poll(() => links.count()).toBe(100);
    expect(await page.locator(".status").textContent()).toBe("151 tools, the first 100 of them here.");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("get_thing_0");
    await page.keyboard.press("Escape");
    expect(await page.locator("#query").inputValue()).toBe("");
    expect(await page.locator("#all").isVisible()).toBe(true);
    await page.keyboard.type("delete thing");
    await expect.poll(() => links.count()).toBe(1);
    await page.keyboard.press("Enter");
    await page.waitForURL(/delete_thing_1\.html$/u);
    await page.goBack();
    await expect.poll(() => links.count()).toBe(1); // The address keeps what was asked.
    expect(wrong).toEqual([]);
    await close();
  });

  it("come to the search from a filter too, and count what is found", async (test) => {
    const { page, wrong, close } = await openPage(test, site());
    await page.goto(`${site()}index.html`);
    const counts = (): Promise<readonly string[]> => page.locator(".pick .count").allTextContents();
    const all = await counts();
    await page.locator("input[value=destructive]").focus();
    await page.keyboard.press("/");
    await page.keyboard.type("delete/thing");
    expect(await page.locator("#query").inputValue()).toBe("delete/thing");
    await page.fill("#query", "delete thing");
    await expect.poll(counts).toEqual(["0", "0", "0", "1", "0", "0", "0", "1", "0"]);
    await page.fill("#query", "");
    await expect.poll(counts).toEqual(all);
    expect(wrong).toEqual([]);
    await close();
  });

  it("show hostile names among what is found as text", async (test) => {
    const { page, wrong, close } = await openPage(test, site());
    await page.goto(`${site()}index.html#class=execute`);
    await expect.poll(() => page.locator("#found li").count()).toBe(HOSTILE.tools.length);
    const shown = await page.locator("#found a").allTextContents();
    expect(shown).toContain("</script><script>document.title='owned'</script>");
    expect(shown).toContain("safe\\u202egnp.exe");
    expect(await page.title()).toBe("Tollgate catalogue");
    expect(await page.evaluate("document.images.length")).toBe(0);
    await page.fill("#query", '"><img src=x');
    await expect.poll(() => page.locator("#found li").count()).toBe(1);
    await page.locator("#found a").click();
    expect(await page.locator("h1").textContent()).toBe('"><img src=x onerror="document.title=\'owned\'">');
    expect(wrong).toEqual([]);
    await close();
  });

  it("list the most dangerous server first, and what is found as wide as the search", async (test) => {
    const { page, wrong, close } = await openPage(test, site());
    await page.goto(`${site()}index.html`);
    const first = page.locator(".servers h3").first();
    await page.selectOption(".sort select", "danger");
    expect(await first.textContent()).toBe("hostile");
    const right = async (selector: string): Promise<number> => {
      const box = await page.locator(selector).first().boundingBox();
      return box === null ? 0 : box.x + box.width;
    };
    const edge = await right(".servers");
    await page.fill("#query", "thing");
    await expect.poll(() => page.locator("#found li").count()).toBe(100);
    expect([await right("#query"), await right("#found")]).toEqual([edge, edge]);
    await page.fill("#query", "");
    await page.selectOption(".sort select", "name");
    expect(await first.textContent()).toBe("alone");
    expect(wrong).toEqual([]);
    await close();
  });

  it("copy a policy, narrow a list, and turn dark", async (test) => {
    const { page, wrong, close } = await openPage(test, site());
    await page.goto(`${site()}servers/plain.html`);
    await page.fill(".narrow input", "thing 149");
    await expect.poll(() => page.locator("tbody tr:visible").count()).toBe(1);
    expect(await page.locator(".group:visible").count()).toBe(1);
    await page.locator("button.copy").first().click();
    await expect.poll(() => page.locator("button.copy").first().textContent()).toBe("Copied");
    const ground = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const before = await ground();
    await page.locator("button.theme").click();
    await page.locator("button.theme").click();
    expect(await page.locator("button.theme").textContent()).toContain("Dark");
    expect(await ground()).not.toBe(before);
    expect(wrong).toEqual([]);
    await close();
  });
});

describe("the pages", () => {
  it("are all reached by links, without scripts too", async (test) => {
    const site = SITES["from a disk"]();
    const { page, wrong, close } = await openPage(test, site, { javaScriptEnabled: false });
    const reached = new Set(["index.html"]);
    const sources = new Set<string>();
    for (const path of reached) {
      if (path.startsWith("tools/plain/") && !path.includes("_7.")) {
        continue; // They are all alike.
      }
      await page.goto(site + path);
      for (const target of await page.evaluate<readonly string[]>(
        "[...document.links].map((link) => link.href)",
      )) {
        if (target.startsWith(site)) {
          reached.add(target.slice(site.length).replace(/#.*$/u, ""));
        } else {
          expect(new URL(target).protocol).toBe("https:");
          sources.add(target);
        }
      }
    }
    expect([...reached].toSorted()).toEqual([...paths].toSorted());
    expect([...sources]).toContain("https://example.com/what-happened");
    expect(wrong).toEqual([]);
    await close();
  });
});
