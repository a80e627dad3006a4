import { posix } from "node:path";
import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { SEARCH_CASES, SERVERS } from "../book/testing/search-cases.ts";
import type { ServerEntry } from "../entry.ts";
import { PAGE_SIGNATURE, signatureOf } from "./signature.ts";
import { renderSite, sitePaths } from "./site.ts";
import { hostilePattern, PATTERNS } from "./testing/patterns.ts";
import { argumentOf, HOSTILE_NAMES, serverOf, toolOf } from "./testing/entries.ts";

const ATTACKS = [
  ...PATTERNS,
  ...HOSTILE_NAMES.map((hurts, at) => hostilePattern(at === 0 ? hurts : `hostile-${String(at)}`, hurts)),
];

const render = (servers: readonly ServerEntry[]): ReadonlyMap<string, string> =>
  new Map([...renderSite(servers, ATTACKS)].map(({ path, text }) => [path, text]));

const HOSTILE = serverOf(
  "hostile",
  HOSTILE_NAMES.map((name) =>
    toolOf(name, {
      evidence: [{ from: "name", found: name, says: name }],
      arguments: [argumentOf(`args.${name}`, ["path"], { types: [name] })],
      annotations: { [name]: true },
      digest: name,
    }),
  ),
  {
    product: { name: HOSTILE_NAMES[0] ?? "", version: "\u202E" },
    origin: { from: "package", package: HOSTILE_NAMES[1] ?? "", version: HOSTILE_NAMES[2] ?? "" },
    revision: HOSTILE_NAMES[3] ?? "",
  },
);
const SCANNED = serverOf(
  "con",
  [
    toolOf("read_file"),
    toolOf("delete_file", { class: "destructive", risk: "high" }),
    toolOf("something", { class: "execute", risk: "high", confidence: 0.2 }),
    toolOf("run", {
      class: "execute",
      risk: "critical",
      powers: ["code", "tools"],
      arguments: [argumentOf("args.code", ["code"])],
      meta: { runs: "code", arguments: ["args.code"], batch: true },
    }),
  ],
  { origin: { from: "scan", at: Date.UTC(2026, 6, 28) }, product: undefined },
);
const SITE = render([HOSTILE, SCANNED, serverOf("empty", [])]);
const PAGES = [...SITE].filter(([path]) => path.endsWith(".html"));
const page = (path: string): string => SITE.get(path) ?? "";

/** Links to sources of attacks, which are all that leads out. */
const OUT = /<a class="out" href="https:[^"]*" rel="noopener noreferrer external"/gu;

