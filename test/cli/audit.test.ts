import { appendFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonLines } from "../support/command.ts";
import { Gateway, Program, temporaryDirectory, tokenOf, WITNESS } from "../support/gateway.ts";

const POLICY = {
  version: "1",
  default: "deny",
  tools: { echo: {}, pay: { deny_if: [{ name: "=cmd|x", conditions: [], on_deny: 'No, "never"' }] } },
};

describe("the record of a gateway", () => {
  let gateway: Gateway;

  beforeAll(async () => {
    gateway = await Gateway.start({
      mcpServers: { one: { command: process.execPath, args: [WITNESS] } },
      policies: { p: POLICY },
      identities: { ann: {} },
      grants: {
        g: { identity: "ann", server: "one", policy: "p", token: tokenOf("g") },
        h: { identity: "ann", server: "one", policy: "p", token: tokenOf("h") },
      },
    });
    await gateway.call("one", "g", "echo", { text: "private words" });
    await gateway.call("one", "g", "pay");
    await gateway.call("one", "h", "echo");
  });

  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
  });

  const exported = async (...more: readonly string[]) =>
    jsonLines((await gateway.command("audit", "export", "--json", ...more)).stdout);

  it("is exported as it is, an outcome as its own line, while the gateway runs", async () => {
    const lines = await exported();
    const calls = lines.filter(({ tool }) => tool !== undefined);
    expect(calls.map(({ grant, tool, decision }) => [grant, tool, decision])).toEqual([
      ["g", "echo", "allow"],
      ["g", "pay", "deny"],
      ["h", "echo", "allow"],
    ]);
    const outcomes = lines.filter(({ outcome }) => outcome !== undefined);
    expect(outcomes.map(({ id, outcome }) => [id, outcome])).toEqual([
      [calls[0]?.["id"], "ok"],
      [calls[2]?.["id"], "ok"],
    ]);
    expect(lines.every(({ prev, hash }) => typeof prev === "string" && typeof hash === "string")).toBe(true);
    expect(JSON.stringify(lines)).not.toContain("private words");
  });

  it("is filtered by what calls have, outcomes with their records, acts left out", async () => {
    expect((await exported("--grant", "h")).map(({ tool, outcome }) => tool ?? outcome)).toEqual([
      "echo",
      "ok",
    ]);
    expect((await exported("--tool", "pay")).map(({ code }) => code)).toEqual(["deny_if_matched"]);
    expect(await exported("--decision", "allow", "--grant", "g")).toHaveLength(2);
    expect(await exported("--code", "hidden")).toEqual([]);
    expect(await exported("--to", "1h")).toEqual([]);
    expect(await exported("--from", "1h")).toEqual(await exported());
  });

  it("is a table for spreadsheets, in which nothing is a formula", async () => {
    const { stdout, code } = await gateway.command("audit", "export", "--csv", "--grant", "g");
    expect(code).toBe(0);
    const [head = "", echo = "", pay = "", ...rest] = stdout.split("\r\n");
    expect(head).toMatch(/^at,id,request_id,server,grant,.*,outcome,http_status,duration_ms,result_bytes$/);
    expect(echo).toMatch(/,allow,allowed,\/tools\/echo,.*,ok,/);
    expect(pay).toMatch(/,deny,deny_if_matched,\/tools\/pay\/deny_if\/0,'=cmd\|x,"No, ""never""",/);
    expect(rest).toEqual([""]);
    expect((await gateway.command("audit", "export", "--csv", "--json")).code).toBe(2);
  });

  it("has its last lines shown, for people and for programs", async () => {
    const { stdout } = await gateway.command(
      "audit",
      "tail",
      "-n",
      "2",
      "--grant",
      "g",
      "--decision",
      "deny",
    );
    expect(stdout).toMatch(
      /^\S+Z deny {2}g → one pay {2}deny_if_matched \/tools\/pay\/deny_if\/0 {2}[0-9a-f-]{36}\n$/,
    );
    expect(jsonLines((await gateway.command("audit", "tail", "-n", "1", "--json")).stdout)).toHaveLength(1);
    expect((await gateway.command("audit", "tail", "-n", "0")).stdout).toBe("");
  });

  it("is followed as it grows, until interrupted", async () => {
    await using tail = new Program([
      "src/main.ts",
      "audit",
      "tail",
      "-f",
      "-n",
      "1",
      "--json",
      "--tool",
      "free",
      "--data",
      gateway.data,
    ]);
    // It may still be starting: calls go on until one is seen.
    let seen = "";
    for (let attempt = 0; attempt < 100 && seen === ""; attempt += 1) {
      await gateway.call("one", "g", "free");
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = tail.stdout;
    }
    expect(jsonLines(seen.slice(0, seen.indexOf("\n")))[0]).toMatchObject({
      tool: "free",
      code: "default_deny",
    });
    expect(await tail.stop("SIGINT")).toBe(0);
  });

  it("is verified, and what was changed is found", async () => {
    const sound = await gateway.command("audit", "verify", "--json");
    expect([sound.code, JSON.parse(sound.stdout)]).toMatchObject([0, { ok: true }]);
    expect((await gateway.command("audit", "verify", "--from", "1h")).code).toBe(0);
    await gateway.stop();
    const journal = join(gateway.data, "journal");
    const segment = readdirSync(journal).find((name) => name.endsWith(".jsonl")) ?? "";
    const file = join(journal, segment);
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace('"deny"', '"allow"'));
    const changed = await gateway.command("audit", "verify", "--json");
    expect([changed.code, JSON.parse(changed.stdout)]).toMatchObject([
      1,
      { ok: false, fault: { kind: "changed" } },
    ]);
    writeFileSync(file, before);
    appendFileSync(file, "rubbish\n");
    expect((await gateway.command("audit", "verify")).code).toBe(1);
    const { code, stderr } = await gateway.command("audit", "export");
    expect([code, stderr]).toEqual([1, expect.stringContaining("1 lines of the record cannot be read")]);
    writeFileSync(file, before);
    expect((await gateway.command("audit", "verify")).code).toBe(0);
  });
});

describe("where there is no record", () => {
  it("the commands say so", async () => {
    await using gateway = new Gateway({});
    for (const command of ["tail", "export", "verify"]) {
      const { code, stderr } = await gateway.command("audit", command);
      expect([code, stderr]).toEqual([1, expect.stringContaining("There is no record in")]);
    }
  });

  it("a journal itself is told from a data directory", async () => {
    const directory = temporaryDirectory();
    await using gateway = new Gateway({}, directory, join(directory, "case", "journal"));
    mkdirSync(gateway.data, { recursive: true });
    writeFileSync(join(gateway.data, "00000001.jsonl"), "");
    for (const command of ["tail", "search", "verify"]) {
      const { code, stderr } = await gateway.command("audit", command);
      expect([code, stderr]).toEqual([1, expect.stringContaining("is a journal itself.")]);
      expect(stderr).toContain(`--data ${join(directory, "case")}.`);
    }
  });

  it("one that may not be written is read all the same, but not searched", async () => {
    const directory = temporaryDirectory();
    await using gateway = new Gateway({}, directory);
    mkdirSync(join(gateway.data, "journal"), { recursive: true });
    writeFileSync(join(gateway.data, "journal", "00000001.jsonl"), "");
    // Nobody may make a file there, not even root, for whom the mode of a directory is no bar.
    symlinkSync("/sys/tollgate-lock", join(gateway.data, "lock"));
    const { code, stderr } = await gateway.command("audit", "search");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/cannot be written, and a search.*audit export/u),
    ]);
    expect((await gateway.command("audit", "export")).code).toBe(0);
  });
});
