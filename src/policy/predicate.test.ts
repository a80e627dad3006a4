import { describe, expect, it } from "vitest";

import { compileConditions } from "./condition.ts";
import { compilePredicate } from "./predicate.ts";
import type { Problem } from "./problem.ts";
import { callOf, compileSchema, json, object } from "./testing/conditions.ts";

const compile = (value: unknown) => {
  const problems: Problem[] = [];
  return { predicate: compilePredicate(json(value), "/p/0", "deny", { compileSchema }, problems), problems };
};

const gt = (value: number) => ({ path: "args.n", op: "gt", value });

describe("compilePredicate", () => {
  it("joins its conditions by AND", () => {
    const { predicate } = compile({ conditions: [gt(1), gt(2), gt(3)] });
    const judge = (args: string) => predicate?.holds(callOf(object(args)));
    expect([judge('{"n":4}'), judge('{"n":3}'), judge('{"n":"x"}')]).toEqual([1, 0, -1]);
  });

  it("is true without conditions", () => {
    expect(compile({ conditions: [] }).predicate?.holds(callOf(object("{}")))).toBe(1);
  });

  it("keeps its name and message", () => {
    const { predicate } = compile({ name: "n", conditions: [], on_deny: "No." });
    expect(predicate).toMatchObject({ name: "n", onDeny: "No." });
    expect(compile({ conditions: [] }).predicate).toMatchObject({ name: undefined, onDeny: undefined });
  });

  it("tells what it reads, where, and which way it leans there", () => {
    const deep = { not: { any: [{ path: "client.name", op: "in", value: ["x"], on_missing: "true" }] } };
    expect(compile({ conditions: [gt(1), deep] }).predicate?.reads).toMatchObject([
      {
        pointer: "/p/0/conditions/0",
        op: "gt",
        value: 1,
        onMissing: undefined,
        lean: "deny",
        path: { root: "args" },
      },
      { pointer: "/p/0/conditions/1/not/any/0", op: "in", onMissing: "true", lean: "require" },
    ]);
  });

  it.each([
    [5, "/p/0", "value"],
    [[], "/p/0", "value"],
    [{}, "/p/0", "value"],
    [{ name: "n" }, "/p/0", "value"],
    [{ conditions: {} }, "/p/0/conditions", "value"],
    [{ conditions: [gt(1), {}] }, "/p/0/conditions/1", "value"],
    [{ conditions: [], name: 5 }, "/p/0/name", "value"],
    [{ conditions: [], on_deny: null }, "/p/0/on_deny", "value"],
    [{ conditions: [], reason: "x" }, "/p/0/reason", "key"],
  ])("refuses %j at %s, the %s", (value, pointer, at) => {
    expect(compile(value)).toMatchObject({ predicate: undefined, problems: [{ pointer, at }] });
  });

  it("proposes the nearest field", () => {
    expect(compile({ condition: [], conditions: [] }).problems).toMatchObject([{ nearest: "conditions" }]);
    expect(compile({ conditions: [], on_denny: "x" }).problems).toMatchObject([{ nearest: "on_deny" }]);
  });
});

describe("compileConditions", () => {
  it("does the same for a bare list", () => {
    const problems: Problem[] = [];
    const compiled = compileConditions(json([gt(1)]), "/c", "deny", { compileSchema }, problems);
    expect(compiled?.holds(callOf(object("{}")))).toBe(-1);
    expect(compileConditions(json({}), "/c", "deny", { compileSchema }, problems)).toBeUndefined();
    expect(problems).toMatchObject([{ pointer: "/c" }]);
  });
});
