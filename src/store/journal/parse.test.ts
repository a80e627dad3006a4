import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chainDecision, chainOutcome, GENESIS } from "../../audit/chain.ts";
import { decisionOf, decisions, outcomeOf } from "../conformance/sample-records.ts";
import { parseOwn, parseTaken } from "./parse.ts";

describe("what a line took from counters", () => {
  const same = (line: string): void => {
    const { id, reserved } = parseOwn(line) ?? {};
    expect(parseTaken(line)).toMatchObject({ id, ...(reserved === undefined ? {} : { reserved }) });
  };

  it("is found without reading the rest of it, whatever that is", () => {
    fc.assert(
      fc.property(decisions, (record) => same(chainDecision(GENESIS, record).line)),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [
      "arguments",
      { args: { sha256: "", full: { reserved: [{ amount: "9" }], hash: "x", retry_after_ms: 1 } } },
    ],
    ["a message", { message: '"hash":"x","id":"y","reserved":[{"amount":"9"}],"retry_after_ms":' }],
    ["a tool's name", { tool: '"hash":"x","id":"y","reserved":[{}],"retry_after_ms":' }],
    ["an id", { id: '","id":"","reserved":[],"retry_after_ms":' }],
  ])("is not taken from %s that look like it", (_, changes) => {
    same(chainDecision(GENESIS, decisionOf(1, changes)).line);
  });

  it("is all of a line that is none of the gate's decisions", () => {
    const [outcome] = [chainOutcome(GENESIS, outcomeOf(1)).line];
    for (const line of [outcome, '{"id":"1","reserved":[{"amount":"1"}]}', '{"act":"x","reserved":[]}']) {
      expect(parseTaken(line)).toEqual(parseOwn(line));
    }
    expect(parseTaken("garbage")).toBeUndefined();
  });
});
