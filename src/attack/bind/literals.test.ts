import { describe, expect, it } from "vitest";
import { literalsOf } from "./literals.ts";

describe("what stands in every text that an expression matches", () => {
  it.each([
    ["^/home/ana/", { head: "/home/ana/", tail: "", longest: "/home/ana/", isPlain: true }],
    ["@corp\\.ch", { head: "", tail: "", longest: "@corp.ch", isPlain: true }],
    ["@corp\\.ch$", { head: "", tail: "@corp.ch", longest: "@corp.ch", isPlain: true }],
    ["^https?://docs\\.x\\.org/", { head: "http", longest: "://docs.x.org/", isPlain: false }],
    ["^/srv/[a-z]+\\.txt$", { head: "/srv/", tail: ".txt", longest: "/srv/", isPlain: false }],
    ["^ab{0,3}c+", { head: "a", longest: "a" }],
    ["^(?:git|npm) \\w+$", { head: "", tail: "", isPlain: false }],
    ["[\\]a]x$", { tail: "x", longest: "x" }],
    ["", { head: "", tail: "", longest: "", isPlain: false }],
  ])("of %s", (pattern, literals) => {
    expect(literalsOf(pattern)).toMatchObject(literals);
  });
});
