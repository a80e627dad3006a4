import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECISION_CODES, REFUSALS } from "../src/base/errors.ts";
import { COMMANDS } from "../src/cli/commands.ts";
import { configJsonSchema } from "../src/config/shape.ts";
import { operatorNames } from "../src/policy/operators/table.ts";
import { checkLinks } from "./architecture/doc-rules.ts";
import { readTree } from "./architecture/tree.ts";
import { checkJson, isTestFile } from "./docs/json-kinds.ts";
import { blocksOf, PAGES, pageText, placeOf, shownBelow, type Block } from "./docs/pages.ts";
import { BLOCK_MS, Sandbox } from "./docs/sandbox.ts";
import { ROOT } from "./support/gateway.ts";

// What the pages tell people to write and to run is right.

const POLICY_SCHEMA: unknown = JSON.parse(readFileSync(join(ROOT, "schema/policy.schema.json"), "utf8"));

const SHELL = blocksOf("sh");
const JSON_BLOCKS = blocksOf("json");

/** The block whose gateway all the others talk to. */
const SERVE = SHELL.find(({ text }) => text.startsWith("npx tollgate serve "));

/** Blocks that do not run here, why not, and the test that covers them. */
const ELSEWHERE: readonly { readonly block: string; readonly why: string; readonly test: string }[] = [
  {
    block: "npm ci && npm start\n",
    why: "it fetches packages and takes fixed ports; there it runs on free ones",
    test: "test/examples-start.test.ts",
  },
  {
    block: "npx tollgate serve --config examples/node-orchestrator/tollgate.json\n",
    why: "it goes on running",
    test: "test/examples.test.ts",
  },
  {
    block: "npx tollgate serve --config examples/uefn/tollgate.json\n",
    why: "it goes on running",
    test: "test/examples.test.ts",
  },
  {
    block: "npx tollgate-uefn-simulator --port 7411 --journal journal.jsonl\n",
    why: "it goes on running",
    test: "test/examples.test.ts",
  },
  {
    block: "npx tollgate-uefn-simulator --port 8765 --journal journal.jsonl\n",
    why: "it goes on running",
    test: "servers/uefn-simulator/main.test.ts",
  },
  {
    block: "npx tollgate-node-orchestrator --http --port 7420\n",
    why: "it goes on running",
    test: "servers/node-orchestrator/end-to-end.test.ts",
  },
  { block: "npm ci && npm test\n", why: "it would run itself", test: "test/ci.test.ts" },
];

const REQUEST = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "docs", version: "1" } },
});

