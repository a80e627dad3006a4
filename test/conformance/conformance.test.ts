import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REFUSALS } from "../../src/base/errors.ts";
import { Gateway, journalOf, Program, ROOT, temporaryDirectory, tokenOf } from "../support/gateway.ts";
import { requiredScenarios, runSuite, type Revision, type SuiteResult } from "./suite.ts";
import { TokenShim } from "./token-shim.ts";

// The official conformance suite: against a server on the official SDK, and against the same server behind the gate.

const FIXTURE = join(ROOT, "test", "fixtures", "conformance", "server.ts");
const REVISIONS = ["2025-11-25", "2026-07-28"] as const;
/** The same server over HTTP and over stdio. */
const SERVERS = ["web", "pipe"] as const;
const RUN_MS_MAX = 300_000;

/** Check → its message, for the scenarios of a run. */
type Failures = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is known to fail, by run. It can only shrink: what is in it and passes fails the test as well. */
const KNOWN = JSON.parse(
  readFileSync(join(import.meta.dirname, "expected-failures.json"), "utf8"),
) as Readonly<Record<string, Failures>>;

const directory = temporaryDirectory();
let fixture: Program;
let fixtureUrl: string;
let gateway: Gateway;

const journalFile = (server: string): string => join(directory, `${server}.jsonl`);
const grantOf = (server: string, revision: Revision): string => `${server}-${revision}`;

beforeAll(async () => {
  fixture = new Program([FIXTURE, "--http", "--port", "0", "--journal", journalFile("web")]);
  fixtureUrl = `http://127.0.0.1:${await fixture.printed(/^conformance fixture on (\d+)$/mu)}/mcp`;
  const grants = SERVERS.flatMap((server) =>
    REVISIONS.map((revision) => {
      const name = grantOf(server, revision);
      return [name, { identity: "suite", server, policy: "open", token: tokenOf(name) }];
    }),
  );
  gateway = await Gateway.start({
    mcpServers: {
      web: { url: fixtureUrl },
      pipe: { command: process.execPath, args: [FIXTURE, "--stdio", "--journal", journalFile("pipe")] },
    },
    policies: {
      open: {
        version: "1",
        default: "allow",
        hide: ["secret_*"],
        tools: { forbidden_tool: { action: "deny", reason: "Not through this gate." } },
      },
    },
    identities: { suite: { kind: "service" } },
    grants: Object.fromEntries(grants),
  });
});

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

const run = async (name: string, url: string, revision: Revision): Promise<SuiteResult> => {
  const output = join(directory, `results-${name}-${revision}`);
  mkdirSync(output);
  const result = await runSuite(url, revision, output);
  console.log(`conformance ${revision} ${name}: ${result.figure}`);
  return result;
};

const failuresOf = ({ failed }: SuiteResult): Failures =>
  Object.fromEntries(
    failed.map(({ scenario, checks }) => [
      scenario,
      Object.fromEntries(checks.map(({ id, message }) => [id, message])),
    ]),
  );

/** The checks that are in the first and not in the second. */
const without = (failures: Failures, others: Failures): readonly string[] =>
  Object.entries(failures).flatMap(([scenario, checks]) =>
    Object.entries(checks)
      .filter(([id]) => others[scenario]?.[id] === undefined)
      .map(([id, message]) => `${scenario}: ${id}: ${message}`),
  );

it("requires 30 scenarios of a server of 2025-11-25 and 37 of one of 2026-07-28", () => {
  expect(REVISIONS.map((revision) => requiredScenarios(revision).length)).toEqual([30, 37]);
});

it("knows of failures only in runs and scenarios that there are", () => {
  const runs = SERVERS.flatMap((server) => REVISIONS.map((revision) => `${server} ${revision}`));
  expect(runs).toEqual(expect.arrayContaining(Object.keys(KNOWN)));
  for (const [name, scenarios] of Object.entries(KNOWN)) {
    const revision = REVISIONS.find((revision) => name.endsWith(revision)) ?? "2025-11-25";
    expect(requiredScenarios(revision)).toEqual(expect.arrayContaining(Object.keys(scenarios)));
  }
});

