import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../support/command.ts";
import { Program, ROOT } from "../support/gateway.ts";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

afterEach(() => {
  desk[Symbol.dispose]();
});

/** A server that says nothing, minds neither the end of its input nor SIGTERM, and has started another process. */
const DEAF = `
import { spawn } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
const other = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"], { stdio: "ignore" });
writeFileSync(process.argv[2] + ".new", JSON.stringify([process.pid, other.pid]));
renameSync(process.argv[2] + ".new", process.argv[2]);
process.on("SIGTERM", () => {});
process.stdin.resume();
setInterval(() => {}, 1000);
`;

const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe("a command that starts servers", () => {
  const started = async (pids: string): Promise<readonly number[]> => {
    await expect.poll(() => existsSync(pids), { timeout: 30_000 }).toBe(true);
    return JSON.parse(readFileSync(pids, "utf8")) as readonly number[];
  };

  it.each([
    ["SIGINT", 130, ["server", "scan", "new", "--", process.execPath, "deaf.mjs", "pids"]],
    ["SIGTERM", 143, ["server", "scan", "deaf"]],
    ["SIGHUP", 129, ["doctor"]],
    ["SIGTERM", 143, ["policy", "recommend", "--server", "deaf"]],
    ["SIGINT", 130, ["policy", "check", "policy.json", "--server", "deaf"]],
    ["SIGTERM", 143, ["catalogue", "override", "deaf", "tool", "--class", "read", "--reason", "known"]],
  ] as const)("leaves none behind at %s: exit %d of %j", async (signal, code, args) => {
    desk.write("deaf.mjs", DEAF);
    desk.write("policy.json", { version: "1", default: "allow" });
    desk.write("tollgate.json", {
      mcpServers: { deaf: { command: process.execPath, args: ["deaf.mjs", "pids"] } },
      gateway: { port: 0 },
    });
    await using program = new Program([join(ROOT, "src/main.ts"), ...args], { cwd: desk.directory });
    const pids = await started(join(desk.directory, "pids"));
    try {
      expect(pids.map(isAlive)).toEqual([true, true]);
      expect(await program.stop(signal)).toBe(code);
      await expect.poll(() => pids.map(isAlive)).toEqual([false, false]);
    } finally {
      pids.filter(isAlive).forEach((pid) => process.kill(pid, "SIGKILL"));
    }
  });
});

describe("a command as a process", () => {
  it("answers a line of calls before the next is written", async () => {
    const policy = desk.write("p.json", { version: "1", default: "allow" });
    await using program = new Program(["src/main.ts", "policy", "eval", "--policy", policy]);
    program.child.stdin?.write('{"tool":"a"}\n');
    await program.printed(/^.*\/default.*\n/);
    program.child.stdin?.write('{"tool":"a"\n{"tool":"a"}');
    await program.printed(/^.*\n.*error.*\n/);
    program.child.stdin?.end();
    expect(await program.closed).toBe(1);
    expect(program.stdout.split("\n")).toHaveLength(4);
  });

  it("ends quietly where its reader has gone", async () => {
    const policy = desk.write("p.json", { version: "1", default: "allow" });
    await using program = new Program(["src/main.ts", "policy", "eval", "--policy", policy]);
    program.child.stdin?.write('{"tool":"a"}\n');
    await program.printed(/^.*\n/);
    program.child.stdout?.destroy();
    await once(program.child.stdout ?? program.child, "close");
    program.child.stdin?.on("error", () => {});
    program.child.stdin?.end('{"tool":"a"}\n'.repeat(10_000));
    expect(await program.closed).toBe(0);
    expect(program.stderr).toBe("");
  });

  it("gives its exit code, and messages on standard error without a stack trace", () => {
    const run = (...args: readonly string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ["src/main.ts", ...args], {
        cwd: ROOT,
        encoding: "utf8",
      });
      return { status, stdout, stderr };
    };
    expect(run("--version")).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect(run("polcy")).toMatchObject({ status: 2, stdout: "" });
    expect(run("policy", "check", "no-such-file.json")).toMatchObject({ status: 1 });
    const taken = run(
      "serve",
      "--config",
      desk.write("tollgate.json", {}),
      "--data",
      desk.write("file", "x"),
      "--port",
      "0",
    );
    expect([taken.status, taken.stdout]).toEqual([1, ""]);
    expect(taken.stderr).toMatch(/^error: [^\n]*\n$/);
  });
});
