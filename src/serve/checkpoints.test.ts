import { describe, expect, it, vi } from "vitest";
import { Checkpoints } from "./checkpoints.ts";

const LOG = { info: () => {}, warn: () => {}, error: () => {} };

describe("checkpoints", () => {
  it("takes the first at once, though nothing was written since the start", async () => {
    const taken: string[] = [];
    const save = async (): Promise<void> => {
      taken.push("head");
      await Promise.resolve();
    };
    await using _ = new Checkpoints({ save, head: () => "head", log: LOG, everyMs: 3_600_000 });
    await vi.waitFor(() => expect(taken).toHaveLength(1));
  });

  it("takes no other while nothing is written", async () => {
    let taken = 0;
    const asked: number[] = [];
    const save = async (): Promise<void> => {
      taken += 1;
      await Promise.resolve();
    };
    const head = (): string => {
      asked.push(taken);
      return "head";
    };
    await using _ = new Checkpoints({ save, head, log: LOG, everyMs: 1 });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(10));
    expect(taken).toBe(1);
  });
});
