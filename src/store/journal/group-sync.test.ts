import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createGroupSync } from "./group-sync.ts";

/** Counts syncs, and how many of them ran at the same time. */
const counted = (fails = false) => {
  const seen = { syncs: 0, running: 0, together: 0 };
  const sync = createGroupSync(async () => {
    seen.syncs += 1;
    seen.running += 1;
    seen.together = Math.max(seen.together, seen.running);
    await turn();
    seen.running -= 1;
    if (fails) {
      throw new Error("no");
    }
  });
  return { seen, sync };
};

describe("syncs that callers share", () => {
  it("run one at a time, whenever callers come again", async () => {
    const { seen, sync } = counted();
    const caller = async (): Promise<void> => {
      for (let round = 0; round < 20; round += 1) {
        await sync();
      }
    };
    await Promise.all(Array.from({ length: 10 }, caller));
    expect(seen.together).toBe(1);
    // The first caller starts alone; from then on two groups take turns at the most.
    expect(seen.syncs).toBeLessThanOrEqual(41);
  });

  it("run one at a time where they fail, and each caller is told", async () => {
    const { seen, sync } = counted(true);
    const caller = async (): Promise<void> => {
      await expect(sync()).rejects.toThrow("no");
      await expect(sync()).rejects.toThrow("no");
    };
    await Promise.all(Array.from({ length: 10 }, caller));
    expect(seen.together).toBe(1);
  });
});
