import { assert, bigInt, double, integer, property, tuple } from "fast-check";
import {
  decimalOf,
  decimalText,
  isInteger,
  numberEnd,
  numberOfText,
  plainText,
  toUnits,
  unitsFromText,
  unitsToText,
} from "./decimal.ts";
import { describe, expect, it } from "vitest";
import { JsonNumber } from "./json-value.ts";

const number = (text: string): number | JsonNumber => {
  const n = numberOfText(text);
  if (n === undefined) {
    throw new Error(`${text} is out of range`);
  }
  return n;
};

describe("a number's text", () => {
  it.each(["1", "-7", "0.1", "1e+21", "1.5e-7", "9007199254740992"])("is its double's in %s", (text) => {
    expect(number(text)).toBe(Number(text));
  });

  it.each([
    ["1.0", true],
    ["-0", true],
    ["1e2", true],
    ["123.4500", true],
    ["9007199254740993", false],
    ["0.1000000000000000055511151231257827", false],
    ["333333333.33333329", false],
  ])("is kept in %s, whose double is the same decimal: %s", (text, exact) => {
    expect(number(text)).toEqual(new JsonNumber(text, Number(text), exact));
  });

  it.each(["1e309", "-1e309", "1e-400", "2e-324", "1e99999999999999999999"])(
    "has no double near it: %s",
    (text) => {
      expect(numberOfText(text)).toBeUndefined();
    },
  );

  it.each(["0e400", "0.0e-400", "-0e99999999999"])("is zero whatever the exponent: %s", (text) => {
    expect(number(text)).toMatchObject({ exact: true });
  });

  it.each([
    ["12,", 0, 2],
    ["[-1.5e+3]", 1, 8],
    ["01", 0, 1],
    ["1.x", 0, -1],
    ["1e", 0, -1],
    ["-", 0, -1],
    ["", 0, -1],
    [".5", 0, -1],
    ["0.5.5", 0, 3],
  ])("%j from %d ends at %d", (text, from, end) => {
    expect(numberEnd(text, from)).toBe(end);
  });
});

describe("a decimal's text", () => {
  it("is what ECMAScript prints, for every double", () => {
    assert(
      property(double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(decimalText(decimalOf(value))).toBe(String(value));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("units", () => {
  it.each([
    ["0", 0n],
    ["-0", 0n],
    ["-0.0", 0n],
    ["1", 1_000_000_000n],
    ["12.5", 12_500_000_000n],
    ["0.1", 100_000_000n],
    ["0.3", 300_000_000n],
    ["1e-9", 1n],
    ["0.000000001", 1n],
    ["0.0000000010", 1n],
    ["-2.50", -2_500_000_000n],
    ["9007199254740993", 9_007_199_254_740_993_000_000_000n],
    ["9007199254740993.000000001", 9_007_199_254_740_993_000_000_001n],
    ["123456789012345680000", 123_456_789_012_345_680_000_000_000_000n],
    ["1e308", 10n ** 317n],
    ["0e-999999999999", 0n],
    [`1.5${"0".repeat(5_000)}`, 1_500_000_000n],
  ])("of %s are %d", (text, units) => {
    expect(toUnits(number(text))).toBe(units);
    expect(unitsFromText(text)).toBe(units);
  });

  it.each(["1e-10", "0.0000000001", "1.0000000001", "0.12345678901", "5e-324"])(
    "of %s are none: more than nine digits after the point",
    (text) => {
      expect(toUnits(number(text))).toBeUndefined();
      expect(unitsFromText(text)).toBeUndefined();
    },
  );

  it.each(["", " 1", "1 ", "01", "+1", ".5", "1.", "0x1", "Infinity", "NaN", "1n", "1_0", "١"])(
    "of the text %j are none: it is no JSON number",
    (text) => {
      expect(unitsFromText(text)).toBeUndefined();
    },
  );

  it.each(["1e401", "1e999999999", "1e99999999999999999999999", "1e-99999999999999999999999"])(
    "of %s are none, without work that its size would take",
    (text) => {
      expect(unitsFromText(text)).toBeUndefined();
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("of %d are none", (value) => {
    expect(toUnits(value)).toBeUndefined();
  });

  it.each([
    [0n, "0"],
    [1n, "0.000000001"],
    [-1n, "-0.000000001"],
    [12_500_000_000n, "12.5"],
    [-500_000_000n, "-0.5"],
    [1_000_000_000n, "1"],
    [10_000_000_000n, "10"],
    [10n ** 30n, `1${"0".repeat(21)}`],
  ])("%d are written %s", (units, text) => {
    expect(unitsToText(units)).toBe(text);
  });

  it("come back from their text", () => {
    assert(
      property(bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (units) => {
        expect(unitsFromText(unitsToText(units))).toBe(units);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are exact for any digits and exponent", () => {
    const decimals = tuple(bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), integer({ min: -12, max: 12 }));
    assert(
      property(decimals, ([digits, exponent]) => {
        const scaled = digits * 10n ** BigInt(exponent + 12);
        const expected = scaled % 1_000n === 0n ? scaled / 1_000n : undefined;
        expect(toUnits(number(`${digits}e${exponent}`))).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("plain text", () => {
  it.each([
    ["-0", "0"],
    ["-0.0", "0"],
    ["0e5", "0"],
    ["5.0", "5"],
    ["1e2", "100"],
    ["1.50", "1.5"],
    ["-12.340e1", "-123.4"],
    ["1e-7", "0.0000001"],
    ["1e21", "1000000000000000000000"],
    ["9007199254740993", "9007199254740993"],
    ["9007199254740993.10", "9007199254740993.1"],
    ["1e39", `1${"0".repeat(39)}`],
    ["1e40", "1e40"],
    ["1.0e40", "1.0e40"],
    ["1e+40", "1e+40"],
    ["1e308", "1e308"],
    ["5e-324", "5e-324"],
    ["1e-39", `0.${"0".repeat(38)}1`],
    ["1e-40", "1e-40"],
    [`1.${"1".repeat(39)}0`, `1.${"1".repeat(39)}`],
    [`1.${"1".repeat(40)}0`, `1.${"1".repeat(40)}0`],
    [`1.${"0".repeat(60)}`, "1"],
  ])("of %s is %s", (text, plain) => {
    expect(plainText(number(text))).toBe(plain);
  });
});

describe("an integer", () => {
  it.each([
    "0",
    "-0",
    "5",
    "5.0",
    "1e2",
    "-1.50e1",
    "1e308",
    "9007199254740993",
    "9007199254740993.000",
    "0.0",
  ])("is %s", (text) => {
    expect(isInteger(number(text))).toBe(true);
  });

  it.each([
    "0.5",
    "-1.5",
    "1e-1",
    "9007199254740993.5",
    "15e-1",
    "4503599627370496.50",
    "5e-324",
    "1.00000000000000000001",
  ])("is not %s", (text) => {
    expect(isInteger(number(text))).toBe(false);
  });
});
