import { describe, expect, it } from "vitest";
import type { GrantMark, GrantStore, StoredGrant } from "../../grant/port.ts";

const grant = (name: string, changes: Partial<StoredGrant> = {}): StoredGrant => ({
  name,
  identity: "ci",
  servers: ["orchestrator", "billing"],
  policy: "seed",
  tokenSha256: "ab".repeat(32),
  expiresAt: Date.UTC(2027, 0, 1),
  timezone: "Europe/Berlin",
  createdAt: Date.UTC(2026, 2, 1),
  ...changes,
});

const bare = (name: string): StoredGrant =>
  grant(name, { policy: undefined, tokenSha256: undefined, expiresAt: undefined });

const mark = (name: string, changes: Partial<GrantMark> = {}): GrantMark => ({
  name,
  tokenSha256: undefined,
  revokedAt: undefined,
  expiredSeenAt: undefined,
  ...changes,
});

/** A grant store, and the same one after its process was killed and started again. */
export interface GrantStoreUnderTest extends Disposable {
  readonly store: () => GrantStore;
  readonly restart: () => void;
}

type Make = () => GrantStoreUnderTest;

/** What every `GrantStore` does (grant/port.ts). */
export const grantStoreConformance = (name: string, make: Make): void => {
  keepsGrants(name, make);
  keepsMarks(name, make);
};

const keepsGrants = (name: string, make: Make): object =>
  describe(`${name} as a store of grants`, () => {
    it("is empty at first", () => {
      using under = make();
      expect([under.store().list(), under.store().marks()]).toEqual([[], []]);
    });

    it("gives back what was put, by name, with what is absent absent", () => {
      using under = make();
      under.store().put(grant("b"));
      under.store().put(bare("a"));
      expect(under.store().list()).toEqual([bare("a"), grant("b")]);
    });

    it("puts a grant in the place of the one of its name", () => {
      using under = make();
      under.store().put(grant("a"));
      under.store().put(bare("a"));
      expect(under.store().list()).toEqual([bare("a")]);
    });

    it("removes a grant, and says whether there was one", () => {
      using under = make();
      under.store().put(grant("a"));
      under.store().put(grant("b"));
      expect(under.store().remove("a")).toBe(true);
      expect(under.store().remove("a")).toBe(false);
      expect(under.store().list()).toEqual([grant("b")]);
    });

    it("takes names as they are", () => {
      using under = make();
      const names = ["x'; DROP TABLE grants; --", "ü", "a b", "%"];
      names.forEach((name) => under.store().put(grant(name, { servers: [name] })));
      expect(
        under
          .store()
          .list()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(names.sort());
      expect(under.store().remove("%")).toBe(true);
      expect(under.store().list()).toHaveLength(3);
    });
  });

const keepsMarks = (name: string, make: Make): object =>
  describe(`${name} as a store of what is added to grants`, () => {
    it("keeps one mark a name, the last, apart from grants", () => {
      using under = make();
      under.store().mark(mark("a", { revokedAt: 1, tokenSha256: "cd".repeat(32) }));
      under.store().mark(mark("a", { revokedAt: 2, expiredSeenAt: 3 }));
      under.store().mark(mark("b"));
      expect(under.store().marks()).toEqual([mark("a", { revokedAt: 2, expiredSeenAt: 3 }), mark("b")]);
      expect(under.store().remove("a")).toBe(false);
      expect(under.store().list()).toEqual([]);
    });

    it("remembers everything after a restart", () => {
      using under = make();
      under.store().put(grant("a"));
      under.store().mark(mark("a", { revokedAt: 1 }));
      under.restart();
      expect(under.store().list()).toEqual([grant("a")]);
      expect(under.store().marks()).toEqual([mark("a", { revokedAt: 1 })]);
    });
  });
