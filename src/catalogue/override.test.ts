import { describe, expect, it } from "vitest";
import { overridden, overriddenClass, overridesBy } from "./override.ts";
import { isRisk, isToolClass, type StoredOverride } from "./port.ts";
import { RISKS, TOOL_CLASSES, type ToolProfile } from "./verdict.ts";

const override = (changes: Partial<StoredOverride> = {}): StoredOverride => ({
  server: "billing",
  tool: "sweep",
  digest: "aa",
  class: "read",
  risk: undefined,
  was: { class: "execute", risk: "high" },
  reason: "it only counts rows",
  by: "local:ana",
  at: Date.UTC(2026, 0, 2),
  ...changes,
});

const PROFILE: ToolProfile = {
  name: "sweep",
  class: "execute",
  risk: "high",
  confidence: 0.2,
  evidence: [{ from: "doubt", found: "sweep", says: "Nothing says what it does." }],
  powers: ["bulk"],
  arguments: [],
  meta: undefined,
};

describe("an override", () => {
  it("changes nothing where there is none", () => {
    expect(overridden(PROFILE, "aa", undefined)).toBe(PROFILE);
  });

  it("counts for the definition it was given for, with who, when and why among the evidence", () => {
    expect(overridden(PROFILE, "aa", override({ risk: "low" }))).toEqual({
      ...PROFILE,
      class: "read",
      risk: "low",
      confidence: 1,
      evidence: [
        {
          from: "override",
          found: "it only counts rows",
          says: "local:ana said read, low at 2026-01-02T00:00:00.000Z. Reason: it only counts rows",
        },
        ...PROFILE.evidence,
      ],
    });
    expect(overridden(PROFILE, "aa", override({ class: "financial" }))).toMatchObject({
      class: "financial",
      risk: "high",
    });
  });

  it("for another definition, lowers nothing and says that it has changed", () => {
    for (const is of TOOL_CLASSES) {
      for (const fresh of TOOL_CLASSES) {
        const worse = TOOL_CLASSES.indexOf(is) > TOOL_CLASSES.indexOf(fresh) ? is : fresh;
        const found = overridden({ ...PROFILE, class: fresh }, "bb", override({ class: is }));
        expect(found.class).toBe(worse);
        expect(overriddenClass(fresh, "bb", override({ class: is }))).toBe(worse);
        expect(overriddenClass(fresh, "aa", override({ class: is }))).toBe(is);
      }
    }
    for (const risk of RISKS) {
      const found = overridden(PROFILE, "bb", override({ risk }));
      expect(found.risk).toBe(risk === "critical" ? "critical" : "high");
      expect(found.confidence).toBe(0.2);
      expect(found.evidence[0]?.says).toContain("The definition has changed since");
    }
  });

  it("shows no more of its reason as what was found than evidence may have", () => {
    const [evidence] = overridden(PROFILE, "aa", override({ reason: "\u{1F600}".repeat(200) })).evidence;
    expect(Array.from(evidence?.found ?? "")).toHaveLength(80);
    expect(evidence?.found.isWellFormed()).toBe(true);
  });

  it("is found by server and tool, whatever they are called", () => {
    const there = [override(), override({ tool: "__proto__" }), override({ server: "crm", tool: "a b" })];
    const by = overridesBy(there);
    expect(by.get("billing")?.get("sweep")).toBe(there[0]);
    expect(by.get("billing")?.get("__proto__")).toBe(there[1]);
    expect(by.get("crm")?.get("sweep")).toBeUndefined();
    expect(by.get("sweep")).toBeUndefined();
    expect(overridesBy([]).size).toBe(0);
  });

  it("knows classes and risks from other texts", () => {
    expect([...TOOL_CLASSES, "money", "Read", "", null, 1].filter(isToolClass)).toEqual([...TOOL_CLASSES]);
    expect([...RISKS, "none", undefined].filter(isRisk)).toEqual([...RISKS]);
  });
});
