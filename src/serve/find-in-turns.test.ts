import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../base/limits.ts";
import { findInTurns } from "./find-in-turns.ts";

const LONG = "x".repeat(LIMITS.redact_at_once_characters_max + 1);

describe("looking through long texts", () => {
  it("lets what else came be attended to between one and the next", async () => {
    const done: string[] = [];
    const find = findInTurns(async (text) => {
      done.push(text.slice(LONG.length));
      return [];
    });
    const all = Promise.all(["1", "2", "3"].map((each) => find(LONG + each)));
    const attend = (): void => {
      done.push("else");
      if (done.length < 8) {
        setImmediate(attend);
      }
    };
    setImmediate(attend);
    await all;
    expect(done.filter((each) => each !== "else")).toEqual(["1", "2", "3"]);
    expect(done.join(" ")).toMatch(/1 (?:else )+2 (?:else )+3/u);
  });

  it("does not keep short texts waiting", async () => {
    const done: string[] = [];
    const find = findInTurns(async (text) => {
      done.push(text);
      return [];
    });
    await Promise.all([find(LONG), find("short")]);
    expect(done).toEqual(["short", LONG]);
  });

  it("gives up what waited too long, and goes on after a search that fails", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    let looked = 0;
    const find = findInTurns(async () => {
      looked += 1;
      vi.advanceTimersByTime(LIMITS.redact_ms_max + 1);
      throw new Error("broken");
    });
    try {
      const ends = await Promise.allSettled([find(LONG), find(LONG), find(LONG)]);
      expect([looked, ends.map(({ status }) => status)]).toEqual([1, ["rejected", "rejected", "rejected"]]);
      await expect(find(LONG)).rejects.toThrow("broken");
      expect(looked).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
