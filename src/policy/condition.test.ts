import { describe, expect, it } from "vitest";

import { callOf, judge, object, problemsOf, subject } from "./testing/conditions.ts";
import type { Call, ToolFacts } from "./types.ts";

const TRUE = { path: "args.t", op: "eq", value: 1 };
const FALSE = { path: "args.t", op: "eq", value: 2 };
const UNKNOWN = { path: "args.none", op: "eq", value: 1 };
const call = callOf(object('{"t":1}'));

describe("all, any and not", () => {
  const values = [
    [1, TRUE],
    [0, FALSE],
    [-1, UNKNOWN],
  ] as const;
  const rank = (three: number): number => (three === -1 ? 0.5 : three);
  const three = (found: number): number => (found === 0.5 ? -1 : found);
  const cases = values.flatMap(([a, one]) =>
    values.flatMap(([b, two]) =>
      values.map(([c, other]) => ({ ranks: [a, b, c].map(rank), list: [one, two, other] })),
    ),
  );

  it("follow Kleene's tables for up to three conditions", () => {
    for (const { ranks, list } of cases) {
      for (const length of [1, 2, 3]) {
        const some = ranks.slice(0, length);
        expect(judge({ all: list.slice(0, length) }, call)).toBe(three(Math.min(...some)));
        expect(judge({ any: list.slice(0, length) }, call)).toBe(three(Math.max(...some)));
      }
    }
  });

  it("turn round", () => {
    expect([TRUE, FALSE, UNKNOWN].map((not) => judge({ not }, call))).toEqual([0, 1, -1]);
  });

  it("are true and false of nothing", () => {
    expect(judge({ all: [] }, call)).toBe(1);
    expect(judge({ any: [] }, call)).toBe(0);
  });

  it("nest", () => {
    expect(judge({ any: [{ all: [TRUE, { not: FALSE }] }, UNKNOWN] }, call)).toBe(1);
    expect(judge({ not: { not: UNKNOWN } }, call)).toBe(-1);
  });
});

describe("wildcards", () => {
  const gt5 = { op: "gt", value: 5 };
  it.each([
    // path, args, what `require` sees, what `deny_if` sees
    ["args.l[*]", '{"l":[6,7]}', 1, 1],
    ["args.l[*]", '{"l":[6,1]}', 0, 1],
    ["args.l[*]", '{"l":[1,2]}', 0, 0],
    ["args.l[*]", '{"l":[]}', 1, 0],
    ["args.l[*]", '{"l":[6,"x"]}', -1, 1],
    ["args.l[*]", '{"l":[1,"x"]}', 0, -1],
    ["args.l[*]", "{}", -1, -1],
    ["args.l[*]", '{"l":6}', -1, -1],
    ["args.l[*]", '{"l":{"a":6}}', -1, -1],
    ["args.o.*", '{"o":{"a":6,"b":1}}', 0, 1],
    ["args.o.*", '{"o":{}}', 1, 0],
    ["args.o.*", '{"o":[6]}', -1, -1],
    ["args.*", '{"a":6}', 1, 1],
    ["args[*]", '{"0":6}', -1, -1],
    ["args.l[*].x", '{"l":[{"x":6},{"x":7}]}', 1, 1],
    ["args.l[*].x", '{"l":[{"x":6},{}]}', -1, 1],
    ["args.l[*].x", '{"l":[{"x":1},{}]}', 0, -1],
    ["args.l[*].x", '{"l":[{}]}', -1, -1],
    ["args.l[*].x", '{"l":[6]}', -1, -1],
    ["args.l[*].x[*]", '{"l":[{"x":[]},{"x":[]}]}', 1, 0],
    ["args.l[*].x[*]", '{"l":[{"x":[6]},{}]}', -1, 1],
    ["args.l[*][0]", '{"l":[[6],[1]]}', 0, 1],
    ["args.o.*[1]", '{"o":{"a":[0,6]}}', 1, 1],
  ])("of %s in %s: %s in require, %s in deny_if", (path, args, require, deny) => {
    const found = callOf(object(args));
    expect(judge({ path, ...gt5 }, found, "require")).toBe(require);
    expect(judge({ path, ...gt5 }, found, "deny")).toBe(deny);
  });

  it("are swapped by not, and swapped back by another", () => {
    const found = callOf(object('{"l":[6,1]}'));
    const condition = { path: "args.l[*]", ...gt5 };
    expect(judge({ not: condition }, found, "require")).toBe(0);
    expect(judge({ not: condition }, found, "deny")).toBe(1);
    expect(judge({ not: { not: condition } }, found, "require")).toBe(0);
    expect(judge({ not: { all: [{ any: [condition] }] } }, found, "deny")).toBe(1);
  });

  it("count each missing value as on_missing says", () => {
    const found = callOf(object('{"l":[{"x":6},{}]}'));
    const condition = { path: "args.l[*].x", ...gt5 };
    expect(judge({ ...condition, on_missing: "true" }, found, "require")).toBe(1);
    expect(judge({ ...condition, on_missing: "false" }, found, "require")).toBe(0);
    const low = callOf(object('{"l":[{"x":1},{}]}'));
    expect(judge({ ...condition, on_missing: "true" }, low, "deny")).toBe(1);
    expect(judge({ ...condition, on_missing: "false" }, low, "deny")).toBe(0);
  });
});

