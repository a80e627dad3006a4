import { describe, expect, it } from "vitest";
import type { Power, ToolClass } from "../verdict.ts";
import { judge } from "./judge.ts";
import { riskOf } from "./risk.ts";
import type { Sign } from "./sign.ts";

const sign = (is: ToolClass, weight: number): Sign => ({
  class: is,
  weight,
  from: "name",
  found: is,
  says: "It does.",
});

const risk = (
  is: ToolClass,
  given: { words?: string[]; powers?: Power[]; forGood?: boolean; hints?: string[] } = {},
) =>
  riskOf({
    class: is,
    words: given.words ?? [],
    powers: given.powers ?? [],
    unsure: false,
    forGood: given.forGood ?? false,
    sentence: [],
    description: "",
    arguments: [],
    hint: (name) => (given.hints?.includes(name) === true ? true : undefined),
  });

describe("a risk", () => {
  it("begins with the class", () => {
    const classes = ["read", "write", "execute", "destructive", "financial"] as const;
    expect(classes.map((is) => risk(is).risk)).toEqual(["low", "medium", "medium", "high", "high"]);
  });

  it("rises with power, reach and what cannot be undone", () => {
    expect(risk("read", { powers: ["network"] }).risk).toBe("medium");
    expect(risk("write", { powers: ["outside"] }).risk).toBe("high");
    expect(risk("execute", { powers: ["code"] }).risk).toBe("critical");
    expect(risk("destructive", { powers: ["bulk"] }).risk).toBe("critical");
    expect(risk("destructive", { words: ["database"] }).risk).toBe("critical");
    expect(risk("write", { words: ["permissions"] }).risk).toBe("high");
    expect(risk("write", { forGood: true }).risk).toBe("high");
  });

  it("rises with a hint, and shows which", () => {
    expect(risk("read", { hints: ["destructiveHint"] })).toMatchObject({
      risk: "medium",
      evidence: [{ from: "annotation", found: "destructiveHint" }],
    });
    expect(risk("destructive", { hints: ["destructiveHint", "readOnlyHint"] })).toEqual({
      risk: "high",
      evidence: [],
    });
  });
});

describe("a judgement", () => {
  it("takes what most speaks for, and the more dangerous of two that are near", () => {
    expect(judge([sign("read", 3), sign("read", 3)])).toMatchObject({ class: "read", confidence: 1 });
    expect(judge([sign("read", 3), sign("destructive", 3)]).class).toBe("destructive");
    expect(judge([sign("destructive", 3), sign("write", 3)]).class).toBe("destructive");
    expect(judge([sign("read", 6), sign("write", 1)]).class).toBe("read");
  });

  it("says that it doubts where it does", () => {
    const { confidence, evidence } = judge([sign("read", 3), sign("destructive", 3)]);
    expect(confidence).toBeLessThan(0.5);
    expect(evidence.at(-1)).toMatchObject({ from: "doubt" });
    expect(judge([])).toMatchObject({ class: "execute", confidence: 0.1, evidence: [{ from: "doubt" }] });
  });
});
