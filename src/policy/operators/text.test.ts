import { describe, expect, it } from "vitest";

import { judgeDeep, judgeValue, problemsOf } from "../testing/conditions.ts";

describe("operators on strings", () => {
  it.each([
    [{ op: "regex", value: "b+" }, "abbc", 1],
    [{ op: "regex", value: "^b" }, "abbc", 0],
    [{ op: "regex", value: "c$" }, "abc\n", 0],
    [{ op: "regex", value: "ABC", flags: "i" }, "xabc", 1],
    [{ op: "regex", value: "^b$", flags: "m" }, "a\nb", 1],
    [{ op: "regex", value: "a.b", flags: "s" }, "a\nb", 1],
    [{ op: "regex", value: "1" }, 1, -1],
    [{ op: "contains", value: "bb" }, "abbc", 1],
    [{ op: "contains", value: "" }, "abbc", 1],
    [{ op: "contains", value: "B" }, "abbc", 0],
    [{ op: "contains", value: "BB", fold: true }, "abbc", 1],
    [{ op: "contains", value: "SS", fold: true }, "straße", 1],
    [{ op: "contains", value: "a" }, ["a", 5], 1],
    [{ op: "contains", value: "A" }, ["a", 5], 0],
    [{ op: "contains", value: "A", fold: true }, ["a", 5], 1],
    [{ op: "contains", value: "a" }, ["ab"], 0],
    [{ op: "contains", value: 5 }, ["a", 5], 1],
    [{ op: "contains", value: "5" }, ["a", 5], 0],
    [{ op: "contains", value: [1] }, [[1]], 1],
    [{ op: "contains", value: null }, [], 0],
    [{ op: "contains", value: 5 }, "5", -1],
    [{ op: "contains", value: null }, "null", -1],
    [{ op: "contains", value: "a" }, { a: 1 }, -1],
    [{ op: "contains", value: 5 }, 5, -1],
    [{ op: "starts_with", value: "ab" }, "abc", 1],
    [{ op: "starts_with", value: "b" }, "abc", 0],
    [{ op: "starts_with", value: "SS", fold: true }, "ßx", 1],
    [{ op: "starts_with", value: "a" }, ["a"], -1],
    [{ op: "ends_with", value: "bc" }, "abc", 1],
    [{ op: "ends_with", value: "b" }, "abc", 0],
    [{ op: "ends_with", value: ".EXE", fold: true }, "a.exe", 1],
    [{ op: "ends_with", value: "a" }, null, -1],
    [{ op: "glob", value: "a*c" }, "abbc", 1],
    [{ op: "glob", value: "a*" }, "xa", 0],
    [{ op: "glob", value: "?" }, "😀", 1],
    [{ op: "glob", value: "A*", fold: true }, "abc", 1],
    [{ op: "glob", value: "a*" }, "ABC", 0],
    [{ op: "glob", value: "＊", fold: true }, "abc", 0],
    [{ op: "glob", value: "＊", fold: true }, "*", 1],
    [{ op: "glob", value: "5" }, 5, -1],
  ])("%j on %j: %s", (rest, found, expected) => {
    expect(judgeValue(rest, found)).toBe(expected);
  });

  it.each([
    [{ op: "regex", value: "^5$" }, 5, 1],
    [{ op: "regex", value: "^true$" }, true, 1],
    [{ op: "regex", value: "null" }, null, 0],
    [{ op: "contains", value: "5" }, 1.5, 1],
    [{ op: "contains", value: 5 }, "5", 0],
    [{ op: "contains", value: 5 }, 5, 0],
    [{ op: "starts_with", value: "fal" }, false, 1],
    [{ op: "ends_with", value: "7" }, 17, 1],
    [{ op: "glob", value: "1?" }, 17, 1],
    [{ op: "glob", value: "ＴＲＵＥ", fold: true }, true, 1],
  ])("below .** %j on %j: %s", (rest, found, expected) => {
    expect(judgeDeep(rest, found)).toBe(expected);
  });

  it.each([
    [{ op: "regex", value: "(" }, "/value"],
    [{ op: "regex", value: "(?<=a)b" }, "/value"],
    [{ op: "regex", value: "a".repeat(1_001) }, "/value"],
    [{ op: "regex", value: 5 }, "/value"],
    [{ op: "regex", value: "a", flags: "g" }, "/flags"],
    [{ op: "regex", value: "a", flags: "ii" }, "/flags"],
    [{ op: "regex", value: "a", flags: 1 }, "/flags"],
    [{ op: "glob", value: "a".repeat(1_001) }, "/value"],
    [{ op: "glob", value: ["a"] }, "/value"],
    [{ op: "starts_with", value: 5 }, "/value"],
    [{ op: "ends_with", value: null }, "/value"],
  ])("refuses %j at %s", (rest, pointer) => {
    expect(problemsOf({ path: "args.v", ...rest })).toMatchObject([{ pointer, at: "value" }]);
  });

  it("names a bad pattern and bad flags together", () => {
    const found = problemsOf({ path: "args.v", op: "regex", value: "(", flags: "g" });
    expect(found.map((problem) => problem.pointer).sort()).toEqual(["/flags", "/value"]);
  });
});