describe("names that ordinary objects inherit", () => {
  it.each(["toString", "__proto__", "constructor"])("are missing unless %s is the call's own", (name) => {
    const condition = { path: `args.${name}`, op: "exists", value: true };
    expect(judge(condition, callOf({}))).toBe(0);
    expect(judge(condition, callOf(object("{}")))).toBe(0);
    expect(judge(condition, callOf(object(`{"${name}":null}`)))).toBe(1);
  });
});

describe("on_missing", () => {
  it("replaces the unknown of what is missing, and only that", () => {
    expect(judge({ ...UNKNOWN, on_missing: "true" }, call)).toBe(1);
    expect(judge({ ...UNKNOWN, on_missing: "false" }, call)).toBe(0);
    expect(judge({ path: "args.t", op: "regex", value: "1", on_missing: "true" }, call)).toBe(-1);
    expect(judge({ not: { ...UNKNOWN, on_missing: "true" } }, call)).toBe(0);
    expect(judge({ all: [{ ...UNKNOWN, on_missing: "true" }, UNKNOWN] }, call)).toBe(-1);
  });
});

describe(".**", () => {
  const secret = { op: "regex", value: "secret" };
  it.each([
    ["args.**", '{"a":"my secret"}', 0, 1],
    ["args.**", '{"secret":1}', 0, 1],
    ["args.**", '{"a":{"b":[[{"c secret":null}]]}}', 0, 1],
    ["args.**", '{"secret":"a secret"}', 1, 1],
    ["args.**", '{"secret":null}', -1, 1],
    ["args.**", '{"a":null}', 0, 0],
    ["args.**", '{"a":5,"b":true}', 0, 0],
    ["args.**", "{}", 1, 0],
    ["args.a.**", '{"a":"secret"}', 1, 1],
    ["args.a.**", '{"a":["secret","x"]}', 0, 1],
    ["args.a.**", '{"a":{}}', 1, 0],
    ["args.a.**", '{"a":[null]}', -1, 0],
    ["args.a.**", '{"b":"secret"}', -1, -1],
    ["args.l[*].a.**", '{"l":[{"a":"secret"},{}]}', -1, 1],
    ["args.l[*].a.**", '{"l":[{"a":"x"},{}]}', 0, -1],
  ])("of %s in %s: %s in require, %s in deny_if", (path, args, require, deny) => {
    const found = callOf(object(args));
    expect(judge({ path, ...secret }, found, "require")).toBe(require);
    expect(judge({ path, ...secret }, found, "deny")).toBe(deny);
  });

  it.each([
    ["1.50", "^1\\.5$"],
    ["1e3", "^1000$"],
    ["-0", "^0$"],
    ["9007199254740993", "^9007199254740993$"],
    ["1e-7", "^0\\.0000001$"],
    ["1e50", "^1e50$"],
    ["false", "^false$"],
  ])("offers %s as %s to string operators", (value, pattern) => {
    const condition = { path: "args.v.**", op: "regex", value: pattern };
    expect(judge(condition, callOf(object(`{"v":[${value}]}`)), "deny")).toBe(1);
  });

  it("passes over what does not fit other operators, and makes require unknown", () => {
    const found = callOf(object('{"v":["x",7]}'));
    const low = callOf(object('{"v":["x",1]}'));
    const condition = { path: "args.v.**", op: "gt", value: 5 };
    expect([judge(condition, found, "deny"), judge(condition, low, "deny")]).toEqual([1, 0]);
    expect([judge(condition, found, "require"), judge(condition, low, "require")]).toEqual([-1, 0]);
    expect(judge({ path: "args.v.**", op: "max_length", value: 0 }, found, "deny")).toBe(0);
  });

  it("takes the way it leans from not", () => {
    const found = callOf(object('{"v":[null]}'));
    expect(judge({ not: { path: "args.v.**", ...secret } }, found, "require")).toBe(1);
    expect(judge({ not: { path: "args.v.**", ...secret } }, found, "deny")).toBe(-1);
  });

  it("compares without text", () => {
    const found = callOf(object('{"v":[5]}'));
    expect(judge({ path: "args.v.**", op: "eq", value: "5" }, found, "deny")).toBe(0);
    expect(judge({ path: "args.v.**", op: "type", value: "number" }, found, "deny")).toBe(1);
  });
});

