import { describe, expect, it } from "vitest";
import type { StoredFreeze } from "../grant/port.ts";
import { compileFreezes, type Way } from "./freezes.ts";

const freeze = (target: Partial<StoredFreeze>): StoredFreeze => ({
  id: "1",
  server: undefined,
  grant: undefined,
  identity: undefined,
  tool: undefined,
  reason: "r",
  by: "b",
  at: 0,
  until: undefined,
  ...target,
});

const way = (changes: Partial<Way> = {}): Way => ({
  server: "billing",
  grant: { name: "g", identity: { name: "ana" } },
  tool: "delete_all",
  at: 1_000,
  ...changes,
});

const holds = (target: Partial<StoredFreeze>, on: Partial<Way> = {}): boolean =>
  compileFreezes([freeze(target)]).hold(way(on));

describe("a freeze", () => {
  it.each<[Partial<StoredFreeze>, Partial<Way>, boolean]>([
    [{}, {}, true],
    [{}, { server: undefined, tool: undefined }, true],
    [{ server: "billing" }, {}, true],
    [{ server: "billing" }, { tool: undefined }, true],
    [{ server: "billing" }, { server: "billing2" }, false],
    [{ server: "billing" }, { server: undefined }, false],
    [{ grant: "g" }, {}, true],
    [{ grant: "G" }, {}, false],
    [{ grant: "ana" }, {}, false],
    [{ identity: "ana" }, { tool: undefined }, true],
    [{ identity: "g" }, {}, false],
    [{ tool: "delete_*" }, {}, true],
    [{ tool: "delete_*" }, { tool: undefined }, false],
    [{ tool: "*" }, { tool: undefined }, false],
    [{ tool: "delete_???" }, {}, true],
    [{ tool: "delete_??" }, {}, false],
    [{ tool: "DELETE_ALL" }, {}, false],
    [{ tool: "delete_*", server: "billing" }, {}, true],
    [{ tool: "delete_*", server: "other" }, {}, false],
    [{ tool: "get_*", server: "billing" }, {}, false],
  ])("of %j holds %j: %s", (target, on, held) => {
    expect(holds(target, on)).toBe(held);
  });

  it.each<[number | undefined, number, boolean]>([
    [undefined, Number.MAX_SAFE_INTEGER, true],
    [1_000, 999, true],
    [1_000, 1_000, false],
    [1_000, -5, true],
    [1_000, Number.NaN, true],
  ])("until %s at %s is in force: %s", (until, at, inForce) => {
    expect(holds({ until }, { at })).toBe(inForce);
    expect(compileFreezes([freeze({ until })]).count(at)).toBe(inForce ? 1 : 0);
  });

  it("holds beside others that do not", () => {
    const { hold, count } = compileFreezes([
      freeze({ server: "a" }),
      freeze({ grant: "b" }),
      freeze({ tool: "d*" }),
    ]);
    expect([hold(way()), hold(way({ tool: "x" })), count(0)]).toEqual([true, false, 3]);
    expect(compileFreezes([]).hold(way())).toBe(false);
  });
});
