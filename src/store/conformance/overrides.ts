import { describe, expect, it } from "vitest";
import type { OverrideStore, StoredOverride } from "../../catalogue/port.ts";

const override = (tool: string, changes: Partial<StoredOverride> = {}): StoredOverride => ({
  server: "billing",
  tool,
  digest: "ab".repeat(32),
  class: "read",
  risk: undefined,
  was: { class: "execute", risk: "high" },
  reason: "it only counts rows",
  by: "local:ana",
  at: Date.UTC(2026, 2, 1),
  ...changes,
});

/** A store of overrides, and the same after its process was started again. */
export interface OverrideStoreUnderTest extends Disposable {
  readonly store: () => OverrideStore;
  readonly restart: () => void;
}

/** What every `OverrideStore` does (catalogue/port.ts). */
export const overrideStoreConformance = (name: string, make: () => OverrideStoreUnderTest): object =>
  describe(`${name} as a store of overrides`, () => {
    it("gives back what was put, by server and tool, with what is absent absent, after a restart too", () => {
      using under = make();
      const other = override("a", { server: "crm", class: "financial", risk: "critical" });
      const odd = override("'; DROP TABLE overrides; --\u{1F600}");
      [other, override("b"), odd, override("a")].forEach((each) => under.store().put(each));
      const all = [odd, override("a"), override("b"), other];
      expect(under.store().list()).toEqual(all);
      under.restart();
      expect(under.store().list()).toEqual(all);
    });

    it("keeps one a tool: the newest", () => {
      using under = make();
      under.store().put(override("a"));
      under.store().put(override("a", { class: "write", reason: "another", digest: "cd".repeat(32) }));
      under.restart();
      expect(under.store().list()).toMatchObject([{ class: "write", reason: "another" }]);
    });

    it("removes one, and says whether there was one", () => {
      using under = make();
      under.store().put(override("a"));
      under.store().put(override("b"));
      const removed = ["a", "a"].map((tool) => under.store().remove("billing", tool));
      expect([...removed, under.store().remove("crm", "b")]).toEqual([true, false, false]);
      under.restart();
      expect(under.store().list()).toEqual([override("b")]);
    });
  });
