import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../base/limits.ts";
import { Abandoned } from "./abandoned.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the owners of requests that nobody waits for", () => {
  const owner = { name: "a" };

  it("are known until the answer came, and no longer than the bound", () => {
    const abandoned = new Abandoned();
    abandoned.add("n1", owner);
    abandoned.add("n2", undefined);
    expect(abandoned.owners()).toEqual(new Set([owner]));
    abandoned.answered("n1");
    expect(abandoned.owners()).toEqual(new Set());
    abandoned.add("n3", owner);
    vi.advanceTimersByTime(LIMITS.abandoned_ms_max - 1);
    expect(abandoned.owners()).toEqual(new Set([owner]));
    vi.advanceTimersByTime(1);
    expect(abandoned.owners()).toEqual(new Set());
    expect(abandoned.has("n3")).toBe(true);
  });

  it("are somebody unknown where there were more than are kept", () => {
    const abandoned = new Abandoned();
    abandoned.add("first", owner);
    for (let at = 0; at < LIMITS.abandoned_calls_max; at += 1) {
      abandoned.add(`n${String(at)}`, undefined);
    }
    expect(abandoned.has("first")).toBe(false);
    expect(abandoned.owners()).toEqual(new Set([undefined]));
    vi.advanceTimersByTime(LIMITS.abandoned_ms_max);
    expect(abandoned.owners()).toEqual(new Set());
  });
});
