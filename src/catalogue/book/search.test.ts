import { describe, expect, it } from "vitest";
import type { ServerEntry, ToolEntry } from "../entry.ts";
import { relatedTools } from "./related.ts";
import { createSearch, type CatalogueQuery } from "./search.ts";
import { summaryOf } from "./summary.ts";

const tool = (name: string, more: Partial<ToolEntry> = {}): ToolEntry => ({
  name,
  class: "read",
  risk: "low",
  confidence: 0.9,
  evidence: [],
  powers: [],
  arguments: [],
  meta: undefined,
  tokens: 100,
  digest: "0".repeat(64),
  annotations: {},
  ...more,
});

const server = (name: string, ...tools: readonly ToolEntry[]): ServerEntry => ({
  name,
  origin: { from: "scan", at: 0 },
  product: undefined,
  revision: "2025-11-25",
  tools,
});

const amount = { path: "args.amount", types: ["number"], required: true, kinds: ["money"] } as const;
const SERVERS = [
  server(
    "github",
    tool("list_issues"),
    tool("createIssue", { class: "write", risk: "medium" }),
    tool("delete_file", { class: "destructive", risk: "critical", powers: ["files"] }),
    tool("get_profile"),
  ),
  server(
    "billing",
    tool("refund", { class: "financial", risk: "critical", arguments: [amount] }),
    tool("list_refunds"),
    tool("profile"),
  ),
];

const search = createSearch(SERVERS);
const names = (query: Partial<CatalogueQuery>): readonly string[] =>
  search({ words: [], limit: 50, ...query }).tools.map(({ server, tool }) => `${server.name} ${tool.name}`);

describe("a search in the catalogue", () => {
  it("gives all tools by name where nothing is asked", () => {
    expect(names({})).toEqual([
      "github createIssue",
      "github delete_file",
      "github get_profile",
      "github list_issues",
      "billing list_refunds",
      "billing profile",
      "billing refund",
    ]);
  });

  it("puts the whole name first, then words that begin so, then what stands anywhere", () => {
    expect(names({ words: ["refund"] })).toEqual(["billing refund", "billing list_refunds"]);
    expect(names({ words: ["profile"] })).toEqual(["billing profile", "github get_profile"]);
    expect(names({ words: ["file"] })).toEqual([
      "github delete_file",
      "github get_profile",
      "billing profile",
    ]);
  });

  it("finds each word of a name in camel case, and parts of names as they are written", () => {
    expect(names({ words: ["Issue"] })).toEqual(["github createIssue", "github list_issues"]);
    expect(names({ words: ["createissue"] })).toEqual(["github createIssue"]);
    expect(names({ words: ["list_iss"] })).toEqual(["github list_issues"]);
  });

  it("wants every word, each of which may be a server, a class, a risk, a power or a kind of argument", () => {
    expect(names({ words: ["list", "github"] })).toEqual(["github list_issues"]);
    expect(names({ words: ["money"] })).toEqual(["billing refund"]);
    expect(names({ words: ["destructive"] })).toEqual(["github delete_file"]);
    expect(names({ words: ["critical", "fil"] })).toEqual(["github delete_file"]);
    expect(names({ words: ["list", "delete"] })).toEqual([]);
    const dashed = createSearch([server("aws-kb", tool("retrieve"))]);
    expect(["aws-kb", "kb", "ws"].map((word) => dashed({ words: [word], limit: 1 }).total)).toEqual([
      1, 1, 1,
    ]);
  });

  it("narrows by class, risk, server and power, and says how many there are", () => {
    expect(names({ class: "write" })).toEqual(["github createIssue"]);
    expect(names({ risk: "critical" })).toEqual(["github delete_file", "billing refund"]);
    expect(names({ server: "billing", words: ["list"] })).toEqual(["billing list_refunds"]);
    expect(names({ power: "files" })).toEqual(["github delete_file"]);
    const found = search({ words: [], limit: 2 });
    expect([found.total, found.tools.length]).toEqual([7, 2]);
  });

  it("takes any text for a word", () => {
    const odd = [" ", "\n", "q\nz", "*", "\\", "(", "__proto__", "\ud83d", "x".repeat(10_000)];
    expect(odd.map((word) => names({ words: [word] }).length)).toEqual([7, 7, 0, 0, 0, 0, 0, 0, 0]);
    const parts = (text: string) =>
      Array.from(text, (_, from) => Array.from(text, (__, at) => text.slice(from, at + 1))).flat();
    const many = ["delete_file", "destructive", "critical", "github"].flatMap(parts);
    expect(names({ words: many })).toEqual(["github delete_file"]);
    expect(names({ words: [...many, "§"] })).toEqual([]);
    expect(createSearch([])({ words: ["a"], limit: 1 })).toEqual({ total: 0, tools: [] });
  });

  it("finds a name that is only a part of the one before it", () => {
    const near = createSearch([server("a", tool("aa"), tool("aab"), tool("b"), tool("ba"))]);
    const found = near({ words: ["b"], limit: 9 });
    expect(found.tools.map((one) => one.tool.name)).toEqual(["b", "ba", "aab"]);
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
