import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readJson } from "../base/json-read.ts";
import { isJsonObject, type Json, type JsonObject } from "../base/json-value.ts";
import { maskName } from "./mask-arguments.ts";
import { auditKey, keyedArgs, keyedHash } from "./redact.ts";

const NOTHING = { maskText: (text: string) => text, maskJson: (value: Json) => value };
const tools = {
  key: auditKey(new Uint8Array(32).fill(7)),
  known: () => NOTHING,
  name: (text: string) => maskName(text, NOTHING.maskText),
};
const BYTES = new Uint8Array(32).fill(7);
const hmac = (text: string): string => createHmac("sha256", BYTES).update(text).digest("hex");
const args = (text: string): JsonObject => {
  const value = readJson(text);
  return isJsonObject(value) ? value : {};
};

describe("keyedArgs", () => {
  it("keeps names, no values, and the keyed hash of the canonical form", () => {
    const given = args('{"to":"someone","amount":9007199254740993}');
    expect(keyedArgs(given, "keys", tools)).toEqual({
      keys: ["to", "amount"],
      sha256: hmac('{"amount":9007199254740993,"to":"someone"}'),
    });
  });

  it("keeps everything where the configuration says so", () => {
    const given = args('{"b":1,"a":2}');
    expect(keyedArgs(given, "full", tools)).toEqual({ full: given, sha256: hmac('{"a":2,"b":1}') });
  });

  it("gives equal arguments equal hashes, in whatever order they came, and others another", () => {
    const hashOf = (text: string): string => keyedArgs(args(text), "keys", tools).sha256;
    expect(hashOf('{"a":1,"b":[2.50]}')).toBe(hashOf('{"b":[2.5],"a":1.0}'));
    expect(hashOf('{"a":1}')).not.toBe(hashOf('{"a":2}'));
  });

  it("hashes with the key, so that guessing does not tell what was hashed", () => {
    expect(keyedHash("session", BYTES)).toBe(hmac("session"));
    expect(keyedHash("session", new Uint8Array(32))).not.toBe(hmac("session"));
  });

  it("takes no key of another length", () => {
    expect(() => auditKey(new Uint8Array(31))).toThrow(TypeError);
  });
});
