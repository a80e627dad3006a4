import { describe, expect, it } from "vitest";
import { createClock } from "./clocks.ts";

describe("a clock", () => {
  it("stands still until all who stopped it have let it go, each once", () => {
    const told: boolean[] = [];
    const clock = createClock((held) => told.push(held));
    const first = clock.stop();
    const second = clock.stop();
    first();
    first();
    expect(told).toEqual([true]);
    second();
    expect(told).toEqual([true, false]);
  });
});
