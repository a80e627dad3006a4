import { describe, expect, it } from "vitest";
import { fromPlain } from "../base/json-plain.ts";
import { checkPolicy } from "./compile.ts";
import { OPTIONS } from "./testing/calls.ts";

const condition = (path: string, op: string, value: unknown, more: object = {}) => ({
  path,
  op,
  value,
  ...more,
});
const when = (...conditions: readonly object[]) => ({ conditions });

const warned = (document: object, tools?: readonly unknown[]) => {
  const options = tools === undefined ? OPTIONS : { ...OPTIONS, tools: tools.map(fromPlain) };
  const { errors, warnings } = checkPolicy(
    JSON.stringify({ version: "1", default: "deny", ...document }),
    options,
  );
  expect(errors).toEqual([]);
  expect(warnings.every(({ severity, line }) => severity === "warning" && line === 1)).toBe(true);
  return warnings.map(({ pointer, message }) => [pointer, message] as const);
};
const places = (...given: Parameters<typeof warned>) => warned(...given).map(([pointer]) => pointer);
const rule = (fields: object) => ({ tools: { t: fields } });

describe("without a tool list the checker", () => {
  it("is content with a plain document", () => {
    expect(warned({ tools: { t: { deny_if: [when(condition("args.n", "gt", 5))] } } })).toEqual([]);
  });

  it.each(["client.name", "client.version"])("warns of %s wherever it is read", (path) => {
    const read = when(condition("args.x", "eq", 1), condition(path, "eq", "x"));
    expect(
      places({
        all_tools: { deny_if: [read] },
        tools: { t: { require: [when({ any: [{ not: condition(path, "eq", "x") }] })], approval: read } },
      }),
    ).toEqual([
      "/all_tools/deny_if/0/conditions/1/path",
      "/tools/t/require/0/conditions/0/any/0/not/path",
      "/tools/t/approval/conditions/1/path",
    ]);
  });

  it("knows the classes of tools, and warns of values that are none", () => {
    const ofClass = (op: string, value: unknown, more: object = {}) =>
      warned(rule({ deny_if: [when(condition("tool.class", op, value, more))] }));
    expect(ofClass("in", ["destructive", "financial"])).toEqual([]);
    expect(ofClass("eq", "Read", { fold: true })).toEqual([]);
    expect(ofClass("regex", "^(read|write)$")).toEqual([]);
    expect(ofClass("in", ["destructive", "finacial", 5])).toEqual([
      [
        "/tools/t/deny_if/0/conditions/0/value/1",
        expect.stringMatching(/is never "finacial": .*financial\./),
      ],
      ["/tools/t/deny_if/0/conditions/0/value/2", expect.stringContaining("is never 5")],
    ]);
    for (const [op, value] of [
      ["eq", "money"],
      ["eq", "Read"],
      ["in", ["money", "safe"]],
    ] as const) {
      expect(ofClass(op, value)).toContainEqual([
        "/tools/t/deny_if/0",
        expect.stringMatching(/never true.*denies nothing/),
      ]);
    }
    expect(ofClass("not_in", ["money"])).toContainEqual([
      "/tools/t/deny_if/0",
      expect.stringMatching(/always true.*denies every call/),
    ]);
  });

  it("leaves days that are folded alone", () => {
    expect(warned(rule({ deny_if: [when(condition("now.weekday", "eq", "MON", { fold: true }))] }))).toEqual(
      [],
    );
  });

  it("warns of one counter in two limits of the same call", () => {
    const limit = { counter: "c", window: "day", max: 1 };
    expect(places(rule({ limits: [limit, limit] }))).toEqual(["/tools/t/limits/1"]);
    expect(places({ all_tools: { limits: [limit] }, tools: { t: { limits: [limit] }, u: {} } })).toEqual([
      "/tools/t/limits/0",
    ]);
    expect(places({ tools: { t: { limits: [limit] }, u: { limits: [limit] } } })).toEqual([]);
  });

  it.each([
    [when()],
    [when(condition("args.x", "starts_with", ""))],
    [when({ all: [] })],
    [when({ not: { any: [] } })],
    [when(condition("now.hour", "gte", 0))],
    [when(condition("args.x", "min_length", 0))],
    [when(condition("args.x", "not_in", []))],
    [when(condition("args.x", "glob", "**"))],
    [when({ any: [condition("args.x", "gt", 1), { all: [] }] })],
  ])("warns that %j is always true", (predicate) => {
    expect(warned(rule({ require: [predicate] }))).toEqual([
      ["/tools/t/require/0", expect.stringMatching(/always true.*requires nothing/)],
    ]);
    expect(warned(rule({ deny_if: [predicate] }))).toEqual([
      ["/tools/t/deny_if/0", expect.stringMatching(/always true.*denies every call/)],
    ]);
  });

  it.each([
    [when({ any: [] })],
    [when(condition("args.x", "in", []))],
    [when(condition("args.x", "host_in", []))],
    [when(condition("now.hour", "gt", 23))],
    [when(condition("now.hour", "eq", 24))],
    [when(condition("now.hour", "eq", "9"))],
    [when(condition("now.weekday", "in", ["monday"]))],
    [when(condition("args.x", "gt", 10), condition("args.x", "lt", 5))],
    [when(condition("args.x", "gt", 5), condition("args.x", "lte", 5))],
    [when(condition("args.x", "eq", 5), condition("args.x", "gt", 5))],
    [when(condition("args.x", "eq", "a"), condition("args.x", "eq", "b"))],
    [when({ all: [condition("args.x", "eq", 1), { not: { all: [] } }] })],
  ])("warns that %j is never true", (predicate) => {
    expect(warned(rule({ require: [predicate] }))).toEqual([
      ["/tools/t/require/0", expect.stringMatching(/never true.*refuses every call/)],
    ]);
    expect(warned(rule({ deny_if: [predicate] }))).toEqual([
      ["/tools/t/deny_if/0", expect.stringMatching(/never true.*denies nothing/)],
    ]);
  });

  it.each([
    [when(condition("args.x", "gt", 5), condition("args.x", "lt", 10))],
    [when(condition("args.x", "gte", 5), condition("args.x", "lte", 5))],
    [when(condition("args.x[*]", "gt", 10), condition("args.x[*]", "lt", 5))],
    [when(condition("args.x[*]", "in", []))],
    [when(condition("args.x", "gt", 10), condition("args.y", "lt", 5))],
    [when(condition("now.hour", "gte", 9), condition("now.hour", "lt", 17))],
    [when(condition("now.weekday", "in", ["sat", "sun"]))],
    [when({ any: [condition("args.x", "gt", 10), condition("args.x", "lt", 5)] })],
  ])("is content with %j", (predicate) => {
    expect(warned(rule({ require: [predicate] }))).toEqual([]);
  });

  it("warns of what a rule leaves without effect", () => {
    expect(
      places(
        rule({
          action: "deny",
          reason: "No.",
          arguments: "any",
          limits: [{ counter: "c", window: 1, max: 1 }],
        }),
      ),
    ).toEqual(["/tools/t/arguments", "/tools/t/limits"]);
    const same = when(condition("args.x", "gt", 5));
    expect(places(rule({ deny_if: [same, { ...same, name: "again" }] }))).toEqual(["/tools/t/deny_if/1"]);
    expect(places({ hide: ["a*"], tools: { ab: {}, "a?*": {}, "*ca": {}, b: {} } })).toEqual([
      "/tools/ab",
      "/tools/a?*",
    ]);
    expect(places({ all_tools: { action: "deny" }, tools: { a: {}, b: { action: "deny" } } })).toEqual([
      "/tools/a",
    ]);
  });
});

