import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../base/json-value.ts";
import { canonicalJson, writeJson } from "../base/json-write.ts";
import {
  chainAdmin,
  chainDecision,
  chainLine,
  chainOutcome,
  checkLine,
  GENESIS,
  strictlyChecked,
} from "./chain.ts";
import { scanLine } from "./scan-line.ts";
import {
  adminOf,
  decisionOf,
  decisions,
  idOf,
  jsonObjects,
  outcomeOf,
} from "../store/conformance/sample-records.ts";

const PREV = "12".repeat(32);
const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
const plain = (record: object): JsonObject => record as JsonObject;

describe("a chained line", () => {
  it("is the record's RFC 8785 form, with the hash of that form without it", () => {
    const record = decisionOf(1);
    const { line, hash } = chainDecision(PREV, record);
    expect(hash).toBe(sha256(canonicalJson({ ...plain(record), prev: PREV })));
    expect(line).toBe(canonicalJson({ ...plain(record), prev: PREV, hash }));
  });

  it("is the same from the quick writer of decisions as from the general one", () => {
    fc.assert(
      fc.property(decisions, (record) => {
        expect(chainDecision(PREV, record)).toEqual(chainLine(PREV, plain(record)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("is the same from the quick writers of outcomes and acts as from the general one", () => {
    fc.assert(
      fc.property(
        jsonObjects,
        fc.string({ unit: "grapheme" }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (object, text, number) => {
          const outcome = outcomeOf(1, { duration_ms: number, http_status: null });
          const act = adminOf(1, { after: object, by: text, subject: null, before: null });
          expect(chainOutcome(PREV, outcome)).toEqual(chainLine(PREV, plain(outcome)));
          expect(chainAdmin(PREV, act)).toEqual(chainLine(PREV, plain(act)));
        },
      ),
      { numRuns: 2_000 },
    );
    expect(chainAdmin(PREV, adminOf(1))).toEqual(chainLine(PREV, plain(adminOf(1))));
  });

  it("is found sound, whatever the record holds", () => {
    fc.assert(
      fc.property(decisions, (record) => {
        const { line, hash } = chainDecision(PREV, record);
        expect(checkLine(line)).toMatchObject({ ok: true, id: record.id, prev: PREV, hash });
      }),
      { numRuns: 2_000 },
    );
  });

  it("is not made of numbers that JSON has not", () => {
    expect(() => chainDecision(PREV, decisionOf(1, { retry_after_ms: Number.NaN }))).toThrow(TypeError);
    expect(() => chainOutcome(PREV, outcomeOf(1, { duration_ms: Infinity }))).toThrow(TypeError);
  });

  it("is not made of half a surrogate pair, which no reader would take", () => {
    expect(() => chainDecision(PREV, decisionOf(1, { message: "\ud800" }))).toThrow(TypeError);
    expect(() => chainDecision(PREV, decisionOf(1, { message: "\\\udfff" }))).toThrow(TypeError);
    expect(checkLine(chainDecision(PREV, decisionOf(1, { message: "\\ud800 😀" })).line).ok).toBe(true);
  });

  it("takes nothing from a record but the members it has by contract", () => {
    const stray = { ...decisionOf(1), token: "secret-token-of-a-grant" };
    expect(chainDecision(PREV, stray).line).not.toContain("secret");
  });
});

describe("checkLine", () => {
  const { line, hash } = chainDecision(GENESIS, decisionOf(7));

  it("tells the id, the hash and the hash before", () => {
    expect(checkLine(line)).toMatchObject({ ok: true, id: idOf(7), prev: GENESIS, hash });
  });

  it.each([
    ["a value", line.replace("stop_all_servers", "stop_one_server0"), "is not what its hash was made of"],
    ["the hash", line.replace(hash, "0".repeat(64)), "is not what its hash was made of"],
    ["the form", line.replace('"v":1', '"v":1.0'), "is not in canonical form"],
    ["the spacing", line.replace('"v":1', '"v": 1'), "is not in canonical form"],
    ["a second member of a name", line.replace('"v":1', '"v":1,"v":1'), "cannot be read"],
    ["the end", line.slice(0, -1), "cannot be read"],
    ["the hash's length", line.replace(hash, hash.slice(1)), "has no place in the chain"],
  ])("refuses a line with a change of %s", (_, changed, problem) => {
    expect(checkLine(changed)).toMatchObject({ ok: false, problem });
  });

  it.each([
    ["members out of order", '{"id":"x","a":1}'],
    ["members out of order further in", '{"a":{"c":1,"b":2}}'],
    ["members out of order in a list", '{"a":[{"c":1,"b":2}]}'],
    ["a space", '{"a": 1}'],
    ["a tab", '{"a":\t1}'],
    ["an escape that needs none", '{"a":"\\u0041"}'],
    ["an escaped slash", '{"a":"\\/"}'],
    ["a number in another form", '{"a":1.0}'],
    ["a number with an exponent", '{"a":[1e2]}'],
    ["minus nought", '{"a":-0}'],
    ["digits where an exponent is due", `{"a":1${"0".repeat(21)}}`],
  ])("refuses %s, though the hash was made of that very text", (_, body) => {
    const text = `${body.slice(0, -1)},"prev":"${GENESIS}"}`;
    const forged = text.replace(',"prev"', `,"hash":"${sha256(text)}","prev"`);
    expect(checkLine(forged)).toMatchObject({ ok: false, problem: "is not in canonical form" });
  });

  it.each([
    '{"a":"x y","b":1}',
    '{"a":"\\\\\\n\\"","b":"\u007f"}',
    '{"a":9007199254740993}',
    '{"10":1,"9":2,"b":[]}',
  ])("takes %s", (body) => {
    const text = `${body.slice(0, -1)},"prev":"${GENESIS}"}`;
    const made = text.replace(',"prev"', `,"hash":"${sha256(text)}","prev"`);
    expect(checkLine(made)).toMatchObject({ ok: true, prev: GENESIS });
  });
});

/** A line as any JSON could be one: its text and the hash of that text, canonical or not. */
const forged = (body: string): string => {
  const text = `${body.slice(0, -1)}${body === "{}" ? "" : ","}"prev":"${PREV}"}`;
  return text.replace(`"prev":"${PREV}"}`, (prev) => `"hash":"${sha256(text)}",${prev}`);
};

/** With its hash made anew, so that only the form can tell. */
const resealed = (line: string): string => {
  const hash = /"hash":"[^"]*",/.exec(line)?.[0] ?? "";
  const text = line.replace(hash, "");
  return line.replace(hash, () => `"hash":"${sha256(text)}",`);
};

describe("the quick check of a line", () => {
  const anyLine = fc.oneof(
    decisions.map((record) => chainDecision(PREV, record).line),
    jsonObjects.map((object) => chainLine(PREV, object).line),
    jsonObjects.map((object) => forged(JSON.stringify(object))),
    jsonObjects.map((object) => forged(writeJson(object))),
    fc.json().map(forged),
    fc
      .constantFrom(
        "-0",
        "0",
        "01",
        "-",
        "1e2",
        "1.5",
        `1${"0".repeat(21)}`,
        "9007199254740993",
        "-7",
        '""',
        '"\\/"',
      )
      .map((value) => forged(`{"a":${value},"b":[${value}]}`)),
  );
  const change = fc.record({
    place: fc.nat(),
    take: fc.nat(3),
    put: fc.oneof(
      fc.constantFrom("", '"', "\\", ",", ":", "{", "}", "[", "]", " ", "0", "-", ".", "e1", "\n", "\u0000"),
      fc.constantFrom("\ud800", "\udc00", "\ufeff", "\\u0041", "\\/", "\\n", "é", "null", "1.0", '"a":1,'),
      fc.string({ unit: "binary", maxLength: 2 }),
    ),
  });

  it("says what the strict one says of any line, and of any that was changed", () => {
    let sound = 0;
    fc.assert(
      fc.property(anyLine, fc.option(change), fc.boolean(), (line, edit, seal) => {
        const { place, take, put } = edit ?? { place: 0, take: 0, put: "" };
        const at = place % line.length;
        const edited = line.slice(0, at) + put + line.slice(at + take);
        const text = seal ? resealed(edited) : edited;
        const strict = strictlyChecked(text);
        sound += strict.ok ? 1 : 0;
        expect(checkLine(text)).toEqual(strict);
      }),
      { numRuns: 20_000 },
    );
    expect(sound).toBeGreaterThan(2_000);
  });

  it("is what nearly all lines need: those of the gate are proved sound without being read", () => {
    for (const { line } of [
      chainDecision(PREV, decisionOf(1, { message: 'é "\\\n' })),
      chainOutcome(PREV, outcomeOf(1)),
      chainAdmin(PREV, adminOf(1)),
    ]) {
      const bytes = Buffer.from(`${line}\n`);
      expect(scanLine(bytes, bytes.length - 1)).toMatchObject({ prev: PREV, id: idOf(1) });
    }
  });
});
