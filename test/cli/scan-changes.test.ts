import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { WITNESS } from "../support/gateway.ts";

// What one scans again for: a server whose tools are not what they were.

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

const inputSchema = { type: "object", properties: { id: { type: "string" } } };
const named = (name: string, description?: string): object => ({ name, description, inputSchema });

/** A scan of a server with these tools, by its command. */
const scan = async (tools: readonly object[], ...more: readonly string[]): Promise<string> => {
  const file = desk.write("tools.json", tools);
  const command = ["--", process.execPath, WITNESS, "--tools", file];
  const { exit, out, err } = await desk.run(["server", "scan", "odd", ...more, ...command]);
  expect([exit, err]).toEqual([0, ""]);
  return out;
};

const BEFORE = [named("get_row"), named("list_rows"), named("add_row"), named("stays")];
const AFTER = [
  named("list_rows", "Deletes a row for good."),
  named("add_row", "Adds a row."),
  named("drop_table"),
  named("stays"),
];

describe("a second scan of the same name", () => {
  it("says what changed, the most dangerous first", async () => {
    expect(await scan(BEFORE)).not.toContain("since the scan of");
    const out = await scan(AFTER);
    expect(out).toMatch(/\nsince the scan of \d{4}-\d\d-\d\d \d\d:\d\d: 1 new, 2 changed, 1 gone\n/u);
    const rows =
      out
        .split(/\nTOOL +CHANGE +CLASS +RISK\n/u)[1]
        ?.split("\n\n")[0]
        ?.split("\n") ?? [];
    expect(rows).toEqual([
      expect.stringMatching(/^drop_table +new +destructive +\w+$/u),
      expect.stringMatching(/^list_rows +changed +read → destructive +low → high$/u),
      expect.stringMatching(/^add_row +changed +write +medium$/u),
      expect.stringMatching(/^get_row +gone +read +low$/u),
    ]);
    expect(await scan(AFTER)).toMatch(/\nsince the scan of [^\n]*: nothing changed\n/u);
  });

  it("says it to programs", async () => {
    const changes = async (tools: readonly object[]): Promise<unknown> =>
      (JSON.parse(await scan(tools, "--json")) as { changes: unknown }).changes;
    expect(await changes(BEFORE)).toBeNull();
    expect(await changes(AFTER)).toEqual([
      {
        tool: "drop_table",
        change: "new",
        before: null,
        now: { class: "destructive", risk: expect.any(String) },
      },
      {
        tool: "list_rows",
        change: "changed",
        before: { class: "read", risk: "low" },
        now: { class: "destructive", risk: "high" },
      },
      expect.objectContaining({ tool: "add_row", change: "changed" }),
      { tool: "get_row", change: "gone", before: { class: "read", risk: "low" }, now: null },
    ]);
    expect(await changes(AFTER)).toEqual([]);
  });

  it("tells another verdict on the same definition from a change", async () => {
    await scan(BEFORE);
    const file = join(desk.directory, ".tollgate/catalogue/odd.json");
    const kept = JSON.parse(readFileSync(file, "utf8")) as {
      servers: { tools: { name: string; class: string }[] }[];
    };
    for (const tool of kept.servers[0]?.tools ?? []) {
      tool.class = tool.name === "get_row" ? "execute" : tool.class;
    }
    desk.write(".tollgate/catalogue/odd.json", kept);
    const out = await scan(BEFORE);
    expect(out).toMatch(/: 1 judged anew\nTOOL [^\n]*\nget_row +judged anew +execute → read +low\n/u);
  });

  it("says that it cannot compare where the scan before cannot be read, and keeps the new one", async () => {
    desk.write(".tollgate/catalogue/odd.json", "half of a fi");
    const file = desk.write("tools.json", BEFORE);
    const argv = ["server", "scan", "odd", "--", process.execPath, WITNESS, "--tools", file];
    const { exit, err } = await desk.run(argv);
    expect([exit, err]).toEqual([
      0,
      expect.stringMatching(
        /^What changed since the last scan cannot be said\.\n.*odd\.json:1:\d+: warning: /u,
      ),
    ]);
    expect(await scan(BEFORE)).toContain("nothing changed");
  });

  it("names overrides that no longer hold", async () => {
    const file = desk.write("tools.json", BEFORE);
    desk.write("tollgate.json", {
      mcpServers: { odd: { command: process.execPath, args: [WITNESS, "--tools", file] } },
    });
    for (const tool of ["get_row", "list_rows", "stays"]) {
      const argv = [
        "catalogue",
        "override",
        "odd",
        tool,
        "--class",
        "read",
        "--risk",
        "low",
        "--reason",
        "x",
        "--yes",
      ];
      expect((await desk.run(argv)).exit).toBe(0);
    }
    expect((await desk.run(["server", "scan", "odd"])).out).not.toContain("override");
    desk.write("tools.json", AFTER);
    const { out } = await desk.run(["server", "scan", "odd"]);
    expect(out).toMatch(
      /\noverride list_rows: definition changed; .*the more dangerous counts: destructive, high/u,
    );
    expect(out).toMatch(/\noverride get_row: no such tool; the server does not offer the tool any more\n/u);
    expect(out).not.toContain("override stays");
    const programs = JSON.parse((await desk.run(["server", "scan", "odd", "--json"])).out) as object;
    expect(programs).toMatchObject({
      overridesLost: [
        { tool: "get_row", state: "no such tool" },
        { tool: "list_rows", state: "definition changed" },
      ],
    });
  });
});

describe("a server without tools", () => {
  it("is said to have none, or none that clients see", async () => {
    expect(await scan([])).toMatch(/^odd: 0 tools, [^\n]*\nThe server lists no tools, so /u);
    const out = await scan([{ name: "", inputSchema }]);
    expect(out).toMatch(/\nwithheld \(no name\): .+\nAll of its tools are withheld/u);
  });
});
