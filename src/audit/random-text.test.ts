import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { randomParts } from "./random-text.ts";

const partsOf = (text: string): readonly string[] =>
  randomParts(text).map(({ start, end }) => text.slice(start, end));

describe("what looks like chance", () => {
  it.each([
    ["a token in base62", "see q7Rk2VnX9sLd4TzB8mYw now", "q7Rk2VnX9sLd4TzB8mYw"],
    ["a hash in hex", `sha256 ${createHash("sha256").update("a").digest("hex")}`, /^[0-9a-f]{64}$/],
    ["a hash of 32 digits", "9e107d9d372bb6826bd81d3542a419d6", "9e107d9d372bb6826bd81d3542a419d6"],
    ["letters alone", "xkqzvjwpfhtrbnmgdlcq", "xkqzvjwpfhtrbnmgdlcq"],
    ["a part of a path", "/files/q7Rk2VnX9sLd4TzB8mYw/name", "q7Rk2VnX9sLd4TzB8mYw"],
    ["a part of a URL", "https://example.com/hook?k=q7Rk2VnX9sLd4TzB8mYw", "q7Rk2VnX9sLd4TzB8mYw"],
    ["a token behind a prefix", "pre_live_q7Rk2VnX9sLd4TzB8mYw", "q7Rk2VnX9sLd4TzB8mYw"],
    ["a number of very many digits", "83920174650192837465019283", "83920174650192837465019283"],
  ])("is found: %s", (_, text, part) => {
    expect(partsOf(text)).toEqual([typeof part === "string" ? part : expect.stringMatching(part)]);
  });

  it.each([
    "The quick brown fox jumps over the lazy dog, and internationalisation is a long word.",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz kauppakeskuksessammekin",
    "550e8400-e29b-41d4-a716-446655440000",
    "/usr/local/lib/node_modules/some-package-name/dist/module/index.test.js",
    "https://docs.example.com/en/latest/getting-started/installation.html?page=2#requirements",
    "getElementsByClassNameAndTagName SHOUTING_SNAKE_CASE_CONSTANT_NAME com.example.MainActivity",
    "2026-11-21T10:20:30.123Z 20261121102030 +358401234567 4111111111111111",
    "arn:aws:iam::123456789012:role/MyServiceRoleName ip-10-0-12-1.eu-west-1.compute.internal",
    "commit 5f6e2e7 of release 1.20.300-beta.4",
  ])("is not found in %s", (text) => {
    expect(partsOf(text)).toEqual([]);
  });

  it("is nearly all of what really is chance, from 24 characters on", () => {
    const forms = ["hex", "base64", "base64url"] as const;
    const all = forms.flatMap((form) =>
      Array.from({ length: 1_000 }, () => randomBytes(form === "hex" ? 16 : 24).toString(form)),
    );
    expect(all.filter((text) => partsOf(text).length === 0).length).toBeLessThan(all.length * 0.02);
  });

  it("is told in time that grows with the text alone", () => {
    const started = performance.now();
    randomParts("aB3/".repeat(250_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
