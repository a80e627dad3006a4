import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { Gateway, ROOT, tokenOf, WITNESS } from "../support/gateway.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.write("tools.json", {
    tools: [
      { name: "get_customer", inputSchema: { type: "object", properties: { id: { type: "string" } } } },
      { name: "update_customer", inputSchema: { type: "object", properties: { id: { type: "string" } } } },
      { name: "delete_customer", inputSchema: { type: "object", properties: { id: { type: "string" } } } },
    ],
  });
});

afterEach(() => {
  desk[Symbol.dispose]();
});

interface Policy {
  readonly default: string;
  readonly tools: Readonly<Record<string, object>>;
}

const policyIn = (text: string): Policy => JSON.parse(text) as Policy;
const recommend = (...more: readonly string[]) => desk.run(["policy", "recommend", ...more]);
const fromFile = (...more: readonly string[]) => recommend("--tools", "tools.json", ...more);

describe("policy recommend", () => {
  it("prints a policy on standard output, and what people should know beside it", async () => {
    const { exit, out, err } = await fromFile();
    expect(exit).toBe(0);
    const policy = policyIn(out);
    expect(policy.default).toBe("deny");
    expect(policy.tools["get_customer"]).toEqual({});
    expect(policy.tools["update_customer"]).toEqual({ rate_limit: { max: 30, window: "minute" } });
    expect(err).toMatch(/^3 tools: 1 read, 1 write, 1 destructive\. The preset is recommended\.$/m);
    expect(err).toContain("Resources and prompts are not admitted");
  });

  it("takes presets", async () => {
    expect(policyIn((await fromFile("--preset", "permissive")).out).default).toBe("allow");
    expect(Object.keys(policyIn((await fromFile("--preset", "strict")).out).tools)).toEqual(["get_customer"]);
    expect((await fromFile("--preset", "wild")).exit).toBe(2);
  });

  it("is for programs and for reading too", async () => {
    const { out, err } = await fromFile("--json");
    expect(err).toBe("");
    expect(JSON.parse(out)).toEqual({
      policy: policyIn((await fromFile()).out),
      proposals: expect.any(Array),
      notes: expect.arrayContaining([expect.any(String)]),
      preset: "recommended",
    });
    const commented = (await fromFile("--commented")).out;
    expect(commented).toMatch(/^\/\/ For reading/);
    const bare = commented.replaceAll(/^\s*\/\/.*$/gm, "");
    expect(policyIn(bare)).toEqual(policyIn((await fromFile()).out));
  });

  it("writes a file that checks, and says how to use it", async () => {
    const { exit, out } = await fromFile("--out", "billing.policy.json");
    expect(exit).toBe(0);
    expect(out).toContain('"policies": { "billing": "./billing.policy.json" }');
    expect(out).toContain("tollgate wrap --policy billing.policy.json -- COMMAND");
    const checked = await desk.run([
      "policy",
      "check",
      "billing.policy.json",
      "--tools",
      "tools.json",
      "--strict",
    ]);
    expect(checked).toMatchObject({ exit: 0, out: "1 file checked, nothing wrong\n" });
    expect(readFileSync(join(desk.directory, "billing.policy.json"), "utf8")).toBe((await fromFile()).out);
  });

  it("names what is not taken yet, and lines that can be pasted", async () => {
    desk.write("conf/tollgate.json", {
      mcpServers: { billing: { command: "node" } },
      policies: { billing: { version: "1", default: "deny" } },
      identities: { you: {} },
      grants: { "you-billing": { identity: "you", server: "billing", policy: "billing" } },
    });
    const places = ["--config", "conf/tollgate.json", "--server", "billing"];
    const { out } = await fromFile("--out", "new.json", ...places);
    const [, lines = ""] = /tollgate\.json:\n([^]*?)\nor,/.exec(out) ?? [];
    expect(JSON.parse(`{${lines}}`)).toEqual({
      policies: { "billing-2": "../new.json" },
      identities: { you: {} },
      grants: { "you-billing-2": { identity: "you", server: "billing", policy: "billing-2" } },
    });
    expect(out).toContain(
      `(cd conf && tollgate wrap --policy ${join(desk.directory, "new.json")} --name billing -- node)\n`,
    );
    expect(out).toMatch(/whole environment.*masked/);
  });

  it("prints a line for a shell only where it would start the same", async () => {
    const wrapLine = async (entry: object): Promise<string> => {
      desk.write("tollgate.json", { mcpServers: { s: entry } });
      const { out, err } = await fromFile("--server", "s", "--out", "s.json", "--yes");
      return (
        `${err}${out.split("\n").find((line) => line.includes("tollgate wrap")) ?? ""}`.split("\n").at(-1) ??
        ""
      );
    };
    expect(await wrapLine({ command: "node", args: ["a b", "it's", "$HOME"] })).toBe(
      String.raw`  tollgate wrap --policy s.json --name s -- node 'a b' 'it'\''s' '$HOME'`,
    );
    expect(await wrapLine({ command: "./bin/run", args: ["x"] })).toBe(
      `  tollgate wrap --policy s.json --name s -- ${join(desk.directory, "bin/run")} x`,
    );
    expect(await wrapLine({ command: "node", args: ["${env:HOME}"] })).toMatch(/ -- COMMAND$/);
    expect(await wrapLine({ type: "http", url: "http://127.0.0.1:9/mcp" })).toMatch(/ -- COMMAND$/);
  });

  it("has an entry to fill in for a server that is not configured", async () => {
    const { out } = await fromFile("--server", "unknown", "--out", "u.json");
    const [, lines = ""] = /tollgate\.json:\n([^]*?)\nwith the command you scanned with/.exec(out) ?? [];
    expect(JSON.parse(`{${lines}}`)).toMatchObject({
      mcpServers: { unknown: { command: "COMMAND", args: ["ARG"] } },
      grants: { "you-unknown": { server: "unknown" } },
    });
    expect(out).toContain("tollgate wrap --policy u.json --name unknown -- COMMAND\n");
  });

  it("says proposals that are alike once, and where else they can be seen", async () => {
    const inputSchema = { type: "object", properties: { path: { type: "string" } }, required: ["path"] };
    desk.write("files.json", {
      tools: ["read_file", "list_directory", "write_file"].map((name) => ({ name, inputSchema })),
    });
    const files = (...more: readonly string[]) => recommend("--tools", "files.json", ...more);
    const { err } = await files();
    expect(err.match(/It carries a path/g)).toHaveLength(1);
    expect(err).toMatch(/For: list_directory args\.path, read_file args\.path, write_file args\.path$/m);
    const commented = await files("--commented");
    expect(commented.err).not.toContain("It carries a path");
    expect(commented.err).toMatch(/^- 3 proposals: they stand as comments/m);
    const written = await files("--out", "files.policy.json");
    expect(written.err).not.toContain("It carries a path");
    expect(written.err).toMatch(/^- 3 proposals: .*--commented/m);
  });

  it("replaces no file unless it is told to", async () => {
    desk.write("mine.json", "{}");
    const refused = await fromFile("--out", "mine.json");
    expect(refused.exit).toBe(1);
    expect(refused.err).toContain("--yes");
    expect(readFileSync(join(desk.directory, "mine.json"), "utf8")).toBe("{}");
    expect((await fromFile("--out", "mine.json", "--yes")).exit).toBe(0);
    expect(readFileSync(join(desk.directory, "mine.json"), "utf8")).toContain('"version": "1"');
    expect((await fromFile("--out", "no/such/folder.json")).exit).toBe(1);
  });

  it("says what is missing", async () => {
    expect(await recommend()).toMatchObject({
      exit: 2,
      err: expect.stringContaining("--server NAME or --tools FILE"),
    });
    expect(await fromFile("--out", "a.json", "--commented")).toMatchObject({ exit: 2 });
    expect(existsSync(join(desk.directory, "a.json"))).toBe(false);
    expect(await fromFile("--from-audit", "7d")).toMatchObject({
      exit: 2,
      err: expect.stringContaining("--server"),
    });
    expect((await recommend("--tools", "none.json")).exit).toBe(1);
  });
});

