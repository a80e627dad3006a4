import { describe, expect, it } from "vitest";
import { membersOf } from "./group.ts";
import { isTaken } from "./ports.ts";
import { Peer } from "./testing/peer.ts";
import { Folder, freePort, isAlive, SERVERS } from "./testing/world.ts";

interface Outcome {
  readonly outcome: string;
  readonly pid?: number;
}

const outcomesOf = ({ data }: { readonly data: unknown }): readonly Outcome[] =>
  (data as { readonly servers: readonly Outcome[] }).servers;

const pidsOf = (answer: { readonly data: unknown }): readonly number[] =>
  outcomesOf(answer).flatMap(({ pid }) => pid ?? []);

/** Everything that is left of some servers. */
const left = async (pids: readonly number[], ports: readonly number[]): Promise<readonly number[]> => {
  const taken = await Promise.all(ports.map(async (port) => ((await isTaken(port)) ? [port] : [])));
  return [...pids.flatMap(membersOf), ...taken.flat()];
};

const KINDS = [SERVERS.web, SERVERS.stubborn, SERVERS.family, SERVERS.web] as const;

describe("no process and no open port is left", () => {
  it("by two hundred starts and stops", { timeout: 300_000 }, async () => {
    using folder = new Folder();
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    const servers = ports.map((port, at) => [`s${String(at)}`, SERVERS[at === 0 ? "stubborn" : "web"](port)]);
    folder.configure(Object.fromEntries(servers));
    const pids: number[] = [];
    {
      await using peer = await Peer.stdio(folder.path, "legacy");
      for (let round = 0; round < 10; round += 1) {
        const started = await peer.call("start_all_servers", {}, { timeout: 120_000 });
        expect(outcomesOf(started).map(({ outcome }) => outcome)).toEqual(Array(20).fill("started"));
        pids.push(...pidsOf(started));
        const stopped = await peer.call("stop_all_servers", {}, { timeout: 120_000 });
        expect(pidsOf(stopped)).toEqual(pidsOf(started));
        expect(await left(pidsOf(started), ports)).toEqual([]);
      }
    }
    expect(new Set(pids).size).toBe(200);
    expect(await left(pids, ports)).toEqual([]);
  });

  it.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)("by an orchestrator that gets %s", async (signal) => {
    using folder = new Folder();
    const ports = await Promise.all(KINDS.map(freePort));
    folder.configure(Object.fromEntries(KINDS.map((kind, at) => [`s${String(at)}`, kind(ports[at] ?? 0)])));
    await using peer = await Peer.stdio(folder.path, "legacy");
    const pids = pidsOf(await peer.call("start_all_servers"));
    expect(pids.filter(isAlive)).toHaveLength(KINDS.length);
    process.kill(peer.pid, signal);
    await expect.poll(() => left(pids, ports)).toEqual([]);
    await expect.poll(() => isAlive(peer.pid)).toBe(false);
  });

  it("by an orchestrator that is killed while it starts one", async () => {
    using folder = new Folder();
    const port = await freePort();
    folder.configure({ silent: SERVERS.silent(port) });
    await using peer = await Peer.stdio(folder.path, "legacy");
    const seen: string[] = [];
    const onprogress = ({ message }: { readonly message?: string | undefined }) => seen.push(message ?? "");
    const call = peer.call("start_server", { server_id: "silent" }, { onprogress });
    const outcome = call.then(
      () => "answered",
      () => "broken",
    );
    await expect.poll(() => seen.length).toBeGreaterThan(0);
    const pid = Number(/\d+/u.exec(seen[0] ?? "")?.[0]);
    expect(isAlive(pid)).toBe(true);
    process.kill(peer.pid, "SIGKILL");
    expect(await outcome).toBe("broken");
    await expect.poll(() => left([pid], [port])).toEqual([]);
  });

  it("by a client that is gone", async () => {
    using folder = new Folder();
    const port = await freePort();
    folder.configure({ family: SERVERS.family(port) });
    const peer = await Peer.stdio(folder.path, "legacy");
    const pids = pidsOf(await peer.call("start_all_servers"));
    expect(pids.filter(isAlive)).toHaveLength(1);
    await peer.client.close();
    await expect.poll(() => left(pids, [port])).toEqual([]);
    await expect.poll(() => isAlive(peer.pid)).toBe(false);
  });
});
