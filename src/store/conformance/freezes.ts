import { describe, expect, it } from "vitest";
import type { WaitingActs } from "../../audit/port.ts";
import type { AdminRecord } from "../../audit/record.ts";
import type { FreezeStore, StoredFreeze } from "../../grant/port.ts";

const freeze = (id: string, changes: Partial<StoredFreeze> = {}): StoredFreeze => ({
  id,
  server: undefined,
  grant: undefined,
  identity: undefined,
  tool: undefined,
  reason: "an incident",
  by: "local:ana",
  at: Date.UTC(2026, 2, 1),
  until: undefined,
  ...changes,
});

const act = (id: string, changes: Partial<AdminRecord> = {}): AdminRecord => ({
  v: 1,
  id,
  at: "2026-03-01T00:00:00.000Z",
  act: "freeze",
  by: "local",
  subject: "everything",
  before: null,
  after: { reason: "ü", until: null },
  ...changes,
});

/** A store of freezes with the acts that wait, and the same after its process was started again. */
export interface FreezeStoreUnderTest extends Disposable {
  readonly store: () => FreezeStore;
  readonly waiting: () => WaitingActs;
  readonly restart: () => void;
}

/** What every `FreezeStore` does (grant/port.ts), and every `WaitingActs` (audit/port.ts). */
export const freezeStoreConformance = (name: string, make: () => FreezeStoreUnderTest): object =>
  describe(`${name} as a store of freezes and waiting acts`, () => {
    it("gives back what was put, oldest first, with what is absent absent, after a restart too", () => {
      using under = make();
      const later = freeze("a", {
        server: "s",
        tool: "d_*",
        until: Date.UTC(2026, 2, 2),
        at: Date.UTC(2026, 2, 2),
      });
      const others = [freeze("b"), freeze("c", { grant: "g" }), freeze("d", { identity: "i'; --" })];
      [later, ...others].forEach((each) => under.store().put(each));
      expect(under.store().list()).toEqual([...others, later]);
      under.restart();
      expect(under.store().list()).toEqual([...others, later]);
    });

    it("removes one, and says whether there was one", () => {
      using under = make();
      under.store().put(freeze("a"));
      under.store().put(freeze("b"));
      expect([under.store().remove("a"), under.store().remove("a")]).toEqual([true, false]);
      under.restart();
      expect(under.store().list()).toEqual([freeze("b")]);
    });

    it("keeps acts that wait, one an id, until they are removed", () => {
      using under = make();
      const second = act("2", { subject: null, before: { a: [1] }, after: null });
      [second, act("1"), act("1")].forEach((each) => under.waiting().put(each));
      under.restart();
      expect(under.waiting().list()).toEqual([act("1"), second]);
      under.waiting().remove("1");
      under.restart();
      expect(under.waiting().list()).toEqual([second]);
    });
  });