/** What a block must print, what it is given, and how it ends: an exit code of 0 alone says little of these. */
const TALKS: readonly {
  readonly has: string;
  readonly input?: string;
  readonly prints: RegExp;
  readonly code?: number;
}[] = [
  { has: "tollgate wrap", input: `${REQUEST}\n`, prints: /"protocolVersion":"2025-06-18"/u },
  { has: "tollgate connect --url", input: `${REQUEST}\n`, prints: /"protocolVersion":"2025-06-18"/u },
  { has: "curl -s http://127.0.0.1:7410", prints: /"content":\[.*"resultType":"complete"/u },
  { has: "policy check", prints: /nothing wrong|0 errors/u },
  { has: "policy check examples/uefn/hide", prints: /warning: run_tool .*batch_exec/su },
  { has: "grant create try-servers", prints: /^web: (?:started|already running).*<h1>Shop.*default_deny/msu },
  {
    has: "grant create try-editor",
    prints: /^run_tool$.*Crate.*Unknown tool: shutdown\n\[POLICY DENIED\]/msu,
  },
  { has: "grant create try-hiding", prints: /^error -32602: Unknown tool: shutdown\n\{"result":/mu },
  { has: "curl -sf http://127.0.0.1:8765/ -d", prints: /"app":.*"success":true/su },
  { has: "policy eval", prints: /^\{"decision":"deny","code":/mu },
  { has: "policy test", prints: /^ok /mu },
  {
    has: "server scan orchestrator --config examples/quickstart/tollgate.json\n",
    prints: /stop_all_servers/u,
  },
  { has: "server scan unknown -- npx", prints: /^can modify or destroy .*stop_all_servers/mu },
  { has: "--from-audit 7d --data", prints: /"tools": \{\s+"list_servers": \{\}\s+\}/u },
  { has: "catalogue show filesystem write_file", prints: /^filesystem write_file\nclass /mu },
  { has: "grant rotate", prints: /^\S{32,}$/mu },
  { has: "audit verify", prints: /^sound: \d+ lines?, head [0-9a-f]{64}$/mu },
  {
    has: "attack run --policy examples/uefn/hide",
    prints: /GOT THROUGH.*"run_tool": \{\s+"require"/su,
    code: 1,
  },
  {
    has: "split-payments runaway-loop command-injection",
    prints: /^split-payments +held .*GOT THROUGH.*"get_customer": \{/msu,
    code: 1,
  },
  { has: "attack run --policy examples/uefn/closed", prints: /^meta-tool-bypass +held /mu },
  { has: "doctor", prints: /^All is well\.$/mu },
];

const complaint = (block: Block, what: readonly string[]): readonly string[] =>
  what.map((one) => `${placeOf(block)}: ${one}`);

describe("the pages", () => {
  it("link to what is there", () => {
    expect(checkLinks(readTree(ROOT)).filter(({ file }) => PAGES.includes(file))).toEqual([]);
  });

  it("show JSON that the gateway takes, or gives", () => {
    expect(JSON_BLOCKS.length).toBeGreaterThan(10);
    expect(JSON_BLOCKS.flatMap((block) => complaint(block, checkJson(block)))).toEqual([]);
  });

  it.each([
    ['{ "version": "1", "default": "deny", "tool": {} }', 'no field "tool"'],
    ['{ "mcpServers": { "Billing": { "command": "x" } } }', "lower-case"],
    ['{ "mcpServers": {}, "policies": { "a": { "version": "2", "default": "deny" } } }', '"version"'],
    ['{ "mcpServers": {}, "policies": { "a": "./nowhere.policy.json" } }', "cannot be read"],
    ['{ "decision": "deny", "code": "denied" }', "no code denied"],
    ['{ "servers": { "web": { "command": "x", "healthPath": "/" } } }', "healthPath needs a port"],
    ['{ "colour": "red" }', "neither a policy"],
    ['{ "version": "1", }', "JSON"],
  ])("would be found out with %s", (text, what) => {
    expect(checkJson({ page: "docs/x.md", line: 1, text }).join("\n")).toContain(what);
  });

  it.each([
    ["commands", ["docs/commands.md"], COMMANDS.map(({ path }) => path.join(" "))],
    ["the configuration", ["docs/configuration.md"], keysOf(configJsonSchema())],
    ["the policy", ["docs/policy.md", "docs/limits.md"], keysOf(POLICY_SCHEMA)],
    ["operators and codes", ["docs/policy.md"], [...operatorNames, ...DECISION_CODES]],
    ["errors", ["docs/clients.md"], Object.values(REFUSALS).map(({ rpc }) => String(rpc))],
  ])("leave nothing out of %s", (_, pages, names) => {
    expect(names.length).toBeGreaterThan(10);
    const text = pages.map(pageText).join("\n");
    expect(names.filter((name) => !holdsWord(text, name))).toEqual([]);
  });
});

describe("the commands of the pages", () => {
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
    await sandbox.serve(SERVE?.text ?? "");
  });

  afterAll(() => sandbox[Symbol.asyncDispose]());

  it("are all run here, or listed with the test that covers them", () => {
    expect(SHELL.length).toBeGreaterThan(15);
    const texts = SHELL.map(({ text }) => text);
    expect(ELSEWHERE.filter(({ block }) => !texts.includes(block))).toEqual([]);
    expect(ELSEWHERE.filter(({ test }) => !existsSync(join(ROOT, test)))).toEqual([]);
    expect(TALKS.filter(({ has }) => !texts.some((text) => text.includes(has)))).toEqual([]);
  });

  // A block that stands on several pages is one.
  const here = SHELL.filter(
    ({ text }, index) =>
      text !== SERVE?.text &&
      !ELSEWHERE.some(({ block }) => block === text) &&
      SHELL.findIndex((other) => other.text === text) === index,
  );

  it.concurrent.each(here.map((block) => [placeOf(block), block] as const))(
    "%s works",
    async (_, block) => {
      const { text } = block;
      const talks = TALKS.filter(({ has }) => text.includes(has));
      const ran = await sandbox.run(text, talks.find(({ input }) => input !== undefined)?.input);
      expect(ran).toMatchObject({ code: talks.find(({ code }) => code !== undefined)?.code ?? 0 });
      const printed = ran.stdout.split("\n");
      expect(shownBelow(block).filter((line) => !printed.includes(line))).toEqual([]);
      for (const { prints } of talks) {
        expect(ran.stdout).toMatch(prints);
      }
    },
    BLOCK_MS + 10_000,
  );

  it.each(JSON_BLOCKS.filter(isTestFile).map((block) => [placeOf(block), block] as const))(
    "%s is a file of tests that pass",
    async (_, { text }) => {
      writeFileSync(join(sandbox.directory, "examples/policies/page.test.json"), text);
      const ran = await sandbox.run("npx tollgate policy test examples/policies/page.test.json");
      expect(ran).toMatchObject({ code: 0 });
    },
  );

  it("leave a record of which the page says every member", async () => {
    const { stdout } = await sandbox.run("npx tollgate audit export --json");
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    const members = new Set(lines.flatMap((line) => Object.keys(line)));
    expect(members).toContain("tool_digest");
    expect(members).toContain("duration_ms");
    expect(members).toContain("subject");
    const text = pageText("docs/audit.md");
    expect([...members].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it.each([
    ["npx tollgate policy chekc examples/policies/web.policy.json"],
    ["npx tollgate policy check examples/policies/nowhere.policy.json"],
    ["npx tollgate grant create by-nobody --identity nobody --server orchestrator"],
    ["npx tollgate audit tail --decision maybe | head -1"],
  ])("would be found out: %s fails", async (text) => {
    expect((await sandbox.run(text)).code).toBeGreaterThan(0);
  });
});

/** Whether a text has a name as a word of its own. */
function holdsWord(text: string, name: string): boolean {
  return new RegExp(String.raw`(?<![\w-])${name.replaceAll("$", String.raw`\$`)}(?!\w)`, "u").test(text);
}

/** Names of the members that a schema describes, at any depth. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) {
    return [];
  }
  const own = "properties" in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