describe("policy recommend for a server of the configuration", () => {
  const CONFIG = {
    mcpServers: { one: { command: process.execPath, args: [WITNESS] } },
    policies: { p: { version: "1", default: "deny", tools: { echo: {}, pay: { action: "deny" } } } },
    identities: { ann: {} },
    grants: { g: { identity: "ann", server: "one", policy: "p", token: tokenOf("g") } },
  };

  it("says where the record of a wrap lies, and recommends from it by a scan that lies elsewhere", async () => {
    const command = ["--", process.execPath, WITNESS];
    expect((await desk.run(["server", "scan", "odd", ...command])).exit).toBe(0);
    const recommended = (...more: readonly string[]) =>
      recommend("--server", "odd", "--from-audit", "7d", ...more);
    const none = await recommended();
    expect([none.exit, none.out, none.err]).toEqual([
      1,
      "",
      expect.stringContaining("There is no record in"),
    ]);
    expect(none.err).not.toContain("wrap");
    desk.write("open.json", { version: "1", default: "allow" });
    const main = join(ROOT, "src/main.ts");
    const messages = [
      {
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
      },
      { method: "notifications/initialized" },
      { id: 2, method: "tools/call", params: { name: "echo", arguments: { text: "x" } } },
    ];
    const wrapped = spawnSync(
      process.execPath,
      [main, "wrap", "--policy", "open.json", "--name", "odd", ...command],
      {
        cwd: desk.directory,
        env: { ...desk.env, XDG_DATA_HOME: join(desk.directory, "my data") },
        encoding: "utf8",
        input: messages.map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join(""),
      },
    );
    expect(wrapped.stdout).toContain('"id":2');
    desk.env["XDG_DATA_HOME"] = join(desk.directory, "my data");
    const data = join(desk.directory, "my data/tollgate/wrap/odd");
    const told = await recommended();
    expect([told.exit, told.out]).toEqual([1, ""]);
    expect(told.err).toContain(
      `\nA wrap of that name keeps its record in a data directory of its own. For its calls add: --data '${data}'\n`,
    );
    // The same where there is a record, but not of this server.
    await using gateway = await Gateway.start(CONFIG);
    const other = await recommended("--config", gateway.configFile, "--data", gateway.data);
    expect([other.exit, other.out]).toEqual([1, ""]);
    expect(other.err).toMatch(
      /^error: The record has no allowed call of "odd" since [^\n]*\n[^\n]* add: --data '/u,
    );
    const { exit, out, err } = await recommended("--data", data);
    expect([exit, Object.keys(policyIn(out).tools)]).toEqual([0, ["echo"]]);
    expect(err).toContain("from the scan of");
  }, 60_000);

  it("asks it for its tools, and the record for those that were called", async () => {
    await using gateway = await Gateway.start(CONFIG);
    await gateway.call("one", "g", "echo");
    await gateway.call("one", "g", "pay");
    const places = ["--config", gateway.configFile, "--data", gateway.data];
    const server = (...more: readonly string[]) => recommend("--server", "one", ...places, ...more);
    await expect
      .poll(async () => Object.keys(policyIn((await server("--from-audit", "7d")).out).tools))
      .toEqual(["echo"]);
    const { err } = await server("--from-audit", "7d");
    expect(err).toMatch(/Only tools with an allowed call since \d{4}-\d\d-\d\dT\d\d:\d\dZ are admitted\./);
    expect(Object.keys(policyIn((await server()).out).tools).length).toBeGreaterThan(1);
    desk.write("fewer.json", { tools: [{ name: "pay", inputSchema: { type: "object" } }] });
    const fewer = await server("--from-audit", "1h", "--tools", "fewer.json");
    expect(policyIn(fewer.out).tools).toEqual({});
    expect(fewer.err).toMatch(/does not have them any more: echo\./);
    expect((await server("--from-audit", "soon")).exit).toBe(2);
    const written = await server("--out", "one.json");
    const path = relative(dirname(gateway.configFile), join(desk.directory, "one.json"));
    expect(written.out).toContain(`"policies": { "one": ${JSON.stringify(path)} }`);
    expect(written.out).toContain('"you-one": { "identity": "you", "server": "one", "policy": "one" }');
    expect(written.out).toContain(`--name one -- ${process.execPath} ${WITNESS})\n`);
  }, 60_000);
});
