import { describe, expect, it } from "vitest";
import { hashToken, mintToken } from "./token.ts";

describe("a minted token", () => {
  it("is tg_ and 43 base64url characters, another one each time", () => {
    const tokens = Array.from({ length: 100 }, mintToken);
    expect(tokens.every((token) => /^tg_[A-Za-z0-9_-]{43}$/.test(token))).toBe(true);
    expect(new Set(tokens).size).toBe(100);
  });

  it("is known by its SHA-256", () => {
    expect(hashToken("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});
