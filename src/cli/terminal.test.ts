import { describe, expect, it } from "vitest";
import { harmless } from "./terminal.ts";

describe("text for a terminal", () => {
  it.each([
    ["a title: \u001B]0;mine\u0007", "a title: \\u001b]0;mine\\u0007"],
    ["the clipboard: \u001B]52;c;eA==\u0007", "the clipboard: \\u001b]52;c;eA==\\u0007"],
    ["an upward move: \u001B[2A\u009B2A", "an upward move: \\u001b[2A\\u009b2A"],
    ["a line over the last: \rsound", "a line over the last: \\u000dsound"],
    ["writing turned round: \u202Etxt.exe", "writing turned round: \\u202etxt.exe"],
  ])("shows %j and does not obey it", (text, shown) => {
    expect(harmless(text)).toBe(shown);
  });

  it("keeps lines, tabs, colours and every language", () => {
    const text = "\u001B[31mrot\u001B[0m\tgrün\n日本語 עברית 👩‍👩‍👧\n";
    expect(harmless(text)).toBe(text);
  });

  it("says the same in JSON", () => {
    const value = { name: "\u009Bx\u202E" };
    expect(JSON.parse(harmless(JSON.stringify(value)))).toEqual(value);
  });
});
