import { assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { FOLD_TABLE, FOLD_UNICODE_VERSION } from "./fold-table.generated.ts";
import { foldText } from "./fold.ts";

const everyCodePoint = function* (): Generator<string> {
  for (let point = 0; point <= 0x10ffff; point += 1) {
    if (point < 0xd800 || point > 0xdfff) {
      yield String.fromCodePoint(point);
    }
  }
};

describe("folding", () => {
  it.each([
    ["Stop_All-Servers.9", "stop_all-servers.9"],
    ["", ""],
    ["Straße", "strasse"],
    ["STRASSE", "strasse"],
    ["\u1E9E", "ss"],
    ["\u017F", "s"],
    ["\u212A", "k"],
    ["\u212B", "\u00E5"],
    ["\uFB01le", "file"],
    ["\uFB05", "st"],
    ["\u0130", "i\u0307"],
    ["I", "i"],
    ["\u0131", "\u0131"],
    ["Σας ΣΑΣ", "σασ σασ"],
    ["\u13A0\uAB70", "\u13A0\u13A0"],
    ["\u13F8", "\u13F0"],
    ["\u1F80", "\u1F00\u03B9"],
    ["\u0390", "\u0390"],
    ["\u0149", "\u02BCn"],
    ["\uFF33\uFF34\uFF2F\uFF30", "stop"],
    ["\u{1D5E6}\u24C9\u00BA\u24C5", "stop"],
    ["E\u0301", "\u00E9"],
    ["\u{1F17F}", "\u{1F17F}"],
    ["\u{10400}", "\u{10428}"],
    ["\u1C89", "\u1C8A"],
    ["\uA7CE", "\uA7CF"],
    ["a\u200Bb", "a\u200Bb"],
    ["\uD800A", "\uD800a"],
  ])("%j gives %j", (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it("keeps apart what Unicode keeps apart", () => {
    expect(foldText("\u0430")).not.toBe(foldText("a"));
    expect(foldText("é")).not.toBe(foldText("e"));
  });

  it("has the whole table, of the Unicode version of this Node or an older one", () => {
    expect(FOLD_TABLE).toHaveLength(1_585);
    expect(FOLD_UNICODE_VERSION).toBe("17.0.0");
    expect(Number.parseFloat(process.versions["unicode"] ?? "0")).toBeGreaterThanOrEqual(17);
  });

  it("agrees with the engine's own tables for every code point", () => {
    const disagree: string[] = [];
    for (const character of everyCodePoint()) {
      const folded = foldText(character);
      // Without a locale, the dotless i is upper-cased to I and folds to itself (CaseFolding.txt, status T).
      const upper = character === "\u0131" ? character : character.toUpperCase();
      if (
        foldText(upper) !== folded ||
        foldText(character.toLowerCase()) !== folded ||
        foldText(folded) !== folded
      ) {
        disagree.push(character);
      }
    }
    expect(disagree).toEqual([]);
  });

  it("changes nothing a second time", () => {
    const hard = constantFrom(
      "\u0345",
      "\u0301",
      "\u0307",
      "\u0327",
      "\u03B1",
      "\u0391",
      "\u1F80",
      "\u0130",
      "ß",
      "\u1100",
      "\u1161",
      "\u11A8",
      "\uFDFA",
    );
    assert(
      property(
        oneof(
          string({ unit: hard }),
          string({ unit: "binary" }),
          string({ unit: oneof(hard, string({ unit: "binary", minLength: 1, maxLength: 1 })) }),
        ),
        (text) => {
          const once = foldText(text);
          expect(foldText(once)).toBe(once);
          expect(once.normalize("NFKC")).toBe(once);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
