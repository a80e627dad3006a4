import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Program, ROOT, temporaryDirectory, tokenOf, WITNESS } from "../support/gateway.ts";

// `attack run` as a person uses it who has just written a policy.

let folder = "";

const write = (name: string, content: object): string => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return name;
};

const tollgate = async (...args: readonly string[]) => {
  const program = new Program([join(ROOT, "src/main.ts"), ...args], { cwd: folder });
  program.child.stdin?.end();
  const code = await program.closed;
  return { code, stdout: program.stdout, stderr: program.stderr };
};

const text = { type: "string" };
const TOOLS = {
  tools: [
    {
      name: "load_document",
      description: "Reads a file from disk and returns its text.",
      inputSchema: {
        type: "object",
        properties: { file_path: text, encoding: { type: "string", enum: ["utf8", "latin1"] } },
        required: ["file_path", "encoding"],
      },
    },
    {
      name: "read_note",
      description: "Reads a file.",
      inputSchema: { type: "object", properties: { path: text } },
    },
  ],
};

beforeAll(() => {
  folder = temporaryDirectory();
  write("tools.json", TOOLS);
  write("open.json", { version: "1", default: "allow", tools: { read_note: { action: "deny" } } });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an attack on one's own policy", () => {
  it("gets through with one's own tool in the place of the scenario's, and is held by the rule it proposes", async () => {
    const first = await tollgate(
      "attack",
      "run",
      "--policy",
      "open.json",
      "--tools",
      "tools.json",
      "tool-poisoning",
    );
    expect(first).toMatchObject({ code: 1, stderr: "" });
    expect(first.stdout).toMatch(/^tool-poisoning +GOT THROUGH +The server executed add\.$/mu);
    expect(first.stdout).toContain("load_document in the place of read_file");
    expect(first.stdout).toContain("CANARY-PRIVATE-KEY");
    const proposed = /^ {4}(\{$.*?^ {4}\})$/msu.exec(first.stdout)?.[1] ?? "";
    const { tools } = JSON.parse(proposed) as { tools: object };
    write("mended.json", {
      version: "1",
      default: "allow",
      tools: { ...tools, read_note: { action: "deny" } },
    });
    const second = await tollgate(
      "attack",
      "run",
      "--policy",
      "mended.json",
      "--tools",
      "tools.json",
      "tool-poisoning",
    );
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toMatch(
      /^tool-poisoning +held +tools\/call load_document was refused: require_failed/mu,
    );
  });

  it("does not apply where the server has no such tool", async () => {
    write("none.json", { tools: [{ name: "list_things", inputSchema: { type: "object" } }] });
    const ran = await tollgate(
      "attack",
      "run",
      "--policy",
      "open.json",
      "--tools",
      "none.json",
      "tool-poisoning",
    );
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/^tool-poisoning +does not apply +The server has no tool .*read_file/mu);
  });

  it("is told to programs, and in a report", async () => {
    const ran = await tollgate(
      "attack",
      "run",
      "--policy",
      "open.json",
      "tool-poisoning",
      "--json",
      "--report",
      "told",
    );
    const said = JSON.parse(ran.stdout) as { counts: object; results: readonly object[] };
    expect(said.counts).toMatchObject({ through: 1, held: 0 });
    expect(said.results).toMatchObject([
      { name: "tool-poisoning", outcome: "through", stops: { by: "policy" } },
    ]);
    const report = JSON.parse(readFileSync(join(folder, "told/report.json"), "utf8")) as object;
    expect(report).toMatchObject({ about: "open.json", counts: said.counts });
  });
});

describe("an attack on a grant", () => {
  const journal = (): string => join(folder, "witness.jsonl");

  beforeAll(() => {
    write("tools-list.json", TOOLS.tools);
    write("tollgate.json", {
      mcpServers: {
        mine: {
          command: process.execPath,
          args: [WITNESS, "--journal", journal(), "--tools", join(folder, "tools-list.json")],
        },
      },
      policies: { shut: { version: "1", default: "deny" } },
      identities: { me: { kind: "person" } },
      grants: { me: { identity: "me", server: "mine", policy: "shut", token: tokenOf("me") } },
    });
  });

  it("is judged by the grant's policy, on the tools that its server lists, and never reaches that server", async () => {
    const ran = await tollgate("attack", "run", "--grant", "me", "tool-poisoning");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^tool-poisoning +held /mu);
    expect(existsSync(journal())).toBe(false);
  });

  it("is judged by its policy where a command made it, too", async () => {
    const made = await tollgate(
      "grant",
      "create",
      "night",
      "--identity",
      "me",
      "--server",
      "mine",
      "--policy",
      "shut",
    );
    expect(made.code).toBe(0);
    const ran = await tollgate("attack", "run", "--grant", "night", "tool-poisoning");
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^tool-poisoning +held /mu);
    const lone = await tollgate("grant", "create", "lone", "--identity", "me", "--server", "mine");
    expect(lone.code).toBe(0);
    expect(await tollgate("attack", "run", "--grant", "lone", "tool-poisoning")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("has no policy, so everything is denied"),
    });
    expect(await tollgate("attack", "run", "--grant", "nigth", "tool-poisoning")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean "night"?'),
    });
  });
});

describe("what cannot be attacked", () => {
  it.each([
    [[], "--grant NAME or --policy FILE"],
    [["--policy", "open.json", "--grant", "me"], "--grant NAME or --policy FILE"],
    [["--policy", "nowhere.json"], "there is no such file"],
    [["--policy", "open.json", "tool-poisonin"], "Did you mean tool-poisoning?"],
    [["--policy", "open.json", "--all", "tool-poisoning"], "Say --all, or which attacks."],
    [["--grant", "you", "tool-poisoning"], "no grant"],
  ])("is refused with a reason: %j", async (args, reason) => {
    const ran = await tollgate("attack", "run", ...args);
    expect(ran.code).toBeGreaterThan(0);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(reason);
  });
});
