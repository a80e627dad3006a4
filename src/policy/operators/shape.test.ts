import { describe, expect, it } from "vitest";

import { compileCondition } from "../condition.ts";
import { callOf, json, judge, judgeValue, object, problemsOf } from "../testing/conditions.ts";

const typesOf = (found: string): string[] =>
  ["string", "number", "integer", "boolean", "null", "array", "object"].filter(
    (value) => judge({ path: "args.v", op: "type", value }, callOf(object(`{"v":${found}}`))) === 1,
  );

describe("type", () => {
  it.each([
    ['"a"', ["string"]],
    ["1.5", ["number"]],
    ["5", ["number", "integer"]],
    ["5.0", ["number", "integer"]],
    ["1e2", ["number", "integer"]],
    ["1.50", ["number"]],
    ["9007199254740993", ["number", "integer"]],
    ["true", ["boolean"]],
    ["null", ["null"]],
    ["[]", ["array"]],
    ["{}", ["object"]],
  ])("of %s is %j", (found, expected) => {
    expect(typesOf(found)).toEqual(expected);
  });

  it("is unknown where nothing is", () => {
    expect(judgeValue({ op: "type", value: "null" }, undefined)).toBe(-1);
  });

  it("proposes a type", () => {
    expect(problemsOf({ path: "args.v", op: "type", value: "interger" })).toMatchObject([
      { pointer: "/value", at: "value", nearest: "integer" },
    ]);
    expect(problemsOf({ path: "args.v", op: "type", value: ["string"] })).toHaveLength(1);
  });
});

describe("max_length and min_length", () => {
  it.each([
    [2, "ab", 1, 1],
    [2, "abc", 0, 1],
    [2, "a", 1, 0],
    [2, "😀😀", 1, 1],
    [1, "e\u0301", 0, 1],
    [2, [1, 2], 1, 1],
    [2, [1, 2, 3], 0, 1],
    [0, "", 1, 1],
    [2, 12, -1, -1],
    [2, { a: 1 }, -1, -1],
    [2, null, -1, -1],
    [2, undefined, -1, -1],
  ])("%j of %j: %s, %s", (value, found, most, least) => {
    expect(judgeValue({ op: "max_length", value }, found)).toBe(most);
    expect(judgeValue({ op: "min_length", value }, found)).toBe(least);
  });

  it.each([1.5, "2", null, true])("refuse %j", (value) => {
    for (const op of ["max_length", "min_length"]) {
      expect(problemsOf({ path: "args.v", op, value })).toMatchObject([{ pointer: "/value", at: "value" }]);
    }
  });
});

describe("exists", () => {
  it.each([
    ["args.a", '{"a":null}', 1],
    ["args.a", "{}", 0],
    ["args", "{}", 1],
    ["args.a.b", '{"a":"text"}', 0],
    ["args.l[*]", '{"l":[]}', 0],
    ["args.l[*]", '{"l":[null]}', 1],
    ["args.l[*]", "{}", 0],
    ["args.l[*]", '{"l":{"x":1}}', 0],
    ["args.l[*].x", '{"l":[{},{"x":1}]}', 1],
    ["args.l[*].x", '{"l":[{},{}]}', 0],
    ["args.o.*", '{"o":{}}', 0],
    ["args.o.*", '{"o":{"x":null}}', 1],
    ["args.**", "{}", 0],
    ["args.**", '{"a":{}}', 1],
    ["args.a.**", '{"a":1}', 1],
    ["args.a.**", '{"a":[[]]}', 0],
    ["args.a.**", "{}", 0],
  ])("of %s in %s: %s, whichever way the condition leans", (path, args, expected) => {
    for (const lean of ["require", "deny"] as const) {
      const call = callOf(object(args));
      expect(judge({ path, op: "exists", value: true }, call, lean)).toBe(expected);
      expect(judge({ path, op: "exists", value: false }, call, lean)).toBe(1 - expected);
      expect(judge({ not: { path, op: "exists", value: true } }, call, lean)).toBe(1 - expected);
    }
  });

  it("of context that is told or not", () => {
    const call = callOf(object("{}"));
    const alone = { ...call, subject: { ...call.subject, session: undefined, identity: { name: "ana" } } };
    for (const path of ["session.tools[*]", "identity.groups[*]"]) {
      expect(judge({ path, op: "exists", value: true }, call)).toBe(1);
      expect(judge({ path, op: "exists", value: true }, alone)).toBe(0);
      expect(judge({ path, op: "exists", value: false }, alone)).toBe(1);
    }
  });

  it.each(["true", 1, null])("refuses %j", (value) => {
    expect(problemsOf({ path: "args.v", op: "exists", value })).toMatchObject([{ pointer: "/value" }]);
  });
});

describe("schema", () => {
  it.each([
    [5, 1],
    [1, 0],
    ["a", 1],
  ])("judges %j: %s", (found, expected) => {
    expect(judgeValue({ op: "schema", value: { minimum: 3 } }, found)).toBe(expected);
  });

  it("is unknown where the schema cannot tell, below .** too", () => {
    const call = callOf(object('{"v":9007199254740993}'));
    for (const path of ["args.v", "args.v.**"]) {
      expect(judge({ path, op: "schema", value: { minimum: 3 } }, call, "deny")).toBe(-1);
    }
  });

  it("is unknown where checking fails", () => {
    const endless = () => () => {
      throw new RangeError("Maximum call stack size exceeded");
    };
    const condition = json({ path: "args.v", op: "schema", value: { $ref: "#" } });
    const compiled = compileCondition(condition, "", "require", { compileSchema: endless }, []);
    expect(compiled?.(callOf(object('{"v":1}')))).toBe(-1);
  });

  it("refuses what does not compile", () => {
    expect(problemsOf({ path: "args.v", op: "schema", value: 5 })).toMatchObject([{ pointer: "/value" }]);
  });
});
