import { assert, constant, constantFrom, json, jsonValue, oneof, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonArray, isJsonObject, type Json, JsonNumber } from "./json-value.ts";
import { JsonError, readJson, readJsonBytes, readJsonDocument } from "./json-read.ts";
import type { JsonErrorKind } from "./json-error.ts";
import { LIMITS } from "./limits.ts";
import { toPlain } from "./json-plain.ts";
import { writeJson } from "./json-write.ts";

const errorOf = (read: () => unknown): JsonError => {
  try {
    read();
  } catch (error) {
    if (error instanceof JsonError) {
      return error;
    }
    throw error;
  }
  throw new Error("Nothing was thrown");
};
const kindOf = (text: string): JsonErrorKind => errorOf(() => readJson(text)).kind;
const nested = (levels: number, open = "[", close = "]"): string =>
  open.repeat(levels) + close.repeat(levels);
const withKeys = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(",")}}`;

describe("the reader takes what RFC 8259 allows", () => {
  it.each([
    ["null", null],
    [" \t\r\n true \n", true],
    ["false", false],
    ['""', ""],
    ["0", 0],
    ["-12", -12],
    ["123456789012345", 123456789012345],
    ["9007199254740991", 9007199254740991],
    ["1.5", 1.5],
    ["1e+21", 1e21],
    ["5e-324", 5e-324],
    ["[]", []],
    ["[ 1 , [ ] , 2 ]", [1, [], 2]],
    ["{ }", {}],
    ['{ "a" : { "b" : [ null ] } , "c" : 1 }', { a: { b: [null] }, c: 1 }],
  ])("%s", (text, value) => {
    expect(toPlain(readJson(text))).toEqual(value);
  });

  it("with every escape that JSON has", () => {
    expect(readJson(String.raw`"\"\\\/\b\f\n\r\t\u0041\u00e9\u00E9\u0000\ud83d\ude00x"`)).toBe(
      '"\\/\b\f\n\r\tA\u00E9\u00E9\u0000\u{1F600}x',
    );
  });

  it("with raw characters from beyond the basic plane, U+007F and U+2028", () => {
    expect(readJson('"\u{1F600}\u007F\u2028"')).toBe("\u{1F600}\u007F\u2028");
  });

  it("with the text of numbers that would print otherwise", () => {
    const texts = ["1.0", "1e2", "-0", "-0.0", "0e9", "0e-999", "9007199254740993", "1E5", "0.10", "1e21"];
    const read = readJson(`[${texts.join(",")}]`);
    expect(isJsonArray(read) && read.map((n) => (n instanceof JsonNumber ? n.text : "lost"))).toEqual(texts);
    expect(isJsonArray(read) && read.map((n) => n instanceof JsonNumber && n.exact)).toEqual(
      texts.map((text) => text !== "9007199254740993"),
    );
  });

  it("as a JS number wherever that prints the same text", () => {
    expect(readJson("[1,0,-1,0.1,1e+21,1e-7,1234567890123456]")).toEqual([
      1, 0, -1, 0.1, 1e21, 1e-7, 1234567890123456,
    ]);
  });
});

describe("names with a meaning elsewhere are names like any other", () => {
  it("__proto__, constructor, toString and small integers", () => {
    const text = '{"1":"x","__proto__":{"a":1},"constructor":2,"toString":3,"hasOwnProperty":4}';
    const read = readJson(text);
    expect(isJsonObject(read) && Object.keys(read)).toEqual([
      "1",
      "__proto__",
      "constructor",
      "toString",
      "hasOwnProperty",
    ]);
    expect(writeJson(read)).toBe(text);
  });

  it("and those that are missing are undefined", () => {
    const read = readJson("{}");
    expect(isJsonObject(read) && [read["__proto__"], read["constructor"], read["toString"]]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("the reader refuses", () => {
  it.each([
    "",
    " ",
    "nul",
    "nulll",
    "True",
    "undefined",
    "NaN",
    "Infinity",
    "-Infinity",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1",
    "[",
    "]",
    "{",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    "{,}",
    '{"a" 1}',
    '{"a":1 "b":2}',
    "{a:1}",
    "{'a':1}",
    "{1:1}",
    "[1}",
    '{"a":1]',
    "1 2",
    "{} {}",
    "1,",
    "// c\n1",
    "\u00A01",
    "1\u0000",
    "\f1",
  ])("what is no JSON: %j", (text) => {
    expect(kindOf(text)).toBe("syntax");
  });

  it.each(["01", "-01", "00", "+1", ".5", "1.", "1.e2", "1e", "1e+", "-", "--1", "0x10", "1_000", "1e1.5"])(
    "numbers that JSON has not: %s",
    (text) => {
      expect(kindOf(text)).toBe("syntax");
      expect(kindOf(`[${text}]`)).toBe("syntax");
    },
  );

  it.each(['"', '"a', '"\\', '"\\"', '"\\x41"', '"\\u12"', '"\\u12g4"', '"\\U0041"', '"\\u', '"\\\'"'])(
    "strings that JSON has not: %s",
    (text) => {
      expect(kindOf(text)).toBe("syntax");
    },
  );

  it("every raw control character in strings and names", () => {
    for (let unit = 0; unit < 32; unit += 1) {
      const raw = String.fromCharCode(unit);
      expect([kindOf(`"a${raw}"`), kindOf(`"\\n${raw}"`), kindOf(`{"${raw}":1}`)]).toEqual([
        "syntax",
        "syntax",
        "syntax",
      ]);
    }
  });

  it.each([
    "1e400",
    "-1e400",
    "1e309",
    "1e-400",
    "-1e-400",
    "0.1e-323",
    `1${"0".repeat(400)}`,
    "1e99999999999",
  ])("a number outside the range of a double: %s", (text) => {
    expect(kindOf(text)).toBe("number_range");
  });

  it.each([
    String.raw`"\ud800"`,
    String.raw`"\udc00"`,
    String.raw`"\ude00\ud83d"`,
    String.raw`"\ud83d\ud83d\ude00"`,
    String.raw`"\ud83dx"`,
    String.raw`{"\ud800":1}`,
    '"\uD800"',
    '"a\uDC00b"',
    '{"\uD83D":1}',
    '["\\n\uD83D"]',
    '"\\ud83d\uDE00"',
    '"\uD83D\\ude00"',
  ])("a lone surrogate: %j", (text) => {
    expect(kindOf(text)).toBe("lone_surrogate");
  });

  it.each([
    ['{"a":1,"a":1}', "/a"],
    ['{"a":1,"\\u0061":2}', "/a"],
    ['[{"x":{"b":null,"c":0,"b":null}}]', "/0/x/b"],
    ['{"__proto__":1,"__proto__":2}', "/__proto__"],
    ['{"1":1,"1":2}', "/1"],
    ['{"":1,"":2}', "/"],
    ['{"a/b~c":1,"a/b~c":2}', "/a~1b~0c"],
  ])("a key that is there twice: %s", (text, pointer) => {
    expect(kindOf(text)).toBe("duplicate_key");
    expect(errorOf(() => readJsonDocument(text)).pointer).toBe(pointer);
  });

  it("but not keys that differ in case, or are equal in different objects", () => {
    expect(toPlain(readJson('{"a":{"a":1},"A":{"a":2}}'))).toEqual({ a: { a: 1 }, A: { a: 2 } });
  });

  it("one level too many", () => {
    const max = LIMITS.json_levels_max;
    expect(writeJson(readJson(nested(max)))).toBe(nested(max));
    expect(kindOf(nested(max + 1))).toBe("too_deep");
    expect(kindOf("[".repeat(100_000))).toBe("too_deep");
    expect(kindOf(nested(max, '{"a":', "") + nested(1))).toBe("too_deep");
  });

  it("counts open levels, not containers", () => {
    expect(readJson(`[${Array.from({ length: 5_000 }, () => "[{}]").join(",")}]`)).toHaveLength(5_000);
  });

  it("one key too many", () => {
    const read = readJson(withKeys(LIMITS.object_keys_max));
    expect(isJsonObject(read) && Object.keys(read)).toHaveLength(LIMITS.object_keys_max);
    expect(kindOf(withKeys(LIMITS.object_keys_max + 1))).toBe("too_many_keys");
  });
});

describe("bytes", () => {
  const bytes = (...parts: number[]): Uint8Array => Uint8Array.from(parts);

  it("are read as UTF-8", () => {
    expect(readJsonBytes(new TextEncoder().encode('{"é":"\u{1F600}"}'))).toEqual(
      readJson('{"é":"\u{1F600}"}'),
    );
  });

  it.each([
    ["a byte order mark", bytes(0xef, 0xbb, 0xbf, 0x31)],
    ["a stray byte", bytes(0x22, 0xff, 0x22)],
    ["an overlong form", bytes(0x22, 0xc0, 0xaf, 0x22)],
    ["an encoded surrogate", bytes(0x22, 0xed, 0xa0, 0x80, 0x22)],
    ["an unfinished character", bytes(0x22, 0xe2, 0x82)],
    ["UTF-16", bytes(0xff, 0xfe, 0x31, 0x00)],
    ["nothing", bytes()],
  ])("are refused with %s", (_, refused) => {
    expect(errorOf(() => readJsonBytes(refused)).kind).toBe("syntax");
  });
});

describe("an error", () => {
  it.each([
    ['{\n  "a": 1,\n  "a": 2\n}', 3, 3, 14],
    ["[1,\r\n 2,\r\n x]", 3, 2, 11],
    ['["\u{1F600}",x]', 1, 7, 6],
    ["", 1, 1, 0],
    ["[\n", 2, 1, 2],
    ['["a\n"]', 1, 4, 3],
  ])("tells the place: %j", (text, line, column, offset) => {
    const error = errorOf(() => readJson(text));
    expect([error.line, error.column, error.offset]).toEqual([line, column, offset]);
  });

  it("shows nothing of the text but the name of a duplicate key, cut short", () => {
    expect(errorOf(() => readJson('{"password":"hunter2","x":hunter2}')).message).not.toContain("hunter2");
    const name = "n".repeat(5_000);
    const { message } = errorOf(() => readJson(`{"${name}":1,"${name}":1}`));
    expect(message).toContain("nnn");
    expect(message.length).toBeLessThan(120);
  });

  it("is one sentence, and well-formed where a name is cut inside a pair", () => {
    const name = `${"n".repeat(59)}\u{1F600}\u{1F600}`;
    const { message } = errorOf(() => readJson(`{"${name}":1,"${name}":1}`));
    expect(message.isWellFormed()).toBe(true);
    expect(message.endsWith(".")).toBe(true);
  });
});

describe("a document tells where its parts stand", () => {
  const text = '  {"a": {"b/c": [10,\n  {"x~y": 1}]},\n"": 2 }';
  const document = readJsonDocument(text);

  it.each([
    ["", "value", 1, 3],
    ["", "key", 1, 3],
    ["/a", "key", 1, 4],
    ["/a", "value", 1, 9],
    ["/a/b~1c", "key", 1, 10],
    ["/a/b~1c/0", "value", 1, 18],
    ["/a/b~1c/0", "key", 1, 18],
    ["/a/b~1c/1/x~0y", "key", 2, 4],
    ["/a/b~1c/1/x~0y", "value", 2, 11],
    ["/", "key", 3, 1],
    ["/", "value", 3, 5],
  ] as const)("%j %s", (pointer, which, line, column) => {
    expect(document.locate(pointer, which)).toEqual({ line, column });
  });

  it.each(["/b", "/a/b", "/a/b~1c/2", "/a/b~1c/00", "/a/b~1c/0/0", "a", "/a/b~2c", "/a/"])(
    "and that nothing is at %j",
    (pointer) => {
      expect(document.locate(pointer, "value")).toBeUndefined();
    },
  );
});

describe("for any text", () => {
  /** Texts near JSON: its own tokens in any order, and JSON with one piece put in. */
  const tokens = constantFrom(
    ...'{}[]:,"\\ \n0123456789.eE+-tfn'.split(""),
    '"a"',
    '"b":',
    "true",
    "null",
    "\\u",
    "\\ud800",
    "\uD800",
    "\uFEFF",
    "1e400",
    "{}",
    "[]",
  );
  const nearJson = oneof(
    string({ unit: tokens, maxLength: 12 }),
    tuple(json(), oneof(constant(""), tokens), string({ maxLength: 2 })).map(([text, piece, other]) => {
      const middle = Math.floor(text.length / 2);
      return text.slice(0, middle) + piece + text.slice(middle) + other;
    }),
    string({ unit: "binary" }),
  );
  const native = (text: string): { readonly value: unknown } | undefined => {
    try {
      return { value: JSON.parse(text) };
    } catch {
      return undefined;
    }
  };
  const ours = (text: string): { readonly value: Json } | JsonErrorKind => {
    try {
      return { value: readJson(text) };
    } catch (error) {
      return error instanceof JsonError ? error.kind : "syntax";
    }
  };

  it("the reader throws JsonError or nothing, at a place inside the text", () => {
    assert(
      property(nearJson, (text) => {
        try {
          readJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonError);
          expect(error instanceof JsonError && error.offset <= text.length).toBe(true);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it("what JSON.parse reads is read to the same value, but for what is refused by name", () => {
    assert(
      property(nearJson, (text) => {
        const read = ours(text);
        const parsed = native(text);
        if (typeof read === "object") {
          expect(parsed?.value).toEqual(toPlain(read.value));
        } else if (parsed !== undefined) {
          expect(read).not.toBe("syntax");
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it("reading with places gives the same value", () => {
    assert(
      property(jsonValue(), (value) => {
        const text = JSON.stringify(value, undefined, 1);
        expect(writeJson(readJsonDocument(text).value)).toBe(writeJson(readJson(text)));
      }),
    );
  });
});
