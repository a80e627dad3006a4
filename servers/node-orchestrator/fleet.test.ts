import { describe, expect, it } from "vitest";
import { Fleet } from "./fleet.ts";
import { membersOf } from "./group.ts";
import { STARTS_AT_ONCE } from "./limits.ts";
import { isTaken } from "./ports.ts";
import { Folder, freePort, SERVERS } from "./testing/world.ts";

/** A fleet that is closed at the end. */
class Held implements AsyncDisposable {
  readonly fleet: Fleet;
  changes = 0;

  constructor(folder: Folder) {
    const serversChanged = (): void => void (this.changes += 1);
    this.fleet = new Fleet({ config: undefined, folder: folder.path }, { logGrew: () => {}, serversChanged });
  }

  /** The processes that were ever started. */
  get pids(): readonly number[] {
    return this.fleet.all.flatMap(({ log }) =>
      [...log.text().matchAll(/process (\d+) started/gu)].map(([, pid]) => Number(pid)),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet.close();
  }
}

const NEVER = new AbortController().signal;

const silents = async (count: number) =>
  Object.fromEntries(
    await Promise.all(
      Array.from({ length: count }, async (_, at) => [`s${String(at)}`, SERVERS.silent(await freePort())]),
    ),
  );

describe("a start of all", () => {
  it.each(["stopAll", "close"] as const)("starts nothing more after %s", async (end) => {
    using folder = new Folder();
    folder.configure(await silents(STARTS_AT_ONCE + 3));
    await using held = new Held(folder);
    await held.fleet.load();
    const started = held.fleet.startAll(NEVER, () => {});
    await expect.poll(() => held.pids).toHaveLength(STARTS_AT_ONCE);
    await held.fleet[end]();
    const outcomes = [...(await started).values()].map(({ kind }) => kind);
    expect(outcomes).toEqual(Array(STARTS_AT_ONCE + 3).fill("cancelled"));
    expect(held.pids).toHaveLength(STARTS_AT_ONCE);
    expect(held.pids.flatMap(membersOf)).toEqual([]);
  });

  it("tells how far it is while one of them takes its time", async () => {
    using folder = new Folder();
    folder.configure({ web: SERVERS.web(await freePort()), ...(await silents(1)) });
    await using held = new Held(folder);
    await held.fleet.load();
    const told: { readonly done: number; readonly total: number; readonly message: string }[] = [];
    const started = held.fleet.startAll(NEVER, (done, total, message) => told.push({ done, total, message }));
    const waits = () => told.filter(({ message }) => /^s0: Process \d+ runs; waiting/u.test(message));
    await expect.poll(() => waits().length, { timeout: 5_000 }).toBeGreaterThan(1);
    expect(told.map(({ message }) => message)).toContain("web: started");
    await held.fleet.stopAll();
    await started;
    expect(told.at(-1)).toEqual({ done: 2, total: 2, message: "s0: cancelled" });
    const dones = told.map(({ done }) => done);
    expect(dones).toEqual(dones.toSorted((a, b) => a - b));
  });
});

describe("a server that is configured no more", () => {
  it("is not started by a start of all that has not come to it", async () => {
    using folder = new Folder();
    const [first, port] = [await silents(STARTS_AT_ONCE), await freePort()];
    folder.configure({ ...first, late: SERVERS.web(port) });
    await using held = new Held(folder);
    await held.fleet.load();
    const started = held.fleet.startAll(NEVER, () => {});
    await expect.poll(() => held.pids).toHaveLength(STARTS_AT_ONCE);
    folder.configure(first);
    await held.fleet.load();
    await held.fleet.get("s0")?.stop();
    await held.fleet.stopAll();
    expect([...(await started).keys()]).toEqual(Object.keys(first));
    expect(await isTaken(port)).toBe(false);
  });

  it("stays while somebody waits to start it", async () => {
    using folder = new Folder();
    folder.configure({ a: SERVERS.web(await freePort()) });
    await using held = new Held(folder);
    await held.fleet.load();
    const server = held.fleet.get("a");
    await server?.start(NEVER, () => {});
    folder.configure({});
    await held.fleet.load();
    const stopped = server?.stop();
    const again = server?.start(NEVER, () => {});
    expect((await stopped)?.kind).toBe("stopped");
    expect((await again)?.kind).toBe("started");
    expect(held.fleet.all).toEqual([server]);
    await held.fleet.stopAll();
    expect(held.fleet.all).toEqual([]);
  });

  it("is gone when it has ended, which is told", async () => {
    using folder = new Folder();
    folder.configure({ a: SERVERS.web(await freePort()), b: SERVERS.web(await freePort()) });
    await using held = new Held(folder);
    await held.fleet.load();
    await held.fleet.startAll(NEVER, () => {});
    folder.configure({});
    await held.fleet.load();
    expect([held.changes, held.fleet.all.length]).toEqual([2, 2]);
    await held.fleet.get("a")?.stop();
    expect([held.changes, held.fleet.all.length]).toEqual([3, 1]);
    process.kill(held.pids[0] ?? 0, "SIGKILL");
    await expect.poll(() => held.changes).toBe(4);
    expect(held.fleet.all).toEqual([]);
  });
});
