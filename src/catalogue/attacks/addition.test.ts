import { describe, expect, it } from "vitest";
import { additionOf } from "./addition.ts";

describe("what is added to somebody's own policy", () => {
  it("is all that refuses something, whatever part of a policy that is", () => {
    const refusing = {
      default: "deny",
      hide: ["run"],
      resources: { deny: ["*"] },
      prompts: { deny: ["*"] },
      methods: { deny: ["x"] },
      all_tools: { deny_if: [] },
      tools: { run: { action: "deny" } },
    };
    expect(additionOf({ version: "1", description: "x", mode: "enforce", ...refusing })).toEqual(refusing);
  });

  it("opens nothing", () => {
    expect(additionOf({ version: "1", default: "allow", hide: ["run"] })).toEqual({ hide: ["run"] });
  });

  it("is nothing where there is nothing to add", () => {
    expect([undefined, {}, { version: "1", default: "allow" }].map(additionOf)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
