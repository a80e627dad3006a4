import { describe, expect, it } from "vitest";
import { tellsOf } from "./proposal-words.ts";
import type { Proposal } from "./result.ts";

const proposal = (adds: Proposal["adds"], more: Partial<Proposal> = {}): Proposal => ({
  adds,
  replaces: [],
  closes: [],
  ...more,
});

const required = (value: object): Proposal["adds"] => ({
  tools: { run_batch: { require: [{ conditions: [{ path: "args", op: "schema", value }] }] } },
});

describe("what is said of a proposed rule", () => {
  it("is in whose place it goes, and what else it closes", () => {
    const { place, notes } = tellsOf(
      proposal({ default: "deny" }, { replaces: ["pay", "refund"], closes: ["list"] }),
    );
    expect(place).toBe(", in place of what it says of pay, refund");
    expect(notes).toEqual([
      "It closes 1 of your tools besides: list. Those that are to stay need a key below `tools`.",
    ]);
  });

  it("is what another default leaves open as it was", () => {
    const { notes } = tellsOf(proposal({ default: "deny", prompts: ["*"], methods: ["*"] }));
    expect(notes).toEqual([
      "It closes every tool that no key below `tools` names.",
      "`prompts`, `methods` with `*` keep open what the default left open.",
    ]);
  });

  it("is no more where it only denies", () => {
    expect(tellsOf(proposal({ tools: { pay: { action: "deny" } } }))).toMatchObject({ place: "", notes: [] });
  });

  it("is what is to be written in it", () => {
    expect(tellsOf(proposal({ hide: ["pay"] })).notes).toEqual([
      "Names below `hide` are added to those that are there.",
    ]);
    expect(tellsOf(proposal(required({ type: "object" }))).notes).toEqual([
      "Folders, hosts, names, amounts and patterns in it are examples: put in yours.",
    ]);
  });

  it("is which honest calls it refuses, and without what", () => {
    const given = { path: "x".repeat(300) };
    const { notes } = tellsOf(
      proposal(
        { tools: { pay: { action: "deny" } } },
        { asks: ["limit", "amount"], refuses: [{ tool: "pay", given, code: "require_failed" }] },
      ),
    );
    expect(notes).toEqual([
      "Calls without limit, amount are refused.",
      expect.stringMatching(/^A call of pay like \{"path":"x{180,190}… is refused by it \(require_failed\)/u),
    ]);
  });

  it("is with which other tools the same is still possible", () => {
    const others = ["a", "b", "c", "d", "e"];
    expect(tellsOf(proposal({ hide: ["pay"] }, { others })).notes.at(-1)).toContain(
      "with your a, b, c and 2 more: put a rule for each, or play again",
    );
    expect(tellsOf(proposal({ hide: ["pay"] }, { others: ["a"] })).notes.at(-1)).toContain("your a: put");
  });

  it("is that a closed schema refuses what it does not name, however deep it stands", () => {
    const items = { properties: { tool: {} }, additionalProperties: false };
    const { notes } = tellsOf(proposal(required({ properties: { commands: { items } } })));
    expect(notes).toContain(
      "What its `schema` does not name is refused: name there, below `properties`, what else your calls have.",
    );
  });
});
