import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../base/json-value.ts";
import { createMasker, MASK } from "./mask.ts";

const SECRET = "s3cr3t+value/of==me";
const { maskText, maskJson } = createMasker([SECRET, "short", "another-long-secret"]);

describe("the masker", () => {
  it.each([
    [SECRET, MASK],
    [`Bearer ${SECRET}.`, `Bearer ${MASK}.`],
    [`a=${encodeURIComponent(SECRET)}&b`, `a=${MASK}&b`],
    [`a=${encodeURIComponent(SECRET).toLowerCase()}&b`, `a=${MASK}&b`],
    ["%73%33%63%72%33%74%2bvalue%2Fof%3d%3Dme", MASK],
    [`${SECRET}${SECRET}`, `${MASK}${MASK}`],
    ["another-long-secret", MASK],
    ["short", "short"],
    ["s3cr3t", "s3cr3t"],
    ["", ""],
  ])("makes %j %j", (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it.each(["", "a", "ab", "user:", "\u00E9"])(
    "finds a secret in Base64 after %j and before anything",
    (before) => {
      for (const after of ["", "z", "zz", "zzz"]) {
        for (const encoding of ["base64", "base64url"] as const) {
          const text = Buffer.from(`${before}${SECRET}${after}`).toString(encoding);
          for (const masked of [maskText(`x ${text} y`), maskText(encodeURIComponent(text))]) {
            expect(masked).toContain(MASK);
            const left = Buffer.from(masked.replaceAll(MASK, ""), "base64").toString("latin1");
            expect(left).not.toContain(SECRET.slice(2, -2));
          }
        }
      }
    },
  );

  it("masks strings and names, however deep, and leaves the rest of the value", () => {
    const inner = { untouched: [1, 2] };
    const value: Json = { [`k-${SECRET}`]: [{ b: SECRET }, inner], c: 1, d: null, inner };
    const masked = maskJson(value);
    expect(masked).toEqual({ [`k-${MASK}`]: [{ b: MASK }, inner], c: 1, d: null, inner });
    expect((masked as { inner: Json }).inner).toBe(inner);
    expect(Object.keys(masked as object)).toEqual([`k-${MASK}`, "c", "d", "inner"]);
  });

  it("gives the same value back where nothing is found, or there are no secrets", () => {
    const value: Json = { a: ["b", { c: "100%" }], d: 5 };
    expect(maskJson(value)).toBe(value);
    expect(createMasker([]).maskJson(value)).toBe(value);
    expect(createMasker(["short"]).maskText("short")).toBe("short");
  });

  it("takes secrets as text, whatever characters they have", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), fc.string(), (secret, around) => {
        const masker = createMasker([secret]);
        expect(masker.maskText(`${around}${secret}${around}`)).toContain(MASK);
        expect(masker.maskText(encodeURIComponent(secret))).not.toContain(encodeURIComponent(secret));
      }),
    );
  });
});
