import { describe, expect, it } from "vitest";
import { chainDecision, checkLine, GENESIS } from "../../audit/chain.ts";
import { type Ledger, LedgerUnavailable } from "../../audit/port.ts";
import { readJson } from "../../base/json-read.ts";
import { isJsonObject, type JsonObject } from "../../base/json-value.ts";
import { adminOf, decisionOf, idOf, outcomeOf } from "./sample-records.ts";

/** A ledger to be tried, and what the tests need to see and do behind its back. */
export interface LedgerUnderTest extends AsyncDisposable {
  readonly ledger: Ledger;
  /** What would be there after the process were killed now. */
  readonly lines: () => readonly string[];
  /** From now on nothing can be written, or it can again. */
  readonly fail: (failing: boolean) => void;
}

type Make = () => LedgerUnderTest | Promise<LedgerUnderTest>;

const valuesOf = (lines: readonly string[]): readonly JsonObject[] =>
  lines.map((line) => {
    const checked = checkLine(line);
    expect(checked).toHaveProperty("ok", true);
    const value = checked.ok ? readJson(line) : null;
    return isJsonObject(value) ? value : {};
  });

/** Without what the ledger says of itself, such as that it is well again. */
const callsOf = (lines: readonly string[]): readonly JsonObject[] =>
  valuesOf(lines).filter((line) => line["act"] !== "journal.recovered");

/** The head after a chain that is whole. */
const chainedHead = (lines: readonly string[]): string =>
  lines.reduce((head, line) => {
    const checked = checkLine(line);
    expect(checked).toMatchObject({ ok: true, prev: head });
    return checked.ok ? checked.hash : head;
  }, GENESIS);

const refused = async (append: () => void | Promise<void>): Promise<unknown> => {
  try {
    await append();
  } catch (error) {
    return error;
  }
  return undefined;
};

/** What every `Ledger` does (audit/port.ts). */
export const ledgerConformance = (name: string, make: Make): void => {
  keepsRecords(name, make);
  closesRecords(name, make);
  refusesRecords(name, make);
};

const keepsRecords = (name: string, make: Make): object =>
  describe(`${name} as a ledger that keeps records`, () => {
    it("keeps each record, whole and in order, when its call returns", async () => {
      await using under = await make();
      await under.ledger.append(decisionOf(1));
      expect(under.lines()).toHaveLength(1);
      await under.ledger.outcome(outcomeOf(1));
      expect(under.lines()).toHaveLength(2);
      await under.ledger.admin(adminOf(2));
      expect(valuesOf(under.lines())).toEqual([
        expect.objectContaining({ ...decisionOf(1) }),
        expect.objectContaining({ ...outcomeOf(1) }),
        expect.objectContaining({ ...adminOf(2) }),
      ]);
    });

    it("keeps what a call reserved in the line of its decision", async () => {
      await using under = await make();
      await under.ledger.append(decisionOf(1));
      expect(valuesOf(under.lines())[0]?.["reserved"]).toEqual(decisionOf(1).reserved);
    });

    it("chains every line to the one before, outcomes and acts too", async () => {
      await using under = await make();
      for (let number = 0; number < 10; number += 1) {
        await under.ledger.append(decisionOf(number));
        await under.ledger.outcome(outcomeOf(number));
        await under.ledger.admin(adminOf(100 + number));
      }
      expect(under.lines()).toHaveLength(30);
      expect(chainedHead(under.lines())).toMatch(/^[0-9a-f]{64}$/);
      expect(under.lines()[0]).toBe(chainDecision(GENESIS, decisionOf(0)).line);
    });

    it("keeps many that come at once, each once", async () => {
      await using under = await make();
      const numbers = Array.from({ length: 200 }, (_, number) => number);
      await Promise.all(numbers.map(async (number) => under.ledger.append(decisionOf(number))));
      expect(valuesOf(under.lines()).map((line) => line["id"])).toEqual(numbers.map(idOf));
      chainedHead(under.lines());
    });
  });

const closesRecords = (name: string, make: Make): object =>
  describe(`${name} as a ledger of calls that were refused after all`, () => {
    it("ends an abandoned decision with the outcome `unavailable`, once", async () => {
      await using under = await make();
      await under.ledger.append(decisionOf(1));
      await under.ledger.append(decisionOf(2));
      under.ledger.abandon(idOf(1));
      under.ledger.abandon(idOf(1));
      const ended = (): readonly unknown[] =>
        valuesOf(under.lines()).flatMap(({ id, outcome }) => (outcome === undefined ? [] : [[id, outcome]]));
      await expect.poll(ended).toEqual([[idOf(1), "unavailable"]]);
      under.ledger.abandon(idOf(1));
      await under.ledger.outcome(outcomeOf(2));
      expect(ended()).toEqual([
        [idOf(1), "unavailable"],
        [idOf(2), "ok"],
      ]);
      chainedHead(under.lines());
    });

    it("passes over what is not in the record, was refused, or has ended", async () => {
      await using under = await make();
      await under.ledger.append(decisionOf(1, { decision: "deny", code: "default_deny" }));
      await under.ledger.append(decisionOf(2));
      await under.ledger.outcome(outcomeOf(2));
      [1, 2, 3].forEach((number) => under.ledger.abandon(idOf(number)));
      await under.ledger.append(decisionOf(4));
      expect(under.lines()).toHaveLength(4);
    });
  });

const refusesRecords = (name: string, make: Make): object =>
  describe(`${name} as a ledger that cannot`, () => {
    it("refuses a record that cannot be written, says so, and is well again by itself", async () => {
      await using under = await make();
      await under.ledger.append(decisionOf(1));
      expect(under.ledger.health()).toEqual({ ok: true });
      under.fail(true);
      expect(await refused(() => under.ledger.append(decisionOf(2)))).toBeInstanceOf(LedgerUnavailable);
      expect(await refused(() => under.ledger.outcome(outcomeOf(1)))).toBeInstanceOf(LedgerUnavailable);
      expect(await refused(() => under.ledger.admin(adminOf(3)))).toBeInstanceOf(LedgerUnavailable);
      const { ok, reason } = under.ledger.health();
      expect(ok).toBe(false);
      expect(reason).toMatch(/\S/);
      expect(reason).not.toContain("/");
      under.fail(false);
      await under.ledger.append(decisionOf(4));
      expect(under.ledger.health()).toEqual({ ok: true });
      // The outcome was refused, but it is known: it is written as soon as anything can be.
      expect(callsOf(under.lines()).map((line) => line["id"])).toEqual([idOf(1), idOf(1), idOf(4)]);
      chainedHead(under.lines());
    });

    it("refuses a record that JSON cannot say, and takes the next", async () => {
      await using under = await make();
      const record = decisionOf(1, { retry_after_ms: Number.NaN });
      expect(await refused(() => under.ledger.append(record))).toBeInstanceOf(LedgerUnavailable);
      await under.ledger.append(decisionOf(2));
      expect(valuesOf(under.lines()).map((line) => line["id"])).toEqual([idOf(2)]);
      chainedHead(under.lines());
    });
  });
