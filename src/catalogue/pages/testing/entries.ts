import type { ServerEntry, ToolEntry } from "../../entry.ts";
import type { ArgumentFact } from "../../verdict.ts";

/** Entries made by hand: what the pages say depends on no verdict of the classifier. */
export const toolOf = (name: string, more: Partial<ToolEntry> = {}): ToolEntry => ({
  name,
  class: "read",
  risk: "low",
  confidence: 0.9,
  evidence: [{ from: "name", found: "get", says: "The name says that it reads." }],
  powers: [],
  arguments: [],
  meta: undefined,
  tokens: 100,
  digest: "0".repeat(64),
  annotations: {},
  ...more,
});

export const argumentOf = (
  path: string,
  kinds: ArgumentFact["kinds"],
  more: Partial<ArgumentFact> = {},
): ArgumentFact => ({ path, kinds, types: ["string"], required: true, ...more });

export const serverOf = (
  name: string,
  tools: readonly ToolEntry[],
  more: Partial<ServerEntry> = {},
): ServerEntry => ({
  name,
  origin: { from: "package", package: `@example/${name}`, version: "1.2.3" },
  product: { name, version: "1.2.3" },
  revision: "2025-06-18",
  tools,
  ...more,
});

/** What a server could call its tools to hurt whoever reads of them. */
export const HOSTILE_NAMES: readonly string[] = [
  "</script><script>document.title='owned'</script>",
  "<!--<script>",
  '"><img src=x onerror="document.title=\'owned\'">',
  "'><svg onload=alert(1)>",
  "]]>{{7*7}}${document.title='owned'}",
  "javascript:alert(1)",
  "../../x",
  "..\\..\\x",
  "/etc/passwd",
  "con",
  "NUL",
  "com1",
  "aux.txt",
  "index",
  "INDEX",
  "Index.html",
  "a".repeat(300),
  "a".repeat(1_500),
  `${"b".repeat(299)}c`,
  "safe\u202Egnp.exe",
  "zero\u200Bwidth",
  "line\nfeed",
  "line\u2028separator",
  "tab\tbed",
  "nul\u0000byte",
  "😀 tool 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "Ünïcödé",
  "ünïcödé",
  "delete_*",
  "get_?",
  "*",
  "a/b~c",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "-rf",
  "_underscore",
  ".hidden",
  "trailing.",
  "trailing ",
  " ",
  "",
  "%2e%2e%2f",
  "&lt;b&gt;",
  "UPPER",
  "upper",
];
