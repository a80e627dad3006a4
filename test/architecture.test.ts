import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { BANS, checkBans } from "./architecture/ban-list.ts";
import {
  checkCommands,
  checkDecisions,
  checkDependencies,
  checkImportTablePage,
  checkLinks,
  checkLock,
  documentedRow,
} from "./architecture/doc-rules.ts";
import {
  checkDeadFiles,
  checkLengths,
  checkNames,
  checkTargets,
  LINES_MAX,
} from "./architecture/file-rules.ts";
import { checkImports } from "./architecture/import-rule.ts";
import { IMPORT_TABLE } from "./architecture/import-table.ts";
import { readModules, readTree, type Tree, type Violation } from "./architecture/tree.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const tree = readTree(ROOT);
const modules = readModules(tree);

/** A failure prints each violation with its fix. */
const printed = (violations: readonly Violation[]): readonly string[] =>
  violations.map(({ file, line, what, fix }) => `${file}:${String(line)} ${what}\n    fix: ${fix}`);

describe("the house", () => {
  it("is really read: its modules and their imports are found", () => {
    const sources = [...modules.scanned.keys()].filter((file) => file.startsWith("src/"));
    const inner = modules.edges.filter(({ from, to }) => from.startsWith("src/") && to?.startsWith("src/"));
    expect(sources.length).toBeGreaterThan(10);
    expect(inner.length).toBeGreaterThan(10);
    expect(modules.edges.some(({ specifier }) => specifier.startsWith("node:"))).toBe(true);
    expect(modules.edges).toContainEqual(
      expect.objectContaining({ from: "src/audit/port.ts", to: "src/audit/record.ts" }),
    );
  });

  it("keeps to the import table", () => {
    expect(printed(checkImports(tree, modules))).toEqual([]);
  });

  it("imports only files that are there", () => {
    expect(printed(checkTargets(tree, modules))).toEqual([]);
  });

  it("has nothing of the ban list", () => {
    expect(printed(checkBans(modules))).toEqual([]);
  });

  it("names files in kebab-case", () => {
    expect(printed(checkNames(tree))).toEqual([]);
  });

  it("keeps files short", () => {
    expect(printed(checkLengths(tree))).toEqual([]);
  });

  it("has no file that nothing runs", () => {
    expect(printed(checkDeadFiles(tree, modules))).toEqual([]);
  });

  it("has documents whose links and commands are there", () => {
    expect(printed([...checkLinks(tree), ...checkCommands(tree)])).toEqual([]);
  });

  it("says of every dependency what it is for", () => {
    expect(printed(checkDependencies(tree))).toEqual([]);
  });

  it("locks the binaries of every platform, so that `npm ci` works on a fresh machine", () => {
    expect(tree.has("package-lock.json")).toBe(true);
    expect(printed(checkLock(tree))).toEqual([]);
  });

  it("tells in ARCHITECTURE.md the import table that is checked", () => {
    expect(printed(checkImportTablePage(tree))).toEqual([]);
  });

  it("keeps decision pages in one form", () => {
    expect(printed(checkDecisions(tree))).toEqual([]);
  });
});

const plant = (files: Readonly<Record<string, string>>): Tree => new Map(Object.entries(files));

/** What the import check says of one planted file, in a tree where everything it could name is there. */
const judged = (file: string, text: string): readonly string[] => {
  const planted = plant({
    "src/base/ids.ts": "",
    "src/wire/frame.ts": "",
    "src/policy/decide.ts": "",
    "src/meter/port.ts": "",
    "src/meter/window.ts": "",
    "src/meter/counters.ts": "",
    "src/grant/port.ts": "",
    "src/audit/port.ts": "",
    "src/audit/chain.ts": "",
    "src/audit/redact.ts": "",
    "src/catalogue/digest.ts": "",
    "src/upstream/port.ts": "",
    "src/upstream/pool.ts": "",
    "src/gateway/forward.ts": "",
    "src/gateway/forward.test.ts": "",
    "src/store/sqlite/open.ts": "",
    "src/store/conformance/ledger.ts": "",
    "src/control/contract.ts": "",
    "src/control/commands/revoke.ts": "",
    "src/config.ts": "",
    "test/fixtures/server.ts": "",
    "servers/mcp/serve.ts": "",
    "servers/clock/time.ts": "",
    "servers/files/list.ts": "",
    "servers/files/testing/peer.ts": "",
    [file]: text,
  });
  return checkImports(planted, readModules(planted)).map(({ what }) => what);
};

