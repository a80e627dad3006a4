import { describe, expect, it } from "vitest";
import { fittedTable, hanging } from "./fit.ts";
import type { Terminal } from "./terminal.ts";

const terminalOf = (columns: number, outIsTerminal = true): Terminal => ({
  out: () => undefined,
  err: () => undefined,
  stdin: (async function* nothing() {})(),
  inIsTerminal: false,
  outIsTerminal,
  errIsTerminal: false,
  env: { NO_COLOR: "1" },
  cwd: "/",
  columns,
});

const long = "a_tool_with_a_name_that_is_very_long_indeed_and_goes_on";
const rows = {
  head: ["TOOL", "SERVER", "CLASS", "RISK", "WHY"],
  rows: [
    [long, "a-server-of-a-long-name", "destructive?", "critical", `name: ${"delete ".repeat(20)}`],
    ["short", "s", "read", "low", "name: get"],
  ],
  names: 2,
};

describe("a table", () => {
  it.each([80, 100, 140])("of %s columns breaks no line", (columns) => {
    for (const names of [1, 2]) {
      const own =
        names === 2 ? rows : { ...rows, rows: rows.rows.map(([tool = "", , ...r]) => [tool, "1", ...r]) };
      const lines = fittedTable(terminalOf(columns), { ...own, names })
        .trimEnd()
        .split("\n");
      expect(lines.filter((line) => Array.from(line).length > columns)).toEqual([]);
      expect(lines[1]).toMatch(/^a_tool_with.*….*name: delete/u);
    }
  });

  it("cuts no name where no terminal is", () => {
    expect(fittedTable(terminalOf(80, false), rows)).toContain(`${long}  a-server-of-a-long-name  `);
  });
});

describe("text behind a label", () => {
  it("goes on under itself on a terminal, and is one line elsewhere", () => {
    const text = `12: ${"some_tool, ".repeat(12)}and 3 others`;
    const broken = hanging(terminalOf(80), 23, text);
    const lines = broken.split("\n");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line, at) => line.length <= (at === 0 ? 57 : 80))).toBe(true);
    expect(lines.slice(1).every((line) => /^ {23}\S/.test(line))).toBe(true);
    expect(broken.replaceAll(/\n +/g, " ")).toBe(text);
    expect(hanging(terminalOf(80, false), 23, text)).toBe(text);
  });
});
