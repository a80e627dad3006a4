import { array, assert, constantFrom, jsonValue, letrec, oneof, property, string, tuple } from "fast-check";
import { bareObject, type Json, JsonNumber } from "./json-value.ts";
import { canonicalJson, writeJson } from "./json-write.ts";
import { describe, expect, it } from "vitest";
import { jsonEqual } from "./json-equal.ts";
import { readJson } from "./json-read.ts";

const canonical = (text: string): string => canonicalJson(readJson(text));

/** JSON texts with numbers in every spelling and names that mean something to JS. */
const { value: anyText } = letrec<{ value: string; members: string; name: string }>((tie) => ({
  name: oneof(
    constantFrom(
      '"__proto__"',
      '"constructor"',
      '"toJSON"',
      '"0"',
      '"10"',
      '"\\u0061"',
      '"\uFF00"',
      '"\u{1F600}"',
    ),
    string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
  ),
  members: array(tuple(tie("name"), tie("value")), { maxLength: 5 }).map(
    (pairs) =>
      `{${[...new Map(pairs.map(([name, value]) => [JSON.parse(name) as string, [name, value]])).values()]
        .map(([name, value]) => `${name} : ${value}`)
        .join(" , ")}}`,
  ),
  value: oneof(
    { maxDepth: 4 },
    constantFrom(
      "null",
      "true",
      "false",
      "0",
      "-0",
      "1",
      "1.0",
      "1e2",
      "-1.50",
      "1e21",
      "9007199254740993",
      "12345678901234567890.5",
      "1e-7",
      "5e-324",
    ),
    tie("name"),
    tie("members"),
    array(tie("value"), { maxLength: 4 }).map((values) => `[ ${values.join(" ,")} ]`),
  ),
}));

describe("writing", () => {
  it("is compact and keeps order, number texts and escapes that are needed", () => {
    const text = String.raw`{"b":[1.0,-0,1e2,9007199254740993,0.5],"a":"\"\\\n\u0001é/","":{},"n":[]}`;
    expect(writeJson(readJson(` ${text.replaceAll(",", " ,\n ")} `))).toBe(text);
  });

  it.each(["1.0", "null", "true", '"x"', "12", "-0"])("gives a value alone: %s", (text) => {
    expect(writeJson(readJson(text))).toBe(text);
  });

  it.each(["[]", "[1]"])("is not led astray by a member called toJSON beside %s", (inner) => {
    const text = `{"toJSON":${inner},"__proto__":{"constructor":1}}`;
    expect(writeJson(readJson(text))).toBe(text);
    expect(writeJson(readJson(text.replace("1}", "1.0}")))).toBe(text.replace("1}", "1.0}"));
  });

  it("gives back what was read, for any value", () => {
    assert(
      property(anyText, (text) => {
        const value = readJson(text);
        const written = writeJson(value);
        expect(readJson(written)).toEqual(value);
        expect(writeJson(readJson(written))).toBe(written);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is what JSON.stringify writes where no number has a text of its own", () => {
    assert(
      property(jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(writeJson(readJson(text))).toBe(text);
      }),
    );
  });
});

describe("canonical JSON", () => {
  it("is that of RFC 8785, section 3.2.2", () => {
    const text = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    // 333333333.33333329 is no double's shortest decimal: where the RFC rounds it, all its digits are kept.
    expect(canonical(text)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.33333329,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it("sorts as in RFC 8785, section 3.2.3", () => {
    const text = String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`;
    expect(canonical(text)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1F600}":5,"\uFB33":3}');
  });

  it("sorts at every depth, and small integers as texts", () => {
    expect(canonical('{"b":[{"d":1,"c":2}],"10":1,"9":1,"a":{}}')).toBe(
      '{"10":1,"9":1,"a":{},"b":[{"c":2,"d":1}]}',
    );
  });

  it.each([
    ["0", ["-0", "0.000", "0e5", "-0e-7"]],
    ["100", ["1e2", "100.0", "1E+2", "0.1e3"]],
    ["1e+21", ["1e21", "1000000000000000000000", "10E20"]],
    ["100000000000000000000", ["1e20"]],
    ["1e-7", ["0.0000001", "10e-8"]],
    ["0.000001", ["1e-6"]],
    ["-1.5", ["-1.50", "-15e-1"]],
    ["9007199254740993", ["9007199254740993.0", "9007199254740993e0", "9.007199254740993e15"]],
    ["1.2345678901234567890123e+25", ["12345678901234567890123000", "12345678901234567890.123e6"]],
    ["1.00000000000000000001e-9", ["0.00000000100000000000000000001"]],
  ])("writes %s for every spelling of it", (form, spellings) => {
    expect(spellings.map(canonical)).toEqual(spellings.map(() => form));
    expect(canonical(form)).toBe(form);
  });

  it("does not depend on the order of members", () => {
    const reversed = (value: Json): Json => {
      if (Array.isArray(value)) {
        return value.map(reversed);
      }
      if (typeof value !== "object" || value === null || value instanceof JsonNumber) {
        return value;
      }
      const object = bareObject();
      for (const [name, inner] of Object.entries(value).reverse()) {
        object[name] = reversed(inner);
      }
      return object;
    };
    assert(
      property(anyText, (text) => {
        const value = readJson(text);
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(canonical(canonicalJson(value))).toBe(canonicalJson(value));
      }),
      { numRuns: 5_000 },
    );
  });

  it("is equal exactly where values are", () => {
    assert(
      property(anyText, anyText, (left, right) => {
        const [a, b] = [readJson(left), readJson(right)];
        expect(canonicalJson(a) === canonicalJson(b)).toBe(jsonEqual(a, b));
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("does not exist for %s", (value) => {
    expect(() => canonicalJson([value])).toThrow(TypeError);
  });
});
