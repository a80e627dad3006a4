import { describe, expect, it } from "vitest";
import type { GrantMark } from "../grant/port.ts";
import { testDesk } from "../control/testing/desk.ts";
import { holdMarks } from "./held-marks.ts";

const mark = (more: Partial<GrantMark>): GrantMark => ({
  name: "g",
  tokenSha256: undefined,
  revokedAt: undefined,
  expiredSeenAt: undefined,
  ...more,
});

/** Marks on a store that can fail. */
const heldOn = () => {
  const { store } = testDesk();
  let fails = false;
  const held = holdMarks({
    ...store,
    mark: (made) => {
      if (fails) {
        throw new Error("the disk is full");
      }
      store.mark(made);
    },
  });
  return { store, held, fail: (now: boolean) => (fails = now) };
};

describe("a mark that cannot be stored", () => {
  it.each([mark({ revokedAt: 1 }), mark({ expiredSeenAt: 1 })])("holds where it ends a grant", (made) => {
    const { store, held, fail } = heldOn();
    fail(true);
    expect(() => held.mark(made)).toThrow("full");
    expect([held.marks(), store.marks()]).toEqual([[made], []]);
    held.settle();
    expect(store.marks()).toEqual([]);
    fail(false);
    held.settle();
    expect([held.marks(), store.marks()]).toEqual([[made], [made]]);
  });

  it("does not hold where it begins a grant anew", () => {
    const { held, fail } = heldOn();
    held.mark(mark({ revokedAt: 1 }));
    fail(true);
    expect(() => held.mark(mark({ tokenSha256: "ab" }))).toThrow("full");
    expect(held.marks()).toEqual([mark({ revokedAt: 1 })]);
    fail(false);
    held.settle();
    expect(held.marks()).toEqual([mark({ revokedAt: 1 })]);
  });

  it("is in the way of none that begins the grant anew later", () => {
    const { store, held, fail } = heldOn();
    fail(true);
    expect(() => held.mark(mark({ revokedAt: 1 }))).toThrow("full");
    fail(false);
    held.mark(mark({ tokenSha256: "ab" }));
    held.settle();
    expect(store.marks()).toEqual([mark({ tokenSha256: "ab" })]);
  });
});
