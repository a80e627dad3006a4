import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

interface Checked {
  readonly errors: number;
  readonly warnings: number;
  readonly problems: readonly Record<string, unknown>[];
}

const checked = (out: string): Checked => JSON.parse(out) as Checked;

describe("policy check", () => {
  it("finds nothing wrong with what is right", async () => {
    desk.write("a.json", { version: "1", default: "deny" });
    desk.write("b.json", { version: "1", default: "allow" });
    expect(await desk.run(["policy", "check", "a.json", "b.json"])).toEqual({
      exit: 0,
      out: "2 files checked, nothing wrong\n",
      err: "",
    });
  });

  it("prints all errors of all files at once, each with its place, pointer and nearest spelling", async () => {
    desk.write(
      "a.json",
      '{\n  "version": "1",\n  "defualt": "deny",\n  "tools": { "x": { "limits": 5 } }\n}',
    );
    desk.write("b.json", '{ "version": "1", "default": "deny", }');
    const { exit, out } = await desk.run(["policy", "check", "a.json", "b.json", "none.json"]);
    expect(exit).toBe(1);
    const lines = out.trimEnd().split("\n");
    expect(lines.find((line) => line.startsWith("a.json:3:3: error:"))).toMatch(
      /\(\/defualt\) Did you mean "default"\?$/,
    );
    expect(
      lines.some((line) => line.startsWith("a.json:4:31: error:") && line.endsWith("(/tools/x/limits)")),
    ).toBe(true);
    expect(lines.some((line) => line.startsWith("b.json:1:38: error:") && !line.includes("("))).toBe(true);
    expect(lines).toContain("none.json: error: there is no such file");
    expect(lines.at(-1)).toMatch(/^\d errors, 0 warnings in 3 files$/);
  });

  it("is for programs too", async () => {
    desk.write("a.json", '{\n  "version": "1",\n  "defualt": "deny"\n}');
    const { exit, out } = await desk.run(["policy", "check", "--json", "a.json"]);
    expect(exit).toBe(1);
    const { errors, warnings, problems } = checked(out);
    expect([errors, warnings]).toEqual([problems.length, 0]);
    expect(problems).toContainEqual({
      file: "a.json",
      line: 3,
      column: 3,
      pointer: "/defualt",
      message: expect.any(String),
      nearest: "default",
      severity: "error",
    });
    expect(problems).toContainEqual(expect.objectContaining({ pointer: "", line: 1, column: 1 }));
    desk.write("b.json", "{");
    expect(
      checked((await desk.run(["policy", "check", "--json", "b.json"])).out).problems[0],
    ).not.toHaveProperty("pointer");
  });

  it("exits 0 with warnings only, 1 with --strict", async () => {
    desk.write("a.json", {
      version: "1",
      default: "deny",
      tools: { x: { deny_if: [{ conditions: [{ path: "client.name", op: "eq", value: "curl" }] }] } },
    });
    const plain = await desk.run(["policy", "check", "a.json", "--json"]);
    expect([plain.exit, checked(plain.out).errors]).toEqual([0, 0]);
    expect(checked(plain.out).warnings).toBeGreaterThan(0);
    expect(checked(plain.out).problems[0]).toMatchObject({ severity: "warning" });
    expect((await desk.run(["policy", "check", "a.json", "--strict"])).exit).toBe(1);
  });

  it("says where definitions come from of a server that the catalogue knows only", async () => {
    desk.write("good.json", { version: "1", default: "deny" });
    const { exit, err } = await desk.run(["policy", "check", "good.json", "--server", "filesystem"]);
    expect(exit).toBe(1);
    expect(err).toContain("tollgate server scan filesystem --json -- COMMAND > tools.json");
    expect((await desk.run(["policy", "check", "good.json", "--server", "nowhere"])).err).toContain(
      'has no server "nowhere"',
    );
  });

  it("warns of keys that match no tool of a list", async () => {
    desk.write("a.json", { version: "1", default: "deny", tools: { delete_all: {} } });
    desk.write("tools.json", { tools: [{ name: "delete_one", inputSchema: { type: "object" } }] });
    const { exit, out } = await desk.run(["policy", "check", "a.json", "--tools", "tools.json", "--json"]);
    expect(exit).toBe(0);
    expect(checked(out).problems).toContainEqual(
      expect.objectContaining({ severity: "warning", pointer: "/tools/delete_all", line: 5 }),
    );
    expect((await desk.run(["policy", "check", "a.json", "--tools", "none.json"])).exit).toBe(1);
  });
});