describe("paths beside args", () => {
  const facts: ToolFacts = {
    name: "create_refund",
    class: "financial",
    annotations: object('{"readOnlyHint":false,"x.y":{"z":1}}'),
    schema: { invalid: "none" },
  };
  const told = { ...call, offered: facts };
  it.each([
    ["tool.name", "create_refund"],
    ["tool.class", "financial"],
    ["tool.annotations.readOnlyHint", false],
    ['tool.annotations["x.y"]', { z: 1 }],
    ["server.name", "billing"],
    ["grant.name", "support"],
    ["identity.name", "ana"],
    ["client.name", "cli"],
    ["client.version", "1.2"],
    ["now.hour", 23],
    ["now.weekday", "thu"],
    ["now.date", "2026-12-31"],
  ])("%s is %j", (path, value) => {
    expect(judge({ path, op: "eq", value }, told)).toBe(1);
    expect(judge({ path, op: "neq", value }, told)).toBe(0);
  });

  it("are missing where nothing is told", () => {
    const bare = {
      grant: undefined,
      identity: undefined,
      server: undefined,
      client: undefined,
      session: undefined,
    };
    const silent: Call = { ...call, subject: { ...bare, timezone: "Nowhere/Atall" } };
    for (const path of [
      "tool.class",
      "tool.annotations.readOnlyHint",
      "server.name",
      "grant.name",
      "identity.name",
      "identity.groups[*]",
      "client.name",
      "client.version",
      "session.tools[*]",
      "now.hour",
      "now.weekday",
      "now.date",
    ]) {
      for (const lean of ["require", "deny"] as const) {
        expect(judge({ path, op: "type", value: "string" }, silent, lean)).toBe(-1);
        expect(judge({ path, op: "type", value: "string", on_missing: "true" }, silent, lean)).toBe(1);
      }
    }
    expect(judge({ path: "tool.annotations.toString", op: "exists", value: true }, told)).toBe(0);
    const untold = { ...call, offered: { ...facts, annotations: undefined } };
    expect(judge({ path: "tool.annotations.a", op: "exists", value: true }, untold)).toBe(0);
  });

  it("hold for all groups in require and for any in deny_if", () => {
    const staff = { path: "identity.groups[*]", op: "eq", value: "staff" };
    expect(judge(staff, call, "require")).toBe(0);
    expect(judge(staff, call, "deny")).toBe(1);
    expect(judge({ path: "identity.groups[*]", op: "gt", value: 5 }, call, "deny")).toBe(-1);
    expect(judge({ not: { path: "identity.groups[*]", op: "neq", value: "staff" } }, call, "require")).toBe(
      0,
    );
    const nobody = { ...call, subject: { ...subject, identity: { name: "ana", groups: [] } } };
    expect(judge(staff, nobody, "require")).toBe(1);
    expect(judge(staff, nobody, "deny")).toBe(0);
  });

  it("know the tools that the session was allowed before", () => {
    const read = { path: "session.tools[*]", op: "eq", value: "read_file" };
    expect(judge(read, call, "deny")).toBe(1);
    const fresh = { ...call, subject: { ...subject, session: { id: "s2", tools: new Set<string>() } } };
    expect(judge(read, fresh, "deny")).toBe(0);
    expect(judge(read, fresh, "require")).toBe(1);
  });

  it("tell the time of the call in the grant's zone", () => {
    const tokyo = { ...call, subject: { ...subject, timezone: "Asia/Tokyo" } };
    expect(judge({ path: "now.hour", op: "eq", value: 8 }, tokyo)).toBe(1);
    expect(judge({ path: "now.date", op: "gte", value: "2027-01-01" }, tokyo)).toBe(1);
  });
});