describe("the site", () => {
  it("has a page for every server, every tool and every attack, each with its own file", () => {
    const all = [...renderSite([HOSTILE, SCANNED], ATTACKS)].map(({ path }) => path);
    expect(new Set(all.map((path) => path.toLowerCase())).size).toBe(all.length);
    expect(all.length).toBe(7 + ATTACKS.length + 2 + HOSTILE.tools.length + SCANNED.tools.length);
    expect(all.filter((path) => !/^[a-z0-9][a-z0-9_~./-]*\.(?:html|css|js|svg)$/u.test(path))).toEqual([]);
    expect(all.filter((path) => path.includes(".."))).toEqual([]);
  });

  it("says where its files are before they are made, and each begins with what tells that it is one of ours", () => {
    expect([...sitePaths([HOSTILE, SCANNED, serverOf("empty", [])], ATTACKS)]).toEqual([...SITE.keys()]);
    expect([...SITE].filter(([path, text]) => !text.startsWith(signatureOf(path)))).toEqual([]);
    expect(["x.html", "x.css", "x.js", "x.svg"].map((path) => signatureOf(path).split("\n")[0])).toEqual([
      "<!doctype html>",
      "/* Tollgate catalogue */",
      "/* Tollgate catalogue */",
      "<!-- Tollgate catalogue -->",
    ]);
  });

  it("is the same bytes for the same servers", () => {
    expect(render([HOSTILE, SCANNED, serverOf("empty", [])])).toEqual(SITE);
  });

  it("leads only to pages that are there", () => {
    let links = 0;
    for (const [path, text] of PAGES) {
      for (const [, target = ""] of text.replaceAll(OUT, "").matchAll(/(?:href|src)="([^"]*)"/gu)) {
        const [file = "", anchor = ""] = target.split("#");
        const to = file === "" ? path : posix.join(posix.dirname(path), file);
        expect([path, target, SITE.has(to)]).toEqual([path, target, true]);
        if (anchor !== "" && !anchor.includes("=")) {
          expect([path, target, page(to).includes(`id="${anchor}"`)]).toEqual([path, target, true]);
        }
        links += 1;
      }
    }
    expect(links).toBeGreaterThan(500);
  });

  it("loads nothing from elsewhere, and runs nothing that stands in a page", () => {
    for (const [path, text] of PAGES) {
      expect(text.startsWith(PAGE_SIGNATURE)).toBe(true);
      expect(text).toContain("default-src &#39;none&#39;");
      const tags = [...text.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-zA-Z-]+(?:="[^"]*")?)*)\s*\/?>/gu)];
      const attributes = tags
        .flatMap(([, , inner = ""]) => [...inner.replaceAll(/"[^"]*"/gu, "").matchAll(/[a-zA-Z-]+/gu)])
        .map(([name]) => name);
      expect([path, attributes.filter((name) => /^(?:on|style$)/u.test(name ?? ""))]).toEqual([path, []]);
      expect([path, tags.filter(([, tag]) => tag === "img" || tag === "iframe" || tag === "style")]).toEqual([
        path,
        [],
      ]);
      expect(text.match(/<script/gu)).toHaveLength(1);
      expect(text.replaceAll(OUT, "").replaceAll(/>[^<]*</gu, "><")).not.toMatch(
        /https?:\/\/(?!www\.w3\.org)/u,
      );
    }
  });

  it("shows nothing that turns the writing round or cannot be seen", () => {
    for (const [path, text] of SITE) {
      expect([path, text.replaceAll("\n", "").match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)]).toEqual([path, null]);
    }
  });

  it("says what a server is", () => {
    const text = page([...SITE.keys()].find((path) => path.startsWith("servers/con~")) ?? "");
    for (const part of [
      "Scanned here on 2026-07-28",
      "400 tokens",
      "0.2 %",
      "Can destroy or spend",
      "Recommended policy",
      "unsure",
      "meta-tool",
    ]) {
      expect(text).toContain(part);
    }
    const [before, copied] = text.slice(text.indexOf('id="policy"')).split("Copy policy");
    expect(before).not.toContain("<pre>");
    const [, json = ""] = /<pre><code>(?<json>[^<]*)/u.exec(copied ?? "") ?? [];
    expect(JSON.parse(json.replaceAll("&quot;", '"').replaceAll("&#39;", "'"))).toMatchObject({
      version: "1",
    });
    expect(copied).toContain("no command takes this form");
    expect(copied).not.toContain("Copy");
    expect(page("index.html")).toContain('data-worst="1 2"');
    expect(page("servers/empty.html")).toContain("It has none.");
    expect(page("index.html")).toContain("1 is a meta-tool");
    expect(page("index.html").match(/"here">scanned here<\/span>/gu)).toHaveLength(1);
    expect(page("index.html")).toContain("1 server was scanned here.");
  });

  it("says what a tool is, why it needs a policy, and how to limit and block it", () => {
    const run = page([...SITE.keys()].find((path) => /^tools\/con~.*\/run\.html$/u.test(path)) ?? "");
    for (const part of [
      "It is a meta-tool",
      "several in one call",
      "Evidence",
      "The name says that it reads.",
      "How do I limit",
      "How do I block",
      "How do I have a person asked",
      "What can",
      "<b>Excerpt</b> of the recommended policy",
      "A limit alone closes nothing",
      "args.code",
      "<code>/tools/run</code>",
    ]) {
      expect(run).toContain(part);
    }
  });
});

describe("a page", () => {
  const overwriting = toolOf("write_file", {
    class: "write",
    risk: "high",
    confidence: 1,
    evidence: ["write", "overwrite"].map((found) => ({
      from: "name",
      found,
      says: `It ${found}s.`,
    })),
  });
  const many = (count: number) =>
    Array.from({ length: count }, (_, number) => toolOf(`get_${String(number)}`, { tokens: 3_000 }));
  const merging = toolOf("merge", { class: "write", risk: "high" });
  const site = render([
    serverOf("files", [overwriting, merging, toolOf("edit", { class: "write", risk: "medium" })]),
    serverOf("half", many(40)),
    serverOf("whole", many(80)),
  ]);
  const at = (path: string): string => site.get(path) ?? "";

  it("says why what replaces things is `write` with the risk raised", () => {
    const [replacing, raised] = ["so the class is", "The risk is <code>high</code> all the same"];
    const tools = ["write_file", "merge", "edit"].map((name) => at(`tools/files/${name}.html`));
    expect(tools.map((text) => text.includes(replacing))).toEqual([true, false, false]);
    expect(tools.map((text) => text.includes(raised))).toEqual([false, true, false]);
    expect(tools[0]).toContain("<dd>100 %</dd>");
  });

  it("asks for approval in the form that recommended policies have", () => {
    const pages = [...site, ...SITE].filter(([path]) => path.endsWith(".html"));
    expect(pages.filter(([, text]) => text.includes("&quot;approval&quot;")).map(([path]) => path)).toEqual(
      [],
    );
    expect(at("tools/files/merge.html")).toContain("&quot;action&quot;: &quot;require_approval&quot;");
  });

  it("warns where definitions take most of a context, and folds a long list away behind its policy", () => {
    expect(
      ["files", "half", "whole"].map(
        (name) => /class="meter (?<is>\w+)"/u.exec(at(`servers/${name}.html`))?.[1],
      ),
    ).toEqual(["calm", "much", "over"]);
    expect(at("servers/half.html")).toContain("<summary>15 more</summary>");
    expect(at("servers/half.html").indexOf('id="policy"')).toBeLessThan(
      at("servers/half.html").indexOf('id="watch"'),
    );
    expect(at("servers/files.html")).not.toContain("more</summary>");
  });
});

