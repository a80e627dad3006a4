import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../attacks/pattern.ts";
import { argumentOf, serverOf, toolOf } from "./testing/entries.ts";
import { patternOf, PATTERNS } from "./testing/patterns.ts";
import { sentence } from "./attack-parts.ts";
import { html } from "./html.ts";
import { renderSite } from "./site.ts";

const SERVERS = [
  serverOf("files", [
    toolOf("read_file", { arguments: [argumentOf("args.path", ["path"])] }),
    toolOf("get_time"),
  ]),
];
const site = new Map([...renderSite(SERVERS, PATTERNS)].map(({ path, text }) => [path, text]));
const page = (path: string): string => site.get(path) ?? "";

/** Its words, without markup. */
const said = (text: string): string =>
  text
    .replaceAll(/<[^>]*>/gu, " ")
    .replaceAll("&quot;", '"')
    .replaceAll(/\s+/gu, " ");

describe("the overview of attacks", () => {
  it("shows what stands between backticks as code, and nothing of it as markup", () => {
    expect(html`${sentence("Use `host_in`, or `<b>`.")}`.text).toBe(
      "Use <code>host_in</code>, or <code>&lt;b&gt;</code>.",
    );
  });

  it("has every category in order, with what it means and how many it has", () => {
    const found = [...page("attacks.html").matchAll(/<h2 id="(?<id>[a-z-]+)">/gu)].map(([, id]) => id);
    expect(found).toEqual([...CATEGORIES]);
    expect(said(page("attacks.html"))).toContain(
      "Supply chain 0 The server itself is not what it was, or not what its name says. There are none yet.",
    );
  });

  it("says of every attack what stops it", () => {
    const text = said(page("attacks.html"));
    expect(text).toContain("5 attacks on agents");
    expect(text).toContain("1 is not stopped yet");
    for (const part of ["the gate", "a policy", "a setting"]) {
      expect(text).toContain(`stopped by ${part}`);
    }
  });

  it("is linked by the first page and by the one about judging", () => {
    expect(page("index.html")).toContain('<a href="attacks.html">5 known attacks</a>');
    expect(page("about.html")).toContain('<a href="attacks.html">All known attacks');
  });
});

describe("the page of an attack", () => {
  it("tells its flow in words, in order, and draws each step", () => {
    const text = page("attacks/flood.html");
    const [, list = ""] = /<ol aria-label="Steps of the attack">(?<list>.*?)<\/ol>/su.exec(text) ?? [];
    const steps = list.split("</li>").slice(0, -1);
    expect(steps).toHaveLength(7);
    expect(steps.map((step) => step.match(/class="(?:arrow|loop)"/gu)?.length)).toEqual([
      1, 1, 1, 1, 1, 1, 1,
    ]);
    expect(steps.map((step) => step.match(/class="life /gu)?.length)).toEqual([7, 7, 7, 7, 7, 7, 7]);
    expect(said(steps[0] ?? "")).toContain("person → to agent asks for a small thing");
    expect(steps[1]).toContain('class="loop"');
  });

  it("points its arrows from who speaks to whom", () => {
    const [there = "", back = ""] = page("attacks/any-tool.html").match(/<line class="arrow"[^>]*>/gu) ?? [];
    expect([there, back]).toEqual([
      '<line class="arrow" x1="25%" x2="75%" y1="22" y2="22" />',
      '<line class="arrow" x1="75%" x2="25%" y1="22" y2="22" />',
    ]);
    const heads = page("attacks/any-tool.html").match(/<path class="head"[^>]*>/gu) ?? [];
    // The tip first, then back along the way that it came.
    expect(heads.map((head) => /d="M-?1 0l(?<back>-?\d)/u.exec(head)?.[1])).toEqual(["-9", "9"]);
  });

  it("has the policy and the settings that stop it, to copy, and how to run it", () => {
    const policy = said(page("attacks/path-escape.html"));
    expect(policy).toContain('"value": ["/srv"]');
    expect(policy).toContain("tollgate attack run --policy FILE path-escape");
    const setting = said(page("attacks/flood.html"));
    expect(setting).toContain('"mcpServers": { "NAME": { "tollgate": { "resultBytes": 1000 } } }');
    expect(setting).toContain('"gateway": { "limits": { "callsPerMinute": 60 } }');
    expect(setting).toContain("tollgate attack run --grant NAME flood");
  });

  it("says its real case, when that was, and who says so", () => {
    const text = page("attacks/flood.html");
    expect(text).toContain('<time datetime="2025-04-01">2025-04-01</time>');
    expect(text).toContain('href="https://example.com/what-happened" rel="noopener noreferrer external"');
    expect(text).toContain('href="https://example.org/more?a=1&amp;b=2"');
  });

  it.each([
    ["incident", "A real case"],
    ["demonstration", "Shown to work"],
    ["description", "Who describes it"],
  ] as const)("calls a case what it is: %s", (kind, words) => {
    const { pattern } = patternOf("known");
    const known = patternOf("known", { case: { ...pattern.case, kind } });
    const made = [...renderSite([], [known])].find(({ path }) => path === "attacks/known.html")?.text ?? "";
    expect(made).toContain(`<h2 id="case">${words}</h2>`);
  });

  it("names tools that enable it, and those name it", () => {
    expect(page("attacks/path-escape.html")).toContain('href="../tools/files/read_file.html"');
    expect(page("tools/files/read_file.html")).toContain('href="../../attacks/path-escape.html"');
    expect(page("tools/files/get_time.html")).not.toContain("attacks/path-escape.html");
    expect(said(page("attacks/any-tool.html"))).toContain("Any tool of any server will do");
    expect(said(page("attacks/index.html"))).toContain("The catalogue has no such tool.");
  });

  it("leads to no source that is not https", () => {
    const bad = patternOf("bad", { more: ["javascript:alert(1)", "http://example.com/", "//example.com"] });
    const made = [...renderSite([], [bad])].find(({ path }) => path === "attacks/bad.html")?.text ?? "";
    expect(made.match(/class="out"/gu)).toHaveLength(2); // The case's own source, twice.
    expect(made).toContain("<span>javascript:alert(1)</span>");
  });
});