describe("the import table's check", () => {
  it.each([
    ["src/base/x.ts", 'import "../wire/frame.ts";', "base may not import wire/frame.ts"],
    ["src/base/x.ts", 'import { join } from "node:path";', "base may not import node:path"],
    ["src/wire/x.ts", 'import { createHash } from "node:crypto";', "wire may not import node:crypto"],
    [
      "src/wire/x.ts",
      'import type { D } from "../policy/decide.ts";',
      "wire may not import policy/decide.ts",
    ],
    ["src/policy/x.ts", 'import Ajv from "ajv/dist/2020.js";', "policy may not import the package ajv"],
    ["src/policy/x.ts", 'import { createHash } from "node:crypto";', "policy may not import node:crypto"],
    ["src/meter/x.ts", 'import { createHash } from "node:crypto";', "meter may not import node:crypto"],
    ["src/meter/x.ts", 'export { P } from "../grant/port.ts";', "meter may not import grant/port.ts"],
    [
      "src/grant/x.ts",
      'import { readFile } from "node:fs/promises";',
      "grant may not import node:fs/promises",
    ],
    ["src/audit/x.ts", 'import "../store/sqlite/open.ts";', "audit may not import store/sqlite/open.ts"],
    ["src/catalogue/x.ts", 'import "../gateway/forward.ts";', "catalogue may not import gateway/forward.ts"],
    ["src/upstream/x.ts", 'import "../policy/decide.ts";', "upstream may not import policy/decide.ts"],
    ["src/bridge/x.ts", 'import "../upstream/pool.ts";', "bridge may not import upstream/pool.ts"],
    ["src/gateway/x.ts", 'import "../store/sqlite/open.ts";', "gateway may not import store/sqlite/open.ts"],
    [
      "src/gateway/x.ts",
      'const late = await import("../control/contract.ts");',
      "gateway may not import control/contract.ts",
    ],
    [
      "src/gateway/x.ts",
      'type C = import("../control/contract.ts").C;',
      "gateway may not import control/contract.ts",
    ],
    [
      "src/gateway/x.ts",
      'import { Client } from "@modelcontextprotocol/client";',
      "may not import the package @mo",
    ],
    [
      "src/gateway/x.ts",
      'new Worker(new URL("../store/sqlite/open.ts", import.meta.url));',
      "gateway may not import store/sqlite/open.ts",
    ],
    ["src/store/x.ts", 'import "../audit/redact.ts";', "store may not import audit/redact.ts"],
    ["src/store/x.ts", 'import "../meter/counters.ts";', "store may not import meter/counters.ts"],
    ["src/store/x.ts", 'import "../gateway/forward.ts";', "store may not import gateway/forward.ts"],
    ["src/control/x.ts", 'import "../gateway/forward.ts";', "control may not import gateway/forward.ts"],
    ["src/control/x.ts", 'import "../upstream/pool.ts";', "control may not import upstream/pool.ts"],
    [
      "src/cli/x.ts",
      'import "../control/commands/revoke.ts";',
      "cli may not import control/commands/revoke.ts",
    ],
    ["src/cli/x.ts", 'import "../gateway/forward.ts";', "cli may not import gateway/forward.ts"],
    ["src/config.ts", 'import "./policy/decide.ts";', "config may not import policy/decide.ts"],
    [
      "src/config/x.ts",
      'import { Command } from "commander";',
      "config may not import the package commander",
    ],
    ["src/gateway/x.ts", 'import "./forward.test.ts";', "imports test code"],
    ["src/store/x.ts", 'import "./conformance/ledger.ts";', "imports test code"],
    ["src/gateway/x.ts", 'import "../../test/fixtures/server.ts";', "leaves src"],
    ["src/main.ts", 'import about from "../package.json" with { type: "json" };', "leaves src"],
    ["src/main.ts", 'new URL("../docs/policy.md", import.meta.url);', "leaves src"],
    ["src/gateway/x.ts", 'import "../serve/open.ts";', "gateway may not import serve/open.ts"],
    ["src/gateway/x.ts", "await import(name);", "imports something that is named only at run time"],
    ["src/shed/x.ts", "", "stands in no room: src/shed"],
    [
      "src/gateway/x.test.ts",
      'import "../store/sqlite/open.ts";',
      "gateway may not import store/sqlite/open.ts",
    ],
    ["src/gateway/x.test.ts", 'import { z } from "zod";', "gateway may not import the package zod"],
    ["servers/files/main.ts", 'import "../../src/base/ids.ts";', "a server imports the gateway"],
    ["servers/files/main.ts", 'import "../clock/time.ts";', "a server imports servers/clock/time.ts"],
    [
      "servers/files/main.ts",
      'import "./testing/peer.ts";',
      "a server imports servers/files/testing/peer.ts",
    ],
    ["servers/files/main.ts", 'import { RE2JS } from "re2js";', "a server may not import the package re2js"],
    ["console/page.tsx", 'import "../src/base/ids.ts";', "the console imports more than the contract"],
  ])("refuses in %s: %s", (file, text, what) => {
    expect(judged(file, text)).toEqual([expect.stringContaining(what)]);
  });

  it.each([
    ["src/wire/x.ts", 'import "../base/ids.ts";'],
    ["src/policy/x.ts", 'import { RE2JS } from "re2js";'],
    ["src/grant/x.ts", 'import { createHash } from "node:crypto";\nimport { jwtVerify } from "jose";'],
    ["src/catalogue/x.ts", 'import { Ajv2020 } from "ajv/dist/2020.js";\nimport "../policy/decide.ts";'],
    ["src/bridge/x.ts", 'import type { Channel } from "../upstream/port.ts";'],
    ["src/gateway/x.ts", 'import { createServer } from "node:http";\nimport "../upstream/pool.ts";'],
    ["src/store/journal/x.ts", 'import "../../audit/chain.ts";\nimport "../../meter/window.ts";'],
    ["src/cli/x.ts", 'import "../audit/port.ts";\nimport "../control/contract.ts";'],
    ["src/config/x.ts", 'import { z } from "zod";\nimport "../base/ids.ts";'],
    ["src/serve/open.ts", 'import "../store/sqlite/open.ts";\nimport "../gateway/forward.ts";'],
    ["src/main/version.ts", 'new URL("../../package.json", import.meta.url);'],
    ["src/serve.ts", 'import "./store/sqlite/open.ts";\nimport "./gateway/forward.ts";'],
    ["src/wire/x.test.ts", 'import { it } from "vitest";\nimport { readFileSync } from "node:fs";'],
    [
      "src/config/x.test.ts",
      'import { Ajv2020 } from "ajv/dist/2020.js";\nimport "../../schema/config.schema.json";',
    ],
    ["src/meter/x.test.ts", 'import { suite } from "../store/conformance/ledger.ts";'],
    ["src/wire/x.ts", '// import "../store/sqlite/open.ts";\nconst text = `import "node:fs"`;'],
    ["servers/files/main.ts", 'import { z } from "zod";\nimport "../mcp/serve.ts";\nimport "./list.ts";'],
    ["servers/files/x.test.ts", 'import "../clock/time.ts";\nimport { it } from "vitest";'],
    ["console/page.tsx", 'import type { Api } from "../src/control/contract.ts";'],
  ])("allows in %s: %s", (file, text) => {
    expect(judged(file, text)).toEqual([]);
  });

  it("prints how to mend what it refuses", () => {
    const planted = plant({ "src/base/x.ts": 'import "node:fs";' });
    expect(printed(checkImports(planted, readModules(planted))).join("\n")).toContain(
      "fix: base imports nothing",
    );
  });

  it("has a row for every room, and a fix in every row", () => {
    expect(IMPORT_TABLE.map(({ fix }) => fix.length > 20)).not.toContain(false);
    expect(new Set(IMPORT_TABLE.map(({ room }) => room)).size).toBe(IMPORT_TABLE.length);
  });
});

