import { describe, expect, it } from "vitest";
import { premiseSaid, shownBy } from "./premise-words.ts";

describe("the scenario's own tools", () => {
  it("are told as what no rule is judged by, with the reason for their names", () => {
    expect(premiseSaid({})).toEqual([]);
    expect(premiseSaid({ premise: ["add"] })).toEqual([
      "add is the scenario's own, admitted whatever the policy says, because somewhere there is such a tool: what is judged is the other calls.",
    ]);
    expect(premiseSaid({ premise: ["add", "scenario_save_note"] })).toEqual([
      expect.stringMatching(/^add, scenario_save_note are the scenario's own/u),
      "It is called scenario_save_note because your save_note is another.",
    ]);
  });

  it("show an attack where the message is a call of one", () => {
    const proofs = [
      { says: "The server executed add.", message: '{"kind":"call","tool":"add","arguments":{}}' },
    ];
    expect(shownBy({ premise: ["add"], proofs })).toBe("add");
    expect(shownBy({ premise: ["ad"], proofs })).toBe(undefined);
    expect(shownBy({ proofs })).toBe(undefined);
  });
});
