import { describe, expect, it } from "vitest";
import { CsvRows, csvHead } from "./audit-csv.ts";
import { readAuditLine, type AuditLine } from "./audit-line.ts";

const lineOf = (value: object): AuditLine => {
  const line = readAuditLine(JSON.stringify({ at: "2026-01-01T00:00:00.000Z", ...value }));
  if (line === undefined) {
    throw new Error("no line");
  }
  return line;
};

const call = (id: string, decision: string, more: object = {}) =>
  lineOf({ id, decision, tool: `tool ${id}`, ...more });
const outcome = (id: string) =>
  lineOf({ id, outcome: "ok", http_status: 200, duration_ms: 1.5, result_bytes: 7 });

const ids = (csv: string): readonly string[] =>
  csv.split("\r\n").flatMap((row) => (row === "" ? [] : [row.split(",")[1] ?? ""]));

describe("rows of CSV", () => {
  it("join a call with its outcome, in the order of the calls", () => {
    const rows = new CsvRows();
    expect(rows.add(call("1", "allow"))).toBe("");
    expect(rows.add(call("2", "deny"))).toBe("");
    expect(rows.add(call("3", "deny", { enforced: false }))).toBe("");
    expect(ids(rows.add(outcome("1")))).toEqual(["1", "2"]);
    expect(rows.add(lineOf({ id: "4", act: "grant.create" }))).toBe("");
    expect(ids(rows.add(outcome("3")))).toEqual(["3", "4"]);
  });

  it("that wait for an outcome are given at the end without one", () => {
    const rows = new CsvRows();
    rows.add(call("1", "allow"));
    const end = rows.end();
    expect(ids(end)).toEqual(["1"]);
    expect(end).toMatch(/,,,,\r\n$/);
    expect(rows.end()).toBe("");
  });

  it("do not wait for ever behind a call that takes long: it comes after them", () => {
    const rows = new CsvRows(3);
    rows.add(call("long", "allow"));
    const all = ["1", "2", "3"].map((id) => ids(rows.add(call(id, "deny"))));
    expect(all).toEqual([[], [], []]);
    expect(ids(rows.add(call("4", "deny")))).toEqual(["1", "2", "3", "4"]);
    expect(ids(rows.add(call("5", "deny")))).toEqual([]);
    const ended = rows.add(outcome("long"));
    expect([ids(ended), ended.includes(",ok,200,1.5,7\r\n")]).toEqual([["long", "5"], true]);
  });

  it("have arguments, masked or whole, and what acts changed, as JSON", () => {
    const rows = new CsvRows();
    const masked = rows.add(
      call("1", "deny", { args: { masked: { token: "[secret]", n: [1] }, sha256: "ab" } }),
    );
    expect(masked).toContain(',"{""token"":""[secret]"",""n"":[1]}",');
    const act = rows.add(lineOf({ id: "2", act: "grant.revoke", before: { state: "live" }, after: null }));
    expect(act).toContain(',"{""state"":""live""}",,');
  });

  it("have as many cells as the head, quoted where they must be, and no formulas", () => {
    const rows = new CsvRows();
    const csv = rows.add(
      call("1", "deny", {
        tool: "=1+1",
        message: 'a "b", c\nd',
        identity: "-x",
        groups: ["a", "b"],
        client: { name: "@c" },
        args: { masked: { city: "Oslo" }, sha256: "00" },
      }),
    );
    expect(csv).toContain(",'=1+1,");
    expect(csv).toContain(',"a ""b"", c\nd",');
    expect(csv).toContain(",'-x,a b,");
    expect(csv).toContain(",'@c,");
    expect(csv).toContain(',"{""city"":""Oslo""}",');
    const cells = csv.replaceAll(/"(?:[^"]|"")*"/g, "quoted").split(",").length;
    expect(cells).toBe(csvHead().split(",").length);
  });
});
