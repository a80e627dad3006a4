import { assert, bigInt, integer, jsonValue, property, tuple } from "fast-check";
import { compareNumbers, jsonEqual } from "./json-equal.ts";
import { describe, expect, it } from "vitest";
import type { JsonNumber } from "./json-value.ts";
import { numberOfText } from "./decimal.ts";
import { readJson } from "./json-read.ts";

const equal = (a: string, b: string): boolean => jsonEqual(readJson(a), readJson(b));
const number = (text: string): number | JsonNumber => {
  const n = numberOfText(text);
  if (n === undefined) {
    throw new Error(`${text} is out of range`);
  }
  return n;
};

describe("deep equality", () => {
  it.each([
    ["1", "1.0"],
    ["100", "1e2"],
    ["-0", "0"],
    ["-0", "0.0e5"],
    ["9007199254740993", "9007199254740993.0"],
    ['{"a":1,"b":[2,{}]}', '{"b":[2.0,{}],"a":1e0}'],
    ['{"__proto__":1}', '{"__proto__":1}'],
    ["null", "null"],
    ['"\\u0061"', '"a"'],
  ])("%s is %s", (a, b) => {
    expect([equal(a, b), equal(b, a)]).toEqual([true, true]);
  });

  it.each([
    ["5", '"5"'],
    ["9007199254740993", "9007199254740992"],
    ["9007199254740993", "9007199254740993.5"],
    ["0.1", "0.10000000000000000001"],
    ["null", "false"],
    ["null", "{}"],
    ["0", "false"],
    ["0", "null"],
    ["1.0", "[1.0]"],
    ["1.0", "{}"],
    ["[]", "{}"],
    ["[1]", "[1,1]"],
    ["[1,2]", "[2,1]"],
    ['["1"]', '{"0":"1"}'],
    ['{"a":1}', '{"b":1}'],
    ['{"a":1}', '{"a":1,"b":1}'],
    ['{"__proto__":{}}', "{}"],
    ['{"constructor":1}', '{"toString":1}'],
    ['{"a":null}', "{}"],
    ['"a"', '"A"'],
    ['"\u00E9"', '"e\u0301"'],
  ])("%s is not %s", (a, b) => {
    expect([equal(a, b), equal(b, a)]).toEqual([false, false]);
  });

  it("looks at own members of ordinary objects too", () => {
    expect(jsonEqual(readJson('{"toString":1}'), { valueOf: 1 })).toBe(false);
    expect(jsonEqual(readJson('{"__proto__":{}}'), { valueOf: 1 })).toBe(false);
    expect(jsonEqual(readJson('{"a":1}'), { a: 1 })).toBe(true);
  });

  it("holds for a value and its copy, and fails for a list made longer", () => {
    assert(
      property(jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(equal(text, text)).toBe(true);
        expect(equal(`[${text}]`, `[${text},null]`)).toBe(false);
      }),
    );
  });
});

describe("the order of numbers", () => {
  it.each([
    ["1", "1.0", 0],
    ["-0", "0", 0],
    ["1", "2", -1],
    ["-1", "1", -1],
    ["-2", "-1.0", -1],
    ["9007199254740993", "9007199254740992", 1],
    ["9007199254740992", "9007199254740993", -1],
    ["-9007199254740993", "-9007199254740992", -1],
    ["0.1", "0.1000000000000000000001", -1],
    ["0.1000000000000000000001", "0.10000000000000000000010", 0],
    ["0.1000000000000000000001", "0.10000000000000000000011", -1],
    ["1e308", "100000000000000000000e288", 0],
    ["5e-324", "4.9e-324", 1],
    ["0.0", "5e-324", -1],
  ] as const)("of %s and %s is %d", (a, b, order) => {
    expect(compareNumbers(number(a), number(b))).toBe(order);
    expect(compareNumbers(number(b), number(a))).toBe(order === 0 ? 0 : -order);
  });

  it("is that of the exact decimals, for any digits and exponents", () => {
    const decimals = tuple(bigInt({ min: -(10n ** 22n), max: 10n ** 22n }), integer({ min: -25, max: 25 }));
    const near = tuple(decimals, integer({ min: -2, max: 2 }), integer({ min: 0, max: 4 }));
    assert(
      property(near, ([[digits, exponent], step, zeros]) => {
        const scale = 10n ** BigInt(zeros);
        // The same decimal with more zeros written out, moved by a few of its last places.
        const moved = digits * scale + BigInt(step);
        const a = number(`${digits}e${exponent}`);
        const b = number(`${moved}e${exponent - zeros}`);
        expect(compareNumbers(a, b)).toBe(step === 0 ? 0 : step > 0 ? -1 : 1);
        expect(compareNumbers(b, a)).toBe(step === 0 ? 0 : step > 0 ? 1 : -1);
      }),
      { numRuns: 5_000 },
    );
  });

  it("agrees with big integers however far two numbers are apart", () => {
    const decimals = tuple(bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), integer({ min: -30, max: 30 }));
    assert(
      property(decimals, decimals, ([a, aExponent], [b, bExponent]) => {
        const left = a * 10n ** BigInt(aExponent + 30);
        const right = b * 10n ** BigInt(bExponent + 30);
        expect(compareNumbers(number(`${a}e${aExponent}`), number(`${b}e${bExponent}`))).toBe(
          left === right ? 0 : left < right ? -1 : 1,
        );
      }),
      { numRuns: 5_000 },
    );
  });
});