describe("what is wrong with a condition", () => {
  const good = { path: "args.a", op: "eq", value: 1 };
  it.each([
    [5, "", "value"],
    [[], "", "value"],
    [null, "", "value"],
    [{}, "", "value"],
    [{ path: "args.a", op: "eq" }, "", "value"],
    [{ path: "args.a", value: 1 }, "", "value"],
    [{ op: "eq", value: 1 }, "", "value"],
    [{ ...good, path: 5 }, "/path", "value"],
    [{ ...good, path: "now.minute" }, "/path", "value"],
    [{ ...good, path: "args.a b" }, "/path", "value"],
    [{ ...good, op: "equals" }, "/op", "value"],
    [{ ...good, op: "toString" }, "/op", "value"],
    [{ ...good, op: 5 }, "/op", "value"],
    [{ ...good, "a/b~": 1 }, "/a~1b~0", "key"],
    [{ ...good, comment: "x" }, "/comment", "key"],
    [{ ...good, on_missing: true }, "/on_missing", "value"],
    [{ ...good, on_missing: "unknown" }, "/on_missing", "value"],
    [{ ...good, op: "exists", value: true, on_missing: "true" }, "/on_missing", "key"],
    [{ ...good, fold: "true" }, "/fold", "value"],
    [{ ...good, op: "gt", fold: false }, "/fold", "key"],
    [{ ...good, op: "regex", value: "a", fold: true }, "/fold", "key"],
    [{ ...good, op: "within", value: [], fold: true }, "/fold", "key"],
    [{ ...good, op: "type", value: "null", fold: true }, "/fold", "key"],
    [{ ...good, flags: "i" }, "/flags", "key"],
    [{ ...good, op: "glob", value: "a", flags: "" }, "/flags", "key"],
    [{ al: [good] }, "/al", "key"],
    [{ all: good }, "/all", "value"],
    [{ any: {} }, "/any", "value"],
    [{ all: [good, 5] }, "/all/1", "value"],
    [{ not: [good] }, "/not", "value"],
    [{ not: { all: [{ ...good, op: "equal" }] } }, "/not/all/0/op", "value"],
    [{ all: [], any: [] }, "/any", "key"],
    [{ any: [], all: [] }, "/all", "key"],
    [{ all: [], on_missing: "true" }, "/on_missing", "key"],
    [{ path: "args.a", not: good }, "/path", "key"],
  ])("%j: at %s, the %s", (condition, pointer, at) => {
    expect(problemsOf(condition)).toMatchObject([{ pointer, at }]);
  });

  it.each([
    [{ ...good, op: "statrs_with", value: "a" }, "starts_with"],
    [{ ...good, pth: "x" }, "path"],
    [{ ...good, onmissing: "true" }, "on_missing"],
    [{ ...good, path: "arsg.a" }, "args.a"],
  ])("%j is close to %s", (condition, nearest) => {
    expect(problemsOf(condition)).toMatchObject([{ nearest }]);
  });

  it("is told all at once", () => {
    const found = problemsOf({
      all: [
        { path: "arg.a", op: "gt", value: "5", fold: true, flag: "i" },
        { any: [{ op: "regex", value: "(" }, 7] },
        { path: "args.a", op: "in", value: 1, on_missing: 0 },
      ],
    });
    expect(found.map((problem) => problem.pointer).sort()).toEqual([
      "/all/0/flag",
      "/all/0/fold",
      "/all/0/path",
      "/all/0/value",
      "/all/1/any/0",
      "/all/1/any/0/value",
      "/all/1/any/1",
      "/all/2/on_missing",
      "/all/2/value",
    ]);
  });

  it.each([
    { ...good, fold: true, on_missing: "true" },
    { ...good, value: null },
    { ...good, op: "regex", value: "", flags: "" },
    { ...good, op: "regex", value: "a", flags: "smi" },
    { ...good, op: "in", value: [], fold: false },
    { not: { any: [{ all: [] }] } },
  ])("nothing is wrong with %j", (condition) => {
    expect(problemsOf(condition)).toEqual([]);
  });
});
