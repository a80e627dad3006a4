import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { Desk } from "../support/command.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

describe("every command", () => {
  it("has help with examples of itself, and the options that all have", async () => {
    for (const { path, examples } of COMMANDS) {
      const { exit, out, err } = await desk.run([...path, "--help"]);
      expect([path, exit, err]).toEqual([path, 0, ""]);
      expect(out).toContain("Examples:");
      expect(examples.every((line) => line.includes(`tollgate ${path.join(" ")}`))).toBe(true);
      for (const option of ["--config <file>", "--data <dir>", "--json"]) {
        expect([path, out.includes(option)]).toEqual([path, true]);
      }
    }
  });

  it("is in the help of its group", async () => {
    const { out } = await desk.run(["policy", "--help"]);
    for (const name of ["check", "eval", "test"]) {
      expect(out).toContain(`\n  ${name} `);
    }
    const { out: all } = await desk.run(["--help"]);
    expect(all).toContain("\n  doctor ");
    const named = new Set(COMMANDS.map((command) => command.path[0]));
    expect([...named].filter((name) => !new RegExp(`^  ${name}\\b.*  \\S`, "mu").test(all))).toEqual([]);
  });
});

describe("wrong usage", () => {
  it("is exit 2 with a message on standard error, and the nearest command", async () => {
    const wrong = [
      [],
      ["polcy"],
      ["policy"],
      ["policy", "chek", "x.json"],
      ["policy", "check"],
      ["policy", "eval"],
      ["policy", "eval", "--policy"],
      ["policy", "eval", "--policy", "p.json", "--unknown"],
      ["serve", "extra"],
      ["serve", "--port", "eighty"],
      ["serve", "--port", "-1"],
      ["serve", "--port", "65536"],
      ["serve", "--log-level", "loud"],
      ["grant", "create", "g"],
      ["grant", "create", "g", "--identity", "i", "--server", "s", "--expires", "soon"],
      ["audit", "tail", "--decision", "maybe"],
      ["wrap", "--policy", "p.json"],
      ["connect"],
      ["connect", "--url", "gate.example.com/mcp/x"],
      ["wrap", "--policy", "p.json", "npx", "-y", "x"],
    ];
    for (const argv of wrong) {
      const { exit, out, err } = await desk.run(argv);
      expect([argv, exit, out, err === ""]).toEqual([argv, 2, "", false]);
    }
    expect((await desk.run(["polcy"])).err).toContain("Did you mean policy?");
  });
});

describe("a configuration with errors", () => {
  it("is told whole, with places, by every command that needs it, exit 1", async () => {
    desk.write(
      "tollgate.json",
      '{\n  "gatewy": {},\n  "policies": { "p": { "version": "2", "default": "deny" } }\n}',
    );
    for (const argv of [["serve"], ["server", "list"], ["server", "scan", "x"]]) {
      const { exit, err } = await desk.run(argv);
      expect([argv, exit]).toEqual([argv, 1]);
      expect(err).toContain(
        'tollgate.json:2:3: error: unknown key "gatewy" (/gatewy) Did you mean "gateway"?',
      );
    }
    desk.write(
      "tollgate.json",
      '{\n  "policies": {\n    "p": { "version": "2", "default": "deny" },\n    "q": "q.json"\n  }\n}',
    );
    desk.write("q.json", '{\n  "version": "1"\n}');
    const { err, exit } = await desk.run(["server", "list"]);
    expect(exit).toBe(1);
    expect(err).toContain("tollgate.json:3:23: error:");
    expect(err).toContain("(/policies/p/version)");
    expect(err).toMatch(/q\.json:1:1: error: /);
    expect(err).toContain("error: 2 errors in the configuration");
  });

  it("is looked for here, then in the data directory, or where --config says", async () => {
    const named = (name: string) => ({ mcpServers: { [name]: { command: "x" } } });
    desk.write("data/tollgate.json", named("in-data"));
    const names = async (...more: readonly string[]) => {
      const { out } = await desk.run(["server", "list", "--json", ...more]);
      return (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
    };
    expect(await names()).toEqual([]);
    expect(await names("--data", "data")).toEqual(["in-data"]);
    desk.write("tollgate.json", named("here"));
    expect(await names("--data", "data")).toEqual(["here"]);
    expect(await names("--config", "data/tollgate.json")).toEqual(["in-data"]);
    const { exit, err } = await desk.run(["server", "list", "--config", "none.json"]);
    expect([exit, err]).toEqual([
      1,
      "none.json: error: the file cannot be read as UTF-8 text\nerror: 1 error in the configuration\n",
    ]);
  });
});

describe("server list", () => {
  it("shows servers as the file writes them, and never a secret", async () => {
    desk.env["KEY"] = "sk-secret-0123456789";
    desk.write("tollgate.json", {
      mcpServers: {
        one: { command: "npx", args: ["-y", "one", "--key", "${env:KEY}"], env: { K: "${env:KEY}" } },
        two: {
          url: "https://two.example/mcp?key=${env:KEY}",
          headers: { Authorization: "Bearer ${env:KEY}" },
        },
        off: { command: "x", disabled: true },
      },
      identities: { ann: {} },
      grants: { g: { identity: "ann", server: "one" } },
    });
    const table = await desk.run(["server", "list"]);
    expect(table).toEqual({
      exit: 0,
      err: "",
      out: [
        "SERVER  BY     GRANTS  TARGET",
        "one     stdio  g       npx -y one --key ${env:KEY}",
        "two     http   none    https://two.example/mcp",
        "",
      ].join("\n"),
    });
    const json = await desk.run(["server", "list", "--json"]);
    expect(JSON.parse(json.out)).toEqual([
      { name: "one", transport: "stdio", target: "npx -y one --key ${env:KEY}", grants: ["g"] },
      { name: "two", transport: "http", target: "https://two.example/mcp", grants: [] },
    ]);
    expect(table.out + json.out).not.toContain("sk-secret");
  });

  it("says how to add one where there is none", async () => {
    expect((await desk.run(["server", "list"])).out).toContain("mcpServers");
  });
});
