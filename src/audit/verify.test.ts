import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionOf, idOf, outcomeOf } from "../store/conformance/sample-records.ts";
import { chainDecision, chainOutcome, GENESIS } from "./chain.ts";
import { Verifier, verifyLines, type Verdict } from "./verify.ts";

/** Decisions 0, 2, 4 … each with its outcome as the next line. */
const chainOf = (count: number, prev = GENESIS): readonly string[] => {
  const lines: string[] = [];
  let head = prev;
  for (let number = 0; number < count; number += 1) {
    const made =
      number % 2 === 0 ? chainDecision(head, decisionOf(number)) : chainOutcome(head, outcomeOf(number - 1));
    lines.push(made.line);
    head = made.hash;
  }
  return lines;
};

const verify = (lines: readonly string[], rest = ""): Verdict =>
  verifyLines(
    lines.map((text, index) => ({ text, position: { segment: 1, offset: index } })),
    { rest: () => rest },
  );

const lines = chainOf(10);
const at = (index: number): string => lines[index] ?? "";
const without = (index: number): readonly string[] => lines.toSpliced(index, 1);

describe("a chain that is as it was written", () => {
  it("is verified from its first line to its head", () => {
    const { hash } = JSON.parse(at(9)) as { hash: string };
    expect(verify(lines)).toEqual({ ok: true, lines: 10, head: hash, fault: undefined, partial: false });
  });

  it("is verified when nothing is in it yet", () => {
    expect(verify([])).toMatchObject({ ok: true, lines: 0, head: GENESIS });
  });

  it("is verified from a later line on where the line before is taken on trust", () => {
    const later = lines.slice(4).map((text) => ({ text }));
    expect(verifyLines(later).ok).toBe(false);
    expect(verifyLines(later, { start: null })).toMatchObject({ ok: true, lines: 6 });
  });

  it("may end in a half-written line, which is told and is no tampering", () => {
    for (const length of [1, 100, at(9).length - 1, at(9).length]) {
      expect(verify(lines.slice(0, 9), at(9).slice(0, length))).toMatchObject({
        ok: true,
        lines: 9,
        partial: true,
        fault: undefined,
      });
    }
  });
});

describe("a chain that was tampered with", () => {
  it("names the record that was changed", () => {
    const changed = lines.with(4, at(4).replace("stop_all_servers", "list_servers0000"));
    expect(verify(changed).fault).toMatchObject({
      kind: "changed",
      line: 5,
      id: idOf(4),
      after: idOf(2),
      position: { segment: 1, offset: 4 },
      message: `The record ${idOf(4)} was changed: it is not what its hash was made of.`,
    });
  });

  it("names a line that cannot be read by the record before it", () => {
    expect(verify(lines.with(4, "{}}")).fault).toMatchObject({
      kind: "changed",
      line: 5,
      id: undefined,
      message: `The record after ${idOf(2)} was changed: it cannot be read.`,
    });
    expect(verify(lines.with(0, "")).fault?.message).toBe(
      "The record of line 1 was changed: it cannot be read.",
    );
  });

  it("names a line whose bytes are no UTF-8", () => {
    const verifier = new Verifier();
    verifier.line(undefined);
    lines.slice(1).forEach((text) => verifier.line(text));
    expect(verifier.end()).toMatchObject({ ok: false, lines: 10, fault: { kind: "changed", line: 1 } });
  });

  it("names the record behind a gap", () => {
    expect(verify(without(4)).fault).toMatchObject({ kind: "removed", line: 5, id: idOf(4), after: idOf(2) });
    expect(verify(without(0)).fault).toMatchObject({
      kind: "removed",
      line: 1,
      id: idOf(0),
      after: undefined,
    });
    expect(verify(lines.toSpliced(2, 5)).fault).toMatchObject({ kind: "removed", line: 3, after: idOf(0) });
  });

  it("tells a changed record whose hash was made anew by the record that no longer follows it", () => {
    const { line } = chainDecision(JSON.parse(at(4)).prev as string, decisionOf(4, { code: "frozen" }));
    expect(verify(lines.with(4, line)).fault).toMatchObject({ kind: "removed", line: 6, after: idOf(4) });
  });

  it("names a record that was put in, chained or not", () => {
    const chained = chainDecision(JSON.parse(at(3)).hash as string, decisionOf(77)).line;
    const loose = chainDecision("ab".repeat(32), decisionOf(77)).line;
    for (const line of [chained, loose]) {
      expect(verify(lines.toSpliced(4, 0, line)).fault).toMatchObject({
        kind: "inserted",
        line: 5,
        id: idOf(77),
        after: idOf(2),
      });
    }
    expect(verify(lines.toSpliced(4, 0, "garbage")).fault).toMatchObject({ kind: "inserted", line: 5 });
  });

  it("names the first of several that were put in", () => {
    const prev = JSON.parse(at(3)).hash as string;
    const first = chainDecision(prev, decisionOf(77));
    const second = chainDecision(first.hash, decisionOf(78));
    expect(verify(lines.toSpliced(4, 0, first.line, second.line)).fault).toMatchObject({
      kind: "inserted",
      id: idOf(77),
    });
  });

  it("names a copy", () => {
    expect(verify(lines.toSpliced(5, 0, at(4))).fault).toMatchObject({
      kind: "inserted",
      line: 6,
      id: idOf(4),
    });
    expect(verify([...lines, at(2)]).fault).toMatchObject({ kind: "inserted", line: 11, id: idOf(2) });
  });

  it("names the first record that stands before one it was written after", () => {
    expect(verify(lines.with(4, at(5)).with(5, at(4))).fault).toMatchObject({
      kind: "reordered",
      line: 5,
      after: idOf(2),
    });
    expect(verify([...lines.slice(0, 2), ...lines.slice(6), ...lines.slice(2, 6)]).fault).toMatchObject({
      kind: "reordered",
      line: 3,
      id: idOf(6),
    });
    expect(verify(lines.toReversed()).fault).toMatchObject({ kind: "reordered", line: 1 });
  });

  it("sees a last line feed that was changed into something else", () => {
    expect(verify(lines.slice(0, 9), `${at(9)}x`)).toMatchObject({
      ok: false,
      fault: { kind: "changed", line: 10 },
    });
  });

  it("counts lines to the end behind a fault", () => {
    expect(verify(lines.with(1, "x")).lines).toBe(10);
  });
});

describe("any change of the lines", () => {
  it("is found at the first line that is not where it was", () => {
    const moves = fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom("remove", "copy", "move"));
    fc.assert(
      fc.property(moves, ([from, to, how]) => {
        const rest = how === "copy" ? lines : without(from);
        const changed = how === "remove" ? rest : rest.toSpliced(to, 0, at(from));
        const first = changed.findIndex((line, index) => line !== lines[index]);
        const { ok, fault } = verify(changed);
        // Without its end a chain is still one: that shows only against a head that was kept elsewhere.
        expect(ok).toBe(first === -1);
        if (how !== "copy" && first !== -1) {
          expect(fault?.line).toBe(first + 1);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
