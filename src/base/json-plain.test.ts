import { assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { fromPlain, toPlain } from "./json-plain.ts";
import { JsonNumber } from "./json-value.ts";
import { jsonEqual } from "./json-equal.ts";
import { readJson } from "./json-read.ts";
import { canonicalJson, writeJson } from "./json-write.ts";

describe("plain values of JSON", () => {
  it("have doubles for numbers and ordinary objects", () => {
    const plain = toPlain(readJson('{"a":[1.0,9007199254740993,null,"x",true,{}]}'));
    expect(plain).toStrictEqual({ a: [1, 9007199254740992, null, "x", true, {}] });
  });

  it("have __proto__ as a member of their own", () => {
    const plain = toPlain(readJson('{"__proto__":{"admin":true},"constructor":1}'));
    expect(Object.keys(Object(plain) as object)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect((plain as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe("JSON from plain values", () => {
  it("is the value, in objects that inherit nothing", () => {
    const json = fromPlain({ a: [1, "x", null, { b: false }], ["__proto__"]: 2 });
    expect(writeJson(json)).toBe('{"a":[1,"x",null,{"b":false}],"__proto__":2}');
    expect((json as { toString?: unknown }).toString).toBeUndefined();
  });

  it("takes values without prototype, bare objects and numbers with a text", () => {
    const inner = readJson('{"n":1.0}');
    expect(
      writeJson(fromPlain({ inner, none: Object.create(null), two: new JsonNumber("2.00", 2, true) })),
    ).toBe('{"inner":{"n":1.0},"none":{},"two":2.00}');
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  it.each([
    ["undefined", undefined],
    ["an undefined member", { a: undefined }],
    ["a hole", Array.from({ length: 1 })],
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a bigint", 1n],
    ["NaN", Number.NaN],
    ["infinity", [Number.NEGATIVE_INFINITY]],
    ["a date", new Date(0)],
    ["a map", new Map()],
    ["a boxed string", Object("x") as unknown],
    ["a cycle", cycle],
    ["a lone surrogate", "\uD800"],
    ["a lone surrogate in a name", { "\uDC00": 1 }],
  ])("does not exist for %s", (_, value) => {
    expect(() => fromPlain(value)).toThrow(TypeError);
  });

  it("has as many levels as the reader takes, and no more", () => {
    const nested = (levels: number): unknown => {
      let value: unknown = [];
      for (let level = 1; level < levels; level += 1) {
        value = { value };
      }
      return value;
    };
    const deepest = fromPlain(nested(1_000));
    expect(jsonEqual(readJson(writeJson(deepest)), fromPlain(toPlain(deepest)))).toBe(true);
    expect(canonicalJson(deepest)).toBe(writeJson(deepest));
    expect(() => fromPlain(nested(1_001))).toThrow(TypeError);
  });

  it("goes there and back", () => {
    assert(
      property(jsonValue(), (value) => {
        const copy: unknown = JSON.parse(JSON.stringify(value));
        expect(toPlain(fromPlain(copy))).toStrictEqual(copy);
      }),
    );
  });
});