/** What the ban list says of one planted file. */
const banned = (file: string, text: string): readonly string[] =>
  checkBans(readModules(plant({ [file]: text }))).map(
    ({ what, line }) => `${String(line)}: ${what.split(" is ")[0] ?? ""}`,
  );

describe("the ban list's check", () => {
  const seen = new Set<string>();
  it.each([
    ["JSON.parse", "src/wire/x.ts", "const a = JSON.parse(text);"],
    ["Date.now", "src/meter/x.ts", "const a = Date.now();"],
    ["new Date()", "src/meter/x.ts", "const a = new Date();"],
    ["Math.random", "src/grant/x.ts", "const a = Math.random();"],
    ["console", "src/gateway/x.ts", "console.error(a);"],
    ["process.env", "src/gateway/x.ts", "const a = process.env.HOME;"],
    ["process.exit", "src/cli/x.ts", "process.exit(1);"],
    ["eval", "src/gateway/x.ts", "eval(a);"],
    ["new Function", "src/gateway/x.ts", 'const a = new Function("a");'],
    ["new RegExp", "src/policy/x.ts", "const a = new RegExp(text);"],
    ["require", "src/gateway/x.ts", 'const a = require("a");'],
    ["new URL of a .ts file", "src/store/x.ts", 'new Worker(new URL("./y.ts", import.meta.url));'],
    ["export default", "src/gateway/x.ts", "export default a;"],
    ["export *", "src/gateway/x.ts", 'export * from "./y.ts";'],
    ["enum", "src/gateway/x.ts", "export enum Colour { Red }"],
    ["namespace", "src/gateway/x.ts", "namespace A {}"],
    ["as", "src/gateway/x.ts", "const a = b as string;"],
    ["as", "src/gateway/x.ts", "const a = f() as { b: number };"],
    ["as", "src/gateway/x.ts", "const a = b as unknown as C;"],
    ["as", "src/gateway/x.ts", "export const a = { b: c as D };"],
    ["as", "src/gateway/x.ts", "export function a() { return { b: c as D }; }"],
    ["skipped or focused tests", "src/gateway/x.test.ts", 'it.skip("a", () => {});'],
    ["skipped or focused tests", "test/x.test.ts", 'describe.only("a", () => {});'],
    ["mocked modules", "src/gateway/x.test.ts", 'vi.mock("./y.ts");'],
    ["@ts-ignore", "src/gateway/x.ts", "// @ts-ignore"],
    [
      "a lint rule switched off without its reason",
      "src/gateway/x.ts",
      "// oxlint-disable-next-line complexity",
    ],
    ["TODO", "src/gateway/x.ts", "/* TODO: later */"],
  ])("finds %s in %s: %s", (name, file, text) => {
    seen.add(name);
    expect(banned(file, `// a line before\n${text}\n`)).toEqual([`2: ${name}`]);
  });

  it.each([
    ["src/base/json-read.ts", "const a = JSON.parse(text);"],
    ["src/base/clock.ts", "const a = Date.now();"],
    ["src/meter/x.ts", "const a = clock.now(); const b = new Date(a);"],
    ["src/cli/x.ts", "console.log(a);"],
    ["src/config.ts", "const a = process.env;"],
    ["src/gateway/x.ts", 'const a = "JSON.parse(text)"; // JSON.parse(text)'],
    ["src/gateway/x.ts", "const a = [1] as const;"],
    ["src/gateway/x.ts", 'import { a as b, type C as D } from "./y.ts"; import * as e from "./z.ts";'],
    ["src/gateway/x.ts", 'import a, { b as c } from "./y.ts"; import type { D as E } from "./y.ts";'],
    ["src/gateway/x.ts", 'export { a as b } from "./y.ts"; export type { C as D };'],
    ["src/wire/x.ts", "const a = b as Frame;"],
    ["src/gateway/x.test.ts", "const a = b as Frame; const c = JSON.parse(text);"],
    ["src/gateway/x.ts", "const rest = text.slice(1); cursor.skip(2);"],
    ["src/gateway/x.ts", "// oxlint-disable-next-line complexity -- one step a character class"],
  ])("allows in %s: %s", (file, text) => {
    expect(banned(file, text)).toEqual([]);
  });

  it("is shown to find everything that is on the list", () => {
    expect(BANS.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe("the checks of files", () => {
  it("find names that are not in kebab-case", () => {
    const planted = plant({
      "src/wire/readFrame.ts": "",
      "src/Wire/frame.ts": "",
      "src/wire/read_frame.ts": "",
      "src/wire/read-frame.test.ts": "",
      "src/wire/read-frame.property.test.ts": "",
      "src/wire/read.frame.ts": "",
      "src/base/fold.generated.ts": "",
    });
    expect(checkNames(planted).map(({ file }) => file)).toEqual([
      "src/Wire/frame.ts",
      "src/wire/read.frame.ts",
      "src/wire/readFrame.ts",
      "src/wire/read_frame.ts",
    ]);
  });

  it("find files that are too long, and let generated ones be", () => {
    const lines = (count: number): string => "a;\n".repeat(count);
    const planted = plant({
      "src/wire/a.ts": lines(LINES_MAX),
      "src/wire/b.ts": lines(LINES_MAX + 1),
      "src/wire/b.test.ts": lines(LINES_MAX + 1),
      "src/base/c.generated.ts": lines(LINES_MAX + 1),
    });
    expect(checkLengths(planted).map(({ file }) => file)).toEqual(["src/wire/b.ts"]);
  });

  it("find files that nothing runs, also where a test still uses them", () => {
    const planted = plant({
      "src/main.ts": 'import "./a/used.ts"; new Worker(new URL(`./a/worker${suffix}`, import.meta.url));',
      "scripts/schema.ts": 'import "../src/a/shape.ts";',
      "src/a/shape.ts": "",
      "src/a/used.ts": 'export { b } from "./deep.ts";',
      "src/a/deep.ts": "",
      "src/a/worker.ts": "",
      "src/a/dead.ts": "",
      "src/a/dead.test.ts": 'import "./dead.ts"; import "./testing/tool.ts";',
      "src/a/testing/tool.ts": "",
      "src/a/testing/lost.ts": "",
    });
    expect(checkDeadFiles(planted, readModules(planted)).map(({ file }) => file)).toEqual([
      "src/a/dead.ts",
      "src/a/testing/lost.ts",
    ]);
  });

  it("find imports of files that are not there", () => {
    const planted = plant({ "src/a/x.ts": 'import "./y.ts"; import "./z.ts";', "src/a/y.ts": "" });
    expect(checkTargets(planted, readModules(planted)).map(({ what }) => what)).toEqual([
      "imports ./z.ts, which is not there",
    ]);
  });
});

describe("the checks of documents", () => {
  it("find links that lead nowhere", () => {
    const planted = plant({
      "README.md": [
        "[a](docs/a.md) [b](docs/b.md) [c](docs/a.md#the-the_part) [d](docs/a.md#no-part) [e](https://e.example)",
        "`[f](nowhere.md)` [g](docs/) [h](#top)",
        "```",
        "[i](nowhere.md)",
        "```",
        "# Top",
      ].join("\n"),
      "docs/a.md": "## The `the_part`\n",
    });
    expect(checkLinks(planted).map(({ what }) => what)).toEqual([
      "links to docs/b.md, which is not there",
      "links to docs/a.md#no-part, which is not there",
    ]);
  });

  it("find scripts that are not there", () => {
    const planted = plant({
      "package.json": '{ "scripts": { "test": "a", "bench": "b" } }',
      "README.md": "`npm ci && npm test`, `npm run bench decide`, `npm run banch`, `npm start`",
    });
    expect(checkCommands(planted).map(({ what }) => what)).toEqual([
      "names the script banch, which package.json does not have",
      "names the script start, which package.json does not have",
    ]);
  });

  it("find dependencies without their line, lines without their dependency, and loose versions", () => {
    const planted = plant({
      "package.json":
        '{ "dependencies": { "a": "1.0.0", "b": "^1.0.0" }, "devDependencies": { "@c/d": "2.0.0" } }',
      "docs/decisions/dependencies.md": "| `a` | something | better than z |\n| `e` | gone | gone |\n",
    });
    expect(checkDependencies(planted).map(({ what }) => what)).toEqual([
      "has no line for b",
      "has no line for @c/d",
      "has a line for e, which is no dependency",
      "does not pin b (^1.0.0)",
    ]);
  });

  it("find optional packages that the lock file leaves out", () => {
    const optionalDependencies = { "@a/linux": "1.0.0", "@a/nested": "1.0.0", "@a/darwin": "1.0.0" };
    const packages = {
      "node_modules/a": { optionalDependencies },
      "node_modules/@a/linux": {},
      "node_modules/a/node_modules/@a/nested": {},
    };
    expect(
      checkLock(plant({ "package-lock.json": JSON.stringify({ packages }) })).map(({ what }) => what),
    ).toEqual(["leaves out @a/darwin, an optional package of a"]);
  });

  it("find a row of the import table that the page does not have", () => {
    const rows = IMPORT_TABLE.slice(1).map(documentedRow);
    const page = ["# A", ...rows, "| `base` | `wire` | – | – |"].join("\n");
    expect(checkImportTablePage(plant({ "ARCHITECTURE.md": page })).map(({ what }) => what)).toEqual([
      expect.stringContaining("what base may import"),
    ]);
  });

  it("find decision pages that are not in form", () => {
    const sections = "# A\n\n## Context\n\n## Decision\n\n## Consequences\n";
    const planted = plant({
      "docs/decisions/README.md": "[1](0001-good.md) [2](0003-jump.md)",
      "docs/decisions/0001-good.md": sections,
      "docs/decisions/0003-jump.md": sections,
      "docs/decisions/0004-lost.md": "# A\n\n## Context\n\n## Decision\n",
    });
    expect(checkDecisions(planted).map(({ what }) => what)).toEqual([
      "is not named 0002-some-title.md",
      "is not named 0003-some-title.md",
      "is not in docs/decisions/README.md",
      'has no "## Consequences"',
    ]);
  });
});