interface Found {
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly tools: readonly {
    readonly name: string;
    readonly server: string;
    readonly href: string;
    readonly class: string;
    readonly risk: string;
    readonly unsure: boolean;
  }[];
  readonly servers: readonly { readonly name: string; readonly href: string }[];
}

/** The pages' own search, run as a browser would, over the site's own index. */
const searchOf = (site: ReadonlyMap<string, string>) => {
  const context = createContext({});
  const script = site.get("assets/site.js") ?? "";
  runInContext(script.slice(0, script.indexOf("(() => {\n  const root")), context);
  runInContext(site.get("assets/search-index.js") ?? "", context);
  runInContext("var index = tollgateSearch.read(globalThis.tollgateCatalogue)", context);
  return (query: string, classes: readonly string[] = [], risks: readonly string[] = [], most = 100): Found =>
    runInContext(
      `tollgateSearch.find(index, ${JSON.stringify(query)}, ${JSON.stringify(classes)}, ${JSON.stringify(risks)}, ${String(most)})`,
      context,
    ) as Found;
};

describe("the search of the pages", () => {
  const search = searchOf(SITE);

  it("finds every tool by its name, and leads to its page", () => {
    const { tools, total } = search("", [], [], 1_000);
    expect(total).toBe(HOSTILE.tools.length + SCANNED.tools.length);
    const places = tools.map(({ href }) => href);
    expect(places.filter((href) => !SITE.has(href))).toEqual([]);
    expect(new Set(places).size).toBe(total);
    expect(search("delete_file").tools[0]).toMatchObject({
      name: "delete_file",
      class: "destructive",
      risk: "high",
      unsure: false,
    });
    expect(search("con something").tools[0]).toMatchObject({ name: "something", unsure: true });
  });

  const finds = searchOf(render(SERVERS));

  it.each(SEARCH_CASES)("finds what the command finds for %j", (asked, found) => {
    const { total, tools } = finds(asked);
    expect(tools.map(({ server, name }) => `${server} ${name}`)).toEqual(found);
    expect(total).toBe(found.length);
  });

  it("gives the first of them, and servers too", () => {
    expect(finds("profile", [], [], 1)).toMatchObject({ total: 3, tools: [{ name: "profile" }] });
    expect(search("empty").servers.map(({ href }) => href)).toEqual(["servers/empty.html"]);
  });

  it("keeps to classes and risks", () => {
    expect(search("", ["execute"], ["critical"]).tools.map(({ name }) => name)).toEqual(["run"]);
    expect(search("", ["financial"]).total).toBe(0);
    expect(search("file", ["destructive"]).counts).toMatchObject({
      read: 1,
      destructive: 1,
      high: 1,
      low: 0,
      execute: 0,
    });
    expect(search("file").counts).toMatchObject({ read: 1, destructive: 1, high: 1, low: 1 });
  });

  it("finds all that there are among 50,000 tools, in an index of less than 2 MB", () => {
    const verbs = ["get", "list", "create", "delete", "update"];
    const servers = Array.from({ length: 500 }, (_, at) =>
      serverOf(
        `server-${String(at)}`,
        Array.from({ length: 100 }, (_, tool) =>
          toolOf(`${verbs[tool % 5] ?? ""}_thing_${String(at)}_${String(tool)}`),
        ),
      ),
    );
    const site = new Map<string, string>();
    for (const { path, text } of renderSite(servers, [])) {
      site.set(path, text);
      if (path === "assets/search-index.js") {
        break;
      }
    }
    expect(site.get("assets/search-index.js")?.length).toBeLessThan(2_000_000);
    const find = searchOf(site);
    expect(find("get").total).toBe(10_000);
    expect(find("delete thing 499").total).toBe(20);
    expect(find("zzz").total).toBe(0);
  });
});
