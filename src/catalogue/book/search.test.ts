import { describe, expect, it } from "vitest";
import { relatedTools } from "./related.ts";
import { createSearch, type CatalogueQuery } from "./search.ts";
import { summaryOf } from "./summary.ts";
import { SEARCH_CASES, server, SERVERS, tool } from "./testing/search-cases.ts";

const search = createSearch(SERVERS);
const names = (query: Partial<CatalogueQuery>): readonly string[] =>
  search({ words: [], limit: 50, ...query }).tools.map(({ server, tool }) => `${server.name} ${tool.name}`);

describe("a search in the catalogue", () => {
  it.each(SEARCH_CASES)("finds for %j", (asked, found) => {
    expect(names({ words: asked.split(" ") })).toEqual(found);
    expect(names({ words: [asked] })).toEqual(found);
  });

  it("narrows by class, risk, server and power, and says how many there are", () => {
    expect(names({ class: "write" })).toEqual(["github createIssue", "github put"]);
    expect(names({ risk: "critical" })).toEqual(["github delete_file", "billing-kb refund"]);
    expect(names({ server: "billing-kb", words: ["list"] })).toEqual(["billing-kb list_refunds"]);
    expect(names({ power: "files" })).toEqual(["github delete_file", "github put"]);
    const found = search({ words: [], limit: 2 });
    expect([found.total, found.tools.length]).toEqual([9, 2]);
  });

  it("takes any text for a word", () => {
    const odd = [" ", "\n", "q\nz", "*", "\\", "(", "__proto__", "\ud83d", "x".repeat(10_000)];
    expect(odd.map((word) => names({ words: [word] }).length)).toEqual([9, 9, 0, 0, 0, 0, 0, 0, 0]);
    const parts = (text: string) => Array.from(text, (_, at) => text.slice(0, at + 1));
    const many = ["delete_file", "destructive", "critical", "github"].flatMap(parts);
    expect(names({ words: many })).toEqual(["github delete_file"]);
    expect(names({ words: [...many, "§"] })).toEqual([]);
    expect(createSearch([])({ words: ["a"], limit: 1 })).toEqual({ total: 0, tools: [] });
  });

  it("finds a name that is only a part of the one before it", () => {
    const near = createSearch([server("a", tool("aa"), tool("aabbbb"), tool("bbbb"), tool("bbbba"))]);
    const found = near({ words: ["bbbb"], limit: 9 });
    expect(found.tools.map((one) => one.tool.name)).toEqual(["bbbb", "bbbba", "aabbbb"]);
  });
});

describe("a server's summary", () => {
  it("counts, and names what can modify or destroy, what is unsure, and the heaviest", () => {
    const one = server(
      "one",
      tool("read_it"),
      tool("wipe", { class: "destructive", risk: "critical", tokens: 1_900 }),
      tool("odd", { class: "execute", risk: "high", confidence: 0.2 }),
    );
    expect(summaryOf(one)).toEqual({
      tools: 3,
      classes: { read: 1, write: 0, execute: 1, destructive: 1, financial: 0 },
      risks: { low: 1, medium: 0, high: 1, critical: 1 },
      modify: ["wipe", "odd"],
      unsure: ["odd"],
      tokens: 2_100,
      contextShare: 0.0105,
      heaviest: { name: "wipe", tokens: 1_900 },
    });
    const worst = server(
      "worst",
      tool("alter", { class: "write", risk: "high" }),
      tool("drop", { class: "destructive", risk: "high" }),
      tool("run", { class: "execute", risk: "critical" }),
      tool("wipe", { class: "destructive", risk: "critical" }),
    );
    expect(summaryOf(worst).modify).toEqual(["wipe", "drop", "run", "alter"]);
    expect(summaryOf(server("none")).heaviest).toBeUndefined();
  });
});

describe("tools that are related to one", () => {
  it("share a word of its name; words that all have do not count", () => {
    const names = ["gh_list_issues", "gh_create_issue", "gh_delete_file", "gh_list_files", "gh_whoami"];
    const tools = names.map((name) => tool(name));
    const related = (of: number) => relatedTools(tools, tools[of] ?? tool(""), 3).map(({ name }) => name);
    expect(related(1)).toEqual(["gh_list_issues"]);
    expect(related(2)).toEqual(["gh_list_files"]);
    expect(related(4)).toEqual([]);
  });
});
