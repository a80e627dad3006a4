import { describe, expect, it } from "vitest";
import { startDeadline } from "./deadline.ts";

const msUntil = async (
  wait: { ms: number; msMax: number },
  change: (deadline: ReturnType<typeof startDeadline>) => void,
) => {
  const began = performance.now();
  await new Promise<void>((resolve) => change(startDeadline(wait, resolve)));
  return performance.now() - began;
};

describe("a deadline", () => {
  it("that is paused still has its bound", async () => {
    const took = await msUntil({ ms: 20, msMax: 150 }, (deadline) => deadline.pause());
    expect(took).toBeGreaterThan(140);
  });

  it("that goes on after a pause rings when the wait is over, not at its bound", async () => {
    const took = await msUntil({ ms: 30, msMax: 60_000 }, (deadline) => {
      deadline.pause();
      // The timer has rung and set itself to the bound when the pause ends.
      setTimeout(() => deadline.extend(), 60);
    });
    expect(took).toBeGreaterThan(80);
    expect(took).toBeLessThan(10_000);
  });
});
