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

  it("is unclear where it was refused for its spelling: a rule that asks what the value is holds it", async () => {
    const admits = (condition: object): object => ({
      version: "1",
      default: "deny",
      tools: { load_document: { require: [{ conditions: [{ path: "args.file_path", ...condition }] }] } },
    });
    write("spelling.json", admits({ op: "regex", value: "^/srv/project/[a-z/.]*$" }));
    write("folder.json", admits({ op: "within", value: ["/srv/project"] }));
    const run = (policy: string) =>
      tollgate("attack", "run", "--policy", policy, "--tools", "tools.json", "tool-poisoning");
    const spelling = await run("spelling.json");
    expect(spelling).toMatchObject({ code: 1, stderr: "" });
    expect(spelling.stdout).toMatch(
      /^tool-poisoning +UNCLEAR +tools\/call load_document was refused: require_failed\. The rule looks at how a value is written \(regex\)/mu,
    );
    expect(spelling.stdout).toContain("    What stops it: ");
    write("both.json", {
      version: "1",
      default: "deny",
      tools: {
        load_document: {
          require: [
            { conditions: [{ path: "args.file_path", op: "regex", value: "^/srv/project/[a-z/.]*$" }] },
            { conditions: [{ path: "args.file_path", op: "within", value: ["/srv/project"] }] },
          ],
        },
      },
    });
    expect((await run("both.json")).stdout).toMatch(/^tool-poisoning +held +tools\/call load_document/mu);
    const folders = await run("folder.json");
    expect(folders).toMatchObject({ code: 0, stderr: "" });
    expect(folders.stdout).toMatch(/^tool-poisoning +held +tools\/call load_document was refused/mu);
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

describe("what is attacked of a policy", () => {
  const attack = (policy: string, name: string) =>
    tollgate("attack", "run", "--policy", policy, "--tools", "tools.json", name);
  const beginning = (folderOf: string): object => ({
    conditions: [{ path: "args.file_path", op: "starts_with", value: folderOf }],
  });

  it("is its own rules, also where it names nothing of what the attack begins with", async () => {
    write("narrow.json", { version: "1", default: "deny", tools: { load_document: {} } });
    const ran = await attack("narrow.json", "tool-poisoning");
    expect(ran.stdout).toMatch(/^tool-poisoning +GOT THROUGH +The server executed add\.$/mu);
  });

  it("is what its own words leave open", async () => {
    const tools = { load_document: { require: [beginning("/home/ana/work")] } };
    write("prefix.json", { version: "1", default: "deny", tools });
    const ran = await attack("prefix.json", "path-escape");
    expect(ran.stdout).toMatch(/^path-escape +GOT THROUGH +The server executed load_document\.$/mu);
    expect(ran.stdout).toContain("/home/ana/work/../");
  });

  it("is nothing where it does not name the tool and nobody says which there are", async () => {
    write("nothing.json", { version: "1", default: "deny" });
    const ran = await tollgate("attack", "run", "--policy", "nothing.json", "path-escape");
    expect(ran.stdout).toMatch(/^path-escape +does not apply +The policy names no read_file\. Say --tools/mu);
  });
});

const ABOUT = [
  { path: "server.name", op: "eq", value: "mine" },
  { path: "grant.name", op: "eq", value: "named" },
  { path: "identity.name", op: "eq", value: "me" },
];

describe("an attack on a grant", () => {
  const journal = (): string => join(folder, "witness.jsonl");

  beforeAll(() => {
    write("tools-list.json", TOOLS.tools);
    write("no-tools.json", []);
    write("tollgate.json", {
      mcpServers: {
        mine: {
          command: process.execPath,
          args: [WITNESS, "--journal", journal(), "--tools", join(folder, "tools-list.json")],
          tollgate: { resultBytes: 65_536 },
        },
        other: {
          command: process.execPath,
          args: [WITNESS, "--journal", join(folder, "other.jsonl"), "--tools", join(folder, "no-tools.json")],
        },
      },
      policies: {
        shut: { version: "1", default: "deny" },
        open: { version: "1", default: "allow" },
        named: {
          version: "1",
          default: "deny",
          tools: { load_document: { require: [{ conditions: ABOUT }] } },
        },
      },
      identities: { me: { kind: "person" } },
      grants: {
        me: { identity: "me", server: "mine", policy: "shut", token: tokenOf("me") },
        named: { identity: "me", server: "mine", policy: "named", token: tokenOf("named") },
        both: { identity: "me", server: ["other", "mine"], policy: "open", token: tokenOf("both") },
      },
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

  it("is judged by rules on the server, the grant and the identity", async () => {
    const ran = await tollgate("attack", "run", "--grant", "named", "path-escape");
    expect(ran.stdout).toMatch(/^path-escape +GOT THROUGH /mu);
  });

  it("has the settings of the server whose tool it is", async () => {
    const ran = await tollgate("attack", "run", "--grant", "both", "flood-of-output");
    expect(ran.stdout).toMatch(/^flood-of-output +held .*error 1003/mu);
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
    [["--policy", "open.json", "--server", "a", "--tools", "tools.json"], "--server NAME or --tools FILE"],
    [["--policy", "open.json", "tool-poisoning", "--report", "/proc/nope"], "nothing can be made there"],
  ])("is refused with a reason: %j", async (args, reason) => {
    const ran = await tollgate("attack", "run", ...args);
    expect(ran.code).toBeGreaterThan(0);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain(reason);
  });

  it("is nothing where no temporary folder can be written", async () => {
    const program = new Program([join(ROOT, "src/main.ts"), "attack", "run", "--policy", "open.json"], {
      cwd: folder,
      env: { TMPDIR: join(folder, "nowhere") },
    });
    program.child.stdin?.end();
    expect(await program.closed).toBe(1);
    expect(program.stderr).toMatch(
      /^error: Attacks are played in .*nowhere, where nothing can be written\./u,
    );
  });
});
