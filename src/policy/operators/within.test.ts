import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judgeDeep, judgeValue, problemsOf } from "../testing/conditions.ts";
import { decodeEscapes } from "./percent.ts";

const within = (found: unknown, ...value: string[]) => judgeValue({ op: "within", value }, found);

describe("within", () => {
  it.each([
    ["/data", 1],
    ["/data/", 1],
    ["/data/a", 1],
    ["/data//a/", 1],
    ["//data/a", 1],
    ["/./data/./a/.", 1],
    ["/data/a/..", 1],
    ["/data/..data", 1],
    ["/data/...", 1],
    ["/x/../data/a", 1],
    ["/../../data", 1],
    ["/srv/pub/x", 1],
    ["/srv", 0],
    ["/database", 0],
    ["/data.txt", 0],
    ["/Data/a", 0],
    ["/data/..", 0],
    ["/data/../etc/passwd", 0],
    ["/data/a/../../etc", 0],
    ["/", 0],
    ["/etc", 0],
    ["/etc%2fpasswd", 0],
    ["/data/100%", 1],
    ["/data/%zz", 1],
    ["/data/%41", 1],
    ["/data/%C3%A9", 1],
    ["/data/%252541", 1],
    ["/etc/%2e", 0],
    ["/data/%2e%2e/data/x", 1],
    ["/data/%2e%2e/srv/pub", 1],
    ["/data/%2e%2e/etc", -1],
    ["/data/..%2fetc", -1],
    ["/data/%252e%252e%252fetc", -1],
    ["/data/%25252e./etc", -1],
    ["/data/%%32e%2e/etc", -1],
    ["/%64ata/x", -1],
    ["/etc/../%64ata", -1],
    ["/data/%ff", -1],
    ["/etc/%ff", -1],
    ["/data/%c0%ae%c0%ae/etc", -1],
    ["/data/%ed%a0%80", -1],
    ["/data/%C3", -1],
    ["/data/%C3%25A9", -1],
    ["/data/%25C3%25A9", 1],
    ["/data/%00", -1],
    ["/data/%2500", -1],
    ["/data/a\0", -1],
    ["/data\\..\\x", -1],
    ["/data/%5c", -1],
    ["/data/%255C", -1],
    ["data/a", -1],
    ["./data", -1],
    ["", -1],
    ["%2Fdata", -1],
    ["C:\\data", -1],
    ["file:///data/a", -1],
    [5, -1],
    [["/data"], -1],
  ])("of %j: %s", (found, expected) => {
    expect(within(found, "/srv/pub", "/data")).toBe(expected);
  });

  it("takes the root, slashes at the end and doubled ones, and an empty list", () => {
    expect(within("/anything", "/")).toBe(1);
    expect(within("/..", "/")).toBe(1);
    expect(within("/a", "/a/")).toBe(1);
    expect(within("/a/b/c", "//a//b/")).toBe(1);
    expect(within("/a")).toBe(0);
  });

  it.each([
    ["/data/a", 1],
    ["/etc", 0],
    ["relative", 0],
    ["", 0],
    ["100% sure", 0],
    ["50%ff", 0],
    [5, 0],
    [null, 0],
    ["/data/%2e%2e/etc", -1],
    ["/data/%ff", -1],
    ["%2fdata", -1],
    ["%ff", -1],
    ["a\\b", -1],
    ["a%5cb", -1],
    ["a\0", -1],
  ])("below .** passes over what is no absolute path: %j gives %s", (found, expected) => {
    expect(judgeDeep({ op: "within", value: ["/data"] }, found)).toBe(expected);
    expect(judgeDeep({ op: "within", value: ["/data"] }, found, "require")).toBe(
      ["/data/a", "/etc"].includes(String(found)) ? expected : -1,
    );
  });

  it.each(["data", "", "./data", "/data/..", "/./data", "/a/../b", "/a%41", "/a\\b", "/a\0", 5])(
    "refuses the directory %j",
    (directory) => {
      expect(problemsOf({ path: "args.v", op: "within", value: ["/ok", directory] })).toMatchObject([
        { pointer: "/value/1", at: "value" },
      ]);
    },
  );

  it("refuses a value that is no list", () => {
    expect(problemsOf({ path: "args.v", op: "within", value: "/data" })).toMatchObject([
      { pointer: "/value" },
    ]);
  });
});

describe("decodeEscapes", () => {
  /** The rule as written: decode, and again, until nothing changes. */
  const byRounds = (text: string): string | undefined => {
    try {
      const next = text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => decodeURIComponent(escapes));
      return next === text ? text : byRounds(next);
    } catch {
      return undefined;
    }
  };

  it("agrees with decoding round by round", () => {
    const piece = fc.constantFrom(
      "%",
      "25",
      "2",
      "5",
      "e",
      "C3",
      "A9",
      "%C3%A9",
      "%25",
      "%E2%82",
      "%AC",
      "a",
      "é",
      "%F0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        expect(decodeEscapes(pieces.join(""))).toBe(byRounds(pieces.join("")));
      }),
      { numRuns: 20_000 },
    );
  });

  it("undoes any number of encodings", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(6), (text, times) => {
        let encoded = text;
        for (let count = 0; count < times; count += 1) {
          encoded = encodeURIComponent(encoded);
        }
        expect(decodeEscapes(encoded)).toBe(byRounds(text));
      }),
    );
  });

  it("takes time linear in the text", () => {
    expect(decodeEscapes(`%${"25".repeat(1_000_000)}2e`)).toBe(".");
  });
});