describe("with a tool list the checker", () => {
  const tool = (
    name: string,
    properties: object = {},
    required: readonly string[] = [],
    more: object = {},
  ) => ({
    name,
    inputSchema: { type: "object", properties, required, ...more },
  });
  const NUMBER = { n: { type: "number" } };

  it("warns of keys that match no tool", () => {
    const tools = { list_user: {}, "get_*": {}, "put_*": {} };
    const list = [tool("list_users"), tool("get_a")];
    expect(places({ tools }, list)).toEqual(["/tools/list_user", "/tools/put_*"]);
    const { warnings } = checkPolicy(JSON.stringify({ version: "1", default: "deny", tools }), {
      ...OPTIONS,
      tools: list.map(fromPlain),
    });
    expect(warnings[0]).toMatchObject({ nearest: "list_users", at: "key" });
  });

  it("warns of keys to which others leave nothing", () => {
    expect(places({ tools: { "get_*": {}, get_a: {}, get_b: {} } }, [tool("get_a"), tool("get_b")])).toEqual([
      "/tools/get_*",
    ]);
  });

  it("warns of paths that no input schema has", () => {
    const reads = (path: string, list: readonly unknown[], key = "t*") =>
      places({ tools: { [key]: { require: [when(condition(path, "exists", true))] } } }, list);
    const place = ["/tools/t*/require/0/conditions/0/path"];
    expect(reads("args.m", [tool("t1", NUMBER), tool("t2")])).toEqual(place);
    expect(reads("args.n", [tool("t1", NUMBER), tool("t2")])).toEqual([]);
    expect(reads("args.n.x", [tool("t1", NUMBER)])).toEqual(place);
    expect(reads("args.o.x", [tool("t1", { o: { type: "object" } })])).toEqual([]);
    expect(reads("args.o.x", [tool("t1", { o: { properties: { y: {} } } })])).toEqual(place);
    expect(
      reads("args.l[*].x", [tool("t1", { l: { type: "array", items: { properties: { x: {} } } } })]),
    ).toEqual([]);
    expect(
      reads("args.l[0].y", [tool("t1", { l: { type: "array", items: { properties: { x: {} } } } })]),
    ).toEqual(place);
    expect(reads("args.m", [tool("t1", NUMBER, [], { additionalProperties: true })])).toEqual([]);
    expect(reads("args.m", [tool("t1", NUMBER, [], { allOf: [{ properties: { m: {} } }] })])).toEqual([]);
    const referring = { $ref: "#/$defs/a", $defs: { a: { properties: { m: {} }, $ref: "#/$defs/a" } } };
    expect(reads("args.m", [tool("t1", {}, [], referring)])).toEqual([]);
    expect(reads("args.**", [tool("t1")])).toEqual([]);
    expect(reads("tool.name", [tool("t1")])).toEqual([]);
  });

  it("warns of an increment_from that no input schema has", () => {
    const limits = [{ counter: "c", window: 1, max: 1, increment_from: "args.amount" }];
    expect(places(rule({ limits }), [tool("t", NUMBER)])).toEqual(["/tools/t/limits/0/increment_from"]);
    expect(places(rule({ limits }), [tool("t", { amount: {} })])).toEqual([]);
  });

  it("warns of optional arguments that a deny_if reads without on_missing", () => {
    const deny = (condition: object, more: readonly object[] = []) =>
      rule({ deny_if: [when(condition, ...more)] });
    const read = condition("args.n", "gt", 5);
    const place = ["/tools/t/deny_if/0/conditions/0"];
    expect(places(deny(read), [tool("t", NUMBER)])).toEqual(place);
    expect(places(deny(read), [tool("t", NUMBER, ["n"])])).toEqual([]);
    expect(places(deny({ ...read, on_missing: "false" }), [tool("t", NUMBER)])).toEqual([]);
    expect(places(deny(read, [condition("args.n", "exists", true)]), [tool("t", NUMBER)])).toEqual([]);
    expect(places(rule({ require: [when(read)] }), [tool("t", NUMBER)])).toEqual([]);
    expect(places({ ...rule({}), all_tools: { deny_if: [when(read)] } }, [tool("t", NUMBER, ["n"])])).toEqual(
      [],
    );
    expect(
      places({ tools: { t: {}, u: {} }, all_tools: { deny_if: [when(read)] } }, [
        tool("t", NUMBER, ["n"]),
        tool("u"),
      ]),
    ).toEqual(["/all_tools/deny_if/0/conditions/0"]);
  });

  it.each([
    [condition("args.n", "regex", "x"), NUMBER],
    [condition("args.n", "eq", "5"), NUMBER],
    [condition("args.n", "in", ["5", null]), NUMBER],
    [condition("args.n", "type", "string"), { n: { type: "integer" } }],
    [condition("args.n", "gt", 5), { n: { type: ["string", "null"] } }],
    [condition("args.n", "contains", 5), { n: { type: "string" } }],
    [condition("args.n", "max_length", 5), { n: { type: "object" } }],
    [condition("args.n", "eq", "c"), { n: { enum: ["a", "b"] } }],
    [condition("args.n", "in", ["c", "d"]), { n: { type: "string", enum: ["a", "b"] } }],
  ])("warns that %j never matches %j", (read, properties) => {
    expect(places(rule({ require: [when(read)] }), [tool("t", properties, ["n"])])).toEqual([
      "/tools/t/require/0/conditions/0",
    ]);
  });

  it.each([
    [condition("args.n", "eq", 5), { n: { type: "integer" } }],
    [condition("args.n", "type", "integer"), NUMBER],
    [condition("args.n", "gt", 5), { n: { anyOf: [{ type: "string" }, { type: "number" }] } }],
    [condition("args.n", "gt", 5), { n: { anyOf: [{ type: "string" }, {}] } }],
    [condition("args.n", "contains", "x"), { n: { type: "array" } }],
    [condition("args.n", "eq", "a"), { n: { enum: ["a", "b"] } }],
    [condition("args.n", "neq", "c"), { n: { enum: ["a", "b"] } }],
    [condition("args.n.**", "regex", "x"), NUMBER],
  ])("is content with %j for %j", (read, properties) => {
    expect(places(rule({ require: [when(read)] }), [tool("t", properties, ["n"])])).toEqual([]);
  });

  it("is content with rubbish in the list", () => {
    expect(
      places({ tools: { t: {} } }, [{ name: "t" }, null, 1, {}, { name: 5 }, { name: "t", inputSchema: [] }]),
    ).toEqual([]);
  });
});
