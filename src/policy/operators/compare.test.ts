import { describe, expect, it } from "vitest";

import { callOf, judge, judgeValue, object, problemsOf } from "../testing/conditions.ts";

/** Judges arguments given as text, so that the spelling of numbers is kept; the condition's value too. */
const judgeText = (op: string, value: string, found: string, path = "args.v"): number =>
  judge(`{"path":"${path}","op":"${op}","value":${value}}`, callOf(object(`{"v":${found}}`)));

describe("eq and neq", () => {
  it.each([
    [5, 5, 1],
    [5, "5", 0],
    ["5", 5, 0],
    [0, false, 0],
    [null, null, 1],
    [null, 0, 0],
    [false, false, 1],
    ["a", "A", 0],
    ["é", "e\u0301", 0],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, 1],
    [{ a: 1 }, { a: 1, b: 2 }, 0],
    [[1, 2], [2, 1], 0],
    [[], {}, 0],
  ])("of %j and %j: %s", (value, found, expected) => {
    expect(judgeValue({ op: "eq", value }, found)).toBe(expected);
    expect(judgeValue({ op: "neq", value }, found)).toBe(1 - expected);
  });

  it.each([
    ["5", "5.0", 1],
    ["5", "5e0", 1],
    ["0", "-0", 1],
    ["0.1", "1e-1", 1],
    ["9007199254740992", "9007199254740993", 0],
    ["100", "1e2", 1],
  ])("compares the decimals %s and %s: %s", (value, found, expected) => {
    expect(judgeText("eq", value, found)).toBe(expected);
    expect(judgeText("in", `[${value}]`, found)).toBe(expected);
    expect(judgeText("contains", value, `[${found}]`)).toBe(expected);
  });

  it("is unknown only where nothing is", () => {
    expect(judgeValue({ op: "eq", value: 1 }, undefined)).toBe(-1);
    expect(judgeValue({ op: "neq", value: 1 }, undefined)).toBe(-1);
    expect(judgeValue({ op: "not_in", value: [1] }, undefined)).toBe(-1);
  });

  it("folds strings on both sides, and nothing else", () => {
    const fold = (value: unknown, found: unknown) => judgeValue({ op: "eq", value, fold: true }, found);
    expect(fold("STRASSE", "straße")).toBe(1);
    expect(fold("ﬁle", "FILE")).toBe(1);
    expect(fold("\u212b", "å")).toBe(1);
    expect(fold("a", "b")).toBe(0);
    expect(fold("5", 5)).toBe(0);
    expect(fold(["A"], ["a"])).toBe(0);
    expect(judgeValue({ op: "neq", value: "A", fold: true }, "a")).toBe(0);
    expect(judgeValue({ op: "eq", value: "A", fold: false }, "a")).toBe(0);
  });
});

describe("in and not_in", () => {
  it.each([
    [["a", 5, null, [1]], "a", 1],
    [["a", 5, null, [1]], 5, 1],
    [["a", 5, null, [1]], "5", 0],
    [["a", 5, null, [1]], null, 1],
    [["a", 5, null, [1]], [1], 1],
    [["a"], ["a"], 0],
    [[], "a", 0],
  ])("of %j and %j: %s", (value, found, expected) => {
    expect(judgeValue({ op: "in", value }, found)).toBe(expected);
    expect(judgeValue({ op: "not_in", value }, found)).toBe(1 - expected);
  });

  it("folds", () => {
    expect(judgeValue({ op: "in", value: ["Berlin", 5], fold: true }, "BERLIN")).toBe(1);
    expect(judgeValue({ op: "not_in", value: ["Berlin", 5], fold: true }, "BERLIN")).toBe(0);
    expect(judgeValue({ op: "in", value: ["Berlin", 5], fold: true }, 5)).toBe(1);
  });

  it.each(["in", "not_in"])("%s needs a list", (op) => {
    expect(problemsOf({ path: "args.v", op, value: "a" })).toMatchObject([
      { pointer: "/value", at: "value" },
    ]);
  });
});

describe("lt, lte, gt, gte", () => {
  it.each([
    ["5", "4", [1, 1, 0, 0]],
    ["5", "5", [0, 1, 0, 1]],
    ["5", "6", [0, 0, 1, 1]],
    ["5", "5.0", [0, 1, 0, 1]],
    ["5.0", "5", [0, 1, 0, 1]],
    ["0", "-0", [0, 1, 0, 1]],
    ["-1", "-2.50", [1, 1, 0, 0]],
    ["9007199254740992", "9007199254740993", [0, 0, 1, 1]],
    ["9007199254740993", "9007199254740992", [1, 1, 0, 0]],
    ["1e3", "999.99", [1, 1, 0, 0]],
  ])("against %s with %s", (value, found, expected) => {
    expect(["lt", "lte", "gt", "gte"].map((op) => judgeText(op, value, found))).toEqual(expected);
  });

  it.each(["6", true, null, [6], { a: 6 }])("is unknown for %j", (found) => {
    expect(judgeValue({ op: "gt", value: 5 }, found)).toBe(-1);
    expect(judgeValue({ op: "gt", value: 5, on_missing: "false" }, found)).toBe(-1);
  });

  it.each([
    ["2026-12-31", [0, 1, 0, 1]],
    ["2027-01-01", [1, 1, 0, 0]],
    ["2026-12-30", [0, 0, 1, 1]],
  ])("compares now.date, 2026-12-31, with %s", (value, expected) => {
    const call = callOf(object("{}"));
    for (const path of ["now.date", 'now["date"]']) {
      expect(["lt", "lte", "gt", "gte"].map((op) => judge({ path, op, value }, call))).toEqual(expected);
    }
  });

  it.each([
    ["args.v", "5"],
    ["args.v", "2026-12-31"],
    ["args.v", null],
    ["args.date", "2026-12-31"],
    ["now.date", 20_261_231],
    ["now.date", "2026-02-30"],
    ["now.date", "2026-1-1"],
    ["now.date", "2026-12-31T00:00:00Z"],
    ["now.hour", "9"],
  ])("refuses for %s the value %j", (path, value) => {
    expect(problemsOf({ path, op: "lt", value })).toMatchObject([{ pointer: "/value", at: "value" }]);
  });
});
