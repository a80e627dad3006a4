import { describe, expect, it } from "vitest";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, type JsonObject } from "../base/json-value.ts";
import { writeJson } from "../base/json-write.ts";
import { LIMITS } from "../base/limits.ts";
import { maskArguments, maskName, maskSubject } from "./mask-arguments.ts";
import type { SecretFinder } from "./secret.ts";

/** Finds every "hush", as a rule would. */
const find: SecretFinder = async (text) =>
  [...text.matchAll(/hush\w*|hu\nsh/gu)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    kind: "hush",
  }));
const known = (text: string): string => text.replaceAll("own-value", "[masked]");

const NONE: ReadonlySet<string> = new Set();

const objectOf = (text: string): JsonObject => {
  const value = readJson(text);
  return isJsonObject(value) ? value : {};
};
const masked = async (text: string): Promise<string> =>
  writeJson(await maskArguments(objectOf(text), { known, find, secretNames: NONE }));

describe("masked arguments", () => {
  it.each([
    [
      "keep what is no secret, numbers as they were written",
      '{"a":"b","n":1.0,"m":9007199254740993,"l":[true,null]}',
    ],
    ["keep their order", '{"b":1,"a":{"z":1,"y":2}}'],
    ["may be empty", "{}"],
  ])("%s", async (_, text) => {
    expect(await masked(text)).toBe(text);
  });

  it.each([
    [
      "in strings, wherever they are",
      '{"a":["x hush1 y",{"b":"hush2"}]}',
      '{"a":["x [masked: hush] y",{"b":"[masked: hush]"}]}',
    ],
    ["in names", '{"hush":1,"own-value":2}', '{"[masked: hush]":1,"[masked]":2}'],
    [
      "in names that are alike then",
      '{"hush1":1,"hush2":2,"a":{"hush1":3}}',
      '{"[masked: hush]":1,"[masked: hush] 2":2,"a":{"[masked: hush]":3}}',
    ],
    ["that the gate holds itself", '{"a":"is own-value"}', '{"a":"is [masked]"}'],
    ["that look like chance", '{"a":"is q7Rk2VnX9sLd4TzB8mYw"}', '{"a":"is [masked: random]"}'],
    [
      "under secret names, whatever they are",
      '{"password":"x","pin":1234,"a":{"apiKey":{"b":["c"]},"otp":null}}',
      '{"password":"[masked: name]","pin":"[masked: name]","a":{"apiKey":"[masked: name]","otp":"[masked: name]"}}',
    ],
    [
      "beside their name",
      '{"env":[{"name":"DB_PASSWORD","value":"x"},{"name":"HOME","value":"/h"}]}',
      '{"env":[{"name":"DB_PASSWORD","value":"[masked: name]"},{"name":"HOME","value":"/h"}]}',
    ],
    [
      "behind their name",
      '{"argv":["--password","x","-v"],"h":[["Cookie","y"]]}',
      '{"argv":["--password","[masked: name]","-v"],"h":[["Cookie","[masked: name]"]]}',
    ],
    [
      "in strings that are one together",
      '{"a":["x","hu","sh"]}',
      '{"a":["x","[masked: hush]","[masked: hush]"]}',
    ],
  ])("have no secrets %s", async (_, text, expected) => {
    expect(await masked(text)).toBe(expected);
  });

  it("keep members with the names of what every object inherits", async () => {
    const text = '{"__proto__":{"constructor":"hush"}}';
    expect(await masked(text)).toBe('{"__proto__":{"constructor":"[masked: hush]"}}');
  });

  it("end where they are too deep", async () => {
    const levels = LIMITS.kept_arguments_levels_max;
    const text = '{"a":'.repeat(levels + 5) + '"hush"' + "}".repeat(levels + 5);
    const kept = await masked(text);
    expect(kept).toContain("[masked: too deep]");
    expect(kept.split('"a"').length - 1).toBe(levels);
  });

  it.each([
    ["a string", JSON.stringify({ a: "x ".repeat(1_000_000), b: 1 })],
    ["a list", JSON.stringify({ a: Array.from({ length: 200_000 }, () => 1) })],
    [
      "members",
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`member ${String(at)}`, 1])),
      ),
    ],
    ["names", JSON.stringify({ ["n ".repeat(100_000)]: 1, b: 2 })],
    ["lists of lists", JSON.stringify({ a: Array.from({ length: 100_000 }, () => [[], {}]) })],
  ])("end where they are too long: %s", async (_, text) => {
    const kept = await masked(text);
    expect(kept).toContain("[masked: too long]");
    expect(kept.length).toBeLessThan(LIMITS.kept_arguments_characters_max * 4);
  });

  it("have no secrets where findings overlap and go over several texts", async () => {
    const args = { a: ["one", "two", "", "three", "four"] };
    const joined = "a\none\ntwo\n\nthree\nfour";
    const [start, end] = [joined.indexOf("wo"), joined.indexOf("ree")];
    const overlapping: SecretFinder = async () => [
      { start: joined.indexOf("our"), end: joined.length, kind: "c" },
      { start: start + 1, end, kind: "b" },
      { start, end: end - 1, kind: "a" },
    ];
    expect(await maskArguments(args, { known, find: overlapping, secretNames: NONE })).toEqual({
      a: ["one", "t[masked: a]", "", "[masked: a]ree", "f[masked: c]"],
    });
  });

  it("have nothing of what the tool itself calls secret, at any depth", async () => {
    const args = { pat: "p", list: [{ pat: 7, path: "/a" }], paths: { pat: ["x", { y: "z" }] } };
    expect(await maskArguments(args, { known, find, secretNames: new Set(["pat"]) })).toEqual({
      pat: "[masked: name]",
      list: [{ pat: "[masked: name]", path: "/a" }],
      paths: { pat: "[masked: name]" },
    });
  });

  it("are not kept where looking for secrets fails", async () => {
    const fails: SecretFinder = () => Promise.reject(new Error("broken"));
    await expect(maskArguments({ a: "b" }, { known, find: fails, secretNames: NONE })).rejects.toThrow(
      "broken",
    );
  });
});

describe("names in the record", () => {
  it("have no secrets in them", () => {
    expect(maskName("sk-live-aaaabbbbccccdddd", known)).toBe("[masked: token]");
    expect(maskName("q7Rk2VnX9sLd4TzB8mYw", known)).toBe("[masked: random]");
    expect(maskName("own-value", known)).toBe("[masked]");
    expect(maskName("a".repeat(LIMITS.kept_name_characters_max + 1), known)).toBe("[masked: too long]");
    expect(maskName("include_hidden_files", known)).toBe("include_hidden_files");
  });

  it("say what was asked for, without credentials and tokens", () => {
    expect(maskSubject("https://ann:pw@h/q7Rk2VnX9sLd4TzB8mYw?x=1", known)).toBe(
      "https://[masked: credentials]@h/q7Rk2VnX9sLd4TzB8mYw?x=1",
    );
    expect(maskSubject("db://h/t?access_token=abc&k=q7Rk2VnX9sLd4TzB8mYw", known)).toBe(
      "db://h/t?access_token=[masked: name]&k=[masked: random]",
    );
    expect(maskSubject("get_own-value", known)).toBe("get_[masked]");
    expect(maskSubject("stop_all_servers", known)).toBe("stop_all_servers");
  });
});
