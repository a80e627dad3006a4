import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LIMITS } from "../base/limits.ts";
import type { RequestFrame } from "../wire/frame.ts";
import { readFrame } from "../wire/read-frame.ts";
import { openUpstream } from "./open.ts";
import type { ServerSpec, Upstream } from "./port.ts";

let directory = "";
let made: Upstream | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "backoff-"));
});
afterEach(async () => {
  await made?.[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

const INITIALIZE = readFrame(
  '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
) as RequestFrame;
const NOTES = `require("node:fs").appendFileSync("starts", Date.now() + "\\n");`;
const ENDS = `${NOTES} process.exit(7);`;
const ANSWERS = `${NOTES} require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method } = JSON.parse(line);
  if (method === "initialize") {
    const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "u", version: "1" } };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  } else {
    process.exit(0);
  }
});`;

const upstream = (program: string, change: Partial<ServerSpec> = {}): Upstream => {
  made = openUpstream(
    {
      name: "failing",
      transport: {
        kind: "stdio",
        command: process.execPath,
        args: ["-e", program],
        env: {},
        cwd: directory,
      },
      isolation: "session",
      startMs: 20_000,
      callMs: 20_000,
      callMaxMs: 300_000,
      idleMs: 60_000,
      resultBytes: 100_000,
      ...change,
    },
    { version: "0", mask: (text) => text },
  );
  return made;
};
const shell = (script: string): ServerSpec["transport"] => ({
  kind: "stdio",
  command: "/bin/sh",
  args: ["-c", script],
  env: {},
  cwd: directory,
});
/** The milliseconds between the starts of the command. */
const gaps = (): number[] => {
  const starts = readFileSync(join(directory, "starts"), "utf8").trim().split("\n").map(Number);
  return starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
};
const failed = (from: Upstream): Promise<unknown> =>
  from.openLegacy(INITIALIZE).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a command that ends soon after its start", () => {
  it("is started again after a wait, which doubles", async () => {
    const from = upstream(ENDS);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await failed(from)).toMatchObject({ kind: "never_ran", detail: "The server ended (code 7)." });
    }
    const [first = 0, second = 0, third = 0] = gaps();
    expect(first).toBeGreaterThanOrEqual(LIMITS.restart_ms_min);
    expect(second).toBeGreaterThanOrEqual(2 * LIMITS.restart_ms_min);
    expect(third).toBeGreaterThanOrEqual(4 * LIMITS.restart_ms_min);
  });

  it("is not waited for longer than a start may take; the failure says when it can be", async () => {
    const from = upstream("", { startMs: 1_500, transport: shell("echo 0 >> starts; exit 7") });
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await failed(from)).toMatchObject({ detail: "The server ended (code 7)." });
    }
    const began = performance.now();
    expect(await failed(from)).toMatchObject({
      kind: "never_ran",
      detail: "The command ended soon after its start 4 times in a row. It can be started again in 2 s.",
    });
    expect(performance.now() - began).toBeLessThan(500);
    expect(gaps()).toHaveLength(3);
  });

  it("counts those that were started together as one", async () => {
    const from = upstream(ENDS);
    await Promise.all([failed(from), failed(from), failed(from)]);
    await failed(from);
    expect(gaps().at(-1)).toBeLessThan(4 * LIMITS.restart_ms_min);
  });

  it("is counted also where it was open before", async () => {
    const from = upstream(ANSWERS);
    const { channel } = await from.openLegacy(INITIALIZE);
    const closed = new Promise((resolve) => channel.onClosed(resolve));
    await channel.send({
      kind: "notification",
      value: { jsonrpc: "2.0", method: "x/end" },
      method: "x/end",
      params: undefined,
    });
    await closed;
    await from.openLegacy(INITIALIZE);
    expect(gaps()[0]).toBeGreaterThanOrEqual(LIMITS.restart_ms_min);
  });

  it("is counted where there is no such command", async () => {
    const command = join(directory, "missing");
    const from = upstream("", {
      startMs: 200,
      transport: { kind: "stdio", command, args: [], env: {}, cwd: directory },
    });
    expect(await failed(from)).toMatchObject({ kind: "never_ran" });
    expect(await failed(from)).toMatchObject({
      detail: expect.stringContaining("can be started again in 1 s") as string,
    });
  });

  it("is not counted where we end it ourselves", async () => {
    const from = upstream(ANSWERS);
    const ends: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const began = performance.now();
      const { channel } = await from.openLegacy(INITIALIZE);
      ends.push(performance.now() - began);
      await channel[Symbol.asyncDispose]();
    }
    // With waits the last alone would take a second.
    expect(Math.max(...ends)).toBeLessThan(4 * LIMITS.restart_ms_min);
  });

  it("is not waited for once the server is closed", async () => {
    const from = upstream(ENDS);
    await failed(from);
    await failed(from);
    const waiting = failed(from);
    await from[Symbol.asyncDispose]();
    expect(await waiting).toMatchObject({ kind: "never_ran", detail: "The server was closed." });
    expect(gaps()).toHaveLength(1);
  });
});
