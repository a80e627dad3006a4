import { describe, expect, it } from "vitest";
import { having, withMember, without } from "./json-change.ts";
import { readJson } from "./json-read.ts";
import { isJsonObject, type JsonObject } from "./json-value.ts";
import { writeJson } from "./json-write.ts";

const read = (text: string): JsonObject => {
  const value = readJson(text);
  if (!isJsonObject(value)) {
    throw new TypeError("not an object");
  }
  return value;
};

const SENT = '{"b":1.0,"__proto__":2,"a":3}';

describe("a changed copy", () => {
  it.each([
    ["a member changed in its place", having(read(SENT), { b: 9 }), '{"b":9,"__proto__":2,"a":3}'],
    ["a member added", having(read(SENT), { z: 9 }), '{"b":1.0,"__proto__":2,"a":3,"z":9}'],
    ["one member less", without(read(SENT), "b"), '{"__proto__":2,"a":3}'],
    ["several less, and one that it has not", without(read(SENT), "a", "__proto__", "c"), '{"b":1.0}'],
    ["one member changed", withMember(read(SENT), "b", 9), '{"b":9,"__proto__":2,"a":3}'],
    [
      "a member with a bad name changed",
      withMember(read(SENT), "__proto__", 9),
      '{"b":1.0,"__proto__":9,"a":3}',
    ],
    ["no member added", withMember(read(SENT), "toString", 9), SENT],
  ])("has %s", (_, changed, text) => {
    expect(writeJson(changed)).toBe(text);
  });

  it("leaves the object as it was", () => {
    const before = read(SENT);
    having(before, { b: 9 });
    without(before, "b");
    withMember(before, "b", 9)["a"] = 8;
    expect(writeJson(before)).toBe(SENT);
  });
});
