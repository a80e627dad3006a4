import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { writeJson } from "../base/json-write.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import type { Channel, ServerSpec, Upstream } from "./port.ts";

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));
const UNRULY = fixture("upstreams/unruly.ts");
const ISOLATIONS: readonly ServerSpec["isolation"][] = ["session", "shared"];

let made: Upstream | undefined;
afterEach(async () => made?.[Symbol.asyncDispose]());

const INITIALIZE = readFrame(
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
) as RequestFrame;
const open = async (isolation: ServerSpec["isolation"], manner = "legacy"): Promise<Channel> => {
  made = openUpstream(
    {
      name: "unruly",
      transport: {
        kind: "stdio",
        command: process.execPath,
        args: [UNRULY, manner],
        env: {},
        cwd: tmpdir(),
      },
      isolation,
      startMs: 20_000,
      callMs: 20_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 100_000,
    },
    { version: "0", mask: (text) => text },
  );
  return (await made.openLegacy(INITIALIZE)).channel;
};
/** The process id that a tool of the server tells. */
const pidBy = async (channel: Channel, name: string): Promise<number> => {
  const frame = readFrame(
    writeJson({ jsonrpc: "2.0", id: name, method: "tools/call", params: { name } }),
  ) as RequestFrame;
  const answer = await channel.request(frame, {
    onInterim: () => {},
    signal: new AbortController().signal,
  });
  return Number(/"text":"(\d+)"/.exec(writeJson(answer.frame.value))?.[1]);
};
/** A loaded machine takes its time. */
const poll = <T>(read: () => T) => {
  return expect.poll(read, { timeout: 15_000 });
};

/** A process that has ended may stay in the table until its parent looks. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${String(pid)}/stat`;
  return !existsSync(stat) || !readFileSync(stat, "utf8").includes(") Z ");
};

describe.each(ISOLATIONS)("a process (isolation %s)", (isolation) => {
  it("leads a group of its own", async () => {
    const pid = await pidBy(await open(isolation), "pid");
    expect(pid).toBeGreaterThan(1);
    expect(Number(execFileSync("ps", ["-o", "pgid=", "-p", String(pid)], { encoding: "utf8" }))).toBe(pid);
  });

  it("that is closed leaves nothing of its group behind", async () => {
    const channel = await open(isolation);
    const pids = [await pidBy(channel, "pid"), await pidBy(channel, "child")];
    expect(pids.map(isAlive)).toEqual([true, true]);
    await channel[Symbol.asyncDispose]();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  it("that does not end by itself is ended by force", async () => {
    const channel = await open(isolation, "stubborn");
    const pid = await pidBy(channel, "pid");
    await channel[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  });

  it("that is killed leaves nothing of its group behind", async () => {
    const channel = await open(isolation);
    const [pid, child] = [await pidBy(channel, "pid"), await pidBy(channel, "child")];
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    process.kill(pid, "SIGKILL");
    expect(await closed).toBe("The server ended (SIGKILL).");
    await poll(() => isAlive(child)).toBe(false);
  });

  it("ends when the gateway is killed, because its input ends", async () => {
    const holder = spawn(process.execPath, [fixture("holder.ts"), isolation, UNRULY], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(holder.stdout, "data")) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    await poll(() => isAlive(pid)).toBe(false);
  });
});
