import { describe, expect, it } from "vitest";
import { Editor, type Job } from "./editor.ts";
import type { Handler } from "./session.ts";

const editor = (commands: Readonly<Record<string, Handler>>): Editor =>
  new Editor({ commands: new Map(Object.entries(commands)), tools: new Map(), journal: undefined });

const done = (jobs: readonly Job[]): number => jobs.filter(({ outcome }) => outcome !== undefined).length;

describe("the queue", () => {
  it("is drained at most five a tick, in order", async () => {
    const ran: unknown[] = [];
    const inFirstTick = Promise.withResolvers<number>();
    const queue = editor({
      note: ({ raw }) => {
        // After this tick, and long before the next.
        setImmediate(() => inFirstTick.resolve(ran.length));
        ran.push(raw["number"]);
        return null;
      },
    });
    const jobs = [0, 1, 2, 3, 4, 5, 6].map((number) => queue.submit("note", { number }));
    expect(await inFirstTick.promise).toBe(5);
    await expect.poll(() => done(jobs)).toBe(7);
    expect(ran).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("stands still while a command hangs", async () => {
    const hanging = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const queue = editor({
      hang: async () => {
        begun.resolve();
        await hanging.promise;
      },
      quick: () => null,
    });
    const jobs = [queue.submit("hang", {}), queue.submit("quick", {})];
    await begun.promise;
    jobs.push(queue.submit("quick", {}));
    expect(queue.status()).toMatchObject({ executed: 1 });
    expect(done(jobs)).toBe(0);
    hanging.resolve();
    await expect.poll(() => done(jobs)).toBe(3);
  });

  it("refuses commands inside of commands without end", async () => {
    const queue = editor({ again: (_params, session) => session.execute("again", {}, "batch_exec") });
    const job = queue.submit("again", {});
    await expect
      .poll(() => job.outcome)
      .toMatchObject({ success: false, error: expect.stringContaining("inside") });
    const next = queue.submit("again", {});
    await expect.poll(() => next.outcome).toMatchObject({ success: false });
    expect(queue.status()).toMatchObject({ executed: 100 });
  });
});