describe("the suite's server, asked directly", () => {
  it.each(REVISIONS)("passes every scenario of %s", { timeout: RUN_MS_MAX }, async (revision) => {
    const result = await run("direct", fixtureUrl, revision);
    expect(failuresOf(result)).toEqual({});
    expect(result.passed).toEqual(requiredScenarios(revision));
  });
});

/** How often each name stands in a list. */
const counted = (names: readonly unknown[]): ReadonlyMap<unknown, number> => {
  const counts = new Map<unknown, number>();
  names.forEach((name) => counts.set(name, (counts.get(name) ?? 0) + 1));
  return counts;
};

describe.each(SERVERS)("the suite's server behind the gate: %s", (server) => {
  it.each(REVISIONS)(
    "passes every check of %s but the known ones, and no tool ran unrecorded",
    { timeout: RUN_MS_MAX },
    async (revision) => {
      const grant = grantOf(server, revision);
      const before = journalOf(journalFile(server)).length;
      await using shim = await TokenShim.start(gateway.url, tokenOf(grant));
      const result = await run(server, `${shim.url}/mcp/${server}`, revision);
      const known = KNOWN[`${server} ${revision}`] ?? {};
      expect(without(failuresOf(result), known)).toEqual([]);
      expect(without(known, failuresOf(result))).toEqual([]);

      const ran = journalOf(journalFile(server)).slice(before);
      expect(ran.length).toBeGreaterThan(10);
      const records = await gateway.records();
      const allowed = records.filter(
        (line) => line["grant"] === grant && line["method"] === "tools/call" && line["decision"] === "allow",
      );
      const recorded = counted(allowed.map(({ tool }) => tool));
      const unrecorded = [...counted(ran.map(({ name }) => name))].filter(
        ([name, times]) => (recorded.get(name) ?? 0) < times,
      );
      expect(unrecorded).toEqual([]);
      const ended = new Set(records.filter((line) => "outcome" in line).map(({ id }) => id));
      expect(allowed.filter(({ id }) => !ended.has(id))).toEqual([]);
    },
  );

  it("keeps what is hidden or forbidden from its clients, whatever else passes", async () => {
    const grant = grantOf(server, "2026-07-28");
    const list = await gateway.modern(server, grant, "tools/list");
    expect(list.text).toContain("forbidden_tool");
    expect(list.text).not.toContain("secret_tool");
    const hidden = await gateway.call(server, grant, "secret_tool");
    expect(hidden.message.error).toMatchObject({ code: -32602, message: "Unknown tool: secret_tool" });
    const forbidden = await gateway.call(server, grant, "forbidden_tool");
    expect(forbidden.message.result?.isError).toBe(true);
    expect(forbidden.text).toContain("Not through this gate.");
    await gateway.call(server, grant, "test_simple_text");
    const ran = journalOf(journalFile(server)).map(({ name }) => name);
    expect(ran).toContain("test_simple_text");
    expect(ran).not.toContain("secret_tool");
    expect(ran).not.toContain("forbidden_tool");
  });
});

it.each([
  ["Host", { host: "evil.example.com" }, REFUSALS.host_forbidden],
  ["Origin", { origin: "http://evil.example.com" }, REFUSALS.origin_forbidden],
])("leaves a foreign %s to the gate, which refuses it", async (_, headers, { http, message }) => {
  await using shim = await TokenShim.start(gateway.url, tokenOf("web-2026-07-28"));
  const asked = request(`${shim.url}/mcp/web`, { method: "POST", headers, agent: false });
  asked.end("{}");
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  expect(answer.statusCode).toBe(http);
  expect(await json(answer)).toMatchObject({ error: { message } });
});
