import { describe, expect, it } from "vitest";

import { compileArgsNumberPath, readPath } from "./path-read.ts";
import { callOf, object } from "./testing/conditions.ts";

const read = (path: string, args: string) => {
  const parsed = readPath(path);
  if ("invalid" in parsed) {
    throw new Error(parsed.invalid);
  }
  return compileArgsNumberPath(parsed)(callOf(object(args)));
};

describe("readPath", () => {
  it.each([
    "args",
    "args.amount",
    "args.a-b_c.D9",
    "args._x",
    'args["key.with.dots"]',
    'args["q\\"uote\\u00e9"].x',
    'args["a]b.**"]',
    'args[""]',
    "args.list[0]",
    "args.list[10].x",
    "args.list[*].x[*]",
    "args.*",
    "args.*.x.*",
    "args.**",
    "args.a.**",
    "args.*.**",
    "args[*].**",
    "tool.name",
    "tool.class",
    "tool.annotations.readOnlyHint",
    'tool.annotations["x.y"]',
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
  ])("takes %s", (path) => {
    expect(readPath(path)).toMatchObject({ text: path });
  });

  it.each([
    "",
    ".",
    "args.",
    "args..a",
    "args a",
    " args",
    "args.a ",
    "args.1a",
    "args.-a",
    "args.é",
    "args.key with space",
    "args[01]",
    "args[-1]",
    "args[]",
    "args[1",
    "args['a']",
    'args["a]',
    'args["\\x"]',
    'args["\\ud800"]',
    'args["a\tb"]',
    "args.**.a",
    "args.**.**",
    "args.***",
    "args.a**",
    "args[**]",
    "args**",
    "Args.a",
    "arg.a",
    "env.a",
    "$.args.a",
    "tool",
    "server",
    "grant",
    "identity",
    "client",
    "session",
    "now",
    "now.minute",
    "now.date.x",
    "now.*",
    "now.**",
    "tool.annotations",
    "tool.annotations.*",
    "tool.annotations.a.b",
    "tool.annotations[0]",
    "tool.name.**",
    "tool.title",
    "identity.groups",
    "identity.groups[0]",
    "identity.groups[*].x",
    "identity.groups.*",
    "session.tools",
    "session.id",
    "client.**",
    "grant.id",
  ])("refuses %j", (path) => {
    expect(readPath(path)).toHaveProperty("invalid");
  });

  it.each([
    ["arg.amount", "args.amount"],
    ["identity.groups", "identity.groups[*]"],
    ["tool.nam", "tool.name"],
    ["now.weekdays", "now.weekday"],
  ])("proposes for %s the path %s", (path, nearest) => {
    expect(readPath(path)).toMatchObject({ nearest });
  });

  it("says which paths may yield several values", () => {
    expect(readPath("args.a[0].b")).toMatchObject({ wild: false, deep: false });
    expect(readPath("args.a[*].b")).toMatchObject({ wild: true, deep: false });
    expect(readPath("args.a.*")).toMatchObject({ wild: true, deep: false });
    expect(readPath("args.a.**")).toMatchObject({ wild: true, deep: true });
    expect(readPath("session.tools[*]")).toMatchObject({ wild: true });
  });
});

describe("compileArgsNumberPath", () => {
  it.each([
    ["args.a", '{"a":1}', 1],
    ["args.a", '{"a":null}', null],
    ["args.a", "{}", undefined],
    ["args.a.b", '{"a":{"b":2}}', 2],
    ["args.a.b", '{"a":null}', undefined],
    ["args.a.b", '{"a":"text"}', undefined],
    ["args.a.length", '{"a":"text"}', undefined],
    ["args.a.length", '{"a":[1]}', undefined],
    ['args.a["0"]', '{"a":[1]}', undefined],
    ["args.a[0]", '{"a":{"0":1}}', undefined],
    ["args.a[0]", '{"a":"text"}', undefined],
    ["args.a[1]", '{"a":[1,2]}', 2],
    ["args.a[2]", '{"a":[1,2]}', undefined],
    ["args.a[99999999999999999999]", '{"a":[1,2]}', undefined],
    ["args[0]", '{"0":1}', undefined],
    ["args.a.value", '{"a":1.0}', undefined],
    ["args.a.text", '{"a":1.0}', undefined],
    ["args.constructor", "{}", undefined],
    ["args.__proto__", "{}", undefined],
    ["args.a.toString", '{"a":{}}', undefined],
    ["args.constructor", '{"constructor":3}', 3],
    ["args.__proto__", '{"__proto__":4}', 4],
    ["args.a.hasOwnProperty", '{"a":{"hasOwnProperty":5}}', 5],
  ])("reads %s of %s", (path, args, expected) => {
    expect(read(path, args)).toEqual(expected);
  });

  it("sees only own members of ordinary objects, too", () => {
    const parsed = readPath("args.a.constructor");
    const deep = readPath("args.toString");
    expect("invalid" in parsed || compileArgsNumberPath(parsed)(callOf({ a: {} }))).toBeUndefined();
    expect("invalid" in deep || compileArgsNumberPath(deep)(callOf({}))).toBeUndefined();
  });

  it("reads the whole object at args", () => {
    expect(read("args", '{"a":1}')).toEqual(object('{"a":1}'));
  });
});
