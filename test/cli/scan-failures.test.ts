import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk, type Ran } from "../support/command.ts";

// Why a scan has nothing, in words that fit what happened.

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

const scan = (script: string, ...before: readonly string[]): Promise<Ran> =>
  desk.run(["server", "scan", "odd", "--", ...before, process.execPath, "-e", script]);

const hello = {
  protocolVersion: "2025-06-18",
  capabilities: { tools: {} },
  serverInfo: { name: "odd", version: "1" },
};

/** A server that says hello, and answers `tools/list` with the members that this expression gives. */
const answering = (members: string): string => `
  require("node:readline").createInterface(process.stdin).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    const answers = { initialize: () => ({ result: ${JSON.stringify(hello)} }), "tools/list": () => (${members}) };
    const answer = answers[method]?.() ?? { error: { code: -32601, message: "no" } };
    if (id !== undefined) console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  });`;

const STDOUT = "may write nothing but MCP messages to standard output";

describe("a scan that fails", () => {
  it("shows what the server itself says, masked, on one line and cut", async () => {
    const message = String.raw`"No workspace for " + process.env.API_KEY + "\n\u001b[2Jhere " + "x".repeat(5000)`;
    const script = answering(`{ error: { code: -32000, message: ${message} } }`);
    const { exit, err } = await scan(script, "env", "API_KEY=0123456789abcdef");
    expect(exit).toBe(1);
    expect(err).toMatch(
      /^error: It does not list its tools: tools\/list was answered with an error, "No workspace for \[masked\] /u,
    );
    expect(err).toContain("It may need credentials or other arguments: -- env NAME=value COMMAND.");
    for (const text of ["0123456789abcdef", "\u001b", STDOUT]) {
      expect(err).not.toContain(text);
    }
    expect(err.length).toBeLessThan(1_000);
  });

  it.each([
    [
      "pages without end",
      `{ result: { tools: [], nextCursor: String(Number(params?.cursor ?? 0) + 1) } }`,
      "more pages",
    ],
    ["no list", `{ result: { tools: 5 } }`, "answered no list of tools"],
    ["an error without words", `{ error: { code: -32000 } }`, "cannot be"],
  ])("gives no advice on standard output for %s", async (_, members, reason) => {
    const { exit, err } = await scan(answering(members));
    expect([exit, err]).toEqual([1, expect.stringContaining(reason)]);
    expect(err).not.toContain(STDOUT);
  });

  it("names what npx may need", async () => {
    const { err } = await scan("process.exit(1)");
    expect(err).toContain("NODE_EXTRA_CA_CERTS");
  });

  it("says soon that a server prints what is no message, and gives up one that prints nothing else", async () => {
    const began = performance.now();
    const { exit, err } = await scan(`setInterval(() => console.log("loading\u001b[2J"), 100)`);
    expect(exit).toBe(1);
    expect(err).toMatch(
      /^odd prints what is no MCP message to standard output, and is waited for: [^\n]*loading/u,
    );
    expect(err.match(/is waited for/gu)).toHaveLength(1);
    expect(err).toMatch(/\nerror: .*for 15 s it printed nothing but what is no MCP message\./u);
    expect(err).toContain(STDOUT);
    expect(err).toContain("--start-ms");
    expect(err).not.toContain("\u001b");
    // Not the minute that a server may take to start.
    expect(performance.now() - began).toBeLessThan(40_000);
  }, 60_000);

  it("waits for one that speaks after all", async () => {
    const script = `console.log("a banner"); setTimeout(() => {${answering(`{ result: { tools: [{ name: "get_row" }] } }`)}}, 2500)`;
    const { exit, out, err } = await scan(script);
    expect([exit, out]).toEqual([0, expect.stringContaining("\nget_row ")]);
    expect(err).toContain("is waited for");
  }, 30_000);
});
